"""Latent semantic analysis against its definition."""

import numpy as np
import pytest

from knowledge.embedders.contract import EmbedderError
from knowledge.embedders.lsa.bags import Bag, bags_of_texts
from knowledge.embedders.lsa.fitting import fit
from knowledge.embedders.lsa.model import K1, B, Model, from_bytes


def bags(count: int = 60, words: int = 40) -> list[Bag]:
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.gamma(0.3, 1.0, words), (count, words))
    names = np.array([f"w{n:02}" for n in range(words)])
    return [Bag(list(names[row > 0]), row[row > 0].astype(np.float32)) for row in counts]


def fitted_model() -> Model:
    model = fit(bags())
    assert model is not None
    return model


def test_directions_are_the_right_singular_vectors_of_the_weighted_matrix() -> None:
    model, texts = fitted_model(), bags()
    mean = np.mean([bag.counts.sum() for bag in texts])
    matrix = np.zeros((len(texts), len(model.lexemes)))
    for row, bag in zip(matrix, texts, strict=True):
        for lexeme, count in zip(bag.lexemes, bag.counts, strict=True):
            if lexeme in model.lexemes:
                place = model.lexemes.index(lexeme)
                row[place] = count / (count + K1 * (1 - B + B * bag.counts.sum() / mean)) * model.rarity[place]
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    _, _, right = np.linalg.svd(matrix, full_matrices=False)
    overlap = np.abs(np.diag(right[:10] @ model.directions[:, :10].astype(np.float64)))
    assert overlap == pytest.approx(np.ones(10), abs=0.01)


def test_the_same_texts_give_the_same_bytes() -> None:
    assert fitted_model().to_bytes() == fitted_model().to_bytes()


def test_a_kept_model_is_the_same_model() -> None:
    model = fitted_model()
    again = from_bytes(model.to_bytes())
    assert again.version == model.version
    assert np.array_equal(again.query(bags()[0]), model.query(bags()[0]))


def test_a_model_of_another_format_is_refused() -> None:
    with pytest.raises(EmbedderError, match="format"):
        from_bytes(fitted_model().to_bytes().replace(b'"format":1', b'"format":9', 1))


def test_unknown_words_have_no_direction() -> None:
    assert not fitted_model().query(Bag(["never"], np.ones(1, np.float32))).any()


@pytest.mark.parametrize("texts", [[], [Bag((), np.zeros(0, np.float32))]])
def test_too_little_to_compare_gives_no_model(texts: list[Bag]) -> None:
    assert fit(texts) is None


@pytest.mark.django_db
def test_texts_are_stemmed_as_the_index_stems_them() -> None:
    first, second = bags_of_texts(["Running runners ran, running!", "the of and"])
    assert dict(zip(first.lexemes, first.counts, strict=True)) == {"run": 2, "runner": 1, "ran": 1}
    assert list(second.lexemes) == []
