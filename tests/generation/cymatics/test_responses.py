"""The driven response: power, reciprocity, static limits, resonances of the body as it is held."""

import math

import numpy as np
import pytest
from scipy import special
from scipy.optimize import brentq

from generation.engines import cymatics
from generation.engines.cymatics import Drive

PLATE = {"size": [0.3, 0.2], "edges": "CFSF", "material": "brass"}


def modes_of(**options: object) -> cymatics.Modes:
    return cymatics.eigenmodes(cymatics.body(**(PLATE | options)), 30)


@pytest.mark.parametrize("kind", ["force", "displacement"])
@pytest.mark.parametrize("damping", [1e-4, 0.01, 0.3])
def test_power_fed_in_is_power_lost(kind: str, damping: float) -> None:
    fed, lost = cymatics.power_balance(cymatics.respond(modes_of(), 777.0, Drive(kind, (0.07, 0.11)), damping))
    assert fed > 0
    assert fed == pytest.approx(lost, rel=1e-9)


@pytest.mark.parametrize("options", [{}, {"model": "disc", "size": 0.4, "edges": "F"}, {"edges": "FFFF"}])
def test_drive_and_reading_may_be_exchanged(options: dict[str, object]) -> None:
    modes, a, b = modes_of(**options), (0.05, 0.11), (0.13, 0.06)
    assert cymatics.mobility(modes, 500, a, b, 0.01) == pytest.approx(
        cymatics.mobility(modes, 500, b, a, 0.01), rel=1e-9
    )


@pytest.mark.parametrize(("edges", "alpha"), [("SSSS", 0.0116008), ("CCCC", 0.0056120)])
def test_a_square_plate_sags_under_a_central_load_as_timoshenko_says(edges: str, alpha: float) -> None:
    body = cymatics.body(size=0.5, edges=edges)
    sag = cymatics.static_deflection(cymatics.eigenmodes(body, 12), (0.25, 0.25))
    assert sag * body.medium.stiffness / 0.25 == pytest.approx(alpha, rel=3e-5)


@pytest.mark.parametrize(("edge", "alpha"), [("C", 1.0), ("S", 3.3 / 1.3)])
def test_a_disc_sags_under_a_central_load_as_its_closed_form_says(edge: str, alpha: float) -> None:
    """w = P R² / (16 π D) when clamped, (3 + ν)/(1 + ν) times that when simply supported."""
    body = cymatics.body("disc", size=0.5, edges=edge, nu=0.3)
    sag = cymatics.static_deflection(cymatics.eigenmodes(body, 12), (0.0, 0.0))
    assert sag * body.medium.stiffness * 16 * math.pi / 0.25**2 == pytest.approx(alpha, rel=2e-4)


def test_the_mean_mobility_tends_to_that_of_an_infinite_plate() -> None:
    body = cymatics.body(size=[0.5, 0.37], edges="SSSS")
    modes = cymatics.eigenmodes(body, up_to=6000)
    rng = np.random.default_rng(5)
    points = rng.uniform(0.1, 0.9, (12, 2)) * [0.5, 0.37]
    mean = np.mean(
        [cymatics.mobility(modes, f, tuple(p), tuple(p), 0.05).real for p in points for f in range(2000, 5000, 100)]
    )
    infinite = 1 / (8 * math.sqrt(body.medium.stiffness * body.medium.surface_density))
    assert mean == pytest.approx(infinite, rel=0.05)


def test_a_slow_shaker_carries_a_free_plate_along() -> None:
    modes = modes_of(edges="FFFF")
    answer = cymatics.respond(modes, 0.01, Drive("displacement", (0.15, 0.1)), 0.01)
    assert answer.at([(0.01, 0.02), (0.29, 0.19)]) == pytest.approx(1.0, abs=1e-6)


def test_a_force_is_strongest_at_the_plates_own_frequencies() -> None:
    modes = modes_of()
    own = float(modes.frequency[3])
    near, off = (
        abs(cymatics.respond(modes, f, Drive("force", (0.11, 0.07)), 0.001).displacement) for f in (own, own * 1.05)
    )
    assert near > 10 * off
    assert own in cymatics.resonances(modes, Drive("force", (0.11, 0.07)), own)


def test_a_shaker_meets_the_resonances_of_the_plate_held_at_the_drive() -> None:
    """They are none of its own, and a force finds the point unwilling to move there."""
    modes = modes_of(edges="FFFF", size=0.24)
    held = cymatics.resonances(modes, Drive("displacement", (0.12, 0.12)), 300)
    free = modes.frequency[modes.rigid :]
    assert all(np.abs(free / f - 1).min() > 0.01 for f in held)
    still = cymatics.respond(modes, float(held[1]), Drive("force", (0.12, 0.12)), 0.0)
    assert abs(still.displacement) < 1e-9 * np.abs(still.at([(0.0, 0.0)])[0])


def test_held_resonances_hardly_change_with_the_basis() -> None:
    body = cymatics.body(size=0.24)
    drive = Drive("displacement", (0.12, 0.12))
    coarse, fine = (cymatics.resonances(cymatics.eigenmodes(body, up_to=f), drive, 1000) for f in (1000, 20000))
    assert coarse == pytest.approx(fine, rel=2e-4)


def test_a_disc_held_at_its_centre_resonates_at_the_zeros_of_its_own_determinant() -> None:
    """With w = 0 at the middle, J0 − I0 and Y0 + 2/π K0 remain, and the clamped rim joins them."""

    def rim(x: float) -> float:
        values = special.j0(x) - special.i0(x), special.y0(x) + 2 / math.pi * special.k0(x)
        slopes = -special.j1(x) - special.i1(x), -special.y1(x) - 2 / math.pi * special.k1(x)
        return float(values[0] * slopes[1] - values[1] * slopes[0])

    exact = brentq(rim, 4.5, 5.0) ** 2
    body = cymatics.body("disc", size=0.2, edges="C")
    modes = cymatics.eigenmodes(body, 20)
    held = cymatics.resonances(modes, Drive("displacement", (0.0, 0.0)), body.omega(exact) / (2 * math.pi))
    assert min(abs(body.lam(2 * math.pi * f) / exact - 1) for f in held.tolist()) < 1e-4
