import numpy as np
import pytest

from knowledge.emotions.artifact import Model
from knowledge.emotions.dataset import Labelled
from knowledge.emotions.errors import TrainingDataError
from knowledge.emotions.refining import refine
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.shipped import shipped_model

WEATHER = ("rain", "thunder", "drizzle", "storms")
OTHER = ["I love this song", "what a sad story", "the meeting is at noon", "thank you so much", "are you serious?"]


def gloom(count: int = 40) -> list[Labelled]:
    """Return sentences in which these curators hear sadness where the model hears nothing."""
    return [Labelled(f"{WEATHER[i % 4]} over the harbour again, day {i}", frozenset({"sadness"})) for i in range(count)]


@pytest.fixture(scope="module")
def base() -> Model:
    return shipped_model()


def sadness(model: Model, text: str) -> float:
    return float(probabilities(model, [text])[0][model.labels.index("sadness")])


def test_a_refined_model_has_learnt_from_the_examples(base: Model) -> None:
    rows = gloom()
    refined = refine(base, rows[:30], rows[30:])
    assert refined.after.micro.value > refined.before.micro.value
    assert sadness(refined.model, "drizzle over the harbour") > 2 * sadness(base, "drizzle over the harbour")


def test_what_the_examples_do_not_speak_of_stays_as_it_was(base: Model) -> None:
    refined = refine(base, gloom(12), gloom())
    np.testing.assert_allclose(probabilities(refined.model, OTHER), probabilities(base, OTHER), atol=0.1)
    assert base.weights is not refined.model.weights


def test_an_emotion_that_the_model_lacks_can_be_added(base: Model) -> None:
    calm = [Labelled(f"still water and a calm evening, number {i}", frozenset({"serenity"})) for i in range(40)]
    model = refine(base, calm, calm).model
    score = probabilities(model, ["a calm evening by still water", "I hate you"])[:, model.labels.index("serenity")]
    assert score[0] > 0.5 > 0.1 > score[1]


def test_refining_twice_gives_the_same_file(base: Model) -> None:
    first, second = (refine(base, gloom(), gloom()).model.to_bytes() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no labelled examples"),
        ([Labelled(f"calm {i}", frozenset({"serenity"})) for i in range(3)], "serenity has 3"),
        ([Labelled("so", frozenset({"joy"})), Labelled("so", frozenset({"fear"}))], "contradict"),
    ],
)
def test_examples_that_cannot_teach_are_refused(base: Model, rows: list[Labelled], says: str) -> None:
    with pytest.raises(TrainingDataError, match=says):
        refine(base, rows, gloom())
