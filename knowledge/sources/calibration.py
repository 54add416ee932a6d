"""How sure we may be that an example answers a question: a probability, fitted on labelled pairs.

``benchmarks/answer_questions.py`` holds the pairs; ``python -m benchmarks.bench_answers`` fits the weights.
"""

import math

from knowledge.sources.relevance import coverage, words

BIAS, ASKED, COVERED, ECHOED = -8.9, 5.2, 5.6, 5.0
"""Logistic weights of the features below."""


def features(question: str, content: str, response: str) -> tuple[float, float, float]:
    """Return three shares in 0..1 of weighted words.

    How much of the question stands in the example's own question, how much in the whole example, and how much of the
    example's question was asked.
    """
    asked, own, all_words = words(question), words(content), words(f"{content}\n{response}")
    return coverage(asked, own), coverage(asked, all_words), coverage(own, asked)


def confidence(question: str, content: str, response: str) -> float:
    """Return the probability that the example answers the question."""
    asked, covered, echoed = features(question, content, response)
    return 1.0 / (1.0 + math.exp(-(BIAS + ASKED * asked + COVERED * covered + ECHOED * echoed)))
