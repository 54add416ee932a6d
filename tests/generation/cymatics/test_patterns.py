"""Nodal lines, domains, symmetry and wavelengths of patterns whose answers are known."""

import math

import numpy as np
import pytest

from generation.engines import cymatics
from generation.engines.cymatics import analysis, faraday, nodal, symmetry
from generation.engines.cymatics.analysis import Pattern
from generation.engines.cymatics.bodies import Circle, Rectangle


def mode_pattern(body: cymatics.Body, index: int) -> Pattern:
    """The pattern of one eigenmode alone."""
    modes = cymatics.eigenmodes(body, index + 4)
    amounts = np.zeros(len(modes.omega))
    amounts[modes.rigid + index - 1] = 1.0
    return analysis.pattern(modes, modes.space.coefficients(amounts))


def place(modes: cymatics.Modes, lam: float) -> int:
    """Index of the elastic mode nearest to λ."""
    return int(np.abs(cymatics.elastic(modes) - lam).argmin()) + 1


@pytest.mark.parametrize(("m", "n"), [(1, 1), (2, 1), (1, 3), (3, 2), (4, 4), (6, 5)])
def test_a_supported_plate_shows_its_chequerboard(m: int, n: int) -> None:
    body = cymatics.body(size=[1.0, 0.7], edges="SSSS")
    index = place(cymatics.eigenmodes(body, 60), math.pi**2 * (m**2 + (n / 0.7) ** 2))
    found = mode_pattern(body, index)
    lines = analysis.lines_of(found)
    assert nodal.domains(found.nodal, found.inside) == m * n
    assert lines.length == pytest.approx((m - 1) * 0.7 + (n - 1) * 1.0, rel=1e-3)


@pytest.mark.parametrize(("lam", "radii"), [(9.06890, [0.67946]), (38.507, [0.39055, 0.84118]), (20.51309, [0.78090])])
def test_a_free_disc_has_the_published_nodal_circles(lam: float, radii: list[float]) -> None:
    body = cymatics.body("disc", size=2.0, nu=0.33)
    found = mode_pattern(body, place(cymatics.eigenmodes(body, 20), lam))
    circles = [np.hypot(*line.T) for line in analysis.lines_of(found).polylines]
    round_ones = sorted(float(r.mean()) for r in circles if r.std() < 1e-3)
    assert round_ones == pytest.approx(radii, abs=1e-3)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_a_free_disc_shows_its_diameters(order: int) -> None:
    body = cymatics.body("disc", size=2.0, nu=0.33)
    modes = cymatics.eigenmodes(body, 30)
    index = next(i for i, name in enumerate(modes.labels) if f"E{order} cos ({order},0)" in name) - modes.rigid + 1
    found = mode_pattern(body, index)
    assert nodal.domains(found.nodal, found.inside) == 2 * order
    assert analysis.lines_of(found).length == pytest.approx(2 * order, rel=4e-3)
    assert analysis.symmetry_of(found).group == f"D{2 * order}"


@pytest.mark.parametrize("edge", ["S", "C"])
def test_a_held_rim_is_no_nodal_line(edge: str) -> None:
    found = mode_pattern(cymatics.body("disc", edges=edge), 1)
    assert analysis.lines_of(found).length == 0
    assert nodal.domains(found.nodal, found.inside) == 1


def test_a_membrane_shows_the_circles_of_its_bessel_function() -> None:
    body = cymatics.body("membrane", size=2.0)
    found = mode_pattern(body, place(cymatics.eigenmodes(body, 40), 8.653728))
    radii = sorted(float(np.hypot(*line.T).mean()) for line in analysis.lines_of(found).polylines)
    assert radii == pytest.approx([2.404826 / 8.653728, 5.520078 / 8.653728], abs=1e-3)


def test_a_line_is_kept_to_the_disc_and_closed_ones_end_where_they_begin() -> None:
    x = np.linspace(-1.02, 1.02, 200)
    straight = nodal.trace(np.broadcast_to(x + 0.3, (200, 200)), x, x, Circle(1.0))
    assert straight.length == pytest.approx(2 * math.sqrt(1 - 0.09), rel=1e-6)
    ring = nodal.trace(np.hypot(x[None, :], x[:, None]) - 0.5, x, x, Circle(1.0))
    assert len(ring.polylines) == 1 and (ring.polylines[0][0] == ring.polylines[0][-1]).all()
    assert ring.length == pytest.approx(math.pi, rel=1e-4)


def test_thinning_a_line_keeps_its_ends_and_its_length() -> None:
    angle = np.linspace(0, 3, 2000)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    thin = nodal.thinned(arc, 1e-4)
    assert len(thin) < 150 and (thin[[0, -1]] == arc[[0, -1]]).all()
    assert np.hypot(*np.diff(thin, axis=0).T).sum() == pytest.approx(3, rel=1e-3)


