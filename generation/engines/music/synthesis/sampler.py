"""Tones made once and used for every note of the same pitch: what makes the synthesis fast."""

from collections import OrderedDict
from collections.abc import Callable

from generation.engines.music.spectra import Floats

_MOST_BYTES = 32 << 20


class Sampler:
    """Keeps the tones last used, up to a bound of memory; what was dropped is made again, the same."""

    def __init__(self) -> None:
        self._tones: OrderedDict[tuple[object, ...], Floats] = OrderedDict()
        self._bytes = 0

    def tone(self, key: tuple[object, ...], make: Callable[[], Floats]) -> Floats:
        """Return the tone of a key, made if need be."""
        if key in self._tones:
            self._tones.move_to_end(key)
            return self._tones[key]
        tone = self._tones[key] = make()
        self._bytes += tone.nbytes
        while self._bytes > _MOST_BYTES and len(self._tones) > 1:
            self._bytes -= self._tones.popitem(last=False)[1].nbytes
        return tone
