"""Each source, ill in every way: it fails in time, says why, and never reaches into our network."""

import time
from collections.abc import Iterator

import pytest

from knowledge.sources.contract import Question, Source, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.net.fetch import get_json
from knowledge.sources.registry import sources_named
from tests.knowledge import servers
from tests.knowledge.servers import Answering, Server

PROMPT, PATIENT = 0.5, 10.0  # how long a source that never answers is waited for, and one that does
QUESTIONS = {"wikipedia": "What is photosynthesis?", "web": "Why are there tides?", "llm": "What is entropy?"}


@pytest.fixture(params=["wikipedia", "web", "llm"])
def ill(request: pytest.FixtureRequest) -> tuple[Source, Server]:
    """Give a source and the server behind it."""
    server = request.getfixturevalue("searxng" if request.param == "web" else request.param)
    return sources_named((request.param,))[0], server


@pytest.fixture
def inside() -> Iterator[Server]:
    """Run a server in our own network that nobody may be redirected to."""
    server = Server(lambda call: call.answer_json({"pages": [], "results": [], "secret": "ours"}))
    yield server
    server.stop()


def ask(source: Source, seconds: float = PATIENT) -> None:
    source.find(Question(QUESTIONS[source.name]), Deadline.after(seconds), [])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (servers.hangs, "no answer in time"),
        (servers.drips, "no answer in time"),
        (servers.drips_headers, "no answer in time"),
        (servers.fails, "HTTP 500"),
        (servers.is_busy, "HTTP 429"),
        (servers.sends_broken_json, "broken JSON"),
        (servers.sends_other_json, "an answer without"),
        (servers.sends_ten_megabytes, "more than 2000000 bytes"),
        (servers.sends_endless, "more than 2000000 bytes"),
        (servers.closes, "RemoteProtocolError"),
        (servers.redirects_to("http://169.254.169.254/latest/meta-data/"), "private address|no redirect"),
        (servers.redirects_to("http://localhost:6379/"), "private address|no redirect"),
        (servers.redirects_to("http://[::ffff:127.0.0.1]/"), "private address|no redirect"),
        (servers.redirects_to("http://0x7f.1/"), "private address|no redirect|no connection"),
        (servers.redirects_to("file:///etc/passwd"), "redirected to 'file'|no redirect"),
        (servers.redirects_to("/again"), "private address|no redirect"),
    ],
)
def test_a_source_that_is_ill_fails_in_time_and_says_why(
    ill: tuple[Source, Server], fault: Answering, reason: str
) -> None:
    source, server = ill
    server.fault = fault
    began = time.monotonic()
    with pytest.raises(SourceFailure, match=reason):
        ask(source, PROMPT if reason == "no answer in time" else PATIENT)
    assert time.monotonic() - began < servers.HANG_SECONDS / 2


def test_a_redirect_does_not_reach_a_server_in_our_network(wikipedia: Server, inside: Server) -> None:
    wikipedia.fault = servers.redirects_to(f"{inside.url}/w/rest.php/v1/search/page")
    with pytest.raises(SourceFailure, match="private address"):
        ask(sources_named(("wikipedia",))[0])
    assert inside.calls == []


def test_a_key_is_never_sent_after_a_redirect(llm: Server, inside: Server) -> None:
    llm.fault = servers.redirects_to(f"{inside.url}/v1/chat/completions")
    with pytest.raises(SourceFailure, match="no redirect"):
        ask(sources_named(("llm",))[0])
    assert inside.calls == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("soon", None), ("99999999", 3600.0), ("-5", None)],
)
def test_when_to_come_back_is_read_and_bounded(wikipedia: Server, value: str, seconds: float | None) -> None:
    wikipedia.fault = lambda call: call.answer_json({}, status=429, Retry_After=value)
    with pytest.raises(SourceFailure) as caught:
        ask(sources_named(("wikipedia",))[0])
    assert caught.value.retry_after == seconds


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(wikipedia: Server) -> None:
    def once(call: servers.Call) -> None:
        wikipedia.fault = None  # and says nothing: the connection just ends

    wikipedia.fault = once
    assert get_json(f"{wikipedia.url}/w/rest.php/v1/search/page?q=plant", Deadline.after(2.0))["pages"]
    assert len(wikipedia.calls) == 2


def test_nobody_listening_is_told_at_once() -> None:
    with pytest.raises(SourceFailure, match="no connection") as caught:
        get_json("http://127.0.0.1:9/", Deadline.after(1.0))
    assert caught.value.refused
