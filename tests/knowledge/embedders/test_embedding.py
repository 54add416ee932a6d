"""Keeping the store embedded."""

from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from jobs import runner
from jobs.models import Job
from knowledge.embedders import pending
from knowledge.embedders.contract import EmbedderError, fitted
from knowledge.embedders.embedding import embed_pending
from knowledge.examples import example_create, examples_delete
from knowledge.kinds.embedding import embed_enqueue
from knowledge.models import Dataset, EmbedderModel, Example
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db

TEXTS = [f"{a} {b} {c}" for a in ("red", "green", "blue") for b in ("apple", "pear") for c in ("tree", "juice")]


def embedders() -> set[str | None]:
    return set(Example.objects.values_list("embedder", flat=True))


def test_every_example_gets_a_vector_of_length_one_and_its_makers_name() -> None:
    keep(*TEXTS)
    done = embed_pending()
    assert (done.embedded, done.left) == (len(TEXTS), 0)
    assert embedders() == {done.embedder}
    for example in Example.objects.all():
        assert np.linalg.norm(np.array(example.embedding)) == pytest.approx(1, abs=1e-3)
    assert Dataset.objects.get().embedded_count == len(TEXTS)


def test_what_is_embedded_is_not_embedded_again() -> None:
    keep(*TEXTS)
    embed_pending()
    assert embed_pending().embedded == 0


def test_an_edited_example_loses_its_vector_and_gets_a_new_one() -> None:
    keep(*TEXTS)
    embed_pending()
    example = Example.objects.earliest("pk")
    before = example.embedding
    example.content = "blue juice"
    example.save(update_fields=["content"])
    example.refresh_from_db()
    assert example.embedding is None
    assert embed_pending().embedded == 1
    example.refresh_from_db()
    assert example.embedding != before


def test_an_example_without_known_words_waits_no_more() -> None:
    keep(*TEXTS)
    embed_pending()
    keep("xyzzy")
    assert embed_pending().left == 0
    assert embed_pending().embedded == 0
    assert Example.objects.get(content="xyzzy").embedding is None


def test_a_stopped_run_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Exception):
        pass

    def stop(fraction: float, stage: str) -> None:
        if fraction > 0.5:
            raise Stopped

    monkeypatch.setattr(pending, "BATCH", 4)
    keep(*TEXTS)
    with pytest.raises(Stopped):
        embed_pending(progress=stop)
    kept = Example.objects.filter(embedding__isnull=False).count()
    assert 0 < kept < len(TEXTS)
    assert embed_pending().embedded == len(TEXTS) - kept


def test_a_new_version_embeds_everything_anew() -> None:
    keep(*TEXTS)
    first = embed_pending().embedder
    keep(*(f"white {n} lily pond water" for n in range(40)))
    second = embed_pending()  # the store has outgrown the first version
    assert second.embedder != first
    assert second.embedded == len(TEXTS) + 40
    assert embedders() == {second.embedder}
    assert EmbedderModel.objects.count() == 2


def test_an_example_that_changes_while_it_is_embedded_keeps_no_vector_of_its_former_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(*TEXTS)
    write = pending.vectors_write

    def edit_first(*args: Any) -> int:
        Example.objects.filter(content=TEXTS[0]).update(content="blue pear")
        return write(*args)

    monkeypatch.setattr("knowledge.embedders.embedding.vectors_write", edit_first)
    assert embed_pending().left == 1
    assert Example.objects.get(content="blue pear").embedding is None


def test_an_empty_store_is_no_error() -> None:
    assert embed_pending().embedder is None


@pytest.mark.django_db(transaction=True)
def test_the_index_can_be_taken_down_meanwhile() -> None:
    keep(*TEXTS)
    call_command("embed_examples", "--rebuild-index", verbosity=0)
    assert embed_pending().embedded == 0


def test_one_job_waits_at_a_time_and_does_the_work() -> None:
    keep(*TEXTS)
    assert embed_enqueue() is True
    assert embed_enqueue() is False
    job = Job.objects.get(kind="embed")
    runner.run(job.pk, "test:1")
    job.refresh_from_db()
    assert job.status == "completed"
    assert job.result["embedded"] == len(TEXTS)


def test_vectors_are_filled_up_cut_only_when_asked_and_never_what_is_no_number() -> None:
    assert fitted(np.ones((1, 4)))[0, :5].tolist() == [0.5, 0.5, 0.5, 0.5, 0]
    with pytest.raises(EmbedderError, match="384"):
        fitted(np.ones((1, 384)))
    assert np.linalg.norm(fitted(np.ones((1, 384)), truncate=True)) == pytest.approx(1)
    with pytest.raises(EmbedderError, match="number"):
        fitted(np.full((1, 4), np.nan))


@pytest.mark.django_db(transaction=True)
def test_adding_an_example_submits_an_embedding_job_and_deleting_one_does_not() -> None:
    example = example_create(domain="store", content="a bell in a tower", actor="alice")
    job = Job.objects.get(kind="embed")
    runner.run(job.pk, "test:1")
    job.refresh_from_db()
    assert job.status == "completed"
    example.refresh_from_db()
    assert example.embedder is not None
    examples_delete(ids=[example.pk], actor="alice")
    assert Job.objects.filter(kind="embed").count() == 1
