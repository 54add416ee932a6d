"""Answers a question: from the shared cache, else from the sources, once for all who ask at the same time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from knowledge.answers.contract import Answer, Reply
from knowledge.answers.searching import NoAnswer, is_good, is_in_trouble, search
from knowledge.cache.errors import Unobtainable
from knowledge.cache.keys import Key, make_key
from knowledge.cache.shared import Computed, Found, remember
from knowledge.cache.versions import version_of_examples
from knowledge.sources.contract import Question, Source
from knowledge.sources.reading_json import clean
from knowledge.sources.registry import SOURCE_NAMES, sources_named

SEAT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks, of which sources, and whether a cached answer will do; ``owner`` names who."""

    question: Question
    sources: tuple[str, ...] = SOURCE_NAMES
    use_cache: bool = True
    owner: str | None = None


def ask(asked: Ask) -> Reply:
    """Return the best answer that can be had now.

    Raises
    ------
    NoAnswer
        Where nothing was found, and a source that might have known failed.
    Unobtainable
        Where another process that computes the same answer failed or takes too long.
    """
    began = time.monotonic()
    sources = sources_named(asked.sources)
    version = version_of_examples(asked.question.domain)
    key = _key(asked, sources, version.text)
    found = remember(key, lambda: _computed(asked.question, sources), Answer.from_json, use_cached=asked.use_cache)
    stale = found.stale or _is_stale(found.value) or (found.cached and not version.known)
    return _reply(asked, key, found, stale=stale, seconds=time.monotonic() - began)


def _computed(question: Question, sources: list[Source]) -> Computed:
    """Ask the sources; what may soon be bettered is told, but not kept."""
    with _seat():
        answer = search(question, sources)
    if answer.finding is None and is_in_trouble(answer):
        raise NoAnswer(answer)
    makeshift = _is_stale(answer) or (is_in_trouble(answer) and not is_good(answer))
    cost = answer.finding.cost if answer.finding else 0.0
    return Computed(answer.as_json(), cost, negative=answer.finding is None, keep=not makeshift)


@contextmanager
def _seat() -> Iterator[None]:
    """Let only so many questions of this process wait for sources at once, that others are still served."""
    if not _seats().acquire(timeout=SEAT_SECONDS):
        raise Unobtainable("Too many questions are being answered; try again in a few seconds.")
    try:
        yield
    finally:
        _seats().release()


@cache
def _seats() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(max(1, settings.ANSWERS_AT_ONCE))


def _key(asked: Ask, sources: list[Source], version: str) -> Key:
    question = asked.question
    parameters: dict[str, Any] = {
        "query": normalised(question.text),
        "sources": [[source.name, source.identity, source.missing is None] for source in sources],
    }
    return make_key(
        question.task_type,
        parameters,
        version=version,
        domain=question.domain,
        owner=asked.owner,
        text=clean(question.text),
    )


def normalised(text: str) -> str:
    """Return a question without what does not change its meaning: case, spacing, marks at its end."""
    return " ".join(text.casefold().split()).rstrip(" ?!.")


def _is_stale(answer: Answer) -> bool:
    return answer.finding is not None and answer.finding.stale


def _reply(asked: Ask, key: Key, found: Found[Answer], *, stale: bool, seconds: float) -> Reply:
    paid, saved = (0.0, found.cost) if found.cached else (found.cost, 0.0)
    answer = found.value
    return Reply(asked.question.text, key.digest, answer, found.cached, stale, found.age, seconds, paid, saved)
