"""Where answers come from: the circuit breakers, and what is spent on models."""

from collections.abc import Iterator

from django.conf import settings
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from knowledge.sources import budget
from knowledge.sources.breaker import Breaker
from knowledge.sources.llm.models import configured_models
from knowledge.sources.registry import SOURCE_NAMES

_STATES = ("closed", "half-open", "open")


def read() -> Iterator[Metric]:
    """Yield breakers and dollars."""
    states = GaugeMetricFamily(
        "mc_ai_source_breaker_state", "1 for the state that the breaker is in.", labels=["source", "state"]
    )
    failures = GaugeMetricFamily("mc_ai_source_failures", "Failures in a row.", labels=["source"])
    models = [f"llm:{model.name}" for model in configured_models()]
    for source in (*SOURCE_NAMES, *models):
        found = Breaker(source).state()
        failures.add_metric([source], float(str(found["failures"])))
        for state in _STATES:
            states.add_metric([source, state], found["state"] == state)
    yield states
    yield failures
    spent = budget.spent_today()
    if spent is not None:
        yield GaugeMetricFamily("mc_ai_llm_spent_dollars", "Dollars spent and reserved today.", spent)
    yield GaugeMetricFamily("mc_ai_llm_budget_dollars", "Dollars that a day may cost.", settings.LLM_DAILY_BUDGET)
