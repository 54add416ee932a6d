"""The written piece. Times are ticks of 1/480 beat; pitches are MIDI numbers."""

from dataclasses import dataclass

from generation.engines.music.theory import BEAT, Meter


@dataclass(frozen=True, slots=True)
class Note:
    """One note: ``length`` is how long it sounds, ``velocity`` 1 to 127."""

    start: int
    length: int
    pitch: int
    velocity: int

    @property
    def end(self) -> int:
        """The tick at which the note stops."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord over a span of the piece; ``classes`` are its pitch classes, the root first."""

    start: int
    length: int
    degree: int
    classes: tuple[int, ...]
    numeral: str
    symbol: str
    scale: tuple[int, ...]
    """Pitch classes that a melody may use above it."""

    @property
    def end(self) -> int:
        """The tick at which the chord stops."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few bars with one idea; phrases of one ``label`` share chords and melody."""

    label: str
    start: int
    bars: int
    cadence: str


@dataclass(frozen=True, slots=True)
class Section:
    """Phrases under one name; ``intensity`` scales dynamics, ``layers`` says who plays."""

    label: str
    phrases: tuple[Phrase, ...]
    intensity: float
    layers: frozenset[str]

    @property
    def start(self) -> int:
        """The first bar, counted from 0."""
        return self.phrases[0].start

    @property
    def bars(self) -> int:
        """How many bars the section has."""
        return sum(phrase.bars for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class Part:
    """One voice, which never sounds two notes at once (percussion apart), within [low, high]."""

    name: str
    role: str
    instrument: str
    low: int
    high: int
    pan: float
    gain: float
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A whole piece; ``duration`` is in seconds, ``tempo`` in beats a minute."""

    title: str
    key: str
    tonic: int
    mode: str
    scale: str
    tempo: float
    meter_name: str
    meter: Meter
    duration: float
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    parts: tuple[Part, ...]

    def seconds(self, tick: float) -> float:
        """Return the time of a tick."""
        return tick * 60 / (self.tempo * BEAT)

    def ticks(self, seconds: float) -> int:
        """Return the nearest tick of a time."""
        return round(seconds * self.tempo * BEAT / 60)
