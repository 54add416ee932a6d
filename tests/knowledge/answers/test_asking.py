"""Each tier answers when the one above it cannot."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from knowledge.answers import asking
from knowledge.answers.asking import Ask, ask
from knowledge.answers.contract import Outcome, Reply
from knowledge.answers.searching import NoAnswer
from knowledge.cache import stats
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.keys import make_key
from knowledge.cache.shared import peek
from knowledge.models import CachedAnswer, Dataset, Example
from knowledge.sources.contract import Finding, Question
from knowledge.sources.registry import sources_named
from tests.knowledge import servers
from tests.knowledge.servers import Server

MOON = "How far is the moon?"


def reply_to(text: str = MOON, **more: object) -> Reply:
    question = {name: more.pop(name) for name in ("domain", "task_type") if name in more}
    return ask(Ask(Question(text, **question), **more))  # type: ignore[arg-type]


def said(reply: Reply) -> tuple[str | None, str | None]:
    return reply.answer.source, reply.answer.finding and reply.answer.finding.text


def outcomes(reply: Reply) -> dict[str, Outcome]:
    return {attempt.name: attempt.outcome for attempt in reply.answer.attempts}


# --- the tiers, one after the other ---------------------------------------------------------------------------


def test_with_no_network_and_no_key_the_datasets_answer_and_the_rest_is_told(store: Dataset) -> None:
    reply = reply_to()
    assert said(reply) == ("dataset", "On average 384,400 kilometres, about thirty Earth diameters.")
    assert outcomes(reply) == {
        "dataset": Outcome.ANSWERED,
        "wikipedia": Outcome.NOT_CONFIGURED,
        "web": Outcome.NOT_CONFIGURED,
        "llm": Outcome.NOT_CONFIGURED,
    }
    assert reply.answer.attempts[1].detail == "WIKIPEDIA_URL is not set"
    citation = reply.answer.finding and reply.answer.finding.citations[0]
    assert citation
    assert (citation.domain, citation.title) == ("general", "How far away is the Moon?")
    assert Example.objects.get(pk=citation.example_id).content == citation.title


def test_what_the_datasets_do_not_know_wikipedia_answers(store: Dataset, wikipedia: Server) -> None:
    reply = reply_to("What is photosynthesis?")
    assert reply.answer.source == "wikipedia"
    assert outcomes(reply)["dataset"] in {Outcome.NOTHING, Outcome.WEAK}


def test_what_wikipedia_does_not_know_the_web_answers(store: Dataset, wikipedia: Server, searxng: Server) -> None:
    reply = reply_to("Why are there tides?")
    assert reply.answer.source == "web"
    assert outcomes(reply)["wikipedia"] is Outcome.NOTHING


def test_what_nobody_has_written_a_model_answers(
    store: Dataset, wikipedia: Server, searxng: Server, llm: Server
) -> None:
    reply = reply_to("What is entropy?")
    assert said(reply) == ("llm", "Entropy measures how many arrangements look the same.")
    assert (reply.cost, reply.cached) == (pytest.approx(0.05), False)


def test_a_source_that_is_down_is_passed_over_in_time(
    store: Dataset, wikipedia: Server, searxng: Server, llm: Server, settings: Settings
) -> None:
    wikipedia.fault, searxng.fault, settings.WIKIPEDIA_TIMEOUT = servers.hangs, servers.fails, 0.3
    reply = reply_to("Why are there tides?")
    assert reply.answer.source == "llm"
    assert (outcomes(reply)["wikipedia"], outcomes(reply)["web"]) == (Outcome.FAILED, Outcome.FAILED)
    hung = reply.answer.attempts[1]
    assert (hung.detail, hung.time_ms < servers.HANG_SECONDS * 500) == ("no answer in time", True)


def test_a_source_that_keeps_failing_is_left_alone(store: Dataset, wikipedia: Server) -> None:
    wikipedia.fault = servers.fails
    for number in range(5):
        with pytest.raises(NoAnswer):
            reply_to(f"zzyzx {number}")
    with pytest.raises(NoAnswer) as caught:
        reply_to("zzyzx 5")
    assert caught.value.answer.attempts[1].outcome is Outcome.DECLINED
    assert len(wikipedia.calls) == 5


def test_a_source_that_is_busy_is_left_alone_for_as_long_as_it_says(store: Dataset, wikipedia: Server) -> None:
    wikipedia.fault = servers.is_busy
    for number in range(3):
        with pytest.raises(NoAnswer):
            reply_to(f"zzyzx {number}")
    assert len(wikipedia.calls) == 1


def test_when_nothing_is_found_and_nothing_failed_the_reply_says_so_and_is_cached_briefly(store: Dataset) -> None:
    first, second = reply_to("zzyzx"), reply_to("zzyzx")
    assert said(first) == (None, None)
    assert (first.cached, second.cached) == (False, True)
    assert stats.snapshot()["query"]["negative"] == 1


class Unsure:
    """A source that always answers, with the confidence it is given."""

    identity, timeout, good_enough, missing = "unsure", 1.0, 0.5, None

    def __init__(self, name: str, confidence: float) -> None:
        self.name, self.confidence = name, confidence

    def find(self, *_: object) -> Finding:
        return Finding(f"says {self.name}", self.confidence)


def test_the_surest_of_weak_answers_is_said_when_none_is_better(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    unsure = [Unsure("dataset", 0.3), Unsure("wikipedia", 0.4), Unsure("web", 0.2)]
    monkeypatch.setattr(asking, "sources_named", lambda _names: unsure)
    reply = reply_to()
    assert said(reply) == ("wikipedia", "says wikipedia")
    assert set(outcomes(reply).values()) == {Outcome.WEAK}
    assert reply_to().cached


def test_an_answer_that_is_as_good_as_none_is_not_said(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(asking, "sources_named", lambda _names: [Unsure("dataset", 0.1)])
    assert said(reply_to()) == (None, None)


def test_a_makeshift_is_not_kept_while_a_better_source_is_in_trouble(
    monkeypatch: pytest.MonkeyPatch, db: None, wikipedia: Server
) -> None:
    wikipedia.fault = servers.fails
    sources = [Unsure("dataset", 0.4), *sources_named(("wikipedia",))]
    monkeypatch.setattr(asking, "sources_named", lambda _names: sources)
    question = "What is photosynthesis?"
    assert [reply_to(question).cached, reply_to(question).cached] == [False, False]
    wikipedia.fault = None
    assert reply_to(question).answer.source == "wikipedia"


# --- the cache ------------------------------------------------------------------------------------------------


def test_the_same_question_again_is_answered_from_the_cache_at_no_cost(llm: Server, db: None) -> None:
    first, second = reply_to("What is entropy?"), reply_to("what is  entropy")
    assert (first.cached, second.cached) == (False, True)
    assert (second.cost, second.saved_cost) == (0.0, pytest.approx(0.05))
    assert said(first) == said(second)
    assert len(llm.calls) == 1


def test_use_cache_false_asks_the_sources_again(llm: Server, db: None) -> None:
    reply_to("What is entropy?")
    assert not reply_to("What is entropy?", use_cache=False).cached
    assert len(llm.calls) == 2


def test_a_change_of_the_datasets_is_never_answered_from_before_it(store: Dataset) -> None:
    reply_to()
    Example.objects.filter(content="How far away is the Moon?").update(response="384,400 km.")
    assert said(reply_to()) == ("dataset", "384,400 km.")


def test_a_source_that_is_set_later_is_asked_though_nothing_found_was_cached(
    store: Dataset, request: pytest.FixtureRequest
) -> None:
    reply_to("What is photosynthesis?")
    request.getfixturevalue("wikipedia")
    assert reply_to("What is photosynthesis?").answer.source == "wikipedia"


def test_what_a_tutor_told_alice_bob_is_not_given(llm: Server, db: None) -> None:
    for owner in ("alice", "bob", "alice"):
        reply_to("What is entropy?", task_type="tutoring", owner=owner)
    assert len(llm.calls) == 2


def test_the_answer_stands_in_the_table_as_the_contract_says(store: Dataset) -> None:
    reply = reply_to()
    row = CachedAnswer.objects.get()
    assert (row.query_hash, row.query_text, row.source, row.ttl) == (reply.query_hash, MOON, "dataset", 3600)


# --- services away --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redis_away")
def test_without_redis_the_table_remembers(llm: Server, db: None) -> None:
    reply_to("What is entropy?")
    assert reply_to("What is entropy?").cached
    assert len(llm.calls) == 1


def test_without_the_database_a_cached_answer_is_given_marked_stale(
    database_away: Callable[[], None], store: Dataset
) -> None:
    before = reply_to()
    database_away()
    reply = reply_to()
    assert (said(reply), reply.cached, reply.stale) == (said(before), True, True)


@pytest.mark.parametrize("redis", ["there", "away"])
def test_without_the_database_the_exported_files_answer_marked_stale(
    redis: str, database_away: Callable[[], None], store: Dataset, request: pytest.FixtureRequest
) -> None:
    write_exports()
    database_away()
    if redis == "away":
        request.getfixturevalue("redis_away")
    reply = reply_to()
    assert (reply.answer.source, reply.cached, reply.stale) == ("dataset", False, True)


def test_without_the_database_other_sources_answer_fresh(
    database_away: Callable[[], None], store: Dataset, wikipedia: Server
) -> None:
    database_away()
    reply = reply_to("What is photosynthesis?")
    assert (reply.answer.source, reply.stale) == ("wikipedia", False)
    assert reply_to("What is photosynthesis?").cached


def test_when_every_source_fails_an_older_answer_stands_in(wikipedia: Server, db: None, settings: Settings) -> None:
    reply_to("What is photosynthesis?")
    key_found = peek(_key_of_only_row(), dict)
    assert key_found
    _age_everything()
    wikipedia.fault = servers.fails
    reply = reply_to("What is photosynthesis?")
    assert (reply.answer.source, reply.cached, reply.stale) == ("wikipedia", True, True)


def _key_of_only_row():  # type: ignore[no-untyped-def]
    cache_type, scope, digest = CachedAnswer.objects.get().response["key"].split(":")
    return make_key(cache_type, {}, version="").__class__(cache_type, scope, digest)


def _age_everything() -> None:
    from knowledge.cache import tiers
    from knowledge.cache.table_tier import hottest

    for key, entry in hottest(10):
        tiers.keep(key, entry.__class__(entry.value, entry.made_at - 7200, entry.ttl, entry.took, entry.cost))


# --- the command ----------------------------------------------------------------------------------------------


def test_the_command_answers_and_says_whence(store: Dataset) -> None:
    told = StringIO()
    call_command("ask", MOON, stdout=told)
    assert told.getvalue().startswith("On average 384,400 kilometres")
    assert "[1] How far away is the Moon? (general, example" in told.getvalue()
    assert "wikipedia: not_configured (WIKIPEDIA_URL is not set)" in told.getvalue()


def test_the_command_prints_a_models_words_as_they_come(llm: Server, db: None) -> None:
    told = StringIO()
    call_command("ask", "What is entropy?", "--sources", "llm", "--stream", stdout=told)
    assert told.getvalue().startswith("Entropy measures how many arrangements look the same. ")


def test_the_command_fails_when_nobody_can_answer(wikipedia: Server, db: None) -> None:
    wikipedia.fault = servers.fails
    with pytest.raises(CommandError, match="in trouble: wikipedia"):
        call_command("ask", "zzyzx", "--sources", "wikipedia")
