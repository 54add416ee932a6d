"""The body of a query, checked field by field."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from jobs.errors import InvalidParams
from knowledge.answers.asking import Ask
from knowledge.cache.policies import TASK_TYPES
from knowledge.cache.reads import read_datasets
from knowledge.sources.contract import Question
from knowledge.sources.registry import SOURCE_NAMES

LONGEST_QUERY = 2_000
FIELDS = ("query", "domain", "sources", "task_type", "use_cache")


def parse_query(body: Mapping[str, Any], *, owner: str) -> Ask:
    """Return what is asked.

    Raises
    ------
    InvalidParams
        It names the field, and says what would be right.
    """
    for name in body:
        if name not in FIELDS:
            raise InvalidParams(name, f"is not a field of a query{_nearest(name, FIELDS)}")
    domain, task_type = _domain(body.get("domain")), _task_type(body.get("task_type", "query"))
    question = Question(_query(body.get("query")), domain, task_type)
    return Ask(question, _sources(body.get("sources")), _use_cache(body.get("use_cache", True)), owner)


def _query(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidParams("query", f"must be a question of 1 to {LONGEST_QUERY:,} characters")
    if len(value) > LONGEST_QUERY:
        raise InvalidParams("query", f"has {len(value):,} characters; {LONGEST_QUERY:,} are the most")
    return value.strip()


def _use_cache(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidParams("use_cache", "must be true or false")
    return value


def _sources(value: Any) -> tuple[str, ...]:
    if value is None:
        return SOURCE_NAMES
    if not isinstance(value, list) or not value:
        raise InvalidParams("sources", f"must be a list of {', '.join(SOURCE_NAMES)}")
    for index, name in enumerate(value):
        if name not in SOURCE_NAMES:
            raise InvalidParams(f"sources[{index}]", f"is no source{_nearest(name, SOURCE_NAMES)}")
    return tuple(dict.fromkeys(value))


def _task_type(value: Any) -> str:
    if not isinstance(value, str) or value not in TASK_TYPES:
        raise InvalidParams("task_type", f"is no type of task{_nearest(value, TASK_TYPES)}")
    return value


def _domain(value: Any) -> str | None:
    if value is None:
        return None
    known = [row["domain_name"] for row in read_datasets().rows or []]
    if value not in known:
        raise InvalidParams("domain", f"is no domain of ours{_nearest(value, known)}")
    return str(value)


def _nearest(value: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(value), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(list(known)[:12])}"
