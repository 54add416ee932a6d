"""What is the same for every operation of the OpenAPI schema, said once."""

from collections.abc import Iterator
from typing import Any

from jobs.api.problems import MEDIA_TYPE

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_EVENTS = "text/event-stream"


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give problems their media type, and each operation the answers that its form implies (a spectacular hook)."""
    for path, method, operation in _operations(result):
        responses = operation["responses"]
        for status, description in _implied(path, method, operation):
            responses.setdefault(status, {"description": description, "content": {"application/json": _problem()}})
        for status, response in responses.items():
            _mark_problem(status, response)
            if _EVENTS in response.get("content", {}):
                response["content"][_EVENTS] = {}  # a stream of events has no one schema
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, method, operation


def _implied(path: str, method: str, operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "400", "The request cannot be read."
    if "{" in path:
        yield "404", "There is no such thing, or it is not yours."
    if method != "get":
        yield "409", "What was sent conflicts with what is stored."
    if "requestBody" in operation:
        yield "413", "The body is too large."
        yield "415", "Not a media type that this address takes."


def _mark_problem(status: str, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if status >= "400" and "application/json" in content:
        response["content"] = {MEDIA_TYPE: content["application/json"]}


def _problem() -> dict[str, Any]:
    return {"schema": dict(_PROBLEM)}
