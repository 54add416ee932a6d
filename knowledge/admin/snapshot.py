"""Named states: what changed since, and the way back."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action

from knowledge.admin.once import once
from knowledge.admin.submitting import back_to, job_link, job_submit
from knowledge.models import Snapshot
from knowledge.snapshots import snapshots_compare


@admin.register(Snapshot)
class SnapshotAdmin(ModelAdmin):  # type: ignore[misc]
    """The snapshots of all domains, the latest first."""

    list_display = ("name", "dataset", "example_count", "version", "created_by", "created_at")
    list_filter = ("dataset",)
    list_select_related = ("dataset",)
    ordering = ("-id",)
    fields = ("dataset", "name", "note", "version", "example_count", "created_by", "created_at", "since")
    readonly_fields = ("dataset", "version", "example_count", "created_by", "created_at", "since")
    when_empty = "A domain's page has a button that keeps its present state."
    actions_detail = ("restore",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by a blank form: a domain's page names its state."""
        return False

    @admin.display(description="changed since")
    @once
    def since(self, snapshot: Snapshot) -> SafeString:
        """Return what was added, removed and changed."""
        compared = snapshots_compare(dataset=snapshot.dataset, before=snapshot)
        return SafeString(render_to_string("knowledge/admin/comparison.html", {"compared": compared}))

    @action(
        description="Restore", url_path="restore", permissions=["change"], icon="history",
        dialog={
            "title": "Restore this state?",
            "description": "The domain becomes as it was then. The present state is kept as a snapshot of its own.",
            "form_class": None,
            "form_submit_text": "Restore",
        },
    )  # fmt: skip
    def restore(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Have the domain brought back to this state, by a job."""
        snapshot = Snapshot.objects.select_related("dataset").get(pk=object_id)
        body = {"domain": snapshot.dataset.domain_name, "snapshot": snapshot.name}
        job_id = job_submit(kind="restore-snapshot", body=body, user=request.user)
        messages.success(
            request,
            format_html("{} becomes what it was at {}: {}.", snapshot.dataset, snapshot.name, job_link(job_id)),
        )
        return back_to(request, reverse("admin:knowledge_snapshot_change", args=[object_id]))
