"""Names of pitches, modes, scales and metres: plain tables that the parameters and the composer share."""

from dataclasses import dataclass

BEAT = 480
"""Ticks in one beat (the pulse that the tempo counts)."""

KEYS = {
    "C": 0,
    "C#": 1,
    "Db": 1,
    "D": 2,
    "D#": 3,
    "Eb": 3,
    "E": 4,
    "F": 5,
    "F#": 6,
    "Gb": 6,
    "G": 7,
    "G#": 8,
    "Ab": 8,
    "A": 9,
    "A#": 10,
    "Bb": 10,
    "B": 11,
    "Cb": 11,
}
NATURAL_KEYS = ("C", "D", "E", "F", "G", "A", "B")


@dataclass(frozen=True, slots=True)
class Mode:
    """Seven degrees, and which of them (from 0) carry the functions of harmony.

    ``steps`` are semitones above the tonic. ``raised`` tells that the dominant borrows a leading tone.
    """

    steps: tuple[int, ...]
    tonics: tuple[int, ...] = (0, 5, 2)
    subdominants: tuple[int, ...] = (3, 1)
    dominants: tuple[int, ...] = (4,)
    raised: bool = False

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return self.steps[2] == 3


MODES = {
    "major": Mode((0, 2, 4, 5, 7, 9, 11)),
    "minor": Mode((0, 2, 3, 5, 7, 8, 10), tonics=(0, 5, 2), subdominants=(3, 5), raised=True),
    "dorian": Mode((0, 2, 3, 5, 7, 9, 10), tonics=(0, 2), subdominants=(3, 1), dominants=(6, 4)),
    "phrygian": Mode((0, 1, 3, 5, 7, 8, 10), tonics=(0, 5), subdominants=(3, 2), dominants=(1, 6)),
    "lydian": Mode((0, 2, 4, 6, 7, 9, 11), tonics=(0, 5), subdominants=(1,), dominants=(4, 6)),
    "mixolydian": Mode((0, 2, 4, 5, 7, 9, 10), tonics=(0, 5), subdominants=(3, 1), dominants=(6, 4)),
    "locrian": Mode((0, 1, 3, 5, 6, 8, 10), tonics=(0, 5), subdominants=(3, 2), dominants=(4, 1)),
    "harmonic_minor": Mode((0, 2, 3, 5, 7, 8, 11), tonics=(0, 5), subdominants=(3,), dominants=(4,)),
    "melodic_minor": Mode((0, 2, 3, 5, 7, 9, 11), tonics=(0,), subdominants=(3, 1), dominants=(4,)),
}
MODE_ALIASES = {"ionian": "major", "aeolian": "minor", "natural_minor": "minor"}


@dataclass(frozen=True, slots=True)
class Scale:
    """The notes a melody may use, in semitones above the tonic, and the mode that harmonises them."""

    steps: tuple[int, ...]
    mode: str


SCALES = {
    **{name: Scale(mode.steps, name) for name, mode in MODES.items()},
    "major_pentatonic": Scale((0, 2, 4, 7, 9), "major"),
    "minor_pentatonic": Scale((0, 3, 5, 7, 10), "minor"),
    "blues": Scale((0, 3, 5, 6, 7, 10), "minor"),
    "hirajoshi": Scale((0, 2, 3, 7, 8), "minor"),
    "in": Scale((0, 1, 5, 7, 8), "phrygian"),
    "yo": Scale((0, 2, 5, 7, 9), "mixolydian"),
}


@dataclass(frozen=True, slots=True)
class Meter:
    """Beats in a bar, parts into which a beat falls, and quarter notes in a beat."""

    beats: int
    division: int = 2
    quarters: float = 1.0

    @property
    def bar(self) -> int:
        """Ticks in a bar."""
        return self.beats * BEAT


METERS = {
    "2/4": Meter(2),
    "3/4": Meter(3),
    "4/4": Meter(4),
    "5/4": Meter(5),
    "6/8": Meter(2, division=3, quarters=1.5),
    "9/8": Meter(3, division=3, quarters=1.5),
    "12/8": Meter(4, division=3, quarters=1.5),
}


def scale_pitches(steps: tuple[int, ...], tonic: int, low: int, high: int) -> list[int]:
    """Return every MIDI pitch of a scale within [low, high]."""
    classes = {(tonic + step) % 12 for step in steps}
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in classes]
