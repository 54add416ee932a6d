"""The archive: look through it, bring back what was taken out."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter

from jobs.admin.paging import BoundedPaginator
from knowledge.admin.searching import TextSearchMixin
from knowledge.admin.submitting import job_link, job_submit
from knowledge.kinds.curation import MOST_IDS
from knowledge.models import ArchivedExample


@admin.register(ArchivedExample)
class ArchivedExampleAdmin(TextSearchMixin, ModelAdmin):  # type: ignore[misc]
    """What rotation and curators took out."""

    list_display = ("excerpt", "dataset", "archived_at", "archived_by", "created_at")
    list_filter = (("dataset", RelatedDropdownFilter), ("archived_at", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("dataset",)
    list_per_page = 25
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-id",)
    when_empty = "Rotation moves the oldest examples of a full domain here."
    actions = ("restore",)
    fields = ("dataset", "content", "response", "metadata", "archived_at", "archived_by", "created_at", "updated_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ArchivedExample]:
        """Leave out what no list shows and every row would carry."""
        rows: QuerySet[ArchivedExample] = super().get_queryset(request).defer("search_vector", "embedding")
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: examples are archived, not written here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what is archived is kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what is archived is changed after it was restored."""
        return False

    def has_restore_permission(self, request: HttpRequest) -> bool:
        """Say whether the user may bring examples back."""
        return request.user.has_perm("knowledge.change_archivedexample")

    @admin.display(description="content", ordering="id")
    def excerpt(self, example: ArchivedExample) -> str:
        """Return the beginning of the content."""
        return Truncator(example.content).chars(120)

    @admin.action(description="Restore", permissions=["restore"])
    def restore(self, request: HttpRequest, queryset: QuerySet[ArchivedExample]) -> None:
        """Have the chosen examples brought back, by a job."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_IDS + 1])
        if len(ids) > MOST_IDS:
            messages.warning(request, f"The first {MOST_IDS:,} of those chosen are restored; choose the rest again.")
        job_id = job_submit(kind="restore-archive", body={"ids": ids[:MOST_IDS]}, user=request.user)
        messages.success(request, format_html("{} examples come back: {}.", len(ids[:MOST_IDS]), job_link(job_id)))
