"""Discs, membranes and dishes against the zeros of Bessel functions and published eigenvalues."""

import math

import numpy as np
import pytest
from scipy import special
from scipy.optimize import brentq

from generation.engines.cymatics.bodies import Body, Circle, Liquid, Medium, Rectangle, Sheet, Skin
from generation.engines.cymatics.modal import Modes
from generation.engines.cymatics.solve import eigenmodes


def modes_of(edge: str, medium: Medium, count: int = 20) -> Modes:
    return eigenmodes(Body(Circle(0.1), medium, edge), count)


def sheet(nu: float) -> Sheet:
    return Sheet(70e9, 2700.0, nu, 1e-3)


def distinct(modes: Modes) -> np.ndarray:
    """Elastic eigenvalues, each pair of cosine and sine once."""
    return np.unique(np.round(modes.lam[modes.rigid :], 9))


def test_a_clamped_disc_has_the_published_eigenvalues() -> None:
    assert distinct(modes_of("C", sheet(0.3)))[:5] == pytest.approx(
        [10.21583, 21.26040, 34.87704, 39.77115, 51.03004], abs=5e-6
    )


def test_a_free_disc_has_the_published_eigenvalues() -> None:
    known = [5.26204, 9.06890, 12.24389, 20.51309, 21.52722, 33.06184]
    assert distinct(modes_of("F", sheet(0.33)))[:6] == pytest.approx(known, abs=5e-6)


@pytest.mark.parametrize("nu", [0.0, 0.2, 0.33, 0.45])
@pytest.mark.parametrize("order", [0, 1, 2, 5])
def test_a_simply_supported_disc_meets_its_frequency_equation(nu: float, order: int) -> None:
    """J(n+1)/J(n) + I(n+1)/I(n) = 2x/(1 − ν), Leissa's equation 2.7."""

    def equation(x: float) -> float:
        j, i = special.jv(order, x), special.iv(order, x)
        return special.jv(order + 1, x) * i + special.iv(order + 1, x) * j - 2 * x / (1 - nu) * j * i

    modes = modes_of("S", sheet(nu), 40)
    mine = [math.sqrt(lam) for lam, name in zip(modes.lam, modes.labels, strict=True) if f"({order}," in name]
    for x in mine[:2]:
        assert brentq(equation, x - 0.01, x + 0.01, xtol=1e-14) == pytest.approx(x, rel=1e-11)


def test_a_round_membrane_rings_at_the_zeros_of_bessel_functions() -> None:
    zeros = np.sort([zero for n in range(40) for zero in special.jn_zeros(n, 12) for _ in range(1 + (n > 0))])
    modes = modes_of("S", Skin(1000.0, 0.262), 100)
    assert modes.lam[:100] == pytest.approx(zeros[:100], rel=1e-10)
    assert modes.omega[0] == pytest.approx(zeros[0] * math.sqrt(1000 / 0.262) / 0.1, rel=1e-12)


def test_a_round_dish_sloshes_at_the_zeros_of_the_derivatives() -> None:
    zeros = np.sort([zero for n in range(30) for zero in special.jnp_zeros(n, 8) for _ in range(1 + (n > 0))])
    modes = modes_of("F", Liquid(0.01), 60)
    assert modes.lam[:60] == pytest.approx(zeros[:60], rel=1e-10)


def test_a_rectangular_membrane_has_every_mode() -> None:
    modes = eigenmodes(Body(Rectangle(0.3, 0.2), Skin(500.0, 0.2), "SSSS"), 150)
    m, n = np.meshgrid(np.arange(1, 80), np.arange(1, 80))
    exact = np.sort((math.pi * np.hypot(m, n * 1.5)).ravel())[:150]
    assert modes.lam[:150] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("edge", ["F", "S", "C"])
def test_shapes_of_a_disc_are_orthonormal(edge: str) -> None:
    modes = modes_of(edge, sheet(0.3))
    nodes, weights = np.polynomial.legendre.leggauss(48)
    r, angle = 0.05 * (nodes + 1), 2 * np.pi * np.arange(96) / 96
    points = np.stack([np.outer(r, np.cos(angle)), np.outer(r, np.sin(angle))], axis=-1).reshape(-1, 2)
    area = np.repeat(0.05 * weights * r, 96) * 2 * np.pi / 96
    shapes = modes.space.values(points)[:, :80]
    assert (shapes.T * area) @ shapes == pytest.approx(np.eye(80), abs=1e-11)


def test_the_table_of_a_disc_gives_the_same_field_as_its_bessel_functions() -> None:
    modes = modes_of("F", sheet(0.3))
    amounts = 1 / (1 + modes.lam**2)
    x = np.linspace(-0.06, 0.07, 9)
    points = np.array([(i, j) for j in x for i in x])
    exact = (modes.at(points) @ amounts).reshape(9, 9)
    assert modes.field(amounts, x, x) == pytest.approx(exact, abs=1e-9 * np.abs(exact).max())
