"""Plates against published and exact eigenvalues."""

import math

import numpy as np
import pytest

from generation.engines.cymatics.bodies import Body, Rectangle, Sheet
from generation.engines.cymatics.solve import eigenmodes

STEEL = Sheet(210e9, 7850.0, 0.3, 1e-3)


def lambdas(edges: str, count: int, *, b: float = 1.0, nu: float = 0.3) -> np.ndarray:
    """The first elastic eigenvalues of a plate of sides 1 m and ``b``."""
    body = Body(Rectangle(1.0, b), Sheet(210e9, 7850.0, nu, 1e-3), edges)
    modes = eigenmodes(body, count)
    return modes.lam[modes.rigid :][:count]


def test_a_free_square_has_the_converged_eigenvalues() -> None:
    known = [13.46820, 19.59614, 24.27020, 34.80089, 34.80089, 61.09323, 61.09323, 63.68613, 69.26541, 77.17170]
    assert lambdas("FFFF", 12) == pytest.approx([*known, 105.46038, 105.46038], rel=1e-6)


def test_a_clamped_square_has_the_converged_eigenvalues() -> None:
    known = [35.98519, 73.39385, 73.39385, 108.21650, 131.58077, 132.20479, 165.00041, 165.00041]
    assert lambdas("CCCC", 8) == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize("b", [1.0, 0.4, 2.5])
def test_a_simply_supported_plate_has_its_exact_eigenvalues_and_none_is_missing(b: float) -> None:
    m, n = np.meshgrid(np.arange(1, 60), np.arange(1, 60))
    exact = np.sort((math.pi**2 * (m**2 + (n / b) ** 2)).ravel())[:100]
    assert lambdas("SSSS", 100, b=b) == pytest.approx(exact, rel=1e-7)
