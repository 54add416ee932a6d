"""How sure the dataset source is, and how often rightly: its confidence against hand-labelled questions.

``python -m benchmarks.bench_answers`` prints the weights that ``knowledge/sources/calibration.py`` holds, and mistakes.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.answer_questions import ANSWERED, UNANSWERED
from benchmarks.report import Row

DOMAINS = Path(__file__).parents[1] / "fixtures" / "domains"
GOOD_ENOUGH = 0.5
_LOOKED_AT = 10
_FOLDS = 5


@dataclass(frozen=True)
class Case:
    """A question with the example that the source would choose, its features, and whether it is the right one."""

    question: str
    chosen: str
    features: tuple[float, float, float]
    right: bool


def examples() -> list[tuple[str, str]]:
    """Return content and response of every demo example."""
    found = []
    for path in sorted(DOMAINS.glob("*.json")):
        found += [(e["content"], e.get("response", "")) for e in json.loads(path.read_text())["examples"]]
    return found


def cases() -> list[Case]:
    """Return what the source would choose for each question, ranked as its default search ranks: by shared words."""
    from knowledge.sources.calibration import confidence, features
    from knowledge.sources.relevance import coverage, words

    store = [(content, response, words(f"{content}\n{response}")) for content, response in examples()]
    made = []
    for question in [*ANSWERED, *UNANSWERED]:
        asked = words(question)
        near = sorted(store, key=lambda row: -coverage(asked, row[2]))[:_LOOKED_AT]
        content, response, _ = max(near, key=lambda row: confidence(question, row[0], row[1]))
        made.append(Case(question, content, features(question, content, response), ANSWERED.get(question) == content))
    return made


def fitted(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return bias and weights of a logistic regression, weakly regularised."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0).fit(features, right)
    return np.r_[model.intercept_, model.coef_[0]]


def cross_validated(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return each case's probability by weights that were fitted without it."""
    folds = np.random.default_rng(7).permutation(len(right)) % _FOLDS
    probabilities = np.empty(len(right))
    for fold in range(_FOLDS):
        weights = fitted(features[folds != fold], right[folds != fold])
        probabilities[folds == fold] = _probability(features[folds == fold], weights)
    return probabilities


def run() -> list[Row]:
    """Return how well the shipped confidence, and one fitted without the case at hand, do."""
    made = cases()
    features, right = np.array([c.features for c in made]), np.array([c.right for c in made])
    shipped = np.array([_shipped(case) for case in made])
    held_out = cross_validated(features, right)
    base = right.mean() * (1 - right.mean())
    accepted = shipped >= GOOD_ENOUGH
    precision, recall = right[accepted].mean(), (right & accepted).sum() / len(ANSWERED)
    return [
        Row("answers that pass and are right", f"{precision:.1%}", "≥ 90%", bool(precision >= 0.9)),
        Row("answerable questions answered from the datasets", f"{recall:.1%}", "≥ 80%", bool(recall >= 0.8)),
        Row("Brier score, shipped weights", f"{_brier(shipped, right):.3f}", f"{base:.3f} of the base rate", None),
        Row("Brier score, five-fold", f"{_brier(held_out, right):.3f}", f"{base:.3f} of the base rate", None),
    ]


def _shipped(case: Case) -> float:
    from knowledge.sources.calibration import ASKED, BIAS, COVERED, ECHOED

    return float(_probability(np.array([case.features]), np.array([BIAS, ASKED, COVERED, ECHOED]))[0])


def _probability(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    scores: np.ndarray = 1 / (1 + np.exp(-(weights[0] + features @ weights[1:])))
    return scores


def _brier(probabilities: np.ndarray, right: np.ndarray) -> float:
    return float(((probabilities - right) ** 2).mean())


def _show_mistakes(made: list[Case]) -> None:
    for case in made:
        if case.right != (_shipped(case) >= GOOD_ENOUGH):
            print(f"{_shipped(case):.2f} {case.right!s:5} {case.question!r} -> {case.chosen!r} {case.features}")


if __name__ == "__main__":
    found = cases()
    weights = fitted(np.array([c.features for c in found]), np.array([c.right for c in found]))
    print("BIAS, ASKED, COVERED, ECHOED =", weights)
    _show_mistakes(found)
