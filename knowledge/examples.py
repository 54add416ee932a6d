"""Changing examples one by one or many at once: every change locks its domains first and names its author."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from knowledge.acting import acting, datasets_lock
from knowledge.domains import datasets_ensure, domain_name_clean
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.models import Dataset, Example

CHANGEABLE = ("content", "response", "metadata")

_MOVE = """
WITH wanted AS (
    SELECT DISTINCT ON (content_hash) id FROM examples e
    WHERE id = ANY(%(ids)s) AND dataset_id <> %(target)s AND NOT EXISTS (
        SELECT FROM examples o WHERE o.dataset_id = %(target)s AND o.content_hash = e.content_hash)
    ORDER BY content_hash, id
)
UPDATE examples e SET dataset_id = %(target)s FROM wanted w WHERE e.id = w.id"""

_TAGS = "CASE WHEN jsonb_typeof(metadata->'tags') = 'array' THEN metadata->'tags' ELSE '[]' END"
_TAG = f"""
UPDATE examples SET metadata = jsonb_set(metadata, '{{tags}}', {_TAGS} || to_jsonb(%(tag)s::text))
WHERE id = ANY(%(ids)s) AND NOT jsonb_exists({_TAGS}, %(tag)s)"""  # noqa: S608
_UNTAG = f"""
UPDATE examples SET metadata = jsonb_set(metadata, '{{tags}}', {_TAGS} - %(tag)s)
WHERE id = ANY(%(ids)s) AND jsonb_exists({_TAGS}, %(tag)s)"""  # noqa: S608

HELD = "The domain holds this content already, as example {}."


def example_create(
    *, domain: str, content: str, actor: str, response: str = "", metadata: Mapping[str, Any] | None = None
) -> Example:
    """Add one example; the domain is made if there is none. Raises `KnowledgeError` for a duplicate."""
    name = domain_name_clean(domain)
    with transaction.atomic():
        (dataset,) = datasets_lock([datasets_ensure([name])[name].pk])
        with acting(actor), _no_duplicate(dataset.pk, content):
            return Example.objects.create(
                dataset=dataset, content=content, response=response, metadata=dict(metadata or {})
            )


def example_update(*, example_id: int, changes: Mapping[str, Any], actor: str) -> Example:
    """Change content, response or metadata of one example.

    Raises
    ------
    NotFoundError
        There is no such example.
    KnowledgeError
        The domain holds the new content already.
    """
    with transaction.atomic():
        _lock_domains_of([example_id])
        example = Example.objects.select_for_update().filter(pk=example_id).first()
        if example is None:
            raise NotFoundError("id", f"There is no example {example_id}.")
        for name in changes.keys() & set(CHANGEABLE):
            setattr(example, name, changes[name])
        with acting(actor), _no_duplicate(example.dataset_id, example.content):
            example.save(update_fields=list(CHANGEABLE))
    example.refresh_from_db()
    return example


def examples_delete(*, ids: Sequence[int], actor: str) -> int:
    """Delete examples; the history keeps them."""
    with _changing(ids, actor):
        return _execute("DELETE FROM examples WHERE id = ANY(%(ids)s)", ids=list(ids))


def examples_move(*, ids: Sequence[int], domain: str, actor: str) -> int:
    """Move examples to another domain, but for those whose content it holds already; return how many moved."""
    name = domain_name_clean(domain)
    with transaction.atomic():
        target = datasets_ensure([name])[name]
        with _changing(ids, actor, also=target):
            return _execute(_MOVE, ids=list(ids), target=target.pk)


def examples_tag(*, ids: Sequence[int], tag: str, actor: str, remove: bool = False) -> int:
    """Add a tag to the metadata of examples, or take it away; return how many changed."""
    if not tag.strip() or len(tag) > 100:
        raise KnowledgeError("tag", "A tag has 1 to 100 characters.")
    with _changing(ids, actor):
        return _execute(_UNTAG if remove else _TAG, ids=list(ids), tag=tag.strip())


def examples_forget_embedding(*, ids: Sequence[int], actor: str) -> int:
    """Take the embeddings off, so that they are made anew."""
    with _changing(ids, actor):
        return Example.objects.filter(pk__in=ids, embedding__isnull=False).update(embedding=None, embedder=None)


@contextmanager
def _changing(ids: Sequence[int], actor: str, also: Dataset | None = None) -> Iterator[None]:
    with transaction.atomic():
        _lock_domains_of(ids, *([] if also is None else [also.pk]))
        with acting(actor):
            yield


def _lock_domains_of(ids: Sequence[int], *more: int) -> None:
    found = Example.objects.filter(pk__in=ids).values_list("dataset_id", flat=True).order_by(F("dataset_id"))
    datasets_lock([*found.distinct(), *more])


@contextmanager
def _no_duplicate(dataset_id: int, content: str) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "examples_no_duplicate_in_domain" not in str(error):
            raise
        twin = example_twin(dataset_id, content)
        raise KnowledgeError("content", HELD.format(twin)) from error


def example_twin(dataset_id: int, content: str) -> int | None:
    """Return the example of the domain that has the same content, whatever its white space, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM examples WHERE dataset_id = %s AND content_hash = example_content_hash(%s)",
            [dataset_id, content],
        )
        found = cursor.fetchone()
    return None if found is None else int(found[0])


def _execute(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
