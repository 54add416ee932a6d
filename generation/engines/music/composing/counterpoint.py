"""The rule of voices: no two of them go from one perfect consonance to the same one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from generation.engines.music.composing.score import Note
from generation.engines.music.theory import BEAT

_PERFECT = (0, 7)


def consecutive(low: tuple[int, int], high: tuple[int, int]) -> bool:
    """Whether two voices, each given as (before, after), move from a fifth, octave or unison to its like."""
    if low[0] == low[1] or high[0] == high[1]:
        return False
    interval = abs(high[0] - low[0]) % 12
    return interval in _PERFECT and abs(high[1] - low[1]) % 12 == interval


class Line:
    """One voice as a function of time: a pitch stays in the ear until the next note."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.starts = [note.start for note in notes]
        self.ends = [note.end for note in notes]
        self.pitches = [note.pitch for note in notes]
        self._onsets = set(self.starts)

    def append(self, start: int, end: int, pitch: int) -> None:
        """Go on with a note that starts later than all others."""
        self.starts.append(start)
        self.ends.append(end)
        self.pitches.append(pitch)
        self._onsets.add(start)

    def pop(self) -> None:
        """Take back the last note."""
        self._onsets.discard(self.starts.pop())
        self.ends.pop()
        self.pitches.pop()

    def at(self, tick: int) -> int | None:
        """The pitch at a tick, if the voice has begun."""
        index = bisect_right(self.starts, tick) - 1
        return self.pitches[index] if index >= 0 else None

    def highest(self, start: int, end: int) -> int:
        """The highest pitch in the ear within [start, end), 0 before the voice begins."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return max(self.pitches[first : bisect_left(self.starts, end)], default=0)

    def changes(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Pairs of moments, the later a new pitch within [start, end), the earlier when the old one was heard.

        The old pitch is heard when it is struck, on its last beat, and just before it stops; the new one when it is
        struck and on its first beat.
        """
        for index in range(max(1, bisect_left(self.starts, start - BEAT)), bisect_left(self.starts, end)):
            struck, last = self.starts[index], self.ends[index - 1] - 1
            if self.pitches[index] != self.pitches[index - 1]:
                for after in {struck, -(-struck // BEAT) * BEAT}:
                    if start <= after < min(end, self.ends[index]):
                        yield from ((before, after) for before in (self.starts[index - 1], last // BEAT * BEAT, last))

    def sounds_at(self, tick: int) -> bool:
        """Whether a note sounds at a tick."""
        index = bisect_right(self.starts, tick) - 1
        return index >= 0 and tick < self.ends[index]

    def starts_at(self, tick: int) -> bool:
        """Whether a note begins at a tick."""
        return tick in self._onsets


def clash(one: Line, other: Line, before: int, after: int) -> bool:
    """Whether the two voices are consecutive perfect consonances at two ticks."""
    a, b = one.at(before), one.at(after)
    if a is None or b is None or a == b:
        return False
    c, d = other.at(before), other.at(after)
    return c is not None and d is not None and consecutive((c, d), (a, b))


def faults(lines: Sequence[Line]) -> int:
    """Count consecutive perfect consonances and crossings between voices given from high to low."""
    return sum(_faults(high, low) for high, low in combinations(lines, 2))


def _faults(high: Line, low: Line) -> int:
    moments = sorted({*high.starts, *low.starts})
    shared = [tick for tick in moments if high.starts_at(tick) and low.starts_at(tick)]
    found = sum(clash(high, low, *pair) for ticks in (moments, shared) for pair in pairwise(ticks))
    together = [tick for tick in moments if high.sounds_at(tick) and low.sounds_at(tick)]
    found += sum(clash(high, low, *pair) for pair in pairwise(together))
    return found + sum((high.at(tick) or 128) <= (low.at(tick) or 0) for tick in shared)
