"""The instruments by name: what each may play, how high and low, and its General MIDI program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instrument:
    """``program`` counts from 0; ``low`` and ``high`` are the MIDI pitches of its range; ``roles`` what suits it."""

    program: int
    low: int
    high: int
    roles: tuple[str, ...]


MELODY, HARMONY, BASS, PERCUSSION = "melody", "harmony", "bass", "percussion"
ROLES = (MELODY, HARMONY, BASS, PERCUSSION)

INSTRUMENTS = {
    "piano": Instrument(0, 21, 108, (MELODY, HARMONY, BASS)),
    "electric_piano": Instrument(4, 28, 103, (HARMONY, MELODY, BASS)),
    "celesta": Instrument(8, 60, 108, (MELODY,)),
    "bells": Instrument(14, 60, 96, (MELODY,)),
    "marimba": Instrument(12, 45, 96, (MELODY, HARMONY)),
    "organ": Instrument(19, 36, 96, (HARMONY, MELODY, BASS)),
    "guitar": Instrument(24, 40, 88, (HARMONY, MELODY, BASS)),
    "bass": Instrument(32, 28, 67, (BASS,)),
    "synth_bass": Instrument(38, 28, 67, (BASS,)),
    "strings": Instrument(48, 28, 100, (HARMONY, MELODY, BASS)),
    "harp": Instrument(46, 24, 103, (HARMONY, MELODY, BASS)),
    "flute": Instrument(73, 60, 96, (MELODY,)),
    "clarinet": Instrument(71, 50, 94, (MELODY,)),
    "lead": Instrument(81, 36, 103, (MELODY,)),
    "pad": Instrument(89, 36, 96, (HARMONY,)),
    "drums": Instrument(0, 35, 81, (PERCUSSION,)),
}
