"""The curated content is judged as files: its shape, its ranges, its counts, and that nothing is said twice."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOMAIN_FILES = sorted((FIXTURES / "domains").glob("*.json"))
NEAR_DUPLICATE = 0.7
LEVELS = {"beginner", "intermediate", "advanced"}
GROUPS = {"anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral", "other"}
# Half-open, in Hz, so that every frequency lies in one band; 60 Hz is as far as the catalogue goes.
BANDS = {"delta": (1, 4), "theta": (4, 8), "alpha": (8, 13), "beta": (13, 30), "gamma": (30, 60)}
GOEMOTIONS = """
    admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval
    disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief
    remorse sadness surprise neutral
"""


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


EMOTIONS: list[dict[str, Any]] = read(FIXTURES / "emotions.json")["emotions"]
NAMES = [emotion["name"] for emotion in EMOTIONS]
DOMAINS = [read(path) for path in DOMAIN_FILES]
EXAMPLES = [example for domain in DOMAINS for example in domain["examples"]]

each_emotion = pytest.mark.parametrize("emotion", EMOTIONS, ids=NAMES)
each_domain = pytest.mark.parametrize("domain", DOMAINS, ids=[path.stem for path in DOMAIN_FILES])


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def trigrams(text: str) -> frozenset[str]:
    plain = words(text)
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2))


def near_duplicates(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs whose character trigrams have a Jaccard index above `NEAR_DUPLICATE`."""
    by_size = sorted(((text, trigrams(text)) for text in texts), key=lambda pair: len(pair[1]))
    for (a, small), (b, large) in combinations(by_size, 2):
        if len(small) <= NEAR_DUPLICATE * len(large):
            continue  # the index cannot exceed the ratio of the sizes
        shared = len(small & large)
        if shared > NEAR_DUPLICATE * (len(small) + len(large) - shared):
            yield a, b


def test_a_near_duplicate_would_be_found() -> None:
    texts = ["How do I cook rice without it sticking?", "What is a haiku?", "How do I cook rice, without it sticking"]
    assert [set(pair) for pair in near_duplicates(texts)] == [{texts[0], texts[2]}]


# The catalogue of emotions


def test_the_catalogue_holds_every_goemotions_label_and_more() -> None:
    assert set(NAMES) >= set(GOEMOTIONS.split())
    assert len(NAMES) >= 40


def test_names_are_unique_short_and_lower_case() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z]{1,50}", name) for name in NAMES)


def test_no_two_emotions_share_a_place_on_the_circumplex() -> None:
    assert len({(e["valence"], e["arousal"]) for e in EMOTIONS}) == len(EMOTIONS)


@pytest.mark.parametrize(
    ("pleasant", "unpleasant"), [("joy", "sadness"), ("love", "grief"), ("calm", "fear"), ("pride", "shame")]
)
def test_valence_orders_emotions_as_people_do(pleasant: str, unpleasant: str) -> None:
    valence = {e["name"]: e["valence"] for e in EMOTIONS}
    assert valence[pleasant] > 0 > valence[unpleasant]


@pytest.mark.parametrize(
    ("stirred", "still"), [("excitement", "contentment"), ("fear", "sadness"), ("rage", "annoyance"), ("joy", "calm")]
)
def test_arousal_orders_emotions_as_people_do(stirred: str, still: str) -> None:
    arousal = {e["name"]: e["arousal"] for e in EMOTIONS}
    assert arousal[stirred] > arousal[still]


@each_emotion
def test_an_emotion_lies_within_the_ranges(emotion: dict[str, Any]) -> None:
    assert -1 <= emotion["valence"] <= 1
    assert -1 <= emotion["arousal"] <= 1
    assert 20 < emotion["metaphysical_freq"] < 20_000, "it is meant to be heard"
    assert emotion["group"] in GROUPS


@each_emotion
def test_the_eeg_frequency_lies_in_the_band_that_its_evidence_names(emotion: dict[str, Any]) -> None:
    low, high = BANDS[emotion["evidence"]["neuroscience"]["band"]]
    assert low <= emotion["neuroscience_freq"] < high


@each_emotion
def test_each_frequency_says_what_kind_of_evidence_it_rests_on(emotion: dict[str, Any]) -> None:
    neuroscience, metaphysical = emotion["evidence"]["neuroscience"], emotion["evidence"]["metaphysical"]
    assert neuroscience["kind"] in {"association", "weak", "none"}
    assert metaphysical["kind"] == "cultural"
    assert all(evidence["note"].endswith(".") and evidence["source"] for evidence in (neuroscience, metaphysical))


@each_emotion
def test_a_personality_template_is_complete(emotion: dict[str, Any]) -> None:
    template = emotion["personality_template"]
    assert set(template) == {"tone", "pace", "traits", "voice", "colours"}
    assert all(template.values())
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in template["colours"])


# The domains


def test_the_demo_data_is_as_large_as_promised() -> None:
    sizes = [len(domain["examples"]) for domain in DOMAINS]
    assert len(sizes) == 48
    assert sum(sizes) >= 620
    assert sum(size >= 20 for size in sizes) >= 12


@each_domain
def test_a_domain_describes_itself(domain: dict[str, Any]) -> None:
    assert set(domain) == {"domain", "title", "description", "licence", "examples"}
    assert (FIXTURES / "domains" / f"{domain['domain']}.json").exists()
    assert domain["title"]
    assert domain["description"].endswith(".")
    assert domain["licence"] == "CC0-1.0"


@each_domain
def test_a_domain_has_at_least_ten_examples(domain: dict[str, Any]) -> None:
    assert len(domain["examples"]) >= 10


@each_domain
def test_examples_have_the_shape_that_the_import_reads(domain: dict[str, Any]) -> None:
    for example in domain["examples"]:
        assert set(example) == {"content", "response", "metadata"}
        assert all(text == text.strip() and text for text in (example["content"], example["response"]))
        assert set(example["metadata"]) <= {"emotions", "tags", "level"}
        assert example["metadata"]["level"] in LEVELS


@each_domain
def test_answers_run_from_one_sentence_to_six(domain: dict[str, Any]) -> None:
    for example in domain["examples"]:
        assert 1 <= len(re.findall(r"[.!?](?=\W*(?:\s|$))", example["response"])) <= 6, example["response"]


@each_domain
def test_tags_are_plain_slugs(domain: dict[str, Any]) -> None:
    for example in domain["examples"]:
        assert example["metadata"]["tags"]
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tag) for tag in example["metadata"]["tags"])


@each_domain
def test_labels_come_from_the_catalogue(domain: dict[str, Any]) -> None:
    for example in domain["examples"]:
        labels = example["metadata"].get("emotions", ["neutral"])
        assert labels, "an example without a label leaves the key out"
        assert len(set(labels)) == len(labels)
        assert set(labels) <= set(NAMES)


def test_a_good_part_of_the_examples_carries_emotions() -> None:
    labelled = [example for example in EXAMPLES if "emotions" in example["metadata"]]
    assert len(labelled) >= len(EXAMPLES) / 5


def test_every_emotion_but_neutral_is_felt_more_than_once() -> None:
    felt = Counter(label for example in EXAMPLES for label in example["metadata"].get("emotions", []))
    assert [name for name in NAMES if felt[name] < 2] == ["neutral"]


@pytest.mark.parametrize("field", ["content", "response"])
def test_nothing_is_said_twice(field: str) -> None:
    texts = [words(example[field]) for example in EXAMPLES]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("field", ["content", "response"])
def test_nothing_is_said_nearly_twice(field: str) -> None:
    assert list(near_duplicates([example[field] for example in EXAMPLES])) == []
