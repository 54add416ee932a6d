"""Many decaying sines at once, as products of small matrices.

A decaying sine is a power: z^n, and z^(a + b) is z^a times z^b. With time laid out in rows of ``ROW`` samples, the sum
over all partials is the matrix of z at the start of each row times the matrix of z within a row. That is exact, so
nothing can alias, each partial has a decay of its own, and the processor does what it is best at.
"""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats

Complex = NDArray[np.complex128]

ROW = 256
_ROWS = 4
"""Rows in one product: enough for the processor's vectors, and with up to 128 partials below the size at which BLAS
would wake its threads."""
_SILENT = 14.0
"""Nepers below the strongest partial at its start (-122 dB) at which a partial is given up."""


def render(rates: Complex, strengths: NDArray[np.number], count: int) -> Floats:
    """Return ``count`` samples of the sum over k of Im(strengths[k] exp(rates[k] n)).

    Parameters
    ----------
    rates
        For each partial, minus its decay in nepers a sample plus i times its radians a sample. Those that die sooner
        come later.
    strengths
        Amplitude and phase of each partial; or of each partial at the start of each row (and at the end of the last),
        between which they change evenly. Shape (partials,) or (rows + 1, partials).
    """
    rows = rows_of(count)
    inside = _powers(np.full(len(rates), 1j), rates.conj(), ROW)
    if strengths.ndim == 1:
        starts = _powers(strengths, rates * ROW, rows)
        lives = _lives(-rates.real * ROW, np.abs(strengths)).clip(max=rows)
    else:
        steady = _powers(np.ones(len(rates)), rates * ROW, rows)
        varying = strengths.astype(np.float32)
        starts = np.concatenate([steady * varying[:-1], steady * np.diff(varying, axis=0)], axis=1)
        inside = np.concatenate([inside, inside * (np.arange(ROW, dtype=np.float32) / ROW)[:, None]], axis=1)
        lives = np.full(starts.shape[1], rows)
    return _product(starts, inside, lives).reshape(-1)[:count]


def rows_of(count: int) -> int:
    """Return into how many rows so many samples are laid out."""
    return -(-count // (ROW * _ROWS)) * _ROWS


def _powers(first: NDArray[np.number], rates: Complex, count: int) -> NDArray[np.complex64]:
    """Return first * exp(rates * n) for n = 0, 1 …, shape (count, len(rates)): doubled, and doubled again."""
    powers = np.empty((count, len(rates)), np.complex64)
    powers[0] = first
    done = 1
    while done < count:
        more = powers[done : 2 * done]
        np.multiply(powers[: len(more)], np.exp(rates * done).astype(np.complex64), out=more)
        done *= 2
    return powers


def _lives(decays: NDArray[np.float64], levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return after how many rows each partial is silent, never sooner than those after it."""
    heard = _SILENT + np.log(levels / levels.max())
    lives = np.ceil(heard.clip(min=0) / np.maximum(decays, 1e-9))
    return np.asarray(np.maximum.accumulate(lives[::-1])[::-1])


def _product(starts: NDArray[np.complex64], inside: NDArray[np.complex64], lives: NDArray[np.float64]) -> Floats:
    """Multiply, in stretches of rows through which the number of living partials stays about the same."""
    left = starts.view(np.float32)
    right = np.ascontiguousarray(inside.view(np.float32).T)
    out = np.zeros((len(starts), ROW), np.float32)
    begin = 0
    while begin < len(out) and (alive := int((lives > begin).sum())):
        until = max(lives[alive * 3 // 4 :].max(initial=0), begin + 1)
        end = begin + -(-int(until - begin) // _ROWS) * _ROWS
        stretch = left[begin:end].reshape(-1, _ROWS, left.shape[1])
        np.matmul(stretch[..., : 2 * alive], right[: 2 * alive], out=out[begin:end].reshape(-1, _ROWS, ROW))
        begin = end
    return out
