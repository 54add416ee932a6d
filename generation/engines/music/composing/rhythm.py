"""Rhythms of a melody: short cells put together to bars, and bars to phrases that repeat their motif."""

from random import Random

from generation.engines.music.composing.score import Phrase
from generation.engines.music.theory import BEAT, Meter

_SIMPLE = ((2.0,), (1.0,), (1.0,), (0.5, 0.5), (1.5, 0.5), (1.0, 0.5, 0.5), (0.5, 0.5, 1.0))
_COMPOUND = ((2.0,), (1.0,), (1.0,), (2 / 3, 1 / 3), (1 / 3, 1 / 3, 1 / 3))

Rhythm = list[tuple[int, int]]
"""(offset, length) of each note, in ticks."""


def phrase_rhythm(phrase: Phrase, meter: Meter, activity: float, seed: str) -> Rhythm:
    """Write a phrase: motif, motif again or answered, motif, and a long last note with a breath after it.

    The motif belongs to the section (the first letter of the label), so that its phrases speak of one thing.
    """
    motif = _bar(meter, activity, Random(f"{seed}/motif/{phrase.label[0]}"))
    rng = Random(f"{seed}/rhythm/{phrase.label}")
    answer = _bar(meter, activity, rng)
    plan = (motif, rng.choice((motif, answer)), motif, answer)
    bars = [*plan[: phrase.bars - 1], _close(meter)]
    return [(index * meter.bar + offset, length) for index, bar in enumerate(bars) for offset, length in bar]


def _bar(meter: Meter, activity: float, rng: Random) -> Rhythm:
    cells = _SIMPLE if meter.division == 2 else _COMPOUND
    notes: Rhythm = []
    filled = 0
    while filled < meter.bar:
        fitting = [cell for cell in cells if round(sum(cell) * BEAT) <= meter.bar - filled]
        cell = rng.choices(fitting, [_liking(cell, activity) for cell in fitting])[0]
        for beats in cell:
            notes.append((filled, round(beats * BEAT)))
            filled += round(beats * BEAT)
    return notes


def _liking(cell: tuple[float, ...], activity: float) -> float:
    """Weigh a cell by how near its notes are to what the activity asks for."""
    wanted = 1.7 - 1.2 * activity
    return float(0.04 + 1 / (0.15 + abs(sum(cell) / len(cell) - wanted)))


def _close(meter: Meter) -> Rhythm:
    return [(0, max(BEAT, meter.bar - BEAT))]
