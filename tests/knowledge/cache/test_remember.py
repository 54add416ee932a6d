import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.core.management.utils import get_random_secret_key
from django.db import connections
from pytest_django import Settings

from knowledge.cache import client, redis_tier, refresh, shared, stats, tiers
from knowledge.cache.client import prefixed, redis_availability, redis_client
from knowledge.cache.entry import Entry, encode
from knowledge.cache.errors import Unobtainable
from knowledge.cache.invalidation import invalidate, invalidate_domain
from knowledge.cache.keys import Key, make_key
from knowledge.cache.shared import Computed, Found, remember
from knowledge.models import CachedAnswer

pytestmark = pytest.mark.django_db

VALUE = {"answer": "Virtue is the sole good.", "source": "dataset"}


class Computation:
    """Counts how often it was asked for."""

    def __init__(self, value: Any = VALUE, **more: Any) -> None:
        self.calls, self.made = 0, Computed(value, **more)

    def __call__(self) -> Computed:
        self.calls += 1
        return self.made


def key(query: str = "what is virtue", **changes: Any) -> Key:
    return make_key("query", {"query": query}, **({"version": "1", "domain": "stoicism", "text": query} | changes))


def as_mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def ask(compute: Callable[[], Computed], of: Key | None = None, **more: Any) -> Found[dict[str, Any]]:
    return remember(of or key(), compute, as_mapping, **more)


def unobtainable() -> Computed:
    raise Unobtainable("the source is away")


def never() -> Computed:
    raise AssertionError("computed although it was cached")


def test_a_value_is_computed_once_and_then_found() -> None:
    compute = Computation(cost=0.25)

    first, second = ask(compute), ask(compute)

    assert (first.cached, first.tier, second.cached, second.tier) == (False, "computed", True, "redis")
    assert first.value == second.value == VALUE
    assert compute.calls == 1
    assert stats.snapshot()["query"] | {"saved_seconds": 0} == {
        **dict.fromkeys(stats.EVENTS, 0),
        "hits": 1,
        "misses": 1,
        "saved_cost": 0.25,
        "saved_seconds": 0,
        "hit_rate": 0.5,
        "tiers": {
            "redis": {"hits": 1, "misses": 1, "stale": 0},
            "table": {"hits": 0, "misses": 1, "stale": 0},
            "export": {"hits": 0, "misses": 0, "stale": 0},
        },
    }


def test_the_value_in_redis_is_json_and_lives_no_longer_than_its_time_and_its_grace() -> None:
    ask(Computation())
    data = redis_client().get(redis_tier.entry_key(key()))
    assert orjson.loads(data)["body"]["value"] == VALUE  # type: ignore[arg-type]
    assert 24 * 3600 < redis_client().ttl(redis_tier.entry_key(key())) <= 25 * 3600  # type: ignore[operator]


def test_use_cached_false_computes_again_and_keeps_the_new_value() -> None:
    ask(Computation())
    again = ask(Computation({"answer": "new"}), use_cached=False)
    assert (again.cached, again.value) == (False, {"answer": "new"})
    assert ask(never).value == {"answer": "new"}


def test_nothing_found_is_remembered_for_a_short_time_only() -> None:
    ask(Computation({"answer": None}, negative=True))
    assert ask(never).negative
    assert 0 < redis_client().ttl(redis_tier.entry_key(key())) <= 60  # type: ignore[operator]
    assert not CachedAnswer.objects.exists()


def test_a_makeshift_is_not_kept() -> None:
    ask(Computation(keep=False))
    compute = Computation()
    ask(compute)
    assert compute.calls == 1


def keep_aged(age: float, ttl: float = 3600.0, took: float = 0.0, value: Any = VALUE, of: Key | None = None) -> None:
    tiers.keep(of or key(), Entry(value, time.time() - age, ttl, took))


def test_a_value_past_its_time_stands_in_marked_stale_when_no_new_one_can_be_had() -> None:
    keep_aged(4000)
    found = ask(unobtainable)
    assert (found.value, found.cached, found.stale) == (VALUE, True, True)
    assert found.age == pytest.approx(4000, abs=5)
    assert stats.snapshot()["query"]["stale"] == 1


