"""What users thought."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from jobs.admin.paging import BoundedPaginator
from knowledge.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ModelAdmin):  # type: ignore[misc]
    """The ratings and notes, the latest first."""

    list_display = ("rating", "note", "about", "user", "created_at")
    list_filter = ("rating",)
    list_select_related = ("user",)
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-id",)
    fields = ("rating", "note", "about", "user", "created_at")
    when_empty = "Users rate examples and answers through the API."
    readonly_fields = ("about", "user", "created_at")

    @admin.display(description="about")
    def about(self, feedback: Feedback) -> SafeString | str:
        """Return a link to the example, or the hash of the query."""
        if feedback.example_id is None:
            return f"the answer to {feedback.query_hash[:12]}…"
        url = reverse("admin:knowledge_example_change", args=[feedback.example_id])
        return format_html('<a href="{}">example {}</a>', url, feedback.example_id)

    def has_add_permission(self, request: object) -> bool:
        """Never by a blank form: feedback is given on something."""
        return False
