"""How bass and inner voices play their chords: held, broken, struck on the beat or driven."""

from collections.abc import Sequence

from generation.engines.music.composing.dynamics import Dynamics
from generation.engines.music.composing.score import Chord, Note, Score, Section
from generation.engines.music.composing.voicing import Voicing
from generation.engines.music.cues import Cues
from generation.engines.music.theory import BEAT, Meter

Strokes = list[tuple[int, int, int]]
"""(voice, offset, length) in ticks from the start of a chord; voice 0 is the bass."""

INNER = 3
_LEGATO = 0.97


def figure_of(section: str, activity: float) -> str:
    """Choose a figure: calmer music breaks its chords, livelier music strikes them."""
    ladder = ("slow", "broken", "broken", "beats", "driven")
    place = 4 * max(0.0, min(0.999, activity))
    moved = place + {"B": 0.8, "C": -0.9, "intro": -0.6, "coda": -1.0}.get(section, 0.0)
    return ladder[max(0, min(4, round(moved)))]


def strokes(figure: str, length: int, meter: Meter) -> Strokes:
    """Spread the three inner voices over a chord of ``length`` ticks."""
    if figure in ("slow", "broken"):
        step = BEAT if figure == "slow" else BEAT // meter.division
        order = (0, 1, 2) if meter.division == 3 else (0, 1, 2, 1)
        return _broken([order[i % len(order)] for i in range(length // step)], step, length)
    step = BEAT if figure == "beats" else BEAT // meter.division
    return [(voice, offset, step) for offset in range(0, length, step) for voice in (1, 2, 3)]


def _broken(order: list[int], step: int, length: int) -> Strokes:
    """Let each voice ring until it is struck again; a voice that has no turn joins the first stroke."""
    found: Strokes = []
    for voice in range(INNER):
        turns = [index * step for index, turn in enumerate(order) if turn == voice] or [0]
        ends = [*turns[1:], length]
        found += [(voice + 1, turn, end - turn) for turn, end in zip(turns, ends, strict=True)]
    return found


def bass_strokes(activity: float, length: int) -> Strokes:
    """Let the bass hold, pulse on beats, or drive in halves of them."""
    step = length if activity < 0.35 else BEAT if activity > 0.62 else 2 * BEAT
    return [(0, offset, min(step, length - offset)) for offset in range(0, length, step)]


def accompany(score: Score, voicings: Sequence[Voicing], cues: Cues, dynamics: Dynamics) -> list[list[Note]]:
    """Write the notes of bass, tenor, alto and upper voice over the chords of a score."""
    chords, meter = score.chords, score.meter
    voices: list[list[Note]] = [[], [], [], []]
    for chord, voicing in zip(chords, voicings, strict=True):
        section = _section_at(score.sections, chord.start // meter.bar)
        for voice, offset, length in _chord_strokes(chord, section.label, meter, cues, last=chord is chords[-1]):
            gate = cues.articulation if length <= BEAT else _LEGATO
            weight = 0.96 if voice == 0 else 0.8
            note = Note(
                chord.start + offset,
                max(60, round(length * gate)),
                voicing[voice],
                dynamics.velocity(chord.start + offset, weight),
            )
            voices[voice].append(note)
    return [sorted(notes, key=lambda note: note.start) for notes in voices]


def _chord_strokes(chord: Chord, section: str, meter: Meter, cues: Cues, *, last: bool) -> Strokes:
    if last:
        return [(voice, 0, chord.length) for voice in range(4)]
    figure = figure_of(section, cues.activity)
    return bass_strokes(cues.activity, chord.length) + strokes(figure, chord.length, meter)


def _section_at(sections: Sequence[Section], bar: int) -> Section:
    return next(s for s in sections if s.start <= bar < s.start + s.bars)
