"""Reading a recording block by block, and its strongest partials.

The power of short windowed spectra is averaged over time and over channels, so that memory does not grow with length
and opposite channels do not cancel; peaks are placed between bins by a parabola through the logarithms.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from generation.engines.errors import ParameterError
from generation.engines.fft import TRANSFORMS, WINDOWS, between_bins

if TYPE_CHECKING:
    import soundfile

Array = NDArray[np.float64]

LONGEST = 300.0
"""Longest recording in seconds."""

MOST_CHANNELS = 32
SILENCE = 1e-5
"""Root-mean-square amplitude, of full scale, below which a recording is silent (−100 dB)."""

_WINDOW_SECONDS = 0.5
_AUDIBLE = 20.0
_FAINTEST_DB = 50.0
_MAIN_LOBE = {"rectangular": 1, "hann": 2, "hamming": 2, "blackman": 3, "blackman-harris": 4}


@dataclass(frozen=True, slots=True)
class Peak:
    """A partial: frequency in Hz, and amplitude relative to the strongest (1)."""

    frequency: float
    amplitude: float


def peaks(path: str | Path, count: int, window: str = "blackman-harris") -> list[Peak]:
    """Return the strongest partials of an audio file, by rising frequency.

    Raises :class:`ParameterError` on ``file`` where it is missing, empty, silent, cut short, too long or not audio.
    """
    power, rate = mean_power(path, window)
    resolution = rate / (2 * (len(power) - 1))
    found = _local_maxima(power, _MAIN_LOBE[window], max(1, math.ceil(_AUDIBLE / resolution)))
    strongest = sorted(found, key=lambda place: -power[place])[:count]
    tops = [between_bins(power, place) for place in strongest]
    highest = max((height for _, height in tops), default=1.0)
    return sorted(
        (Peak(place * resolution, math.sqrt(height / highest)) for place, height in tops),
        key=lambda peak: peak.frequency,
    )


def mean_power(path: str | Path, window: str = "blackman-harris") -> tuple[Array, int]:
    """Power spectrum averaged over half-overlapping windows and channels: (bins,), and the sample rate in Hz."""
    if window not in WINDOWS:
        raise ParameterError("options.window", f"must be one of {', '.join(WINDOWS)}.")
    rate = _checked(Path(path))
    length = 2 ** round(math.log2(_WINDOW_SECONDS * rate))
    total, energy, samples = np.zeros(length // 2 + 1), 0.0, 0
    for block in _blocks(Path(path), length):
        energy += float(np.sum(block[:, : length // 2] ** 2))
        samples += block[:, : length // 2].size
        total += np.sum(np.abs(TRANSFORMS.spectrum(block, window)) ** 2, axis=0)
    if math.sqrt(energy / max(samples, 1)) < SILENCE:
        raise ParameterError("file", "is silent; it must hold a sound above -100 dB of full scale.")
    return total, rate


def _checked(path: Path) -> int:
    """Return the sample rate of a file that is whole and within the limits."""
    import soundfile

    _refuse_torn(path)
    try:
        with soundfile.SoundFile(path) as sound:
            rate, frames, channels = int(sound.samplerate), int(sound.frames), int(sound.channels)
    except soundfile.SoundFileError as error:
        raise ParameterError("file", "is not a sound that can be read; send WAV, FLAC or OGG.") from error
    if frames <= 0:
        raise ParameterError("file", "holds no samples; it is empty or cut short.")
    if frames > LONGEST * rate:
        raise ParameterError("file", f"must be at most {LONGEST:g} s long, not {frames / rate:.0f} s.")
    if channels > MOST_CHANNELS or not 4000 <= rate <= 384000:
        raise ParameterError("file", f"must have at most {MOST_CHANNELS} channels and 4 to 384 kHz.")
    return rate


def _blocks(path: Path, length: int) -> Iterator[Array]:
    """Yield half-overlapping windows (channels, length) of the whole file, the last one filled up with zeros."""
    import soundfile

    with soundfile.SoundFile(path) as sound:
        held = np.zeros((length, sound.channels))
        read = 0
        try:
            while part := _read(sound, held, length, read):
                read += part
                yield np.nan_to_num(held.T)
        except soundfile.SoundFileError as error:
            raise ParameterError("file", "is damaged or cut short.") from error
        if read < sound.frames:
            raise ParameterError("file", f"is cut short: {read} of {sound.frames} samples could be read.")


def _read(sound: "soundfile.SoundFile", held: Array, length: int, done: int) -> int:
    """Read on: the whole window at first, then its second half, the first being what was the second."""
    kept = length // 2 if done else 0
    held[:kept] = held[length - kept :]
    part = sound.read(length - kept, dtype="float64", always_2d=True)
    held[kept : kept + len(part)] = part
    held[kept + len(part) :] = 0.0
    return len(part)


def _refuse_torn(path: Path) -> None:
    """Refuse what is missing, empty or shorter than it says: a reader makes do with what is left of WAV and OGG."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(12)
            file.seek(max(0, size - 2**16))
            tail = file.read()
    except OSError as error:
        raise ParameterError("file", "cannot be read; upload it again.") from error
    if size == 0:
        raise ParameterError("file", "is empty.")
    if _torn(head, tail, size):
        raise ParameterError("file", "is cut short: its end is missing.")


def _torn(head: bytes, tail: bytes, size: int) -> bool:
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        said = int.from_bytes(head[4:8], "little")
        return said not in (0, 0xFFFFFFFF) and said + 8 > size + 1
    if head[:4] == b"OggS":
        page = tail.rfind(b"OggS")
        last = tail[page : page + 6]
        return page < 0 or len(last) < 6 or not last[5] & 4
    return False


def _local_maxima(power: Array, lobe: int, lowest: int) -> list[int]:
    """Bins that are the largest within a main lobe to either side, not too faint, from bin ``lowest`` up."""
    padded = np.pad(power, lobe)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * lobe + 1).max(axis=1)
    loud = power > power[lowest:].max(initial=0.0) * 10 ** (-_FAINTEST_DB / 10)
    found = np.flatnonzero((power >= around) & loud)
    return [int(place) for place in found if lowest <= place < len(power) - 1]
