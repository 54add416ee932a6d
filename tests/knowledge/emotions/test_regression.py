import numpy as np
import pytest
from scipy.sparse import csr_array, random_array
from sklearn.linear_model import LogisticRegression

from knowledge.emotions.regression import PIECES_PENALTY, fit, penalties

LABELS = 17


@pytest.fixture(scope="module")
def x() -> csr_array:
    return csr_array(random_array((400, 60), density=0.2, rng=np.random.default_rng(0), dtype=np.float32))


@pytest.fixture(scope="module")
def truth(x: csr_array) -> np.ndarray:
    rng = np.random.default_rng(1)
    return x @ rng.normal(size=(60, LABELS)) + rng.normal(size=(400, LABELS)) > 1


def costly(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(2).uniform(0.5, 3, shape).astype(np.float32)


def test_the_weights_are_those_of_scikit_learn(x: csr_array, truth: np.ndarray) -> None:
    penalty = costly((60, LABELS))
    weights, bias = fit(x, truth, strength=2.0, penalty=penalty, threads=1)
    for label in range(LABELS):
        scale = np.sqrt(penalty[:, label])  # a penalty is a scale of the column
        peer = LogisticRegression(C=2.0, tol=1e-8, max_iter=5000).fit(x.toarray() / scale, truth[:, label])
        np.testing.assert_allclose(weights[:, label], peer.coef_[0] / scale, atol=0.02)
        np.testing.assert_allclose(bias[label], peer.intercept_[0], atol=0.02)


def test_threads_and_company_do_not_change_the_weights(x: csr_array, truth: np.ndarray) -> None:
    penalty = costly((60, LABELS))
    one, two = (fit(x, truth, strength=2.0, penalty=penalty, threads=n)[0] for n in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_what_separates_the_labels_perfectly_still_gets_finite_weights() -> None:
    x = csr_array(np.eye(2, dtype=np.float32).repeat(20, 0))
    truth = np.array([[True, False]] * 20 + [[False, True]] * 20)
    weights, bias = fit(x, truth, strength=100.0, penalty=np.ones((2, 2), np.float32), threads=2)
    assert np.isfinite(weights).all()
    np.testing.assert_array_equal(x @ weights + bias > 0, truth)


def test_a_feature_that_tells_nothing_costs_more_than_one_that_does() -> None:
    x = csr_array(np.array([[1, 1, 1]] * 20 + [[1, 0, 0]] * 20, np.float32))
    truth = np.array([[True]] * 20 + [[False]] * 20)
    (common,), (telling,), (piece,) = penalties(x, truth, words=2)
    assert common > telling
    assert piece == pytest.approx(PIECES_PENALTY * telling)
