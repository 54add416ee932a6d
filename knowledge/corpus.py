"""Synthetic corpora of any size, for tests and benchmarks: the same seed gives the same rows.

The words follow Zipf's law, as those of real texts do, so that indexes and searches are tried honestly: some words are
in most examples, most words in few.
"""

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo",
    "zu", "bran", "clim", "dorn", "fest", "gral",
)  # fmt: skip
COMMON = (
    "the", "of", "and", "a", "to", "in", "is", "that", "it", "as", "for", "was", "with", "be", "by", "on", "not",
    "he", "his", "but", "at", "are", "this", "have", "from",
)  # fmt: skip
VOCABULARY = 20_000
CONTENT_WORDS, RESPONSE_WORDS = (8, 40), (0, 60)
MOODS = ("joy", "calm", "anger", "sadness", "curiosity")


def vocabulary(size: int = VOCABULARY) -> list[str]:
    """Return ``size`` words, the common ones of English first."""
    words = list(COMMON)
    for number in range(size - len(words)):
        word, rest = SYLLABLES[number % len(SYLLABLES)], number // len(SYLLABLES) + 1
        while rest:
            word, rest = word + SYLLABLES[rest % len(SYLLABLES)], rest // len(SYLLABLES)
        words.append(word)
    return words


def corpus(*, examples: int, seed: int, start: int = 0) -> Iterator[dict[str, Any]]:
    """Yield synthetic records: a content that no other has, often a response, and metadata that says what they are."""
    rng = random.Random(seed)
    words = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(start, start + examples):
        content = rng.choices(words, cum_weights=weights, k=rng.randint(*CONTENT_WORDS))
        response = rng.choices(words, cum_weights=weights, k=rng.randint(*RESPONSE_WORDS))
        yield {
            "content": f"{' '.join(content)} (synthetic {seed}-{number})",
            "response": " ".join(response),
            "metadata": {"synthetic": True, "seed": seed, "emotion": rng.choice(MOODS)},
        }
