"""The melody: a motif's contour over the chords, by least cost, note after note."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from random import Random

from generation.engines.music.composing.counterpoint import Line, clash
from generation.engines.music.composing.dynamics import Dynamics
from generation.engines.music.composing.rhythm import phrase_rhythm
from generation.engines.music.composing.score import Chord, Note, Phrase, Section
from generation.engines.music.cues import Cues
from generation.engines.music.ensemble import MELODY
from generation.engines.music.theory import BEAT, Meter

_LEAP = 5
_WIDEST = 12
_LIFT = {"B": 2.5, "C": -1.5}
"""Semitones by which the contrasting sections lie higher or lower."""


class Melodist:
    """Writes one melody above the voices ``under`` it, within [low, high]."""

    def __init__(
        self, chords: Sequence[Chord], under: Sequence[Line], meter: Meter, cues: Cues, bounds: tuple[int, int]
    ) -> None:
        self._chords, self._under, self._meter, self._cues = chords, under, meter, cues
        self._low, self._high = bounds
        self._line = Line(())

    def write(self, sections: Sequence[Section], dynamics: Dynamics, seed: str) -> list[Note]:
        """Write every phrase whose section has a melody."""
        notes: list[Note] = []
        for section in sections:
            if MELODY in section.layers:
                for phrase in section.phrases:
                    notes += self._phrase(phrase, dynamics, seed)
        return notes

    def _phrase(self, phrase: Phrase, dynamics: Dynamics, seed: str) -> list[Note]:
        rng = Random(f"{seed}/melody/{phrase.label}")
        contour = _contour(Random(f"{seed}/contour/{phrase.label[0]}"))
        lift = _LIFT.get(phrase.label[0], 0.0)
        start, span = phrase.start * self._meter.bar, phrase.bars * self._meter.bar
        notes = []
        for offset, length in self._rhythm(phrase, seed):
            target = self._target(offset / span) + lift + contour[(offset // BEAT) % len(contour)]
            closing = offset + length >= span - BEAT
            pitch = self._choose(start + offset, start + offset + length, target, rng, closing=closing)
            notes.append(Note(start + offset, self._sounding(length), pitch, dynamics.velocity(start + offset)))
        return notes

    def _rhythm(self, phrase: Phrase, seed: str) -> list[tuple[int, int]]:
        rhythm = phrase_rhythm(phrase, self._meter, self._cues.activity, seed)
        if phrase.cadence != "final":
            return rhythm
        return [*rhythm[:-1], (rhythm[-1][0], self._chords[-1].length)]

    def _sounding(self, length: int) -> int:
        """Ticks for which a written note sounds: short notes as articulated, long ones nearly whole."""
        return max(60, round(length * (self._cues.articulation if length <= BEAT else 0.95)))

    def _target(self, place: float) -> float:
        """An arch over the phrase, highest after its middle."""
        width = self._high - self._low
        return self._low + width * (0.3 + 0.38 * math.sin(math.pi * place**1.2))

    def _choose(self, start: int, end: int, target: float, rng: Random, *, closing: bool) -> int:
        """Take the cheapest pitch that keeps the rules; chance decides between near equals."""
        chord = self._chord_at(start)
        costs = {p: self._cost(p, start, end, target, chord, closing=closing) + rng.random() for p in self._pool(chord)}
        for pitch in sorted(costs, key=lambda p: costs[p]):
            self._line.append(start, start + self._sounding(end - start), pitch)
            if not self._breaks_rules(pitch, start, end):
                return pitch
            self._line.pop()
        fallback = min(costs, key=lambda p: costs[p])
        self._line.append(start, start + self._sounding(end - start), fallback)
        return fallback

    def _pool(self, chord: Chord) -> list[int]:
        return [p for p in range(self._low, self._high + 1) if p % 12 in chord.scale or p % 12 in chord.classes[:3]]

    def _cost(self, pitch: int, start: int, end: int, target: float, chord: Chord, *, closing: bool) -> float:
        strong = start % self._meter.bar == 0 or start == chord.start or end - start > BEAT
        foreign = pitch % 12 not in chord.classes
        cost = 0.3 * abs(pitch - target)
        cost += (7.0 if strong else 1.2 if start % BEAT == 0 else 0.3) * foreign
        if closing:
            cost += 3.0 * (pitch % 12 != chord.classes[0]) + 20.0 * foreign
        return cost + self._approach(pitch, foreign=foreign)

    def _approach(self, pitch: int, *, foreign: bool) -> float:
        """Steps are free, leaps cost, and a large leap asks to be filled in."""
        pitches = self._line.pitches
        if not pitches:
            return 0.0
        leap = pitch - pitches[-1]
        cost = 1.2 if leap == 0 else 0.25 * max(0, abs(leap) - 2) + 2.0 * (abs(leap) > 7) + 9.0 * (abs(leap) > _WIDEST)
        if foreign and abs(leap) > 2:
            cost += 4.0
        before = pitches[-1] - pitches[-2] if len(pitches) > 1 else 0
        unfilled = abs(before) > _LEAP and (before > 0) == (leap > 0) and leap != 0
        return cost + 1.5 * unfilled + 2.5 * (leap == 0 and before == 0)

    def _breaks_rules(self, pitch: int, start: int, end: int) -> bool:
        if any(other.highest(start, end) >= pitch for other in self._under):
            return True
        pairs = set(self._comparisons(start, end))
        return any(
            clash(self._line, other, before, after)
            for other in self._under
            for before, after in {*pairs, *other.changes(start, end), *_attacks(self._line, other, start)}
        )

    def _ticks(self, start: int, end: int) -> list[int]:
        return [start, *(tick for tick in range(-(-start // BEAT) * BEAT, end, BEAT) if tick > start)]

    def _comparisons(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Pairs of moments between which the ear compares: beats, bars and changes of chord."""
        yield from self._line.changes(start, end)
        for tick in self._ticks(start, end):
            if tick % BEAT == 0:
                yield tick - BEAT, tick
            if tick % self._meter.bar == 0:
                yield tick - self._meter.bar, tick
            chord = self._chord_at(tick)
            if chord.start == tick and tick:
                yield self._chord_at(tick - 1).start, tick

    def _chord_at(self, tick: int) -> Chord:
        return self._chords[bisect_right(self._chords, tick, key=lambda chord: chord.start) - 1]


def _attacks(line: Line, other: Line, start: int) -> list[tuple[int, int]]:
    """The moments before a common attack: just before it, and the last one that both voices shared."""
    if not other.starts_at(start):
        return []
    shared = next((tick for tick in reversed(line.starts[:-1]) if other.starts_at(tick)), None)
    return [(start - 1, start)] + ([] if shared is None else [(shared, start)])


def _contour(rng: Random) -> list[float]:
    """A motif's rise and fall in semitones, a value for each of eight beats."""
    steps = [rng.choice((-2, -1, 1, 2, 3, -3)) for _ in range(8)]
    return [0.8 * sum(steps[:index]) % 7 - 3 for index in range(8)]
