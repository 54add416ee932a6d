import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from knowledge.emotions.fitting import best_threshold, platt, sigmoid, smooth_threshold
from knowledge.emotions.metrics import evaluate, f1_by_label, micro_f1

RNG = np.random.default_rng(7)


def test_sigmoid_does_not_overflow() -> None:
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0.0, 1e4])), [0, 0.5, 1])


def test_calibration_finds_the_curve_of_logistic_regression() -> None:
    logits = RNG.normal(-2, 2, 5000)
    truth = RNG.random(5000) < sigmoid(1.7 * logits - 0.4)
    peer = LogisticRegression(C=1e6).fit(logits[:, None], truth)
    np.testing.assert_allclose(platt(logits, truth), [peer.coef_[0, 0], peer.intercept_[0]], atol=1e-3)


def test_calibration_of_separable_logits_is_finite() -> None:
    assert np.isfinite(platt(np.array([-1.0, -2, 1, 2]), np.array([False, False, True, True]))).all()


def test_the_best_threshold_beats_every_other() -> None:
    probability = RNG.random(300).round(1)
    truth = RNG.random(300) < probability**2
    best = f1_score(truth, probability >= best_threshold(probability, truth))
    assert best == max(f1_score(truth, probability >= t) for t in np.linspace(0, 1, 31))


def test_a_smooth_threshold_is_among_those_of_resamples() -> None:
    probability = RNG.random(200)
    truth = RNG.random(200) < probability
    assert 0 < smooth_threshold(probability, truth) < 1
    assert smooth_threshold(probability, truth) == smooth_threshold(probability, truth)


def test_f1_is_that_of_scikit_learn() -> None:
    truth, given = RNG.random((2, 400, 5)) < 0.3
    np.testing.assert_allclose(f1_by_label(truth, given), f1_score(truth, given, average=None))
    assert micro_f1(truth, given) == pytest.approx(f1_score(truth, given, average="micro"))


def test_intervals_hold_the_figure_and_narrow_with_more_texts() -> None:
    truth, given = RNG.random((2, 4000, 3)) < 0.3
    few, many = evaluate(truth[:200], given[:200]).macro, evaluate(truth, given).macro
    assert few.low < few.value < few.high
    assert many.high - many.low < few.high - few.low


def test_a_label_that_never_comes_counts_as_zero() -> None:
    nothing = np.zeros((10, 2), np.bool_)
    assert evaluate(nothing, nothing).macro.value == 0
