"""The mixer: notes to stereo, one block after the other, so that memory does not grow with the piece."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import numpy as np

from generation.engines.music.composing.score import Note, Part, Score
from generation.engines.music.cues import Cues
from generation.engines.music.ensemble import PERCUSSION
from generation.engines.music.pipeline import ahead
from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis.drums import PANS, render_drum
from generation.engines.music.synthesis.layers import Layers
from generation.engines.music.synthesis.reverb import PARTS, Reverb
from generation.engines.music.synthesis.sampler import Sampler
from generation.engines.music.synthesis.tones import frequency_of, release_of, render_tone

STRIP = 1 << 14
"""Notes are added to buses in strips that stay in the processor's cache."""
_LONGEST = 32
"""Strips of the longest block."""
_PIECE = 1 << 13
_UNEVEN = 0.004
"""Standard deviation of human timing, in seconds; never more than three of them."""
_SHADE = 24
"""Steps of velocity between a soft, a middle and a hard tone of the same pitch."""
_SENDS = {PERCUSSION: 0.10, "bass": 0.10}
_SEND = 0.32


@dataclass(frozen=True, slots=True)
class Stroke:
    """One note to be sounded: where it starts and stops, in samples, its bus, and what it takes to make its tone."""

    start: int
    stop: int
    release: int
    gain: float
    bus: int
    key: tuple[str, int, int]

    @property
    def end(self) -> int:
        """The first sample at which nothing of the note is left."""
        return self.stop + self.release


class Sounding:
    """A note and its tone, while there is something of it left to be heard."""

    def __init__(self, stroke: Stroke, tone: Floats) -> None:
        self.stroke, self._tone = stroke, tone
        self.end = stroke.start + len(tone)

    def add_to(self, bus: Floats, start: int) -> None:
        """Add what sounds within the strip that begins at sample ``start``."""
        stroke = self.stroke
        begin, end = max(start, stroke.start), min(start + STRIP, self.end)
        piece = self._tone[begin - stroke.start : end - stroke.start] * np.float32(stroke.gain)
        if stroke.stop < end and stroke.release:
            since = max(begin, stroke.stop)
            piece[since - begin :] *= _fading(stroke.release)[since - stroke.stop : end - stroke.stop]
        bus[begin - start : end - start] += piece


