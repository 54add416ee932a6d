"""Parts of the job's page: parameters, files with previews, the story of its attempts."""

import json
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jobs.api.signing import file_url
from jobs.choices import Status
from jobs.models import Job

COLOURS = {
    Status.PROCESSING.value: "info",
    Status.COMPLETED.value: "success",
    Status.FAILED.value: "danger",
    Status.CANCELLED.value: "warning",
}


def pretty(value: Any) -> SafeString:
    """Return JSON as a block that reads well."""
    text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    return format_html('<pre style="white-space:pre-wrap;max-height:30em;overflow:auto">{}</pre>', text)


def progress_bar(job: Job) -> SafeString:
    """Return the progress as a bar with its number."""
    return format_html(
        '<span class="whitespace-nowrap"><progress max="100" value="{}" style="width:3.5em" aria-label="progress">'
        "</progress> {} %</span>",
        job.progress,
        job.progress,
    )


def file_previews(job: Job) -> SafeString:
    """Return the job's files, each to be seen or heard, and to be fetched."""
    files = (job.result or {}).get("files", [])
    return format_html_join("", "{}", ((_preview(job, file),) for file in files)) or SafeString("–")


def _preview(job: Job, file: dict[str, Any]) -> SafeString:
    url = file_url(job.pk, file["name"])
    shown = SafeString("")
    if file["media_type"].startswith("image/"):
        shown = format_html(
            '<img src="{}" alt="{}" loading="lazy" style="max-width:24em;max-height:24em">', url, file["name"]
        )
    elif file["media_type"].startswith("audio/") and file["media_type"] != "audio/midi":
        shown = format_html('<audio controls preload="none" src="{}"></audio>', url)
    name, kib = file["name"], f"{file['size'] / 1024:,.0f}"
    link = format_html('<a href="{}">{}</a> ({}, {} KiB)', url, name, file["media_type"], kib)
    return format_html('<figure style="margin:0 0 1em">{}<figcaption>{}</figcaption></figure>', shown, link)


def flower_link(job: Job) -> SafeString | str:
    """Return a link to the task in Flower, which knows it by the job's id for as long as it remembers."""
    if not settings.FLOWER_URL:
        return "–"
    link = '<a href="{}/task/{}" rel="noopener" style="text-decoration: underline">the task in Flower</a>'
    return format_html(link, settings.FLOWER_URL, job.pk)


def duration(job: Job) -> str:
    """Return how long the job ran, or has been running."""
    if job.started_at is None or job.finished_at is None:
        return "–"
    return f"{(job.finished_at - job.started_at).total_seconds():.2f} s"