def test_a_value_past_its_time_is_computed_anew_when_it_can_be() -> None:
    keep_aged(4000)
    assert ask(Computation({"answer": "new"})).value == {"answer": "new"}


def test_without_an_older_value_the_failure_is_told() -> None:
    with pytest.raises(Unobtainable, match="the source is away"):
        ask(unobtainable)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00.",
        b"{}",
        b'{"mac":"00000000000000000000000000000000","body":{"value":"mine"}}',
        encode(key("another question"), Entry("its answer", time.time(), 60.0)),
    ],
    ids=["empty", "a pickle", "no entry", "forged", "of another key"],
)
def test_a_poisoned_entry_is_thrown_away_and_computed_anew(nonsense: bytes) -> None:
    redis_client().set(redis_tier.entry_key(key()), nonsense)
    compute = Computation()
    assert ask(compute).value == VALUE
    assert compute.calls == 1
    assert stats.snapshot()["query"]["discarded"] == 1
    assert ask(never).cached


def test_an_entry_that_another_secret_signed_is_not_answered(settings: Settings) -> None:
    ask(Computation())
    CachedAnswer.objects.all().delete()
    settings.SECRET_KEY = get_random_secret_key()
    assert not ask(Computation({"answer": "ours"})).cached


def test_an_entry_written_by_an_older_version_is_computed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr("knowledge.cache.entry.FORMAT", 0)
        keep_aged(0)
    found = ask(Computation({"answer": "new"}))
    assert (found.cached, found.value) == (False, {"answer": "new"})
    assert stats.snapshot()["query"]["discarded"] >= 1


def test_a_value_of_the_wrong_shape_is_thrown_away() -> None:
    keep_aged(0, value=["not", "an", "object"])
    assert ask(Computation()).value == VALUE


def test_a_value_larger_than_the_bound_is_answered_but_not_kept(settings: Settings) -> None:
    settings.SHARED_CACHE_MAX_ENTRY_BYTES = 1_000
    compute = Computation({"answer": "long " * 400, "source": "dataset"})
    ask(compute)
    ask(compute)
    assert compute.calls == 2
    assert stats.snapshot()["query"]["rejected"] == 2
    assert not CachedAnswer.objects.exists()


def test_beyond_the_most_entries_of_a_type_the_oldest_give_way(settings: Settings) -> None:
    settings.SHARED_CACHE_MAX_ENTRIES = 3
    for number in range(5):
        ask(Computation(), key(f"question {number}"))
    assert redis_tier.count_entries()["query"] == 3
    assert redis_tier.get(key("question 0")) is None
    assert redis_tier.get(key("question 4")) is not None
    assert stats.snapshot()["query"]["evictions"] == 2


def test_a_hot_value_near_its_end_is_refreshed_beside_the_request_that_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refresh, "beside", lambda _name, work: work())
    keep_aged(3599, took=1e6)
    assert ask(Computation({"answer": "new"})).value == VALUE
    assert ask(never).value == {"answer": "new"}
    assert stats.snapshot()["query"]["refreshes"] == 1


def test_refreshing_is_likelier_the_nearer_the_end_and_the_dearer_the_value() -> None:
    now = 1_000_000.0
    cheap, dear = Entry(1, now - 50, 60, took=0.1), Entry(1, now - 50, 60, took=20)
    assert not refresh.is_due(cheap, now, chance=0.5)
    assert refresh.is_due(dear, now, chance=0.5)
    assert refresh.is_due(cheap, now + 9.99, chance=0.5)


# --- Redis away -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redis_away")
def test_without_redis_the_table_answers_for_every_process() -> None:
    ask(Computation())
    found = ask(never)
    assert (found.cached, found.tier) == (True, "table")
    row = CachedAnswer.objects.get()
    assert (row.query_hash, row.query_text, row.source, row.ttl) == (key().digest, "what is virtue", "dataset", 3600)
    assert row.access_count == 1


def test_redis_that_lost_everything_is_refilled_from_the_table() -> None:
    ask(Computation())
    redis_client().delete(redis_tier.entry_key(key()))
    assert ask(never).tier == "table"
    assert ask(never).tier == "redis"


