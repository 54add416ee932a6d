"""Rotation keeps the newest examples of a domain, archives the rest, and can be undone."""

import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

from knowledge.archive import archive_restore
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.models import ArchivedExample, Example
from knowledge.rotation import Rotated, rotation_run
from tests.knowledge.conftest import database_environment, domain


def contents(model: type[Example] | type[ArchivedExample]) -> list[str]:
    return sorted(model.objects.values_list("content", flat=True))


@pytest.mark.django_db
def test_the_oldest_over_the_limit_are_archived() -> None:
    tea = domain("tea", 10, max_examples=7)
    assert rotation_run() == [Rotated("tea", 3, 7)]
    assert contents(ArchivedExample) == ["tea 0000", "tea 0001", "tea 0002"]
    tea.refresh_from_db()
    assert (tea.example_count, tea.archived_count, tea.version) == (7, 3, 3)
    assert rotation_run() == [Rotated("tea", 0, 7)]


@pytest.mark.django_db
def test_each_domain_has_its_own_limit_and_an_exempt_one_has_none() -> None:
    domain("plain", 5), domain("small", 5, max_examples=2), domain("whole", 5, max_examples=2, rotation_exempt=True)
    assert rotation_run() == [Rotated("plain", 0, 5), Rotated("small", 3, 2), Rotated("whole", 0, 5)]
    assert rotation_run(domain="plain", max_examples=0) == [Rotated("plain", 5, 0)]


@pytest.mark.django_db
def test_a_dry_run_says_what_would_move_and_moves_nothing() -> None:
    domain("tea", 5)
    assert rotation_run(max_examples=4, dry_run=True) == [Rotated("tea", 1, 4)]
    assert Example.objects.count() == 5


@pytest.mark.django_db
def test_what_cannot_be_meant_is_refused() -> None:
    domain("astronomy", 1)
    with pytest.raises(NotFoundError, match="Did you mean 'astronomy'"):
        rotation_run(domain="astronmy")
    with pytest.raises(KnowledgeError, match="0 or more"):
        rotation_run(max_examples=-1)


@pytest.mark.django_db
def test_restored_examples_are_as_they_were() -> None:
    domain("tea", 6)
    Example.objects.filter(content="tea 0001").update(embedding=[0.25] * 256, embedder="test", response="hot")
    fields = ["id", "content", "response", "metadata", "embedding", "content_hash", "created_at", "search_vector"]
    before = list(Example.objects.order_by("id").values(*fields))
    rotation_run(max_examples=2)
    assert archive_restore(domain="tea", actor="alice").restored == 4
    assert list(Example.objects.order_by("id").values(*fields)) == before
    assert not ArchivedExample.objects.exists()


@pytest.mark.django_db
def test_what_came_back_by_another_way_stays_archived() -> None:
    tea = domain("tea", 3)
    rotation_run(max_examples=1)
    Example.objects.create(dataset=tea, content="tea 0000")
    restored = archive_restore(domain="tea", actor="alice")
    assert (restored.restored, restored.kept) == (1, 1)
    assert contents(ArchivedExample) == ["tea 0000"]


@pytest.mark.django_db(transaction=True)
def test_an_import_that_runs_at_the_same_time_loses_nothing() -> None:
    tea = domain("tea", 50)
    started = threading.Event()

    def add() -> None:
        with transaction.atomic():
            Example.objects.bulk_create([Example(dataset=tea, content=f"new {i}") for i in range(50)])
            started.set()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
        connection.close()

    writer = threading.Thread(target=add)
    writer.start()
    started.wait()
    assert rotation_run(max_examples=20) == [Rotated("tea", 80, 20)]
    writer.join()
    tea.refresh_from_db()
    assert (Example.objects.count(), tea.example_count, tea.archived_count) == (20, 20, 80)


@pytest.mark.django_db(transaction=True)
def test_a_rotation_killed_half_way_moved_nothing() -> None:
    domain("tea", 200)
    code = (
        "import django, os, signal; django.setup()\n"
        "from django.db import transaction; from knowledge.rotation import rotation_run\n"
        "with transaction.atomic():\n"
        "    rotation_run(max_examples=10); os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = database_environment()
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == -9
    assert (Example.objects.count(), ArchivedExample.objects.count()) == (200, 0)
    assert rotation_run(max_examples=10) == [Rotated("tea", 190, 10)]
