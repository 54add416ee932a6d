"""Patterns that grow by themselves: Gray–Scott reaction and diffusion, and the Swift–Hohenberg equation."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating]


def gray_scott(
    start: tuple[Field, Field],
    feed: Field,
    kill: Field,
    steps: int,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[Field, Field]:
    """Let two substances ``(u, v)`` react on a torus for ``steps`` steps of unit time (Pearson 1993).

    ``u' = 0.16 ∇²u - u v² + F (1 - u)`` and ``v' = 0.08 ∇²v + u v² - (F + k) v``, with a grid step of 1.
    """
    padded = [np.pad(field, 1, mode="wrap") for field in start]
    work = [np.empty_like(start[0]) for _ in range(3)]
    loss = feed + kill
    for step in range(steps):
        if step % 256 == 0:
            progress(step / steps)
        _react(padded, work, feed, loss)
    return padded[0][1:-1, 1:-1].copy(), padded[1][1:-1, 1:-1].copy()


def _react(padded: list[Field], work: list[Field], feed: Field, loss: Field) -> None:
    change_u, change_v, reaction = work
    u, v = (field[1:-1, 1:-1] for field in padded)
    np.multiply(v, v, out=reaction)
    reaction *= u
    _laplacian(padded[0], change_u)
    change_u *= 0.16
    _laplacian(padded[1], change_v)
    change_v *= 0.08
    change_u -= reaction
    change_v += reaction
    np.subtract(1, u, out=reaction)
    reaction *= feed
    change_u += reaction
    np.multiply(v, loss, out=reaction)
    change_v -= reaction
    u += change_u
    v += change_v
    for field in padded:
        field[0], field[-1] = field[-2], field[1]
        field[:, 0], field[:, -1] = field[:, -2], field[:, 1]


def _laplacian(field: Field, out: Field) -> None:
    np.add(field[:-2, 1:-1], field[2:, 1:-1], out=out)
    out += field[1:-1, :-2]
    out += field[1:-1, 2:]
    out -= 4 * field[1:-1, 1:-1]


def swift_hohenberg(
    shape: tuple[int, int],
    wavelength: float,
    steps: int,
    rng: np.random.Generator,
    *,
    drive: float = 0.3,
    bias: float = 0.0,
) -> NDArray[np.float64]:
    """Let stripes (``bias`` 0) or spots grow from noise on a torus; ``wavelength`` is in grid steps.

    ``u' = r u - (1 + ∇²/k₀²)² u + b u² - u³`` with ``r = drive`` (Swift & Hohenberg 1977), by Fourier modes, the linear
    part implicit, time step 0.5. The spectrum peaks at ``k₀ = 2π / wavelength``.
    """
    from scipy import fft

    k0 = 2 * np.pi / wavelength
    ky, kx = np.meshgrid(fft.fftfreq(shape[0]), fft.rfftfreq(shape[1]), indexing="ij")
    square = ((2 * np.pi) ** 2) * (kx * kx + ky * ky)
    implicit = 1 / (1 - 0.5 * (drive - (1 - square / k0**2) ** 2))
    u = rng.normal(0, 0.1, shape)
    for _ in range(steps):
        u = fft.irfft2(fft.rfft2(u + 0.5 * (bias * u * u - u * u * u)) * implicit, s=shape)
    return np.asarray(u)