def test_redis_gone_in_the_middle_of_a_computation_loses_nothing(settings: Settings) -> None:
    def compute() -> Computed:
        settings.REDIS_URL = "redis://127.0.0.1:9/0"
        return Computed(VALUE)

    assert ask(compute).value == VALUE
    assert ask(never).tier == "table"


def test_counts_made_while_redis_was_away_are_added_when_it_is_back(redis_away: Callable[[], None]) -> None:
    ask(Computation())
    ask(never)
    redis_away()
    ask(never)
    ask(never)
    assert stats.snapshot()["query"]["hits"] == 3


# --- invalidation ---------------------------------------------------------------------------------------------


def test_invalidation_by_domain_takes_what_was_drawn_from_it_and_leaves_the_rest() -> None:
    ask(Computation(), stoic := key())
    ask(Computation(), general := key(domain=None))
    ask(Computation(), other := key(domain="botany"))
    assert invalidate_domain("stoicism") == {"redis": 2, "table": 2}
    assert [tiers.look(k) is not None for k in (stoic, general, other)] == [False, False, True]
    assert stats.snapshot()["query"]["invalidated"] == 2


@pytest.mark.parametrize(
    ("pattern", "left"),
    [(None, 0), ("*", 0), ("query", 1), ("query:stoicism:*", 2), ("*:botany:*", 2), ("botany", 1), ("tut?ring:*", 2)],
)
def test_a_pattern_names_types_domains_or_keys(pattern: str | None, left: int) -> None:
    ask(Computation(), key())
    ask(Computation(), key(domain="botany"))
    ask(Computation(), make_key("tutoring", {}, version="1", owner="alice"))
    invalidate(pattern)
    assert sum(redis_tier.count_entries().values()) == len(entries()) == left
    assert CachedAnswer.objects.count() == left


def entries() -> list[bytes]:
    return list(redis_client().scan_iter(match=prefixed("cache:*")))


@pytest.mark.parametrize("pattern", ["[a-z]*", "a\\*", "x" * 301, "a\x00b"])
def test_a_pattern_that_cannot_be_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        invalidate(pattern)


def test_a_computation_under_way_does_not_bring_back_what_was_invalidated_meanwhile() -> None:
    def compute() -> Computed:
        invalidate("*")
        return Computed(VALUE)

    ask(compute)
    assert tiers.look(key()) is None


# --- many at once ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hundred_threads_on_one_cold_key_compute_once() -> None:
    compute, answers = Computation(), []
    start = threading.Barrier(200)

    def slow() -> Computed:
        time.sleep(0.2)
        return compute()

    def run() -> None:
        start.wait()
        answers.append(ask(slow).value)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (compute.calls, len(answers)) == (1, 200)
    assert all(answer == VALUE for answer in answers)


def test_those_who_waited_for_a_failure_are_told_and_the_next_one_tries_again() -> None:
    with pytest.raises(Unobtainable):
        ask(unobtainable)
    assert ask(Computation()).value == VALUE


def test_a_failure_reaches_who_waits_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_flights", type(shared._flights)())
    began, ends = threading.Event(), threading.Event()

    def failing() -> Computed:
        began.set()
        ends.wait(5)
        raise Unobtainable("no network")

    def lead() -> None:
        with pytest.raises(Unobtainable):
            ask(failing)

    leader = threading.Thread(target=lead)
    leader.start()
    began.wait(5)
    monkeypatch.setattr(shared, "_flights", type(shared._flights)())  # as another process would have
    threading.Timer(0.1, ends.set).start()
    with pytest.raises(Unobtainable, match="no network"):
        ask(never)
    leader.join()


# --- a Redis that hangs ---------------------------------------------------------------------------------------


@pytest.fixture
def hung_redis(settings: Settings) -> Iterator[None]:
    """Point the cache to a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.SHARED_CACHE_SOCKET_TIMEOUT = 0.2
        client.reconnect()
        yield


def test_a_redis_that_hangs_costs_its_timeout_once(hung_redis: None, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.monotonic()
    monkeypatch.setattr(redis_availability, "_clock", lambda: moment)  # within the pause, however slow the machine
    before = redis_availability.failures
    assert ask(Computation()).value == VALUE
    assert ask(never).tier == "table"
    assert redis_availability.failures == before + 1, "and from then on nobody tries"
