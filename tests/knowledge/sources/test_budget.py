from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django import Settings

from knowledge.sources import budget


@pytest.fixture(autouse=True)
def one_dollar(settings: Settings) -> None:
    settings.LLM_DAILY_BUDGET = 1.0


def test_calls_at_once_cannot_overspend() -> None:
    with ThreadPoolExecutor(16) as pool:
        granted = [r for r in pool.map(lambda _: budget.reserve(0.03), range(64)) if r is not None]
    assert len(granted) == 33
    assert budget.spent_today() == pytest.approx(0.99)


def test_what_a_call_did_not_use_is_free_again() -> None:
    first = budget.reserve(0.9)
    assert first is not None
    assert budget.reserve(0.2) is None
    first.settle(0.1)
    assert budget.spent_today() == pytest.approx(0.1)
    assert budget.reserve(0.9) is not None


def test_settling_twice_counts_once() -> None:
    reservation = budget.reserve(0.5)
    assert reservation is not None
    reservation.settle(0.2)
    reservation.settle(0.2)
    assert budget.spent_today() == pytest.approx(0.2)


def test_what_costs_nothing_is_always_granted(settings: Settings) -> None:
    settings.LLM_DAILY_BUDGET = 0.0
    assert budget.reserve(0.0) is not None
    assert budget.reserve(0.000_001) is None


def test_without_redis_a_process_may_spend_a_tenth_by_itself(
    redis_away: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "_alone", type(budget._alone)())
    assert budget.reserve(0.1) is not None
    assert budget.reserve(0.01) is None
    assert budget.spent_today() is None
