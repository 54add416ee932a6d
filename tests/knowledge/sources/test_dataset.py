import pytest
from django.db import connection

from knowledge.cache.table_tier import database
from knowledge.models import Dataset, Example
from knowledge.sources.calibration import confidence
from knowledge.sources.contract import Finding, Question, SourceFailure
from knowledge.sources.dataset import DatasetSource
from knowledge.sources.deadline import Deadline
from knowledge.sources.relevance import coverage, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store() -> None:
    for domain, content, response in (
        ("astronomy", "How far away is the Moon?", "On average 384,400 kilometres."),
        ("astronomy", "What causes the seasons?", "The tilt of the Earth's axis."),
        ("cooking", "How long should I boil an egg?", "Seven minutes for a soft yolk."),
        ("notes", "The Moon landing of 1969 was watched by 600 million people.", ""),
    ):
        dataset, _ = Dataset.objects.get_or_create(domain_name=domain)
        Example.objects.create(dataset=dataset, content=content, response=response)


def find(text: str, domain: str | None = None) -> Finding | None:
    return DatasetSource().find(Question(text, domain), Deadline.after(2.0), [])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how far is the moon", "On average 384,400 kilometres."),
        ("Please tell me what it is that causes the seasons!", "The tilt of the Earth's axis."),
        ("boiling eggs: how long?", "Seven minutes for a soft yolk."),
        ("moon landing 1969", "The Moon landing of 1969 was watched by 600 million people."),
    ],
)
def test_a_question_in_other_words_finds_its_answer(question: str, answer: str) -> None:
    found = find(question)
    assert found is not None
    assert (found.text, found.confidence >= DatasetSource.good_enough) == (answer, True)


@pytest.mark.parametrize("question", ["how far is the nearest hospital", "seasons of a television series", "moon cake"])
def test_a_question_that_only_shares_words_is_not_good_enough(question: str) -> None:
    found = find(question)
    assert found is None or found.confidence < DatasetSource.good_enough


def test_a_domain_narrows_the_search() -> None:
    assert find("moon", domain="cooking") is None
    found = find("moon", domain="notes")
    assert found is not None
    assert found.citations[0].domain == "notes"


@pytest.mark.parametrize("question", ["", "the of and", "' & | ! ( ) : *", "🙂🙂", "a\x00b", "語", "x" * 2000])
def test_any_text_can_be_asked(question: str) -> None:
    found = find(question)
    assert found is None or 0 <= found.confidence <= 1


def test_a_search_that_takes_too_long_is_given_up() -> None:
    class Slow:
        identity = "slow"

        def __call__(self, query: str, domain: str | None, limit: int, timeout: float) -> list[object]:
            with database(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 50")
                cursor.execute("SELECT pg_sleep(5)")
            return []

    with pytest.raises(SourceFailure, match="TooSlow"):
        DatasetSource(Slow()).find(Question("x"), Deadline.after(1.0), [])  # type: ignore[arg-type]


def test_confidence_rises_with_what_is_shared() -> None:
    content, response = "How far away is the Moon?", "On average 384,400 kilometres."
    grades = ["How far away is the Moon?", "How far is the Moon from Earth?", "How far is Mars?", "Who was Socrates?"]
    sure = [confidence(question, content, response) for question in grades]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.95
    assert sure[-1] < 0.05


def test_words_are_compared_by_their_stems_and_without_stop_words() -> None:
    assert words("What's the Moons' landings?") == words("moon landing")
    assert coverage(words("the moon"), words("moons")) == 1.0
    assert coverage([], ["moon"]) == 0.0
