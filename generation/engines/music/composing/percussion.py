"""Drum patterns, from a soft pulse to a full kit with fills, in General MIDI's numbers."""

from collections.abc import Iterator, Sequence
from random import Random

from generation.engines.music.composing.dynamics import Dynamics
from generation.engines.music.composing.score import Note, Section
from generation.engines.music.ensemble import PERCUSSION
from generation.engines.music.theory import BEAT, Meter

KICK, SNARE, HAT, SHAKER, CRASH = 36, 38, 42, 70, 49
_LENGTH = BEAT // 4


def level_of(activity: float, *, wanted: bool) -> int:
    """0 without drums, 1 a soft pulse, 2 a beat, 3 a driving beat."""
    thresholds = (-1.0, 0.55, 0.75) if wanted else (0.4, 0.55, 0.75)
    return sum(activity >= threshold for threshold in thresholds)


def drum(sections: Sequence[Section], meter: Meter, level: int, dynamics: Dynamics, rng: Random) -> list[Note]:
    """Write the drums of a whole piece."""
    notes = []
    for section in sections if level else ():
        if PERCUSSION in section.layers:
            for bar in range(section.start, section.start + section.bars):
                last = bar == section.start + section.bars - 1
                hits = [*_bar(meter, level), *(_fill(meter, rng) if last and level > 1 else ())]
                hits += [(CRASH, 0, 0.8)] if bar == section.start and level > 1 else []
                notes += _notes(hits, bar * meter.bar, dynamics)
    return sorted(notes, key=lambda note: (note.start, note.pitch))


def _notes(hits: Sequence[tuple[int, int, float]], start: int, dynamics: Dynamics) -> list[Note]:
    strongest: dict[tuple[int, int], float] = {}
    for pitch, offset, weight in hits:
        strongest[pitch, offset] = max(weight, strongest.get((pitch, offset), 0.0))
    return [
        Note(start + offset, _LENGTH, pitch, dynamics.velocity(start + offset, weight))
        for (pitch, offset), weight in strongest.items()
    ]


def _bar(meter: Meter, level: int) -> Iterator[tuple[int, int, float]]:
    """(pitch, offset, weight) of each hit of one bar."""
    step = BEAT // meter.division
    for beat in range(meter.beats):
        tick = beat * BEAT
        if level == 1:
            yield SHAKER, tick, 0.7
            yield from [(SHAKER, tick + step, 0.45)]
        else:
            yield from [(HAT, tick + i * step, 0.7 if i == 0 else 0.5) for i in range(meter.division)]
        back = (beat % 2 == 1 and meter.beats != 3) or (meter.beats == 3 and beat == 2)
        if level > 1 and back:
            yield SNARE, tick, 0.85
        if not back or level == 3:
            yield KICK, tick, 0.9 if beat == 0 else 0.75


def _fill(meter: Meter, rng: Random) -> Iterator[tuple[int, int, float]]:
    start = (meter.beats - 1) * BEAT
    count = rng.choice((3, 4)) if meter.division == 2 else 3
    for index in range(count):
        yield SNARE, start + index * BEAT // count, 0.5 + 0.12 * index
