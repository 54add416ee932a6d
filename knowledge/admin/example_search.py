"""The search of the API as a page of the admin: by words, by meaning or by both, with its filters."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from jobs.errors import InvalidParams
from knowledge.api.search_asked import asked_of, cursor_at
from knowledge.cache.errors import Unobtainable
from knowledge.cache.reads import read_datasets, read_emotions
from knowledge.errors import KnowledgeError
from knowledge.search.asked import Asked, Mode

if TYPE_CHECKING:
    from knowledge.cache.searches import Searched

_ORDER = ("q", "mode", "domain", "emotion", "from", "to", "min_frequency", "max_frequency", "archived")
_MODES = {Mode.TEXT: "by words", Mode.SEMANTIC: "by meaning", Mode.HYBRID: "by both"}


class SearchForm(forms.Form):
    """What the API's parameters are, as fields."""

    q = forms.CharField(
        label="Search for",
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
        help_text='Words, "a phrase", one OR another, -without.',
    )
    mode = forms.ChoiceField(
        choices=[(str(mode), text) for mode, text in _MODES.items()],
        required=False, initial=str(Mode.HYBRID), label="How", widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    domain = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    emotion = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget)
    min_frequency = forms.FloatField(required=False, label="From Hz", widget=UnfoldAdminDecimalFieldWidget)
    max_frequency = forms.FloatField(required=False, label="To Hz", widget=UnfoldAdminDecimalFieldWidget)
    archived = forms.BooleanField(required=False, label="In the archive too", widget=UnfoldBooleanSwitchWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("from", "to"):  # no names of Python's
            widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
            self.fields[name] = forms.DateField(required=False, label=f"Created {name}", widget=widget)
        self._choose("domain", [row["domain_name"] for row in read_datasets().rows or ()])
        self._choose("emotion", [row["name"] for row in read_emotions().rows or ()])
        self.order_fields(
            ["q", "mode", "domain", "emotion", "from", "to", "min_frequency", "max_frequency", "archived"]
        )

    def _choose(self, name: str, names: list[str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "any"), *((each, each) for each in names)]


def search_view(request: HttpRequest, *, context: dict[str, Any], allowed: bool) -> HttpResponse:
    """Show the form and, once something is looked for, what was found. Raises `PermissionDenied`."""
    if not allowed:
        raise PermissionDenied
    given = {name: value for name, value in request.GET.dict().items() if value}
    form = SearchForm(given if "q" in given else None)
    found = _found(form, given) if "q" in given and form.is_valid() else {}
    return TemplateResponse(request, "knowledge/admin/search.html", {**context, "form": form, **found})


def _found(form: SearchForm, given: dict[str, str]) -> dict[str, Any]:
    from knowledge.cache.searches import search_remembered  # here: it loads numpy, and every process loads the admin

    query = given | ({"archived": "true"} if "archived" in given else {})
    try:
        asked = asked_of({name: value for name, value in query.items() if name in form.fields or name == "cursor"})
        searched = search_remembered(asked)
    except (InvalidParams, KnowledgeError) as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return {}
    except Unobtainable as error:
        form.add_error(None, str(error))
        return {}
    return _shown(asked, searched, given)


def _shown(asked: Asked, searched: "Searched", given: dict[str, str]) -> dict[str, Any]:
    body, more = searched.body, searched.next_offset
    better = body["suggestion"]
    return {
        "searched": True,
        "how": _MODES[Mode(body["mode"])],
        "instead": body["mode"] != asked.mode and _MODES[asked.mode],
        "note": searched.note,
        "results": [_result(number, each) for number, each in enumerate(body["results"], start=asked.offset + 1)],
        "better": better,
        "better_url": better and _address(given, q=better),
        "first_url": asked.offset and _address(given),
        "next_url": more is not None and _address(given, cursor=cursor_at(more, asked)),
    }


def _result(number: int, found: dict[str, Any]) -> dict[str, Any]:
    table = "archivedexample" if found["archived"] else "example"
    named = found["metadata"].get("emotions") if isinstance(found["metadata"], dict) else None
    return {
        **found,
        "number": number,
        "url": reverse(f"admin:knowledge_{table}_change", args=[found["id"]]),
        "marked": SafeString(found["snippet"]),  # HTML already: escaped, but for <mark>
        "created": found["created_at"][:10],
        "emotions": named if isinstance(named, list) else [],
    }


def _address(given: dict[str, str], **changed: str) -> str:
    kept = {name: value for name, value in given.items() if name != "cursor"}
    return f"?{urlencode(kept | changed)}"
