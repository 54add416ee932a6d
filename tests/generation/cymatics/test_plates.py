"""Plates against published and exact eigenvalues."""

import math

import numpy as np
import pytest

from generation.engines.cymatics import ritz
from generation.engines.cymatics.bodies import Body, Rectangle, Sheet
from generation.engines.cymatics.solve import eigenmodes
from tests.generation.cymatics import levy

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


@pytest.mark.parametrize("edges", ["FF", "FS", "FC", "SC", "CC"])
@pytest.mark.parametrize(("b", "nu"), [(1.0, 0.3), (1.7, 0.0), (0.6, 0.45), (1.0, -0.3)])
def test_a_plate_between_supported_edges_has_levys_eigenvalues_and_no_others(edges: str, b: float, nu: float) -> None:
    exact = levy.eigenvalues(edges, b, nu, 200.0)
    mine = lambdas(f"S{edges[0]}S{edges[1]}", len(exact) + 4, b=b, nu=nu)
    assert mine[mine <= 200.0] == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize(
    ("edges", "leissa"),
    [
        ("CFFF", [3.4917, 8.5246, 21.429, 27.331, 31.111, 54.443]),
        ("FFFF", [13.489, 19.789, 24.432, 35.024, 35.024, 61.526]),
        ("CCFF", [6.9421, 24.034, 26.681, 47.785, 63.039, 65.833]),
        ("SFFF", [6.6480, 15.023, 25.492, 26.126, 48.711, 50.849]),
        ("CCCF", [24.020, 40.039, 63.493, 76.761, 80.713, 116.80]),
    ],
)
def test_leissas_bounds_are_above_ours_by_a_percent_at_most(edges: str, leissa: list[float]) -> None:
    mine = lambdas(edges, 6)
    assert all(mine <= np.array(leissa) * (1 + 1e-4))
    assert mine == pytest.approx(leissa, rel=0.0115)


@pytest.mark.parametrize("edges", ["CFFF", "CSFF", "CCFF", "FCSF"])
def test_a_larger_basis_only_lowers_the_eigenvalues(edges: str) -> None:
    coarse, fine = (
        np.sort(np.concatenate(ritz.eigenpairs(ritz.PlateProblem(edges, 1.3, 0.3, (n, n)))[0::2]))[:20]
        for n in (14, 22)
    )
    assert (fine <= coarse * (1 + 1e-9) + 1e-6).all()


def test_turning_a_plate_by_a_quarter_turns_nothing_else() -> None:
    """The sides pass on to their neighbours; λ goes by the square of the first side, which is half as long."""
    upright, turned = lambdas("CSFS", 10, b=0.5), lambdas("SCSF", 10, b=2.0)
    assert turned * 4 == pytest.approx(upright, rel=1e-7)


@pytest.mark.parametrize("aspect", [0.05, 20.0])
def test_a_strip_rings_like_a_beam(aspect: float) -> None:
    """A long narrow free plate bends like a beam of E I: (4.73004)² √(1 − ν²), by the long side."""
    body = Body(Rectangle(1.0, 1 / aspect), STEEL, "FFFF")
    first = eigenmodes(body, 4).lam[3] * max(1.0, 1 / aspect) ** 2
    assert first == pytest.approx(4.730041**2 * math.sqrt(1 - 0.3**2), rel=1e-3)


def test_nafems_fv12_to_all_its_digits() -> None:
    body = Body(Rectangle(10.0, 10.0), Sheet(200e9, 8000.0, 0.3, 0.05), "FFFF")
    modes = eigenmodes(body, 8)
    known = [1.622, 2.360, 2.922, 4.190, 4.190, 7.356, 7.356, 7.668]
    assert modes.frequency[3:11] == pytest.approx(known, abs=5.1e-4)


def test_shapes_are_orthonormal_over_the_plate() -> None:
    body = Body(Rectangle(0.4, 0.3), STEEL, "CSFF")
    modes = eigenmodes(body, 30)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    x, y = 0.2 * (nodes + 1), 0.15 * (nodes + 1)
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    area = np.outer(0.2 * weights, 0.15 * weights).ravel()
    shapes = modes.space.values(points)[:, :60]
    assert (shapes.T * area) @ shapes == pytest.approx(np.eye(60), abs=1e-11)


@pytest.mark.parametrize("edges", ["FFFF", "CCCC", "CSSC", "CCSS", "SCSC", "CFSF"])
def test_the_label_of_a_mode_is_the_symmetry_of_its_shape(edges: str) -> None:
    modes = eigenmodes(Body(Rectangle(1.0, 1.0), STEEL, edges), 20)
    grid = np.linspace(0, 1, 40)
    diagonal = -1 if edges == "CSSC" else 1
    for index in range(1, 21):
        shape = modes.shape(index, grid, grid)
        words = modes.labels[modes.rigid + index - 1].split()
        image = shape[::-1, ::-1].T if diagonal < 0 else shape.T
        if words[0] in ("A1", "B2") and edges in ("FFFF", "CCCC"):
            assert image == pytest.approx(shape, abs=1e-9)
        if words[0] in ("A'", "A''") and edges in ("CSSC", "CCSS"):
            assert image == pytest.approx(shape if words[0] == "A'" else -shape, abs=1e-8)
        if "-" in words[-1]:
            along_x = 1 if words[-1].startswith("even") else -1
            assert shape[:, ::-1] == pytest.approx(along_x * shape, abs=1e-9)
