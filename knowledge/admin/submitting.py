"""Submitting jobs from the admin's pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from uuid_utils.compat import uuid7

from jobs import artifacts, registry
from jobs.errors import InvalidParams
from jobs.submit import Submission, submit


def job_submit(*, kind: str, body: Mapping[str, Any], user: Any) -> UUID:
    """Submit a job for the user who is logged in. Raises `InvalidParams`."""
    return submit(Submission(kind=kind, params=registry.get(kind).validate(body), owner_id=int(user.pk))).job_id


def upload_submit(*, kind: str, body: Mapping[str, Any], upload: "UploadedFile[Any]", user: Any) -> UUID:
    """Keep an uploaded file and submit the job that works on it. Raises `InvalidParams`."""
    job_id = uuid7()
    kept = artifacts.store_input(job_id, upload.name or "upload", upload.chunks(), upload.content_type or "")
    try:
        params = registry.get(kind).validate({**body, "file": kept})
        submit(Submission(kind=kind, params=params, owner_id=int(user.pk), job_id=job_id))
    except InvalidParams:
        artifacts.remove(job_id)
        raise  # after any other fault the job may have been accepted all the same: housekeeping sweeps what was not
    return job_id


def back_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to a page. A dialog is sent by htmx, which would follow a redirect inside the dialog."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def job_link(job_id: UUID) -> SafeString:
    """Return a link to a job's page."""
    return format_html('<a class="underline" href="{}">job</a>', reverse("admin:jobs_job_change", args=[job_id]))
