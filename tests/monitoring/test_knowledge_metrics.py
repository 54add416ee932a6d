"""``/metrics`` of what the knowledge store does: do the thing, and see the number move."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import lease, reconcile, runner
from jobs.models import Job
from knowledge.answers.asking import Ask, ask
from knowledge.cache.client import redis_client
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.invalidation import invalidate
from knowledge.cache.reads import read_emotions, read_examples
from knowledge.cache.table_tier import database_availability
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.models import Dataset, Emotion, Example
from knowledge.sources.contract import Question
from tests.jobs.conftest import Submit
from tests.knowledge.servers import Call, Server, fails, is_busy, llm
from tests.knowledge.shared_cache import database_away, own_cache
from tests.monitoring.conftest import Read, metrics_text, samples_of, total
from tests.monitoring.test_deployment import instruments

__all__ = ["database_away", "llm", "own_cache"]

pytestmark = pytest.mark.django_db(transaction=True)

Names = dict[str, tuple[str, dict[str, str]]]
TOKENS = "gen_ai_client_token_usage"
SECONDS = "gen_ai_client_operation_duration_seconds"
SMALL = {"gen_ai_operation_name": "chat", "gen_ai_provider_name": "openai", "gen_ai_request_model": "small-1"}


@pytest.fixture(autouse=True)
def no_source_but_the_tests(own_cache: str, settings: Settings) -> None:
    settings.WIKIPEDIA_URL = settings.SEARXNG_URL = settings.LLM_BASE_URL = ""
    settings.LLM_MODELS = []


def values(client: APIClient, names: Names) -> dict[str, float]:
    """Return each named value, all from one reading."""
    samples = samples_of(metrics_text(client))
    return {called: total(samples, name, **labels) for called, (name, labels) in names.items()}


def moved(client: APIClient, names: Names, act: Callable[[], object]) -> dict[str, float]:
    """Return by how much each named value rose while ``act`` ran."""
    before = values(client, names)
    act()
    return {called: round(value - before[called], 6) for called, value in values(client, names).items()}


def asked() -> None:
    ask(Ask(Question("What is entropy?")))


# --- models -----------------------------------------------------------------------------------------------------


def test_a_models_tokens_time_and_dollars_are_counted_by_the_names_of_opentelemetry(
    llm: Server, client: APIClient
) -> None:
    names = {
        "input": (f"{TOKENS}_sum", SMALL | {"gen_ai_token_type": "input"}),
        "output": (f"{TOKENS}_sum", SMALL | {"gen_ai_token_type": "output"}),
        "calls": (f"{SECONDS}_count", SMALL | {"error_type": ""}),
        "dollars": ("mc_ai_llm_cost_dollars_total", SMALL),
        "answered": ("mc_ai_source_requests_total", {"source": "llm", "outcome": "answered"}),
        "spent": ("mc_ai_llm_spent_dollars", {}),
    }
    rose = {"input": 40, "output": 10, "calls": 1, "dollars": 0.05, "answered": 1, "spent": 0.05}
    assert moved(client, names, asked) == rose
    assert moved(client, names, asked) == dict.fromkeys(names, 0), "the second answer comes from the cache"


@pytest.mark.parametrize(("fault", "error", "state"), [(fails, "500", "closed"), (is_busy, "429", "open")])
def test_a_model_that_fails_is_counted_by_what_went_wrong_and_cost_nothing(
    llm: Server, client: APIClient, read: Read, fault: Callable[[Call], None], error: str, state: str
) -> None:
    def act() -> None:
        with pytest.raises(Exception, match="No source could answer"):
            asked()

    llm.fault = fault
    names = {
        "failed": (f"{SECONDS}_count", SMALL | {"error_type": error}),
        "tokens": (f"{TOKENS}_count", SMALL),
        "dollars": ("mc_ai_llm_cost_dollars_total", SMALL),
        "outcome": ("mc_ai_source_requests_total", {"source": "llm", "outcome": "failed"}),
    }
    assert moved(client, names, act) == {"failed": 1, "tokens": 0, "dollars": 0, "outcome": 1}
    assert read("mc_ai_source_failures", source="llm") == 1
    assert read("mc_ai_source_breaker_state", source="llm:small", state=state) == 1


def test_tokens_that_nobody_counted_are_not_made_up_but_their_dollars_are_spent(llm: Server, client: APIClient) -> None:
    def whole(call: Call) -> None:
        call.answer_json({"choices": [{"message": {"content": "Order."}, "finish_reason": "stop"}]})

    llm.fault = whole
    names = {"tokens": (f"{TOKENS}_count", SMALL), "dollars": ("mc_ai_llm_cost_dollars_total", SMALL)}
    rose = moved(client, names, asked)
    assert rose["tokens"] == 0
    assert rose["dollars"] > 0


def test_an_embeddings_endpoint_is_counted_too(client: APIClient) -> None:
    def embed(call: Call) -> None:
        data = [{"index": n, "embedding": [1.0] * 256} for n in range(len(call.json["input"]))]
        call.answer_json({"data": data, "usage": {"prompt_tokens": 7}})

    server = Server(embed)
    labels = {"gen_ai_operation_name": "embeddings", "gen_ai_request_model": "e-1"}
    names = {"tokens": (f"{TOKENS}_sum", labels), "calls": (f"{SECONDS}_count", labels)}
    try:
        embedder = EndpointEmbedder(url=server.url, model="e-1")
        assert moved(client, names, lambda: embedder.query("a question")) == {"tokens": 7, "calls": 1}
    finally:
        server.stop()


# --- the cache --------------------------------------------------------------------------------------------------


def lookups(cache_type: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Name what each tier can answer for this type."""
    return {
        f"{tier} {result}": (
            "mc_ai_cache_lookups_total",
            {"cache_type": cache_type, "tier": tier, "result": result},
        )
        for tier in ("redis", "table", "export")
        for result in ("hit", "miss", "stale")
    }