class Mixer:
    """Renders a score; iterate over :meth:`blocks` once.

    Notes of one place in the room share a bus; a block is one product of the matrix of places and the buses.
    """

    def __init__(self, score: Score, cues: Cues, layers: Layers, *, rate: int, tuning: float, seed: int) -> None:
        self._score, self._cues, self._layers = score, cues, layers
        self._rate, self._tuning = rate, tuning
        self.total = round(score.duration * rate)
        self._places: list[tuple[float, float]] = []
        rng = Random(f"{seed}/human")
        strokes = [self._stroke(part, note, rng) for part in score.parts for note in part.notes]
        self._strokes = sorted(strokes, key=lambda stroke: stroke.start)
        self._lengths = _longest(self._strokes)
        self.block = _block(self.total)
        self._sampler = Sampler()

    def blocks(self) -> Iterator[Floats]:
        """Yield stereo blocks of equal length, shape (2, n), the last one cut to the end of the piece."""
        reverb = Reverb(self._cues.space, self._rate, self.block)
        for index, dry in enumerate(ahead(self._dry())):
            start = index * self.block
            early, late = reverb.process(dry[2])
            block = dry[:2]
            block += early
            block[0] += late
            block[1] -= late
            extra = self._layers.render(start, self.block, self.total, self._rate)
            yield (block if extra is None else block + extra)[:, : self.total - start]

    def _dry(self) -> Iterator[Floats]:
        """Yield left, right and what goes to the reverb, shape (3, block)."""
        matrix = _matrix(self._places)
        buses = np.empty((len(self._places), STRIP), np.float32)
        waiting, active = deque(self._strokes), list[Sounding]()
        for start in range(0, self.total, self.block):
            block = np.zeros((3, self.block), np.float32)
            for strip in range(start, min(start + self.block, self.total), STRIP):
                while waiting and waiting[0].start < strip + STRIP:
                    active.append(self._sounding(waiting.popleft()))
                buses[:] = 0
                for sounding in active:
                    sounding.add_to(buses[sounding.stroke.bus], strip)
                _place(matrix, buses, block[:, strip - start : strip - start + STRIP])
                active = [sounding for sounding in active if sounding.end > strip + STRIP]
            yield block

    def _sounding(self, stroke: Stroke) -> "Sounding":
        tone = self._sampler.tone(stroke.key, lambda: self._tone(stroke.key))
        return Sounding(stroke, tone[: stroke.end - stroke.start])

    def _bus(self, pan: float, send: float) -> int:
        """The number of the bus for a place, opened if need be."""
        if (pan, send) not in self._places:
            self._places.append((pan, send))
        return self._places.index((pan, send))

    def _stroke(self, part: Part, note: Note, rng: Random) -> Stroke:
        late = max(-3 * _UNEVEN, min(3 * _UNEVEN, rng.gauss(0, _UNEVEN)))
        start = max(0, int((self._score.seconds(note.start) + late) * self._rate))
        loud = (note.velocity / 127) ** 1.6 * part.gain
        if part.role == PERCUSSION:
            key = ("drums", note.pitch, 0)
            bus = self._bus(PANS[note.pitch], _SENDS[PERCUSSION])
            return Stroke(start, start + self._rate * 2, 0, loud, bus, key)
        stop = start + int((self._score.seconds(note.length)) * self._rate)
        release = int(release_of(part.instrument) * self._rate)
        shade = round((note.velocity - self._cues.velocity) / _SHADE)
        key = (part.instrument, note.pitch, max(-1, min(1, shade)))
        return Stroke(start, stop, release, loud, self._bus(part.pan, _SENDS.get(part.role, _SEND)), key)

    def _tone(self, key: tuple[str, int, int]) -> Floats:
        instrument, pitch, shade = key
        if instrument == "drums":
            return render_drum(pitch, frequency_of(36 + self._score.tonic, self._tuning), self._rate)
        seconds = self._lengths[key] / self._rate
        bright = max(0.0, min(1.0, self._cues.brightness + 0.2 * shade))
        return render_tone(instrument, frequency_of(pitch, self._tuning), seconds, self._rate, bright)


def _matrix(places: list[tuple[float, float]]) -> Floats:
    """What left, right and reverb get of each bus: constant power over the panorama. Shape (3, buses)."""
    pans, sends = np.array(places).reshape(-1, 2).T
    angles = (pans + 1) * np.pi / 4
    return np.stack([np.cos(angles), np.sin(angles), sends]).astype(np.float32)


def _place(matrix: Floats, buses: Floats, out: Floats) -> None:
    """Set ``out`` to the product of both, in pieces below the size at which BLAS would wake its threads."""
    for at in range(0, STRIP, _PIECE):
        np.matmul(matrix, buses[:, at : at + _PIECE], out=out[:, at : at + _PIECE])


def _block(total: int) -> int:
    """Return the length of equal blocks that make up a piece, with a whole number of strips for each of their parts."""
    count = -(-total // (_LONGEST * STRIP))
    return -(-total // (count * PARTS * STRIP)) * PARTS * STRIP


def _longest(strokes: list[Stroke]) -> dict[tuple[str, int, int], int]:
    """How long a tone each key needs, in samples."""
    lengths: dict[tuple[str, int, int], int] = {}
    for stroke in strokes:
        lengths[stroke.key] = max(stroke.end - stroke.start, lengths.get(stroke.key, 0))
    return lengths


@lru_cache(64)
def _fading(release: int) -> Floats:
    """A falling exponential that reaches zero at the end of the release."""
    place = np.arange(release, dtype=np.float32) / np.float32(release)
    return np.asarray(np.exp(-4 * place) * (1 - place), np.float32)
