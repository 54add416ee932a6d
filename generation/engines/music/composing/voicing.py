"""Four voices under the melody, led by least cost (dynamic programming over the voicings of each chord)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from generation.engines.music.composing.counterpoint import consecutive
from generation.engines.music.composing.score import Chord

Voicing = tuple[int, int, int, int]
"""MIDI pitches of bass, tenor, alto and upper voice, low to high."""

Step = tuple[float, Voicing, int]
"""The cost of the cheapest way to a voicing, the voicing, and which one of the chord before it came from."""

RANGES = ((36, 52), (48, 62), (53, 67), (57, 72))
_BEAMS = (16, 64)
_WIDEST = 12
_FORBIDDEN = 1e6
_COMFORT = (43, 54, 59, 64)


def lead(chords: Sequence[Chord], shift: int, bar: int) -> list[Voicing]:
    """Return one voicing a chord, with no consecutive perfect consonances and every voice within its range.

    Parameters
    ----------
    shift
        Semitones by which the three upper ranges are moved.
    bar
        Ticks in a bar: chords that begin one are compared with each other too.
    """
    paths = (_lead(chords, shift, bar, beam) for beam in _BEAMS)
    return next((path for cost, path in paths if cost < _FORBIDDEN), None) or _lead(chords, shift, bar, _BEAMS[-1])[1]


def _lead(chords: Sequence[Chord], shift: int, bar: int, beam: int) -> tuple[float, list[Voicing]]:
    """The cheapest path through the ``beam`` best voicings of each chord, and its cost."""
    steps: list[list[Step]] = []
    for index, chord in enumerate(chords):
        options = _voicings(chord.classes, shift, beam)
        inside = index > 1 and chord.start % bar == 0 and chords[index - 1].start % bar != 0
        ways = _ways(steps, over=inside)
        steps.append([_best(ways, own, voicing) for own, voicing in options])
    return min(total for total, _, _ in steps[-1]), _trace(steps)


def _ways(steps: list[list[Step]], *, over: bool) -> list[tuple[float, Voicing, Voicing | None]]:
    """The ways so far: their cost, where they stand, and (if ``over``) where they stood a chord earlier."""
    if not steps:
        return []
    return [(total, voicing, steps[-2][back][1] if over else None) for total, voicing, back in steps[-1]]


def _best(ways: list[tuple[float, Voicing, Voicing | None]], own: float, voicing: Voicing) -> Step:
    """The cheapest way into a voicing."""
    if not ways:
        return own, voicing, -1
    costs = [
        total + _motion(before, voicing) + (_FORBIDDEN * _consecutives(earlier, voicing) if earlier else 0)
        for total, before, earlier in ways
    ]
    cheapest = min(range(len(costs)), key=costs.__getitem__)
    return costs[cheapest] + own, voicing, cheapest


def _trace(steps: list[list[Step]]) -> list[Voicing]:
    path: list[Voicing] = []
    index = min(range(len(steps[-1])), key=lambda i: steps[-1][i][0])
    for step in reversed(steps):
        _, voicing, back = step[index]
        path.append(voicing)
        index = back
    return path[::-1]


@lru_cache(maxsize=1 << 15)
def _motion(before: Voicing, after: Voicing) -> float:
    """Semitones moved, leaps dearer; consecutive perfect consonances are all but forbidden."""
    moves = [abs(b - a) for a, b in zip(before, after, strict=True)]
    cost = 0.3 * moves[0] + sum(move + (4 if move > 5 else 0) for move in moves[1:])
    return cost + _FORBIDDEN * _consecutives(before, after)


@lru_cache(maxsize=1 << 15)
def _consecutives(before: Voicing, after: Voicing) -> int:
    """How many pairs of voices move from a perfect consonance to its like."""
    pairs = combinations(zip(before, after, strict=True), 2)
    return sum(consecutive(low, high) for low, high in pairs)


@lru_cache(maxsize=512)
def _voicings(classes: tuple[int, ...], shift: int, beam: int) -> tuple[tuple[float, Voicing], ...]:
    """The best voicings of a chord in root position, with what each costs in itself."""
    found = [(_cost(voicing, classes), voicing) for voicing in _every(classes, shift)]
    return tuple(sorted(found)[:beam])


def _every(classes: tuple[int, ...], shift: int) -> Iterator[Voicing]:
    bass, *upper = RANGES
    ranges = [(low + shift, high + shift) for low, high in upper]
    pools = [[p for p in range(low, high + 1) if p % 12 in classes] for low, high in ranges]
    for low in (p for p in range(bass[0], bass[1] + 1) if p % 12 == classes[0]):
        for tenor in pools[0]:
            for alto in (p for p in pools[1] if tenor < p <= tenor + _WIDEST):
                for top in (p for p in pools[2] if alto < p <= alto + _WIDEST):
                    if low < tenor and _complete((low, tenor, alto, top), classes):
                        yield low, tenor, alto, top


def _complete(voicing: Voicing, classes: tuple[int, ...]) -> bool:
    """Every member is there (a seventh chord may lack its fifth); the third and the seventh are not doubled."""
    sounding = [pitch % 12 for pitch in voicing]
    needed = {classes[0], classes[1], *classes[3:]} if len(classes) > 3 else set(classes)
    return needed <= set(sounding) and all(sounding.count(c) == 1 for c in (classes[1], *classes[3:]))


def _cost(voicing: Voicing, classes: tuple[int, ...]) -> float:
    strain = sum(abs(pitch - home) for pitch, home in zip(voicing, _COMFORT, strict=True)) * 0.25
    gap = max(0, voicing[1] - voicing[0] - 14) * 0.5
    return strain + gap + sum(1.5 for pitch in voicing[1:] if pitch % 12 == classes[2] and pitch == voicing[3])
