"""The mixer: notes to stereo, one block after the other, so that memory does not grow with the piece."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from generation.engines.music.composing.score import Note, Part, Score
from generation.engines.music.cues import Cues
from generation.engines.music.ensemble import PERCUSSION
from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis.drums import PANS, render_drum
from generation.engines.music.synthesis.layers import Layers
from generation.engines.music.synthesis.reverb import Reverb
from generation.engines.music.synthesis.sampler import Sampler
from generation.engines.music.synthesis.tones import frequency_of, release_of, render_tone

BLOCK = 1 << 18
_UNEVEN = 0.004
"""Standard deviation of human timing, in seconds; never more than three of them."""
_SHADES = 5
_SENDS = {PERCUSSION: 0.10, "bass": 0.10}
_SEND = 0.32


@dataclass(frozen=True, slots=True)
class Stroke:
    """One note to be sounded: where it starts and stops, in samples, and what it takes to make its tone."""

    start: int
    stop: int
    release: int
    gain: float
    pan: float
    send: float
    key: tuple[str, int, int]


class Mixer:
    """Renders a score; iterate over :meth:`blocks` once."""

    def __init__(self, score: Score, cues: Cues, layers: Layers, *, rate: int, tuning: float, seed: int) -> None:
        self._score, self._cues, self._layers = score, cues, layers
        self._rate, self._tuning = rate, tuning
        self.total = round(score.duration * rate)
        rng = Random(f"{seed}/human")
        strokes = [self._stroke(part, note, rng) for part in score.parts for note in part.notes]
        self._strokes = sorted(strokes, key=lambda stroke: stroke.start)
        self._lengths = _longest(self._strokes)
        self._sampler = Sampler()

    def blocks(self) -> Iterator[Floats]:
        """Yield stereo blocks of shape (2, up to BLOCK)."""
        reverb = Reverb(self._cues.space, self._rate, BLOCK)
        active: list[Stroke] = []
        waiting = iter([*self._strokes, None])
        upcoming = next(waiting)
        for start in range(0, self.total, BLOCK):
            while upcoming is not None and upcoming.start < start + BLOCK:
                active.append(upcoming)
                upcoming = next(waiting)
            yield self._block(start, active, reverb)[:, : self.total - start]
            active = [stroke for stroke in active if stroke.stop + stroke.release > start + BLOCK]

    def _block(self, start: int, active: list[Stroke], reverb: Reverb) -> Floats:
        dry, send = np.zeros((2, BLOCK), np.float32), np.zeros(BLOCK, np.float32)
        for stroke in active:
            self._add(stroke, start, dry, send)
        dry += reverb.process(send)
        extra = self._layers.render(start, BLOCK, self.total, self._rate)
        if extra is not None:
            dry += extra
        return dry

    def _add(self, stroke: Stroke, start: int, dry: Floats, send: Floats) -> None:
        """Add what a note sounds within a block."""
        tone = self._sampler.tone(stroke.key, lambda: self._tone(stroke.key))
        length = min(stroke.stop + stroke.release - stroke.start, len(tone))
        begin, end = max(start, stroke.start), min(start + BLOCK, stroke.start + length)
        if begin >= end:
            return
        piece = tone[begin - stroke.start : end - stroke.start] * np.float32(stroke.gain)
        _let_go(piece, begin, stroke)
        span = slice(begin - start, end - start)
        angle = (stroke.pan + 1) * math.pi / 4
        dry[0, span] += piece * np.float32(math.cos(angle))
        dry[1, span] += piece * np.float32(math.sin(angle))
        send[span] += piece * np.float32(stroke.send)

    def _stroke(self, part: Part, note: Note, rng: Random) -> Stroke:
        late = max(-3 * _UNEVEN, min(3 * _UNEVEN, rng.gauss(0, _UNEVEN)))
        start = max(0, int((self._score.seconds(note.start) + late) * self._rate))
        loud = (note.velocity / 127) ** 1.6 * part.gain
        if part.role == PERCUSSION:
            key = ("drums", note.pitch, 0)
            return Stroke(start, start + self._rate * 2, 0, loud, PANS[note.pitch], _SENDS[PERCUSSION], key)
        stop = start + int((self._score.seconds(note.length)) * self._rate)
        release = int(release_of(part.instrument) * self._rate)
        shade = self._cues.brightness + 0.35 * (note.velocity - self._cues.velocity) / 64
        key = (part.instrument, note.pitch, round(max(0.0, min(1.0, shade)) * _SHADES))
        return Stroke(start, stop, release, loud, part.pan, _SENDS.get(part.role, _SEND), key)

    def _tone(self, key: tuple[str, int, int]) -> Floats:
        instrument, pitch, shade = key
        if instrument == "drums":
            return render_drum(pitch, frequency_of(36 + self._score.tonic, self._tuning), self._rate)
        seconds = self._lengths[key] / self._rate
        return render_tone(instrument, frequency_of(pitch, self._tuning), seconds, self._rate, shade / _SHADES)


def _longest(strokes: list[Stroke]) -> dict[tuple[str, int, int], int]:
    """How long a tone each key needs, in samples."""
    lengths: dict[tuple[str, int, int], int] = {}
    for stroke in strokes:
        span = stroke.stop + stroke.release - stroke.start
        lengths[stroke.key] = max(span, lengths.get(stroke.key, 0))
    return lengths


def _let_go(piece: Floats, begin: int, stroke: Stroke) -> None:
    """Fade a note out after it stops: a falling exponential that reaches zero at the end of the release."""
    offset = begin - stroke.stop
    if not stroke.release or offset + len(piece) <= 0:
        return
    first = max(0, -offset)
    place = (offset + np.arange(first, len(piece), dtype=np.float32)) / np.float32(stroke.release)
    piece[first:] *= np.exp(-4 * place) * (1 - place)