def risen(client: APIClient, cache_type: str, act: Callable[[], object]) -> dict[str, float]:
    return {name: rise for name, rise in moved(client, lookups(cache_type), act).items() if rise}


def lose_redis_entries() -> None:
    names = list(redis_client().scan_iter(match=f"{django_settings.SHARED_CACHE_PREFIX}:cache:*"))
    assert redis_client().delete(*names) == len(names) > 0


def test_each_tier_of_the_cache_tells_what_it_answered(llm: Server, client: APIClient, read: Read) -> None:
    assert risen(client, "query", asked) == {"redis miss": 1, "table miss": 1}
    assert risen(client, "query", asked) == {"redis hit": 1}
    lose_redis_entries()
    assert risen(client, "query", asked) == {"redis miss": 1, "table hit": 1}
    assert risen(client, "query", asked) == {"redis hit": 1}, "what the table had went back into Redis"
    assert read("mc_ai_cache_hits_total", cache_type="query") == 3
    assert read("mc_ai_cache_misses_total", cache_type="query") == 1
    assert read("mc_ai_cache_entries", cache_type="query") == 1
    assert read("mc_ai_cache_saved_dollars_total", cache_type="query") == pytest.approx(0.15)


def test_old_values_and_files_that_stand_in_are_told_apart(
    read: Read, client: APIClient, database_away: Callable[[], None]
) -> None:
    Emotion.objects.create(name="calm", neuroscience_freq=10.0, metaphysical_freq=432.0, valence=0.5, arousal=-0.6)
    write_exports()
    names = lookups("emotions")
    before = values(client, names)
    there = connection.settings_dict["PORT"]
    database_away()
    assert read_emotions().rows, "from the files"
    connection.close()
    connection.settings_dict["PORT"] = there
    database_availability.forget()
    rose = {called: value - before[called] for called, value in values(client, names).items()}
    assert {called: rise for called, rise in rose.items() if rise} == {"redis miss": 1, "export stale": 1}
    assert read("mc_ai_cache_stale_total", cache_type="emotions") == 1


