import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.cache.client import redis_client
from knowledge.sources import breaker as module
from knowledge.sources.breaker import Breaker, Permit, Way
from knowledge.sources.local_breaker import LocalBreaker


@pytest.fixture(params=["redis", "alone"])
def breaker(request: pytest.FixtureRequest, own_cache: str) -> Breaker:
    if request.param == "alone":
        request.getfixturevalue("redis_away")
    return Breaker("web")


def fail(breaker: Breaker, times: int = 1, **more: float) -> None:
    for _ in range(times):
        breaker.failed(Permit(Way.CLOSED), **more)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let open breakers be tried after a tenth of a second."""
    monkeypatch.setattr(module, "OPEN_SECONDS", 0.1)


def test_four_failures_leave_it_closed_and_the_fifth_opens_it(breaker: Breaker) -> None:
    fail(breaker, 4)
    assert breaker.allow().way is Way.CLOSED
    fail(breaker)
    permit = breaker.allow()
    assert not permit.granted
    assert 59 < permit.wait <= 60
    assert breaker.state()["state"] == "open"


def test_a_success_between_begins_the_count_anew(breaker: Breaker) -> None:
    fail(breaker, 4)
    breaker.succeeded(breaker.allow())
    fail(breaker, 4)
    assert breaker.allow().granted


@pytest.mark.usefixtures("short")
def test_when_its_time_is_over_exactly_one_of_many_callers_tries(breaker: Breaker) -> None:
    fail(breaker, 5)
    time.sleep(0.12)
    with ThreadPoolExecutor(16) as pool:
        ways = list(pool.map(lambda _: breaker.allow().way, range(50)))
    assert (ways.count(Way.TRIAL), ways.count(Way.OPEN)) == (1, 49)


@pytest.mark.usefixtures("short")
def test_a_trial_that_succeeds_closes_it(breaker: Breaker) -> None:
    fail(breaker, 5)
    time.sleep(0.12)
    breaker.succeeded(breaker.allow())
    assert [breaker.allow().way for _ in range(3)] == [Way.CLOSED] * 3
    assert breaker.state() == {"state": "closed", "failures": 0, "retry_in": 0.0}


def test_a_trial_that_fails_opens_it_for_the_whole_time(breaker: Breaker) -> None:
    breaker.failed(Permit(Way.TRIAL))
    assert breaker.allow().wait == pytest.approx(60, abs=1)


@pytest.mark.usefixtures("short")
def test_a_trial_that_was_not_made_is_free_for_the_next(breaker: Breaker) -> None:
    fail(breaker, 5)
    time.sleep(0.12)
    breaker.released(breaker.allow())
    assert breaker.allow().way is Way.TRIAL


def test_a_success_from_before_it_opened_does_not_close_it(breaker: Breaker) -> None:
    early = breaker.allow()
    fail(breaker, 5)
    breaker.succeeded(early)
    assert not breaker.allow().granted


def test_a_source_that_says_when_to_come_back_is_left_alone_till_then(breaker: Breaker) -> None:
    fail(breaker, retry_after=300.0)
    assert breaker.allow().wait == pytest.approx(300, abs=1)


def test_processes_share_the_state(own_cache: str) -> None:
    fail(Breaker("llm:small"), 5)
    assert not Breaker("llm:small").allow().granted
    assert Breaker("llm:large").allow().granted
    assert redis_client().exists(f"{own_cache}:breaker:llm:small")


def test_both_kinds_of_breaker_take_the_same_steps(own_cache: str, redis_away: Callable[[], None]) -> None:
    redis_away()
    rng = random.Random(5)
    shared, alone = Breaker("twin"), LocalBreaker()
    for _ in range(300):
        way, retry = rng.choice(["closed", "closed", "trial"]), rng.choice([0.0, 0.0, 0.0, 500.0])
        step = rng.choice(["failed", "failed", "succeeded", "allow"])
        if step == "failed":
            shared.failed(Permit(Way(way)), retry)
            alone.failed(way, module.FAILURES, module.OPEN_SECONDS, retry)
        elif step == "succeeded":
            shared.succeeded(Permit(Way(way)))
            alone.succeeded(way)
        else:
            assert shared.allow().way == alone.allow(module.TRIAL_SECONDS)[0]
        mine, theirs = shared.state(), alone.state()
        assert (mine["state"], mine["failures"]) == theirs[:2]
        assert mine["retry_in"] == pytest.approx(theirs[2], abs=1.0)
