"""A small store to search in."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from knowledge.models import Dataset, Example


def keep(*contents: str, domain: str = "store", response: str = "", **fields: Any) -> Sequence[Example]:
    """Add examples to a domain and return them."""
    dataset, _ = Dataset.objects.get_or_create(domain_name=domain)
    made = [Example(dataset=dataset, content=content, response=response, **fields) for content in contents]
    return Example.objects.bulk_create(made)


def walk_always() -> None:
    """Let the planner walk the graph of vectors even in a small store, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
