"""The shared transforms: right, and reused."""

import numpy as np
import pytest
from scipy import signal

from generation.engines import fft
from generation.engines.fft import Counts, Transforms


@pytest.mark.parametrize(
    ("name", "peer"), [("hann", "hann"), ("blackman", "blackman"), ("blackman-harris", "blackmanharris")]
)
def test_windows_are_the_named_ones(name: str, peer: str) -> None:
    assert Transforms().window(name, 64) == pytest.approx(signal.get_window(peer, 64), abs=1e-12)


def test_a_spectrum_is_that_of_the_windowed_signal() -> None:
    sound = np.random.default_rng(1).normal(size=(2, 128))
    assert Transforms().spectrum(sound, "hann") == pytest.approx(np.fft.rfft(sound * signal.get_window("hann", 128)))


def test_the_signal_itself_is_left_alone() -> None:
    field = np.random.default_rng(1).normal(size=(16, 16))
    kept = field.copy()
    Transforms().spectrum2(field, "hann")
    assert (field == kept).all()


def test_windows_and_buffers_are_reused_and_counted() -> None:
    transforms = Transforms()
    for _ in range(3):
        transforms.spectrum(np.ones(64), "hann")
    assert transforms.counts == Counts(made=2, reused=4)


def test_a_large_buffer_is_a_mapped_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fft, "MAPPED_ABOVE", 1000)
    assert isinstance(fft.scratch((500,)), np.memmap)
    assert not isinstance(fft.scratch((50,)), np.memmap)


def test_a_peak_is_placed_between_bins_exactly_where_it_is_a_bell_curve() -> None:
    bins = np.arange(20.0)
    place, height = fft.between_bins(3 * np.exp(-((bins - 8.37) ** 2) / 5), 8)
    assert (place, height) == pytest.approx((8.37, 3.0))
    assert fft.between_bins(bins, 19) == (19, 19)
