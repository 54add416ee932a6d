"""Functional harmony as a small grammar: tonic, subdominant, dominant, and the cadence that closes a phrase.

phrase → T  prolongation  cadence
cadence → S D T (authentic) | S D (half) | S D vi (deceptive) | S T (final, with D where there is room)
"""

from dataclasses import dataclass
from random import Random

from generation.engines.music.composing.score import Chord, Phrase, Section
from generation.engines.music.theory import MODES, Meter, Mode

_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
_QUALITY = {
    (4, 7): "",
    (3, 7): "m",
    (3, 6): "dim",
    (4, 8): "aug",
    (4, 7, 10): "7",
    (3, 7, 10): "m7",
    (4, 7, 11): "maj7",
}
_FLAT_TONICS = {"major": {5, 10, 3, 8, 1}, "minor": {2, 7, 0, 5, 10, 3}}


@dataclass(frozen=True, slots=True)
class Harmony:
    """Builds the chords of one key, with a melody's ``scale`` in semitones above the tonic."""

    tonic: int
    mode_name: str
    scale: tuple[int, ...]

    @property
    def mode(self) -> Mode:
        """The seven degrees."""
        return MODES[self.mode_name]

    def chord(self, degree: int, start: int, length: int, *, seventh: bool = False) -> Chord:
        """Stack thirds on a degree (from 0); the dominant of the minor mode takes the leading tone."""
        raised = self.mode.raised and degree in self.mode.dominants
        steps = tuple(11 if raised and index == 6 else step for index, step in enumerate(self.mode.steps))
        members = [steps[(degree + third) % 7] for third in (0, 2, 4, 6)[: 4 if seventh else 3]]
        above = tuple((step - members[0]) % 12 for step in members[1:])
        classes = tuple((self.tonic + step) % 12 for step in members)
        return Chord(start, length, degree, classes, _numeral(degree, above), self._symbol(classes[0], above),
                     self._melodic(steps))  # fmt: skip

    def _melodic(self, steps: tuple[int, ...]) -> tuple[int, ...]:
        """The scale of the melody, with a borrowed leading tone in place of the seventh it displaces."""
        borrowed = set(steps) - set(self.mode.steps)
        kept = [step for step in self.scale if not borrowed or step in steps] + sorted(borrowed)
        return tuple(sorted((self.tonic + step) % 12 for step in kept))

    def _symbol(self, root: int, above: tuple[int, ...]) -> str:
        flat = self.tonic in _FLAT_TONICS["minor" if self.mode.is_minor else "major"]
        return (_FLATS if flat else _SHARPS)[root] + _QUALITY.get(above, "")


def _numeral(degree: int, above: tuple[int, ...]) -> str:
    name = _ROMAN[degree] if above[0] == 4 else _ROMAN[degree].lower()
    return name + {6: "°", 8: "+"}.get(above[1], "") + ("7" if len(above) == 3 else "")


def harmonise(harmony: Harmony, sections: tuple[Section, ...], meter: Meter, seed: str) -> tuple[Chord, ...]:
    """Write the chords of a whole piece; phrases of one label get the same ones."""
    chords: list[Chord] = []
    for section in sections:
        for phrase in section.phrases:
            chords += _phrase(harmony, phrase, meter, Random(f"{seed}/harmony/{phrase.label}"))
    return tuple(chords)


def _phrase(harmony: Harmony, phrase: Phrase, meter: Meter, rng: Random) -> list[Chord]:
    chords: list[Chord] = []
    for bar, degrees in enumerate(_bars(harmony.mode, phrase, rng)):
        start = (phrase.start + bar) * meter.bar
        for degree, offset, length in _slots(degrees, meter):
            seventh = degree == 4 and degree in harmony.mode.dominants and rng.random() < 0.45
            chords.append(harmony.chord(degree, start + offset, length, seventh=seventh))
    return chords


def _slots(degrees: tuple[int, ...], meter: Meter) -> list[tuple[int, int, int]]:
    """Share a bar between one or two chords, the first the longer; a bar of two short beats has room for one."""
    if meter.beats * meter.division < 6:
        degrees = degrees[-1:]
    first = meter.bar if len(degrees) == 1 else -(-meter.beats // 2) * (meter.bar // meter.beats)
    spans = [(0, first), (first, meter.bar - first)]
    return [(degree, *span) for degree, span in zip(degrees, spans, strict=False)]


def _bars(mode: Mode, phrase: Phrase, rng: Random) -> list[tuple[int, ...]]:
    """Rewrite a phrase into the degrees of each of its bars."""
    close = _cadence(mode, phrase, rng)[-phrase.bars :]
    opening = [(0,)] if phrase.label[0] in "Aic" else [(rng.choice((mode.subdominants[0], mode.tonics[-1])),)]
    free = phrase.bars - len(close)
    middle = [(degree,) for degree in _prolong(mode, free - 1, rng)]
    return ([*opening, *middle] if free else []) + close


def _prolong(mode: Mode, bars: int, rng: Random) -> list[int]:
    """Stay in the area of the tonic, never twice on one chord."""
    degrees, last = [], 0
    for _ in range(bars):
        pool = [d for d in (*mode.tonics[1:], *mode.tonics[1:], *mode.subdominants, 0) if d != last]
        last = rng.choice(pool)
        degrees.append(last)
    return degrees


def _cadence(mode: Mode, phrase: Phrase, rng: Random) -> list[tuple[int, ...]]:
    before, dominant = rng.choice(mode.subdominants), mode.dominants[0]
    tonic_next = mode.tonics[1] if len(mode.tonics) > 1 else 0
    closes: dict[str, list[tuple[int, ...]]] = {
        "authentic": [(before, dominant), (0,)],
        "half": [(before,), (dominant,)],
        "deceptive": [(before, dominant), (tonic_next,)],
        "open": [(0,)],
        "final": [(before, dominant), (0,)],
    }
    return closes[phrase.cadence]
