"""Names of musical notes to frequencies, in equal temperament with A4 = 440 Hz (ISO 16)."""

import re

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_NOTE = re.compile(r"([A-Ga-g])([#♯b♭]?)(-?[0-9]{1,2})")


def frequency(name: str) -> float | None:
    """Frequency in Hz of a note such as ``A4``, ``C#5`` or ``Bb3``; None when the name is not a note's."""
    match = _NOTE.fullmatch(name.strip())
    if match is None:
        return None
    letter, accidental, octave = match.groups()
    semitones = _SEMITONES[letter.upper()] + _ACCIDENTALS[accidental] + 12 * (int(octave) + 1)
    return float(440.0 * 2.0 ** ((semitones - 69) / 12))
