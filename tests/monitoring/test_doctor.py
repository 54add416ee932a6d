"""``manage.py doctor``."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from jobs import broker
from knowledge.models import Example, ExampleHistory, VectorBreadth
from knowledge.search.calibrating import RECALL
from monitoring import doctor, presence
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_home_and_every_worker(settings: Settings, tmp_path: Path) -> None:
    settings.MCAI_HOME = settings.MCAI_FILES = tmp_path
    for queue in django_settings.MCAI_QUEUES:
        broker.client().delete(f"mcai:workers:{queue}")
        presence.here(f"{queue}@one", [queue])


def examined() -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("doctor", stdout=output, stderr=output)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue()
    return 0, output.getvalue()


def test_a_sound_installation_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_BYTES", 1)
    status, text = examined()
    assert status == 0, text
    assert "PostgreSQL 18" in text
    assert "queue art: 1 worker" in text


def test_a_queue_without_worker_is_told_with_the_command_that_starts_one() -> None:
    presence.gone("art@one")
    status, text = examined()
    assert status == 1
    assert "queue art: 0 workers" in text
    assert "worker -Q art" in text


def test_secrets_that_others_can_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "run.json").chmod(0o644)
    assert "chmod 600" in examined()[1]


def test_a_search_by_meaning_that_misses_too_much_is_told() -> None:
    figures = {"breadth": 400, "recall": 0.975, "questions": 400, "vectors": 9_000, "revision": 1}
    kept = VectorBreadth.objects.create(embedder="lsa:1", at_least=RECALL - 0.001, **figures)
    status, text = examined()
    assert status == 1
    assert "recall@10 0.975" in text
    assert "--rebuild-index" in text
    VectorBreadth.objects.filter(pk=kept.pk).update(recall=0.98, at_least=RECALL)
    assert "--rebuild-index" not in examined()[1]


def test_a_disk_that_is_nearly_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_BYTES", 2**60)
    assert "Make room" in examined()[1]


def test_a_service_that_is_away_is_told_and_the_other_checks_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(sql: str) -> str:
        raise OperationalError("connection refused")

    monkeypatch.setattr(doctor, "_value", away)
    status, text = examined()
    assert status == 1
    assert "database: the database does not answer" in text
    assert "Redis protocol" in text


def test_states_of_examples_that_stay_beyond_their_time_are_told(settings: Settings) -> None:
    settings.MCAI_HISTORY_DAYS = 30
    assert "kept for 30 days; 0 are older" in examined()[1]
    domain("tea", 1)
    Example.objects.update(response="edited")
    ExampleHistory.objects.update(changed_at=timezone.now() - timedelta(days=33))
    status, text = examined()
    assert status == 1 and "1 are older" in text and "manage.py prune_history" in text
    settings.MCAI_HISTORY_DAYS = 0
    assert "kept for ever" in examined()[1]
