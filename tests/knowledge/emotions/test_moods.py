import pytest

from knowledge.emotions import moods
from knowledge.models import Emotion

pytestmark = pytest.mark.django_db


def test_a_text_is_read_for_its_mood(love: Emotion) -> None:
    found = moods.read("I love the way you laugh with me")
    assert found is not None
    assert (found.emotion, found.neuroscience_freq) == ("love", 40.0)
    assert found.valence > 0.3


def test_a_text_that_only_names_an_emotion_has_its_mood() -> None:
    Emotion.objects.create(name="serenity", valence=0.6, arousal=-0.6, neuroscience_freq=9.0, metaphysical_freq=432.0)
    assert moods.read("a study of serenity in blue") == ("serenity", 0.6, -0.6, 9.0, 432.0)


def test_a_plain_text_reads_as_neutral() -> None:
    found = moods.read("The meeting is at 3 pm on Tuesday.")
    assert found is not None
    assert found.emotion == "neutral"


@pytest.mark.parametrize("text", ["", "12 34", "我今天非常高兴"])
def test_a_text_without_evidence_has_no_mood(text: str) -> None:
    assert moods.read(text) is None
