"""Audio files through libsndfile, the same bytes every time."""

import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.files.ogg import fix_serial
from generation.engines.music.spectra import Floats

MEDIA_TYPES = {"wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}
_SUBTYPES = {16: "PCM_16", 24: "PCM_24"}
_IN_MEMORY = 16 << 20
_FINE = 2**15
"""Steps of the dither's noise in a step of the sound."""


class AudioWriter:
    """Writes stereo blocks to a WAV, FLAC or Ogg Vorbis file in a temporary place."""

    def __init__(self, kind: str, rate: int, depth: int, tags: Mapping[str, str]) -> None:
        import soundfile

        self._kind, self._depth = kind, depth
        self._noise = np.random.SFC64(depth)
        self.stream = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - handed on
        subtype = "VORBIS" if kind == "ogg" else _SUBTYPES[depth]
        self._sound: Any = soundfile.SoundFile(self.stream, "w", rate, 2, subtype, format=kind.upper(), **_effort(kind))
        for name, value in tags.items():
            setattr(self._sound, name, value)

    def write(self, block: Floats) -> None:
        """Write samples of shape (2, n)."""
        self._sound.write(block.T if self._kind == "ogg" else self._dithered(block))

    def close(self) -> bytes | BinaryIO:
        """Finish the file: its bytes, or a stream at its start when it is large."""
        self._sound.close()
        if self._kind == "ogg":
            fix_serial(self.stream)
        self.stream.seek(0, 2)
        small = self.stream.tell() <= _IN_MEMORY
        self.stream.seek(0)
        return self.stream.read() if small else self.stream

    def _dithered(self, block: Floats) -> NDArray[np.integer]:
        """Quantise with triangular dither of two steps, whose noise lies in the treble (differences of one noise).

        Returns interleaved samples, shape (n, 2), of 16 bits, or of 24 at the upper end of 32.
        """
        count, top = block.shape[1], 2 ** (self._depth - 1)
        noise = self._noise.random_raw(-(-(count + 1) // 2)).view(np.int16)[: 2 * count + 2].reshape(2, -1) >> 1
        steps = block * np.float32(top * _FINE)
        steps += noise[:, 1:] - noise[:, :-1]
        steps *= np.float32(1 / _FINE)
        np.rint(steps, out=steps)
        np.clip(steps, np.float32(-top), np.float32(top - 1), out=steps)
        if self._depth == 24:
            steps *= np.float32(256)
        out = np.empty((count, 2), np.int16 if self._depth == 16 else np.int32)
        out[:, 0], out[:, 1] = steps
        return out


def _effort(kind: str) -> dict[str, float]:
    return {"compression_level": 0.375} if kind == "flac" else {"compression_level": 0.4} if kind == "ogg" else {}
