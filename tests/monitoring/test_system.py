"""Probes, health and stats."""

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import broker
from monitoring import health, presence, roster
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_workers() -> None:
    broker.client().delete(*(f"mcai:workers:{queue}" for queue in django_settings.MCAI_QUEUES))


def everybody_serves() -> None:
    for queue in django_settings.MCAI_QUEUES:
        presence.here(f"{queue}@one", [queue])


def test_probes_need_no_log_in_and_everything_else_does() -> None:
    stranger = APIClient()
    assert stranger.get("/livez").status_code == 200
    assert stranger.get("/readyz").status_code == 200
    for path in ("/api/system/health", "/api/system/stats", "/health", "/api/health", "/api/metrics", "/metrics"):
        assert stranger.get(path).status_code == 401, path


def test_all_is_healthy_while_every_queue_has_a_worker(client: APIClient) -> None:
    everybody_serves()
    body = client.get("/api/system/health").json()
    assert body["status"] == "healthy"
    assert body["services"]["workers"] == dict.fromkeys(django_settings.MCAI_QUEUES, 1)
    assert body["services"]["redis"] is body["services"]["database"] is True
    assert body["memory_mb"] > 10
    assert body["cpu_percent"] >= 0


def test_a_queue_without_worker_is_a_lesser_health(client: APIClient) -> None:
    everybody_serves()
    presence.gone("art@one")
    body = client.get("/api/system/health").json()
    assert body["status"] == "degraded"
    assert body["services"]["workers"]["art"] == 0


def test_a_worker_that_falls_silent_is_soon_forgotten() -> None:
    everybody_serves()
    broker.client().zadd("mcai:workers:music", {"music@one": 1})  # a moment in 1970
    assert presence.workers_by_queue()["music"] == 0


def test_without_redis_the_health_is_lesser_and_stats_still_answer(client: APIClient, settings: Settings) -> None:
    kept, broker._client = broker._client, None
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    try:
        body = client.get("/api/system/health").json()
        stats = client.get("/api/system/stats").json()
    finally:
        broker._client = kept
    assert body["status"] == "degraded"
    assert body["services"]["redis"] is False
    assert stats["redis"] == {"enabled": False, "memory_used_mb": None, "total_keys": None, "version": None}
    assert stats["database"]["enabled"] is True


def test_without_database_we_are_unhealthy(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda: False)
    assert client.get("/api/system/health").status_code == 503
    assert client.get("/api/system/health").json()["status"] == "unhealthy"


def test_stats_count_every_request_and_their_mean_time(client: APIClient) -> None:
    before = client.get("/api/system/stats").json()["performance"]["requests_total"]
    client.get("/api/system/health")
    performance = client.get("/api/system/stats").json()["performance"]
    assert performance["requests_total"] == before + 2, "the health, and the stats before"
    assert performance["avg_latency_ms"] > 0
    assert performance["memory_mb"] > 10
    assert performance["cpu_percent"] >= 0
    assert performance["cache_hit_rate"] is None or 0 <= performance["cache_hit_rate"] <= 1


def test_stats_tell_what_waits_in_each_queue(client: APIClient, submit_job: Submit) -> None:
    submit_job("test-noop")
    body = client.get("/api/system/stats").json()
    assert set(body["queues"]) >= set(django_settings.MCAI_QUEUES)
    assert body["queues"]["data"]["queued"] == 1
    assert body["redis"]["enabled"] is True
    assert body["redis"]["total_keys"] >= 0
    assert body["redis"]["version"]


def test_old_names_answer_the_same(client: APIClient) -> None:
    assert set(client.get("/health").json()) == set(client.get("/api/system/health").json())
    assert set(client.get("/api/health").json()) == set(client.get("/api/system/health").json())
    assert set(client.get("/api/metrics").json()) == set(client.get("/api/system/stats").json())


def test_the_roster_forgets_the_dead() -> None:
    roster.enrol("tester")
    folder = django_settings.MCAI_METRICS_DIR / "processes"
    (folder / "4194305").write_text("ghost")  # above the greatest process id of Linux
    assert [member.role for member in roster.members() if member.role in {"tester", "ghost"}] == ["tester"]
    assert not (folder / "4194305").exists()
