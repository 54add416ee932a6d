"""The names of domains: what they may be, and how one is found or made."""

import unicodedata
from collections.abc import Iterable

from django.db import connection

from knowledge.errors import KnowledgeError, NotFoundError, nearest
from knowledge.models import Dataset

MAX_NAME = 100
FORBIDDEN = frozenset('/\\"<>')

# Every page of examples begins with this read. Written out it costs a fifth of what the query builder takes over it;
# the one column that needs decoding is fetched when asked for.
_PLAIN = [field.attname for field in Dataset._meta.concrete_fields if field.name != "metadata"]
_BY_NAME = f"SELECT {', '.join(_PLAIN)} FROM datasets WHERE domain_name = %s"  # noqa: S608


def domain_name_clean(raw: str, *, field: str = "domain") -> str:
    """Return ``raw`` as a domain name, in Unicode NFC without white space around it.

    Raises
    ------
    KnowledgeError
        It is empty, longer than 100 characters, or has characters that no name may have.
    """
    name = unicodedata.normalize("NFC", raw).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise KnowledgeError(field, f"A domain name has 1 to {MAX_NAME} characters; this one has {len(name)}.")
    if name in {".", ".."} or any(c in FORBIDDEN or not (c.isprintable() or c == " ") for c in name):
        raise KnowledgeError(field, 'A domain name has no control characters and none of / \\ " < >.')
    return name


def dataset_get(domain: str, *, field: str = "domain") -> Dataset:
    """Return the domain of this name.

    Raises
    ------
    NotFoundError
        There is none; the message names the nearest.
    """
    row = None
    if "\0" not in domain:  # which no text of the database can have
        with connection.cursor() as cursor:
            cursor.execute(_BY_NAME, [domain])
            row = cursor.fetchone()
    if row is None:
        names = Dataset.objects.values_list("domain_name", flat=True)
        raise NotFoundError(field, no_domain(domain, names))
    return Dataset.from_db(connection.alias, _PLAIN, row)


def no_domain(domain: str, known: Iterable[str]) -> str:
    """Return the sentence that says so, and names the nearest of the ``known``."""
    return f"There is no domain {domain[:MAX_NAME]!r}.{nearest(domain, known)}"


def datasets_ensure(names: Iterable[str]) -> dict[str, Dataset]:
    """Return the domains of these names, making those that do not exist."""
    wanted = sorted(set(names))
    Dataset.objects.bulk_create([Dataset(domain_name=name) for name in wanted], ignore_conflicts=True)
    return {dataset.domain_name: dataset for dataset in Dataset.objects.filter(domain_name__in=wanted)}
