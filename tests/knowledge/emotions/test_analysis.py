from typing import Any

import numpy as np
import pytest

from knowledge.emotions.analysis import NOT_ENOUGH, Analyst
from knowledge.emotions.catalogue import BUILT_IN, Entry, ekman_group
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.shipped import shipped_model

MODEL = shipped_model()


def read(text: str, **options: Any) -> dict[str, Any]:
    return Analyst(MODEL).read([text], **options)[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Thank you so much, I really appreciate your help!", "gratitude"),
        ("I'm so sorry for what I did.", "remorse"),
        ("lol that was hilarious 😂", "amusement"),
        ("This is disgusting, I feel like throwing up", "disgust"),
        ("I'm terrified of what comes next", "fear"),
        ("The meeting is at 3 pm on Tuesday.", "neutral"),
    ],
)
def test_plain_speech_is_understood(text: str, label: str) -> None:
    assert read(text)["labels"][0] == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "\x00\x01\x02",
        "?!...",
        "12345 678",
        "🪑🚪🧱",
        "我今天非常高兴",
        "Я очень рад тебя видеть",
        "je suis très heureux de te voir ce soir mon amour",
        "xqzt blorp fnord",
    ],
)
def test_without_evidence_no_answer_is_made_up(text: str) -> None:
    found = read(text)
    assert found["note"] == NOT_ENOUGH
    assert (found["labels"], found["scores"], found["valence"]) == ([], {}, 0.0)
    assert found["neuroscience_freq"] is None


def test_an_emoji_of_an_emotion_is_evidence() -> None:
    assert read("😂😂😂")["labels"][0] == "amusement"
    assert read("❤️")["labels"][0] == "love"


def test_a_megabyte_is_read() -> None:
    found = read("I love this. " * 80_000, arc=True)
    assert "love" in found["labels"]
    assert 2 <= len(found["arc"]) <= 200


def test_the_arc_of_a_long_text_follows_its_sentences() -> None:
    arc = read("I was so happy that day! Then she died and I cried for weeks.")["arc"]
    assert len(arc) == 2
    assert arc[0]["valence"] > 0 > arc[1]["valence"]


def test_one_sentence_has_no_arc() -> None:
    assert "arc" not in read("I love it")


def test_the_words_that_weighed_most_come_first() -> None:
    words = read("The parcel came late but thanks for the refund")["words"]
    assert words[0]["word"] == "thanks"
    assert words == sorted(words, key=lambda word: -word["weight"])


def test_scores_are_probabilities_the_highest_first() -> None:
    scores = read("I love you")["scores"]
    assert len(scores) == 28
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert all(0 <= score <= 1 for score in scores.values())
    assert list(read("I love you", top=3)["scores"].items()) == list(scores.items())[:3]


def test_frequencies_are_blended_by_score() -> None:
    catalogue = {"love": Entry(1.0, 0.0, 40.0, 528.0), "anger": Entry(-1.0, 1.0, 20.0, None)}
    found = Analyst(MODEL, catalogue).read(["I love you"])[0]
    love, anger = (probabilities(MODEL, ["I love you"])[0][MODEL.labels.index(name)] for name in ("love", "anger"))
    assert found["neuroscience_freq"] == pytest.approx((40 * love + 20 * anger) / (love + anger), abs=1e-3)
    assert found["metaphysical_freq"] == 528.0
    assert found["valence"] == pytest.approx((love - anger) / (love + anger), abs=1e-3)


def test_valence_and_arousal_agree_with_common_sense() -> None:
    joy, sadness, rage = (read(t) for t in ("I'm so happy!", "I'm so sad and alone", "I'm furious, fuck this!"))
    assert joy["valence"] > 0.3 > -0.2 > sadness["valence"]
    assert rage["arousal"] > sadness["arousal"]


def test_a_batch_scores_as_its_texts_alone() -> None:
    texts = ["I love it", "", "so sad", "what?", "😂"] * 120
    together = probabilities(MODEL, texts)
    alone = np.concatenate([probabilities(MODEL, [text]) for text in texts[:5]])
    np.testing.assert_allclose(together[-5:], alone, atol=1e-6)


def test_every_label_has_a_place_and_a_group() -> None:
    assert set(MODEL.labels) <= set(BUILT_IN)
    assert {ekman_group(label) for label in MODEL.labels} == {
        "anger",
        "disgust",
        "fear",
        "joy",
        "sadness",
        "surprise",
        "neutral",
    }