@pytest.mark.parametrize(
    ("field", "group"),
    [
        (lambda x, y: np.cos(3 * x) + np.cos(3 * y), "D4"),
        (lambda x, y: np.cos(3 * x) * np.cos(2 * y), "D2"),
        (lambda x, y: x * y + 0.5 * np.sin(x + y) ** 2, "D2"),
        (lambda x, y: (x**2 - y**2) * x * y + x**2 + y**2, "C4"),
        (lambda x, y: x * np.cos(y) + 0.7 * x**2, "Cs"),
        (lambda x, y: x * np.cos(y) + y**2, "Cs"),
        (lambda x, y: np.sin(2 * x + y) + x**3, "C2"),
        (lambda x, y: np.exp(x) + np.sin(3 * y) * x, "C1"),
    ],
)
def test_the_group_of_a_pattern_on_a_square(field: object, group: str) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 80), np.linspace(-1, 1, 80))
    found = symmetry.of_rectangle(field(x, y), square=True)  # type: ignore[operator]
    assert found.group == group
    assert found.deviation < 1e-12


@pytest.mark.parametrize(
    ("waves", "group"),
    [([(3, 0.2)], "D6"), ([(3, 0.2), (6, 0.9)], "C3"), ([(2, 0.0), (4, 0.0)], "D2"), ([(1, 0.4), (2, 0.8)], "Cs")],
)
def test_the_group_of_a_pattern_on_a_disc(waves: list[tuple[int, float]], group: str) -> None:
    angle, r = 2 * np.pi * np.arange(240) / 240, np.linspace(0.1, 1, 8)[:, None]
    found = symmetry.of_circle(sum(r**n * np.cos(n * angle - shift) for n, shift in waves))  # type: ignore[arg-type]
    assert found.group == group


def test_the_wavelength_of_a_standing_wave_is_found_between_bins() -> None:
    x = np.linspace(0, 1, 256)
    wave = np.cos(2 * np.pi * 11.3 * x)[None, :] * np.cos(2 * np.pi * 6.4 * x)[:, None]
    peak = analysis.wavelengths.dominant(wave, (x[1], x[1]))[0]
    assert peak["wave_vector"] == pytest.approx([11.3, 6.4], abs=0.05)
    assert peak["wavelength"] == pytest.approx(1 / math.hypot(11.3, 6.4), rel=5e-3)


def test_rings_around_a_driven_middle_are_wholly_round() -> None:
    modes = cymatics.eigenmodes(cymatics.body("disc"), up_to=1500)
    answer = cymatics.respond(modes, 1500, cymatics.Drive("displacement", (0.0, 0.0)), 0.01)
    found = analysis.pattern(modes, modes.space.coefficients(answer.amounts))
    assert analysis.symmetry_of(found).group == "O(2)"


def test_a_dish_answers_at_half_the_drive_in_its_nearest_mode() -> None:
    body = cymatics.body("water", size=0.1, depth=0.01)
    modes = cymatics.eigenmodes(body, 60)
    own = float(modes.frequency[20])
    amounts = faraday.amounts(modes, 2 * own, 0.01)
    assert np.flatnonzero(amounts).tolist() in ([20], [19], [21])
    assert modes.frequency[np.flatnonzero(amounts)[0]] == pytest.approx(own)


def test_faraday_thresholds_are_least_where_the_dish_resonates() -> None:
    """On resonance the threshold is 4 ω₀ γ / (k tanh kh), with γ = 2νk² + ηω/2."""
    body = cymatics.body("water", size=0.1, depth=0.01)
    modes = cymatics.eigenmodes(body, 20)
    k, omega = modes.lam[0] / 0.05, modes.omega[0]
    exact = 4 * omega * (2e-6 * k**2 + 0.005 * omega) / (k * math.tanh(k * 0.01))
    assert faraday.thresholds(modes, 2 * modes.frequency[0], 0.01)[0] == pytest.approx(exact, rel=1e-9)


def test_surface_waves_obey_their_dispersion() -> None:
    """ω² = (g k + σ k³/ρ) tanh kh, and back again."""
    liquid = cymatics.Liquid(depth=0.004)
    omega = math.sqrt((9.80665 * 300 + 0.0728 * 300**3 / 998.2) * math.tanh(300 * 0.004))
    assert liquid.omega(300.0) == pytest.approx(omega, rel=1e-12)
    assert liquid.wavenumber(omega) == pytest.approx(300.0, rel=1e-12)


def test_an_aspect_that_is_not_square_has_no_diagonal() -> None:
    found = mode_pattern(cymatics.Body(Rectangle(0.3, 0.2), cymatics.Sheet(2e11, 7800, 0.3, 1e-3), "FFFF"), 5)
    assert analysis.symmetry_of(found).group == "D2"


def test_a_plate_that_moves_as_one_has_no_waves() -> None:
    assert analysis.wavelengths.dominant(np.full((64, 64), 0.3), (0.01, 0.01)) == []
