"""The mixer: notes to stereo, one block after the other, so that memory does not grow with the piece."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from generation.engines.music.composing.score import Note, Part, Score
from generation.engines.music.cues import Cues
from generation.engines.music.ensemble import PERCUSSION
from generation.engines.music.pipeline import ahead
from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis.drums import PANS, render_drum
from generation.engines.music.synthesis.layers import Layers
from generation.engines.music.synthesis.reverb import Reverb
from generation.engines.music.synthesis.sampler import Sampler
from generation.engines.music.synthesis.tones import frequency_of, release_of, render_tone

BLOCK = 1 << 17
STRIP = 1 << 14
"""Notes are added to buses in strips that stay in the processor's cache."""
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
        self._sampler = Sampler()

    def blocks(self) -> Iterator[Floats]:
        """Yield stereo blocks of shape (2, up to BLOCK)."""
        reverb = Reverb(self._cues.space, self._rate, BLOCK)
        for index, (left, right, send) in enumerate(ahead(self._dry())):
            start = index * BLOCK
            block = reverb.process(send)
            block += (left, right)
            extra = self._layers.render(start, BLOCK, self.total, self._rate)
            yield (block if extra is None else block + extra)[:, : self.total - start]

    def _dry(self) -> Iterator[Floats]:
        """Yield left, right and what goes to the reverb, shape (3, BLOCK)."""
        matrix = _matrix(self._places)
        buses = np.empty((len(self._places), STRIP), np.float32)
        waiting, active = deque(self._strokes), list[Stroke]()
        for start in range(0, self.total, BLOCK):
            block = np.zeros((3, BLOCK), np.float32)
            for strip in range(start, min(start + BLOCK, self.total), STRIP):
                active = [stroke for stroke in active if stroke.end > strip]
                while waiting and waiting[0].start < strip + STRIP:
                    active.append(waiting.popleft())
                self._fill(buses, strip, active)
                block[:, strip - start : strip - start + STRIP] = _placed(matrix, buses)
            yield block

    def _fill(self, buses: Floats, start: int, active: list[Stroke]) -> None:
        buses[:] = 0
        for stroke in active:
            self._add(stroke, start, buses[stroke.bus])

    def _add(self, stroke: Stroke, start: int, bus: Floats) -> None:
        """Add what a note sounds within a block."""
        tone = self._sampler.tone(stroke.key, lambda: self._tone(stroke.key))
        length = min(stroke.end - stroke.start, len(tone))
        begin, end = max(start, stroke.start), min(start + STRIP, stroke.start + length)
        if begin < end:
            piece = tone[begin - stroke.start : end - stroke.start] * np.float32(stroke.gain)
            _let_go(piece, begin, stroke)
            bus[begin - start : end - start] += piece

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


def _placed(matrix: Floats, buses: Floats) -> Floats:
    """The product of both, in pieces below the size at which BLAS would wake its threads."""
    pieces = (matrix @ buses[:, at : at + _PIECE] for at in range(0, buses.shape[1], _PIECE))
    return np.concatenate(list(pieces), axis=1)


def _longest(strokes: list[Stroke]) -> dict[tuple[str, int, int], int]:
    """How long a tone each key needs, in samples."""
    lengths: dict[tuple[str, int, int], int] = {}
    for stroke in strokes:
        lengths[stroke.key] = max(stroke.end - stroke.start, lengths.get(stroke.key, 0))
    return lengths


def _let_go(piece: Floats, begin: int, stroke: Stroke) -> None:
    """Fade a note out after it stops: a falling exponential that reaches zero at the end of the release."""
    offset = begin - stroke.stop
    if not stroke.release or offset + len(piece) <= 0:
        return
    first = max(0, -offset)
    place = (offset + np.arange(first, len(piece), dtype=np.float32)) / np.float32(stroke.release)
    piece[first:] *= np.exp(-4 * place) * (1 - place)
