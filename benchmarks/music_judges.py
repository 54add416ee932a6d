"""Listeners for the music benchmark: they know files and published formulas, and nothing of the engine."""

import io
from itertools import combinations, pairwise

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray

KEYS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
Voice = list[tuple[int, int, int, int]]
"""Notes as (start, end, pitch, velocity), times in ticks."""


def key_of(classes: NDArray[np.float64]) -> tuple[str, str]:
    """Return the key whose profile (Krumhansl & Kessler 1982) correlates best with twelve weights."""
    scores = {
        (KEYS[tonic], mode): np.corrcoef(np.roll(profile, tonic), classes)[0, 1]
        for mode, profile in _PROFILES.items()
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def voices(data: bytes) -> dict[str, Voice]:
    """Read the pitched tracks of a MIDI file."""
    found: dict[str, Voice] = {}
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity and message.channel != 9:
                sounding[message.note] = (now, message.velocity)
            elif message.type in ("note_on", "note_off") and message.note in sounding:
                start, velocity = sounding.pop(message.note)
                found.setdefault(track.name, []).append((start, now, message.note, velocity))
    return {name: sorted(notes) for name, notes in found.items()}


def midi_key(data: bytes) -> tuple[str, str]:
    """Return the key of a MIDI file by the durations of its pitch classes."""
    classes = np.zeros(12)
    for notes in voices(data).values():
        for start, end, pitch, _ in notes:
            classes[pitch % 12] += end - start
    return key_of(classes)


def parallels(data: bytes) -> int:
    """Count consecutive perfect fifths, octaves and unisons between any two voices, in similar motion."""
    return sum(_parallels(one, other) for one, other in combinations(voices(data).values(), 2))


def _parallels(one: Voice, other: Voice) -> int:
    moments = sorted({note[0] for note in one + other})
    pairs = [(_pitch(one, tick), _pitch(other, tick)) for tick in moments]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(
        abs(a - b) % 12 == abs(c - d) % 12 and abs(a - b) % 12 in (0, 7) and (c - a) * (d - b) > 0
        for (a, b), (c, d) in pairwise(both)
    )


def _pitch(voice: Voice, tick: int) -> int | None:
    """The pitch that sounds at a tick."""
    return next((pitch for start, end, pitch, _ in reversed(voice) if start <= tick < end), None)


def onsets(data: bytes) -> list[float]:
    """Return the moments in seconds at which notes begin."""
    now, found = 0.0, set()
    for message in mido.MidiFile(file=io.BytesIO(data)):
        now += message.time
        if message.type == "note_on" and message.velocity:
            found.add(round(now, 4))
    return sorted(found)


def heard(data: bytes) -> tuple[NDArray[np.float64], int]:
    """Read an audio file: samples of shape (n, 2), and the rate."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float64")
    return samples, rate
