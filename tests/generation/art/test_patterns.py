"""The mathematics behind the styles, against known truth."""

import numpy as np
import pytest

from generation.engines.art.patterns import escape, maps, reaction, voronoi
from generation.engines.art.patterns.flames import chaos_game, sierpinski
from generation.engines.noise import GradientNoise, fbm, ridged

HALF = (1.5, 1.0)


def seeds(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 2)) * HALF


def grid(columns=157, rows=103):
    return np.linspace(-1.5, 1.5, columns), np.linspace(-1, 1, rows)


class TestVoronoi:
    @pytest.mark.parametrize("count", [2, 3, 40, 400])
    def test_labels_equal_a_search_of_all_seeds(self, count):
        points, (x, y) = seeds(count), grid()
        squared = (x[None, :, None] - points[:, 0]) ** 2 + (y[:, None, None] - points[:, 1]) ** 2
        nearest, following = voronoi.two_nearest(points, x, y)
        assert np.array_equal(nearest, squared.argmin(axis=2))
        assert np.array_equal(following, squared.argsort(axis=2, kind="stable")[..., 1])

    def test_cells_fill_the_rectangle_and_hold_their_seeds(self):
        points = seeds(60)
        areas = [abs(np.cross(c, np.roll(c, -1, axis=0)).sum()) / 2 for c in map(_flat, voronoi.cells(points, HALF))]
        assert sum(areas) == pytest.approx(6.0, rel=1e-9)

    def test_energy_never_rises_and_stays_above_the_hexagon(self):
        points, energies = seeds(80), []
        for _ in range(25):
            energies.append(voronoi.energy(points, HALF))
            points = voronoi.relax(points, HALF, 1)
        assert (np.diff(energies) <= 1e-12).all()
        assert voronoi.HEXAGON < energies[-1] < 1.15 * voronoi.HEXAGON


class TestMaps:
    def test_henon_has_its_published_exponent(self):
        start = np.random.default_rng(1).uniform(-0.1, 0.1, (2, 64))
        assert maps.lyapunov(maps.Henon(), *start, 3000).mean() == pytest.approx(0.419, abs=0.003)

    def test_a_jacobian_is_the_derivative_of_its_step(self):
        for kind in (maps.Clifford, maps.DeJong):
            plane_map = kind(-1.7, 1.3, 0.9, -1.1)
            x, y, h = np.array(0.3), np.array(-0.7), 1e-6
            exact = plane_map.jacobian(x, y)
            by_x = [(b - a) / (2 * h) for a, b in zip(plane_map.step(x - h, y), plane_map.step(x + h, y), strict=True)]
            by_y = [(b - a) / (2 * h) for a, b in zip(plane_map.step(x, y - h), plane_map.step(x, y + h), strict=True)]
            assert np.allclose(exact, [by_x[0], by_y[0], by_x[1], by_y[1]], atol=1e-8)

    def test_the_sierpinski_triangle_has_its_dimension(self):
        points = list(chaos_game(sierpinski(), 20_000, 12, np.random.default_rng(2)))
        x, y = (np.concatenate([p[i] for p in points]) for i in (0, 1))
        assert maps.box_dimension(x, y) == pytest.approx(np.log(3) / np.log(2), abs=0.03)

    def test_a_filled_square_has_dimension_two_and_a_line_one(self):
        x, y = np.random.default_rng(3).random((2, 400_000))
        assert maps.box_dimension(x, y) == pytest.approx(2, abs=0.02)
        assert maps.box_dimension(x, 0.3 * x) == pytest.approx(1, abs=0.05)


class TestReaction:
    def test_swift_hohenberg_stripes_have_the_wavelength_asked_for(self):
        size, wavelength = 256, 12.8
        pattern = reaction.swift_hohenberg((size, size), wavelength, 300, np.random.default_rng(4))
        power = np.abs(np.fft.fft2(pattern - pattern.mean())) ** 2
        frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
        ring = np.histogram(frequency, bins=np.arange(0, 0.5, 1 / size), weights=power)[0]
        peak = np.argmax(ring)
        near = slice(peak - 3, peak + 4)
        middles = (np.arange(len(ring)) + 0.5) / size
        assert (middles[near] @ ring[near]) / ring[near].sum() == pytest.approx(1 / wavelength, rel=0.02)

    def test_gray_scott_keeps_a_plane_without_v_still(self):
        u, v = np.ones((2, 20, 30), np.float32) * np.array([[[1]], [[0]]], np.float32)
        rate = np.full((20, 30), 0.05, np.float32)
        after = reaction.gray_scott((u, v), rate, rate, 50)
        assert np.array_equal(after[0], u) and np.array_equal(after[1], v)

    def test_gray_scott_diffuses_without_losing_anything_when_nothing_reacts(self):
        u = np.random.default_rng(5).random((24, 24)).astype(np.float32)
        nothing = np.zeros_like(u)
        after, _ = reaction.gray_scott((u, nothing), nothing, nothing, 200)
        assert after.mean() == pytest.approx(u.mean(), rel=1e-4)
        assert after.std() < 0.05 * u.std()


class TestEscape:
    def test_points_of_the_mandelbrot_set_never_escape(self):
        inside = np.array([0, -1, -0.5, 0.25, -0.12 + 0.74j, -1.25])
        outside = np.array([0.5, 1j + 0.5, -2.1, 0.3 + 0.6j])
        assert np.isnan(escape.mandelbrot(inside.real, inside.imag, 500).count).all()
        assert np.isfinite(escape.mandelbrot(outside.real, outside.imag, 500).count).all()

    def test_the_julia_set_of_zero_is_the_unit_circle(self):
        radius = np.array([1.001, 1.01, 1.1])
        found = escape.julia(radius, np.zeros(3), 0j, 2000)
        # The potential is log r, so the distance estimate is r log r: the distance itself, to first order.
        assert np.allclose(found.distance, radius * np.log(radius), rtol=1e-6)
        assert np.isnan(escape.julia(np.array([0.999]), np.zeros(1), 0j, 2000).count).all()

    def test_the_count_has_no_steps(self):
        x = np.linspace(0.5, 1.2, 4001)
        count = escape.mandelbrot(x, np.zeros_like(x), 300).count
        assert (np.diff(count) < 0).all() and np.abs(np.diff(count)).max() < 0.05


class TestNoise:
    def test_noise_is_nought_on_the_lattice_and_smooth_between(self):
        noise = GradientNoise(np.random.default_rng(6))
        whole = np.arange(50, dtype=np.float32)
        assert np.abs(noise(whole[None, :], whole[:, None])).max() == 0
        fine = np.linspace(0, 4, 4001, dtype=np.float32)
        assert np.abs(np.diff(noise(fine, np.float32(0.4) + 0 * fine))).max() < 0.01

    def test_noise_repeats_after_its_period(self):
        noise = GradientNoise(np.random.default_rng(7))
        x = np.linspace(0, 3, 64, dtype=np.float32)
        assert np.allclose(noise(x, x), noise(x + 256, x - 256), atol=1e-3)

    def test_sums_of_octaves_keep_their_range(self):
        noise = GradientNoise(np.random.default_rng(8))
        x = np.linspace(0, 60, 512, dtype=np.float32)
        assert np.abs(fbm(noise, x[None, :], x[:, None], 5)).max() < 1.5
        crests = ridged(noise, x[None, :], x[:, None], 5)
        assert crests.min() >= 0 and crests.max() <= 1


def _flat(cell):
    return np.column_stack([cell, np.zeros(len(cell))])