def test_invalidated_entries_are_counted(read: Read, llm: Server) -> None:
    asked()
    invalidate("query")
    assert read("mc_ai_cache_invalidated_total", cache_type="query") == 1, "once, though it lay in two tiers"
    assert read("mc_ai_cache_entries", cache_type="query") == 0


def test_entries_that_make_room_are_counted(read: Read, settings: Settings) -> None:
    settings.SHARED_CACHE_MAX_ENTRIES = 1
    for name in ("one", "two"):
        Dataset.objects.create(domain_name=name)
        read_examples(name)
    assert read("mc_ai_cache_evictions_total", cache_type="examples") == 1


# --- the store, jobs that lose their worker, what runs -----------------------------------------------------------


def test_datasets_show_in_sum(read: Read) -> None:
    dataset = Dataset.objects.create(domain_name="small", max_examples=1)
    for number in range(3):
        Example.objects.create(dataset=dataset, content=f"Question {number}", response="Answer")
    assert read("mc_ai_datasets") == 1
    assert read("mc_ai_examples") == 3
    assert read("mc_ai_examples_bytes") > 0
    assert read("mc_ai_datasets_over_limit") == 1
    assert read("mc_ai_examples_embedded") == 0


def test_rotation_shows_in_the_archive_and_in_when_it_last_went_well(read: Read, submit_job: Submit) -> None:
    dataset = Dataset.objects.create(domain_name="small", max_examples=1)
    for number in range(3):
        Example.objects.create(dataset=dataset, content=f"Question {number}", response="Answer")
    job = submit_job("rotation", domain="small", max_examples=None, dry_run=False)
    runner.run(job.pk, "test")
    job.refresh_from_db()
    assert read("mc_ai_examples_archived") == 2
    assert read("mc_ai_last_success_timestamp_seconds", kind="rotation") == pytest.approx(
        job.finished_at.timestamp() if job.finished_at else 0, abs=1
    )


def test_a_job_that_loses_its_worker_is_counted_and_its_recovery_too(client: APIClient, submit_job: Submit) -> None:
    job = submit_job("test-noop")
    assert lease.claim(job.pk, "dead@nowhere:1")
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    names: dict[str, tuple[str, dict[str, str]]] = {
        "lost": ("mc_ai_jobs_lost_total", {}),
        "recovered": ("mc_ai_jobs_recovered_total", {}),
    }
    assert moved(client, names, reconcile.reconcile) == {"lost": 1, "recovered": 1}


def test_what_runs_and_what_it_takes_is_told(read: Read) -> None:
    assert read("mc_ai_build_info") == 1
    assert read("mc_ai_migrations_unapplied") == 0
    assert read("mc_ai_redis_memory_bytes") > 0
    assert read("mc_ai_redis_keys") > 0
    assert read("mc_ai_database_size_bytes") > 0
    assert 0 < read("mc_ai_database_connections") < read("mc_ai_database_max_connections")
    assert read("mc_ai_llm_budget_dollars") == django_settings.LLM_DAILY_BUDGET


def test_the_operators_page_tells_of_every_metric_and_of_none_that_is_not_there(client: APIClient) -> None:
    page = (django_settings.BASE_DIR / "docs/operations.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if re.match(r"\| `(mc_ai|celery|gen_ai)_", line)]
    told = {name for row in rows for name in re.findall(r"`((?:mc_ai|celery|gen_ai)_\w+)`", row)}
    families = {family.name for family in text_string_to_metric_families(metrics_text(client))}
    families |= {family.name for metric in instruments() for family in metric.describe()}
    named = {f"{name}_info" if name == "mc_ai_build" else name for name in families}
    assert {name.removesuffix("_total") for name in told} == named
