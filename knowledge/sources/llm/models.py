"""The models that may be asked, as the settings name them."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from knowledge.cache.policies import TASK_TYPES

_PER = 1_000_000


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one endpoint; prices in dollars a million tokens; ``tasks`` empty means any."""

    name: str
    url: str
    model: str
    api_key: str = ""
    input_price: float = 0.0
    output_price: float = 0.0
    tasks: tuple[str, ...] = ()
    max_tokens: int = 800
    timeout: float = 15.0

    def price(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what so many tokens cost, in dollars."""
        return (prompt_tokens * self.input_price + completion_tokens * self.output_price) / _PER


def configured_models() -> list[Model]:
    """Return the models of ``LLM_MODELS``, or the one of ``LLM_BASE_URL`` and ``LLM_MODEL``.

    Raises
    ------
    ImproperlyConfigured
        It names the entry and the field.
    """
    entries = settings.LLM_MODELS
    if not entries and settings.LLM_BASE_URL and settings.LLM_MODEL:
        entries = [{"name": settings.LLM_MODEL, "url": settings.LLM_BASE_URL, "model": settings.LLM_MODEL}]
    return [_parsed(f"LLM_MODELS[{index}]", entry) for index, entry in enumerate(entries)]


def route(models: list[Model], task_type: str) -> Iterator[Model]:
    """Yield the models for a task: those made for it first, then those for any, each in the settings' order."""
    yield from (model for model in models if task_type in model.tasks)
    yield from (model for model in models if not model.tasks)


def _parsed(where: str, entry: Mapping[str, Any]) -> Model:
    given = {
        "api_key": settings.LLM_API_KEY,
        "input_price": settings.LLM_INPUT_PRICE,
        "output_price": settings.LLM_OUTPUT_PRICE,
        "timeout": settings.LLM_TIMEOUT,
    } | dict(entry)
    _check_names(where, given)
    if urlsplit(str(given["url"])).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{where}.url is {given['url']!r}; it must be an http or https address.")
    tasks = tuple(given.pop("tasks", ()))
    unknown = sorted(set(tasks) - set(TASK_TYPES))
    if unknown:
        raise ImproperlyConfigured(f"{where}.tasks holds {unknown[0]!r}; known: {', '.join(TASK_TYPES)}.")
    return Model(**given, tasks=tasks)


def _check_names(where: str, given: Mapping[str, Any]) -> None:
    known = [field.name for field in fields(Model)]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ImproperlyConfigured(f"{where} has no field {name!r}{f'; did you mean {near[0]!r}?' if near else ''}")
    missing = [name for name in ("name", "url", "model") if not given.get(name)]
    if missing:
        raise ImproperlyConfigured(f"{where} needs {missing[0]!r}.")
