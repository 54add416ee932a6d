"""Normalised discounted cumulative gain of our rankings and of bm25s, on a collection loaded into the store.

Järvelin & Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with binary gains and log2 discounts.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import numpy as np

from benchmarks.search_collections import Collection
from knowledge.embedders.embedding import embed_pending
from knowledge.embedders.lsa.bags import Bag, bags_of_texts
from knowledge.models import Dataset, Example
from knowledge.search.asked import Asked, Mode
from knowledge.search.searching import search
from knowledge.search.sql import Piece, rows

DEPTH = 10
Ranking = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """nDCG@10 by way of searching, and of bm25s by the tokens that it is given."""

    ours: dict[str, float]
    peers: dict[str, float]


def measured(collection: Collection) -> Measured:
    """Load the collection as a domain of its own, measure, and take it out again."""
    dataset = Dataset.objects.create(domain_name=collection.name)
    Example.objects.bulk_create(
        Example(dataset=dataset, content=text, response="", metadata={"name": name})
        for name, text in collection.documents.items()
    )
    embed_pending(refit=True)
    found = Measured(
        {mode.value: gain(collection, _ours(mode)) for mode in (Mode.TEXT, Mode.HYBRID, Mode.SEMANTIC)},
        {
            "the same tokens": gain(collection, _bm25s_on_our_tokens(collection)),
            "its own tokens": gain(collection, _bm25s(collection)),
            "its own tokens, stemmed": gain(collection, _bm25s(collection, stemmer=_stems)),
        },
    )
    Example.objects.all().delete()
    dataset.delete()
    return found


def gain(collection: Collection, ranking: Ranking) -> float:
    """Return the mean nDCG@10."""
    return float(np.mean([_gain(ranking(text), right) for text, right in collection.questions]))


def _gain(names: Sequence[str], right: frozenset[str]) -> float:
    won = sum(1 / math.log2(place + 2) for place, name in enumerate(names) if name in right)
    return won / sum(1 / math.log2(place + 2) for place in range(min(DEPTH, len(right))))


def _ours(mode: Mode) -> Ranking:
    def ranking(text: str) -> list[str]:
        # quotes and minus signs would be syntax here; to bm25s they are nothing
        plain = "".join(c if c.isalnum() or c in "'._" else " " for c in text)
        return [str(each.metadata["name"]) for each in search(Asked(plain, mode, limit=DEPTH)).results]

    return ranking


def _bm25s_on_our_tokens(collection: Collection) -> Ranking:
    bags = bags_of_texts(list(collection.documents.values()))
    return _peer(collection, [_tokens(bag) for bag in bags], lambda text: _tokens(bags_of_texts([text])[0]))


def _bm25s(collection: Collection, stemmer: Callable[[list[str]], list[str]] | None = None) -> Ranking:
    def tokens(texts: list[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False
        )
        return found

    return _peer(collection, tokens(list(collection.documents.values())), lambda text: tokens([text])[0])


def _stems(words: list[str]) -> list[str]:
    """Return the stems that Snowball's English stemmer gives; PostgreSQL's stop words stay as they are."""
    stems = "SELECT coalesce((ts_lexize('english_stem', w))[1], w) FROM unnest(%s::text[]) WITH ORDINALITY u (w, n)"
    return [stem for (stem,) in rows(Piece(f"{stems} ORDER BY n", (words,)))]


def _peer(collection: Collection, documents: list[list[str]], tokens: Callable[[str], list[str]]) -> Ranking:
    index = bm25s.BM25()
    index.index(documents, show_progress=False)
    names = list(collection.documents)

    def ranking(text: str) -> list[str]:
        asked = tokens(text)
        scores = index.get_scores(asked) if asked else np.zeros(len(names))
        return [names[place] for place in np.argsort(-scores, kind="stable")[:DEPTH]]

    return ranking


def _tokens(bag: Bag) -> list[str]:
    return [lexeme for lexeme, count in zip(bag.lexemes, bag.counts, strict=True) for _ in range(int(count))]
