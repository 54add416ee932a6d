import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from knowledge.checks import check_models
from knowledge.sources import budget
from knowledge.sources.breaker import Breaker
from knowledge.sources.contract import Citation, Declined, Finding, Question, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.llm.models import configured_models
from knowledge.sources.llm.source import LLMSource
from tests.knowledge import servers
from tests.knowledge.servers import Call, Server

SAID = "Entropy measures how many arrangements look the same."


class Ear:
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def piece(self, text: str) -> None:
        self.heard.append(text)

    def restart(self) -> None:
        self.heard.append("|")


def find(ear: Ear | None = None, context: tuple[Finding, ...] = (), task_type: str = "query") -> Finding:
    question = Question("What is entropy?", task_type=task_type, listener=ear)
    found = LLMSource().find(question, Deadline.after(2.0), context)
    assert found is not None
    return found


def test_a_model_answers_with_tokens_and_cost(llm: Server) -> None:
    found = find()
    assert (found.text, found.model) == (SAID, "small")
    assert (found.prompt_tokens, found.completion_tokens, found.cost) == (40, 10, pytest.approx(0.05))
    assert budget.spent_today() == pytest.approx(0.05)


def test_the_request_is_what_the_protocol_asks_for(llm: Server) -> None:
    find()
    call = llm.calls[0]
    assert (call.path, call.headers["Authorization"]) == ("/v1/chat/completions", "Bearer secret")
    assert call.json | {"messages": [m["role"] for m in call.json["messages"]]} == {
        "model": "small-1",
        "messages": ["system", "user"],
        "max_tokens": 100,
        "temperature": 0.2,
    }


def test_a_streamed_answer_is_heard_piece_by_piece(llm: Server) -> None:
    ear = Ear()
    found = find(ear)
    assert (found.text, found.prompt_tokens) == (SAID, 40)
    assert len(ear.heard) == 8
    assert "".join(ear.heard).strip() == SAID


def test_a_server_that_does_not_stream_is_heard_whole(llm: Server) -> None:
    def whole(call: Call) -> None:
        body = {"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]}
        call.answer_json(body)

    llm.fault, ear = whole, Ear()
    found = find(ear)
    assert ear.heard == [SAID]
    assert found.completion_tokens == 14  # a quarter of its characters, where the server does not count


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        (b"", "cut short"),
        (b'data: {"error": {"message": "overloaded"}}\n\n', "overloaded"),
        (b"data: {broken\n\n", "broken JSON"),
    ],
)
def test_a_stream_that_breaks_is_a_failure_and_the_next_model_begins_anew(
    llm: Server, settings: Settings, tail: bytes, reason: str
) -> None:
    def breaks(call: Call) -> None:
        if call.json["model"] == "second":
            servers.chat(call)
            return
        call.begin("text/event-stream")
        servers.send_event(call, {"choices": [{"delta": {"content": "Entro"}, "finish_reason": None}]})
        call.send(tail)

    llm.fault = breaks
    with pytest.raises(SourceFailure, match=reason):
        find(Ear())
    settings.LLM_MODELS = [*settings.LLM_MODELS, {"name": "second", "url": f"{llm.url}/v1", "model": "second"}]
    ear = Ear()
    assert find(ear).model == "second"
    assert "".join(ear.heard).strip() == f"Entro|{SAID}"


def test_the_model_for_the_task_is_asked_first_and_the_general_one_after_it(llm: Server, settings: Settings) -> None:
    tutor = {"name": "tutor", "url": f"{llm.url}/v1", "model": "tutor-1", "tasks": ["tutoring"]}
    settings.LLM_MODELS = [*settings.LLM_MODELS, tutor]
    assert (find().model, find(task_type="tutoring").model) == ("small", "tutor")

    llm.fault = lambda call: servers.fails(call) if call.json["model"] == "tutor-1" else servers.chat(call)
    assert find(task_type="tutoring").model == "small"


def test_an_empty_answer_and_a_filtered_one_are_failures(llm: Server) -> None:
    for content, reason in (("", "stop"), ("no", "content_filter")):
        body = {"choices": [{"message": {"content": content}, "finish_reason": reason}]}
        llm.fault = lambda call, said=body: call.answer_json(said)  # type: ignore[misc]
        with pytest.raises(SourceFailure, match="empty answer"):
            find()


def test_excerpts_are_given_to_the_model_and_cited(llm: Server) -> None:
    excerpt = Citation("Boltzmann", "S = k log W", url="https://example.org")
    found = find(context=(Finding("", 0.3, (excerpt,)),))
    assert "[1] Boltzmann: S = k log W" in json.dumps(llm.calls[0].json)
    assert found.citations == (excerpt,)
    assert found.confidence > find().confidence


def test_when_the_budget_is_spent_no_model_is_asked(llm: Server, settings: Settings) -> None:
    settings.LLM_DAILY_BUDGET = 0.01
    with pytest.raises(Declined, match="budget"):
        find()
    assert llm.calls == []


def test_a_refused_call_costs_nothing_and_one_of_which_nothing_is_known_its_most(llm: Server) -> None:
    llm.fault = servers.fails
    with pytest.raises(SourceFailure):
        find()
    assert budget.spent_today() == 0.0
    llm.fault = servers.closes
    with pytest.raises(SourceFailure):
        find()
    assert (budget.spent_today() or 0.0) > 0.1


def test_a_model_that_keeps_failing_is_left_alone(llm: Server) -> None:
    llm.fault = servers.fails
    for _ in range(5):
        with pytest.raises(SourceFailure):
            find()
    asked = len(llm.calls)
    with pytest.raises(Declined, match="left alone"):
        find()
    assert len(llm.calls) == asked
    assert Breaker("llm:small").state()["state"] == "open"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"name": "a", "url": "http://x", "modle": "m"}, "no field 'modle'; did you mean 'model'"),
        ({"name": "a", "url": "http://x"}, "needs 'model'"),
        ({"name": "a", "url": "x", "model": "m"}, "must be an http or https address"),
        ({"name": "a", "url": "http://x", "model": "m", "tasks": ["cooking"]}, "tasks holds 'cooking'"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: Settings, entry: dict[str, object], told: str) -> None:
    settings.LLM_MODELS = [entry]
    with pytest.raises(ImproperlyConfigured, match=told):
        configured_models()
    (error,) = check_models()
    assert (error.id, told in error.msg) == ("knowledge.E001", True)


def test_paid_models_without_a_budget_are_told(llm: Server, settings: Settings) -> None:
    assert check_models() == []
    settings.LLM_DAILY_BUDGET = 0.0
    assert [warning.id for warning in check_models()] == ["knowledge.W001"]


def test_one_model_can_be_set_without_a_list(settings: Settings) -> None:
    settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY = "http://127.0.0.1:1/v1", "m", "k"
    assert [(m.name, m.url, m.api_key) for m in configured_models()] == [("m", "http://127.0.0.1:1/v1", "k")]
