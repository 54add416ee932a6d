"""Everything together: cues and options in, a score out that has been proof-read."""

import math
from collections.abc import Mapping
from random import Random

from generation.engines.music.composing import counterpoint, keyfinding
from generation.engines.music.composing.accompaniment import accompany
from generation.engines.music.composing.counterpoint import Line
from generation.engines.music.composing.dynamics import Dynamics
from generation.engines.music.composing.form import Span, fit, plan
from generation.engines.music.composing.harmony import Harmony, harmonise
from generation.engines.music.composing.melody import Melodist
from generation.engines.music.composing.percussion import drum, level_of
from generation.engines.music.composing.score import Chord, Note, Part, Score
from generation.engines.music.composing.voicing import RANGES, lead
from generation.engines.music.cues import Cues
from generation.engines.music.ensemble import BASS, HARMONY, INSTRUMENTS, MELODY, PERCUSSION
from generation.engines.music.params import NONE, Params
from generation.engines.music.theory import KEYS, METERS, MODES, NATURAL_KEYS, SCALES

_DRAFTS = 6
_CLEAR = 0.02
_VOICES = (("Bass", BASS, 0.0, 0.82), ("Tenor", HARMONY, -0.45, 0.62), ("Alto", HARMONY, 0.4, 0.62),
           ("Upper voice", HARMONY, -0.15, 0.66))  # fmt: skip


def compose(params: Params, cues: Cues, players: Mapping[str, str], seed: int) -> Score:
    """Write drafts until one has faultless voices and the key that it should; keep the best of them."""
    drafts = (_draft(params, cues, players, f"{seed}/{draft}", seed) for draft in range(_DRAFTS))
    best, score = -math.inf, None
    for draft in drafts:
        merit = _merit(draft)
        if merit > best:
            best, score = merit, draft
        if merit >= _CLEAR:
            break
    assert score is not None
    return score


def _merit(score: Score) -> float:
    """How clear the key is to Krumhansl & Kessler's profiles, less a point for each fault between voices.

    Modes other than major and minor are judged by their third.
    """
    voices = [part.notes for part in score.parts if part.role != PERCUSSION]
    classes = keyfinding.histogram((note.pitch, note.length) for notes in voices for note in notes)
    family = "minor" if MODES[score.mode].is_minor else "major"
    return keyfinding.clarity(classes, score.tonic, family) - counterpoint.faults([Line(notes) for notes in voices])


def _draft(params: Params, cues: Cues, players: Mapping[str, str], seed: str, root: int) -> Score:
    options, meter = params.options, METERS[params.options.meter]
    scale = options.scale or options.mode or cues.mode
    key = options.key or Random(f"{root}/key").choice(NATURAL_KEYS)
    span = fit(params.duration, options.tempo or cues.tempo, meter, fixed=options.tempo is not None)
    sections = plan(span.bars)
    harmony = Harmony(KEYS[key], SCALES[scale].mode, SCALES[scale].steps)
    chords = _held(harmonise(harmony, sections, meter, seed), span, params.duration)
    shell = Score(params.prompt, key, KEYS[key], harmony.mode_name, scale, span.tempo, options.meter, meter,
                  params.duration, sections, chords, ())  # fmt: skip
    return _with_parts(shell, cues, players, seed)


def _held(chords: tuple[Chord, ...], span: Span, duration: float) -> tuple[Chord, ...]:
    """Let the last chord ring to just before the end."""
    last = chords[-1]
    end = int((duration - min(0.9, duration / 12)) * span.tempo * 8)
    length = max(60, end - last.start)
    return (*chords[:-1], Chord(last.start, length, *_rest(last)))


def _rest(chord: Chord) -> tuple[int, tuple[int, ...], str, str, tuple[int, ...]]:
    return chord.degree, chord.classes, chord.numeral, chord.symbol, chord.scale


def _with_parts(score: Score, cues: Cues, players: Mapping[str, str], seed: str) -> Score:
    shift = max(-2, min(2, round(cues.register / 2)))
    dynamics = Dynamics(score.sections, score.meter, cues, Random(f"{seed}/dynamics"))
    voicings = lead(score.chords, shift, score.meter.bar)
    voices = accompany(score, voicings, cues, dynamics)
    low, high = _melody_range(players[MELODY], cues)
    melodist = Melodist(score.chords, [Line(notes) for notes in voices], score.meter, cues, (low, high))
    melody = melodist.write(score.sections, dynamics, seed)
    parts = [Part("Melody", MELODY, players[MELODY], low, high, 0.12, 1.0, tuple(melody))]
    parts += [_inner(index, notes, players, shift) for index, notes in reversed(list(enumerate(voices)))]
    parts += _drums(score, cues, players, dynamics, seed)
    return Score(score.title, score.key, score.tonic, score.mode, score.scale, score.tempo, score.meter_name,
                 score.meter, score.duration, score.sections, score.chords, tuple(parts))  # fmt: skip


def _melody_range(player: str, cues: Cues) -> tuple[int, int]:
    """An octave and a half above the inner voices, moved by the register, within the instrument's own range."""
    low = 65 + max(-3, min(5, round(cues.register)))
    return max(low, INSTRUMENTS[player].low), min(low + 19, INSTRUMENTS[player].high)


def _inner(index: int, notes: list[Note], players: Mapping[str, str], shift: int) -> Part:
    name, role, pan, gain = _VOICES[index]
    move = shift if index else 0
    return Part(name, role, players[role], RANGES[index][0] + move, RANGES[index][1] + move, pan, gain, tuple(notes))


def _drums(score: Score, cues: Cues, players: Mapping[str, str], dynamics: Dynamics, seed: str) -> list[Part]:
    if players[PERCUSSION] == NONE:
        return []
    level = level_of(cues.activity, wanted=players[PERCUSSION] == "drums")
    hits = drum(score.sections, score.meter, level, dynamics, Random(f"{seed}/drums"))
    notes = [hit for hit in hits if hit.start <= score.chords[-1].start]
    return [Part("Drums", PERCUSSION, "drums", 35, 81, 0.0, 0.8, tuple(notes))] if notes else []
