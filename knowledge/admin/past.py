"""The former states of an example and the import it came from, as HTML."""

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from knowledge.models import Example, ExampleHistory

SHOWN = 20
_TABLE = (
    '<table class="w-full text-sm"><thead><tr class="text-left"><th class="pr-4">until</th><th class="pr-4">by</th>'
    '<th class="pr-4">content</th><th class="pr-4">response</th><th></th></tr></thead><tbody>{}</tbody></table>'
)
_ROW = (
    '<tr class="border-t border-base-200 dark:border-base-800 align-top"><td class="pr-4 whitespace-nowrap">{}</td>'
    '<td class="pr-4">{}</td><td class="pr-4">{}</td><td class="pr-4">{}</td>'
    '<td><button class="text-primary-600 dark:text-primary-500 font-semibold" type="submit" formnovalidate '
    'formmethod="post" formaction="{}">Bring back</button></td></tr>'
)


def past_states(example: Example) -> SafeString:
    """Return a table of the former states, the latest first."""
    if example._state.adding:
        return SafeString("–")
    states = ExampleHistory.objects.filter(example_id=example.pk, action="update").order_by("-until_revision")[:SHOWN]
    rows = format_html_join("", _ROW, (_cells(state) for state in states))
    return format_html(_TABLE, rows) if rows else SafeString(_unchanged())


def _unchanged() -> str:
    days = settings.MCAI_HISTORY_DAYS
    return f"It was not changed in the last {days:,} days." if days else "It was never changed."


def batch_link(batch_id: int | None) -> SafeString | str:
    """Return a link to an import."""
    if batch_id is None:
        return "–"
    return format_html('<a href="{}">{}</a>', reverse("admin:knowledge_importbatch_change", args=[batch_id]), batch_id)


def _cells(state: ExampleHistory) -> tuple[str, str, str, str, str]:
    revert = reverse("admin:knowledge_example_revert", args=[state.example_id, state.pk])
    who = f"import {state.changed_by_batch_id}" if state.changed_by_batch_id else state.changed_by or "–"
    shortened = (Truncator(text).chars(200) for text in (state.content, state.response))
    content, response = shortened
    return f"{state.changed_at:%Y-%m-%d %H:%M:%S}", who, content, response, revert
