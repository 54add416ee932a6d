"""Audio files through libsndfile, the same bytes every time."""

import tempfile
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.files.ogg import fix_serial

MEDIA_TYPES = {"wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg"}
_SUBTYPES = {16: "PCM_16", 24: "PCM_24"}
_IN_MEMORY = 16 << 20


class AudioWriter:
    """Writes stereo blocks to a WAV, FLAC or Ogg Vorbis file (kept in memory as long as it is small)."""

    def __init__(self, kind: str, rate: int, depth: int, tags: Mapping[str, str]) -> None:
        import soundfile

        self._kind, self._depth = kind, depth
        self._rng = np.random.default_rng(depth)
        self._last = np.zeros((2, 1), np.float32)
        self.stream = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - handed on
        subtype = "VORBIS" if kind == "ogg" else _SUBTYPES[depth]
        self._sound: Any = soundfile.SoundFile(self.stream, "w", rate, 2, subtype, format=kind.upper(), **_effort(kind))
        for name, value in tags.items():
            setattr(self._sound, name, value)

    def write(self, block: NDArray[np.float32]) -> None:
        """Write samples of shape (2, n)."""
        self._sound.write((block if self._kind == "ogg" else self._dithered(block)).T)

    def close(self) -> bytes | BinaryIO:
        """Finish the file: its bytes, or a stream at its start when it is large."""
        self._sound.close()
        if self._kind == "ogg":
            fix_serial(self.stream)
        self.stream.seek(0, 2)
        small = self.stream.tell() <= _IN_MEMORY
        self.stream.seek(0)
        return self.stream.read() if small else self.stream

    def _dithered(self, block: NDArray[np.float32]) -> NDArray[np.int32]:
        """Quantise with triangular dither of two steps, whose noise lies in the treble (differences of one noise)."""
        scale = np.float32(2 ** (self._depth - 1))
        noise = self._rng.random(block.shape, np.float32)
        dither = np.diff(noise, axis=1, prepend=self._last)
        self._last = noise[:, -1:]
        steps = np.rint(block * scale + dither)
        return np.asarray(np.clip(steps, -scale, scale - 1).astype(np.int32) << (32 - self._depth), np.int32)


def _effort(kind: str) -> dict[str, float]:
    return {"compression_level": 0.25} if kind == "flac" else {"compression_level": 0.4} if kind == "ogg" else {}
