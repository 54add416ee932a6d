"""The rule of voices: no two of them go from one perfect consonance to the same one."""

from bisect import bisect_right
from collections.abc import Sequence

from generation.engines.music.composing.score import Note

_PERFECT = (0, 7)


def consecutive(low: tuple[int, int], high: tuple[int, int]) -> bool:
    """Whether two voices, each given as (before, after), move from a fifth, octave or unison to its like."""
    if low[0] == low[1] or high[0] == high[1]:
        return False
    interval = abs(high[0] - low[0]) % 12
    return interval in _PERFECT and abs(high[1] - low[1]) % 12 == interval


class Line:
    """One voice as a function of time: a pitch lasts until the next note."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.starts = [note.start for note in notes]
        self.pitches = [note.pitch for note in notes]
        self._onsets = set(self.starts)

    def append(self, start: int, pitch: int) -> None:
        """Go on with a note that starts later than all others."""
        self.starts.append(start)
        self.pitches.append(pitch)
        self._onsets.add(start)

    def pop(self) -> None:
        """Take back the last note."""
        self._onsets.discard(self.starts.pop())
        self.pitches.pop()

    def at(self, tick: int) -> int | None:
        """The pitch at a tick, if the voice has begun."""
        index = bisect_right(self.starts, tick) - 1
        return self.pitches[index] if index >= 0 else None

    def starts_at(self, tick: int) -> bool:
        """Whether a note begins at a tick."""
        return tick in self._onsets


def clash(one: Line, other: Line, before: int, after: int) -> bool:
    """Whether the two voices are consecutive perfect consonances at two ticks."""
    a, b, c, d = one.at(before), one.at(after), other.at(before), other.at(after)
    if a is None or b is None or c is None or d is None:
        return False
    return consecutive((c, d), (a, b))
