import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.emotions.features import pieces, word_features
from knowledge.emotions.text import tokens
from knowledge.emotions.vectorizer import Rows, Vocabulary, matrix, narrowed

TEXTS = ["good good day", "a bad day!", "good grief, what a day", "nothing good", "ÄRGER und Wut"]


def dense(rows: Rows, width: int) -> np.ndarray:
    out = np.zeros((len(rows.starts) - 1, width))
    for i in range(len(out)):
        part = slice(rows.starts[i], rows.starts[i + 1])
        out[i, rows.ids[part]] = rows.values[part]
    return out


@pytest.mark.parametrize("block", ["words", "pieces"])
def test_rows_are_those_of_scikit_learn(block: str) -> None:
    def analyse(text: str) -> list[str]:
        seen = tokens(text)
        return word_features(text, seen) if block == "words" else [p for t in seen for p in pieces(t)]

    vocabulary = Vocabulary.fit(TEXTS, rarest_word=1, rarest_gram=1)
    expected = TfidfVectorizer(analyzer=analyse, sublinear_tf=True).fit_transform(TEXTS).toarray()
    split = len(vocabulary.words)
    ours = dense(vocabulary.encode(TEXTS), len(vocabulary))
    np.testing.assert_allclose(ours[:, :split] if block == "words" else ours[:, split:], expected, atol=1e-6)


def test_a_text_has_the_same_row_alone_and_in_company() -> None:
    vocabulary = Vocabulary.fit(TEXTS, rarest_word=1, rarest_gram=2)
    together = dense(vocabulary.encode(TEXTS), len(vocabulary))
    alone = [dense(vocabulary.encode([text]), len(vocabulary))[0] for text in TEXTS]
    np.testing.assert_array_equal(together, alone)


def test_a_text_without_known_features_has_an_empty_row() -> None:
    vocabulary = Vocabulary.fit(["good day"], rarest_word=1, rarest_gram=1)
    rows = vocabulary.encode(["", "ζζζ"])
    assert dense(rows, len(vocabulary))[:, : vocabulary.words.index("day") + 1].sum() == 0


def test_no_texts_have_no_rows() -> None:
    assert len(Vocabulary.fit(TEXTS, rarest_word=1, rarest_gram=1).encode([]).starts) == 1


def test_a_subset_keeps_names_and_frequencies() -> None:
    vocabulary = Vocabulary.fit(TEXTS, rarest_word=1, rarest_gram=1)
    kept = np.array([0, 3, len(vocabulary) - 1])
    part = vocabulary.subset(kept)
    assert (part.words, part.grams) == ((vocabulary.words[0], vocabulary.words[3]), vocabulary.grams[-1:])
    np.testing.assert_array_equal(part.idf, vocabulary.idf[kept])


def test_narrowed_rows_are_those_that_the_smaller_vocabulary_encodes() -> None:
    vocabulary = Vocabulary.fit(TEXTS, rarest_word=1, rarest_gram=1)
    texts = [*TEXTS, "", "ζζζ"]
    kept = np.arange(0, len(vocabulary), 3)
    part = vocabulary.subset(kept)
    found = narrowed(matrix(vocabulary.encode(texts), len(vocabulary)), kept, len(vocabulary.words))
    np.testing.assert_allclose(found.toarray(), matrix(part.encode(texts), len(part)).toarray(), atol=1e-6)
