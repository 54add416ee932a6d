"""Reading the fields of a request body, each error with the field's name."""

from collections.abc import Mapping
from typing import Any

from jobs.context import job_id_var
from jobs.errors import InvalidParams
from jobs.models import Job
from knowledge.errors import KnowledgeError, nearest

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


def only(body: Mapping[str, Any], known: tuple[str, ...], path: str = "") -> None:
    """Raise `InvalidParams` where the body has a field that is not known."""
    for name in body:
        if name not in known:
            hint = nearest(str(name), known)
            raise InvalidParams(f"{path}{name}", f"There is no such field; known are {', '.join(known)}.{hint}")


def text(body: Mapping[str, Any], name: str) -> str | None:
    """Return a text, or None where there is none."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):  # a form field that looks like a number
        return str(value)
    if not isinstance(value, str):
        raise InvalidParams(name, f"It must be text; it is {type(value).__name__}.")
    return value


def whole(body: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    """Return a whole number in ``low`` to ``high``, or None where there is none."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidParams(name, f"It must be a whole number from {low:,} to {high:,}; it is {value!r}.")
    return value


def truth(body: Mapping[str, Any], name: str) -> bool:
    """Return a boolean, as JSON or as forms write it; false where there is none."""
    value = body.get(name, False)
    written = str(value).lower()
    if not isinstance(value, bool | str | int) or written not in TRUE + FALSE:
        raise InvalidParams(name, f"It must be true or false; it is {value!r}.")
    return written in TRUE


def refused(error: KnowledgeError, path: str = "") -> InvalidParams:
    """Return the job engine's form of an error of ours."""
    return InvalidParams(f"{path}{error.field}", error.message)


def actor() -> str:
    """Return who the running job works for, for the history."""
    job_id = job_id_var.get()
    names = Job.objects.filter(pk=job_id).values_list("owner__username", flat=True) if job_id else ()
    return next(iter(names), "job")
