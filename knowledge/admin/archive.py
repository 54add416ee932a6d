"""The archive: look through it, bring back what was taken out."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter

from jobs.admin.paging import BoundedPaginator
from knowledge.admin.searching import TextSearchMixin
from knowledge.archive import archive_restore
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

    @admin.display(description="content", ordering="id")
    def excerpt(self, example: ArchivedExample) -> str:
        """Return the beginning of the content."""
        return Truncator(example.content).chars(120)

    @admin.action(description="Restore", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[ArchivedExample]) -> None:
        """Bring the chosen examples back."""
        ids = list(queryset.order_by().values_list("pk", flat=True)[:10_000])
        restored = archive_restore(ids=ids, actor=request.user.get_username())
        messages.success(request, f"{restored.restored:,} examples are back.")
        if restored.kept:
            messages.warning(request, f"{restored.kept:,} stay archived: their domains hold the same content again.")
