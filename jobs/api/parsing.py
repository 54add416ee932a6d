"""From the bytes of a request to a body that kinds can validate."""

import re
from collections.abc import Mapping
from typing import IO, Any

from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request

from jobs.errors import InvalidParams

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class BodyParser(JSONParser):
    """JSON that lets NaN through to the validators, which can name the field, and survives a pit of brackets."""

    strict = False

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Parse the stream."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None


class FormParser(MultiPartParser):
    """Multipart form data, for requests with a file."""


def body_of(request: Request) -> dict[str, Any]:
    """Return the request's body as a dict of plain JSON; form fields that hold JSON are read as such."""
    body = request.data
    if isinstance(body, QueryDict):
        return {key: _form_value(value) for key, value in body.items() if key not in request.FILES}
    if not isinstance(body, dict):
        raise InvalidParams("body", f"must be a JSON object, not {_json_type(body)}")
    check_storable(body)
    return body


def check_storable(value: Any, path: str = "") -> None:
    """Refuse text that no database can hold (NUL, lone surrogates), by the path of its field."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise InvalidParams(path or "body", "holds a NUL character or half a surrogate pair; send valid Unicode")
    elif isinstance(value, dict):
        for key, item in value.items():
            check_storable(key, f"{path}.{key}".lstrip(".") if _UNSTORABLE.search(key) is None else path or "body")
            check_storable(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            check_storable(item, f"{path}[{index}]")


def _form_value(text: Any) -> Any:
    """Read a form field: JSON where it is an object, list, number or boolean, else the text itself."""
    import json

    check_storable(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(value, str) else value


def _json_type(value: Any) -> str:
    names = {list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
