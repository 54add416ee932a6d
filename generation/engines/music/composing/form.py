"""How many bars, at what tempo, and which section comes when."""

import math
from dataclasses import dataclass

from generation.engines.music.composing.score import Phrase, Section
from generation.engines.music.ensemble import BASS, HARMONY, MELODY, PERCUSSION
from generation.engines.music.theory import Meter

PHRASE = 4
TAIL = 1.6
"""Seconds that the last chord is left to ring, at most."""
_CYCLE = "AABACABA"
_INTENSITY = {"A": 0.92, "B": 1.02, "C": 0.7, "intro": 0.72, "coda": 0.8}
_FULL = frozenset({MELODY, HARMONY, BASS, PERCUSSION})
_LAYERS = {"intro": frozenset({HARMONY, BASS}), "C": _FULL - {PERCUSSION}, "coda": _FULL - {PERCUSSION}}
"""Who plays in the sections that are not for everybody: C is the quiet middle."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bars that fit a duration, the last of them held; the tempo in beats a minute."""

    bars: int
    tempo: float


def fit(duration: float, tempo: float, meter: Meter, *, fixed: bool) -> Span:
    """Fit whole bars into a duration; a tempo that is not fixed gives way by up to 4%."""
    seconds = duration - min(TAIL, duration / 10)
    exact = seconds * tempo / (60 * meter.beats)
    bars = max(1, math.floor(exact) if fixed else round(exact))
    fitting = bars * 60 * meter.beats / seconds
    stretch = 1.0 if fixed else min(1.04, max(0.96, fitting / tempo))
    if bars > exact * stretch:
        bars = max(1, bars - 1)
    return Span(bars, round(tempo * stretch, 3))


def plan(bars: int) -> tuple[Section, ...]:
    """Lay out intro, sections that return, and a coda whose last bar is the final chord."""
    body = bars - 1
    intro = 2 if body >= 10 else 0
    phrases, rest = divmod(body - intro, PHRASE)
    if phrases == 0:
        return (_section("A", 0, (("A2", bars, "final"),)),)
    sections = [_section("intro", 0, (("intro", intro, "open"),))] if intro else []
    for label, members in _labelled(phrases):
        start = sections[-1].start + sections[-1].bars if sections else 0
        sections.append(_section(label, start, members))
    coda = _section("coda", bars - 1 - rest, (("coda", rest + 1, "final"),))
    return (*_rising(sections), coda)


def _labelled(phrases: int) -> list[tuple[str, tuple[tuple[str, int, str], ...]]]:
    """Group phrases by two into sections; one left over repeats the close of A."""
    pairs, single = divmod(phrases, 2)
    labels = [_CYCLE[index % len(_CYCLE)] for index in range(pairs)]
    labels = ["A", "B", "A"] if pairs == 3 else [*labels[:-1], "A"] if pairs else []
    groups = [(label, _pair(label)) for label in labels]
    return groups + [("A", (("A2", PHRASE, "authentic"),))] * single


def _pair(label: str) -> tuple[tuple[str, int, str], ...]:
    """Question and answer; a section that leads back to A ends open."""
    last = "authentic" if label == "A" else "half"
    first = "half" if label == "A" else "deceptive"
    return ((f"{label}1", PHRASE, first), (f"{label}2", PHRASE, last))


def _section(label: str, start: int, members: tuple[tuple[str, int, str], ...]) -> Section:
    phrases, bar = [], start
    for name, bars, cadence in members:
        phrases.append(Phrase(name, bar, bars, cadence))
        bar += bars
    layers = _LAYERS.get(label, _FULL)
    return Section(label, tuple(phrases), _INTENSITY[label], layers)


def _rising(sections: list[Section]) -> list[Section]:
    """Let the piece grow towards its last third."""
    count = max(1, len(sections) - 1)
    return [
        Section(s.label, s.phrases, round(s.intensity * (0.86 + 0.18 * math.sin(2.2 * i / count)), 3), s.layers)
        for i, s in enumerate(sections)
    ]
