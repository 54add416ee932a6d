from dataclasses import replace

import numpy as np
import pytest

from knowledge.emotions.artifact import Model
from knowledge.emotions.dataset import Labelled
from knowledge.emotions.errors import TrainingDataError
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.training import Trained, train
from tests.knowledge.emotions.samples import SMALL, rows, trained


@pytest.fixture(scope="module")
def small() -> Trained:
    return trained()


def test_the_model_tells_the_emotions_of_a_small_world_apart(small: Trained) -> None:
    scores = probabilities(small.model, ["a cheerful window", "lonely and sad", "paper on the table"])
    assert [small.model.labels[i] for i in scores.argmax(1)] == ["joy", "sadness", "neutral"]


def test_the_report_tells_what_each_step_cost(small: Trained) -> None:
    assert [step.name for step in small.steps] == [
        "every feature",
        "features pruned",
        "small weights dropped",
        "stored as float16",
    ]
    sizes = [step.weights for step in small.steps]
    assert sizes == sorted(sizes, reverse=True)
    assert small.unseen.macro.value > 0.9


def test_training_twice_gives_the_same_file(small: Trained) -> None:
    assert trained().model.to_bytes() == small.model.to_bytes()
    assert trained(replace(SMALL, threads=1)).model.to_bytes() == small.model.to_bytes()


def test_a_saved_model_scores_as_before(small: Trained) -> None:
    texts = [row.text for row in rows()]
    again = Model.from_bytes(small.model.to_bytes())
    np.testing.assert_allclose(probabilities(again, texts), probabilities(small.model, texts), atol=2e-3)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ([], "At least two emotions"),
        ([Labelled(f"so glad {i}", frozenset({"joy"})) for i in range(50)], "At least two emotions"),
        (rows()[:40] + [Labelled(f"oh no {i}", frozenset({"fear"})) for i in range(3)], "fear has 3"),
        (
            [Labelled(f"text {i}", frozenset({label})) for i in range(20) for label in ("joy", "fear")],
            "20 of 20 texts carry labels that contradict each other",
        ),
    ],
)
def test_data_that_cannot_teach_is_refused_with_the_reason(bad: list[Labelled], says: str) -> None:
    with pytest.raises(TrainingDataError, match=says):
        train(bad, rows(), SMALL)


def test_a_judge_is_needed() -> None:
    with pytest.raises(TrainingDataError, match="Held-out"):
        train(rows(), [], SMALL)


def test_progress_rises_and_may_stop_the_training() -> None:
    seen: list[float] = []

    def stop(fraction: float, stage: str) -> None:
        seen.append(fraction)
        if fraction > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(rows(), rows(), SMALL, progress=stop)
    assert seen == sorted(seen)
