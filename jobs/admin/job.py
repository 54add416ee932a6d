"""Jobs: find them, see what they got and made, cancel them, try them again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display as label

from jobs import cancel, registry
from jobs.admin import display
from jobs.admin.paging import BoundedPaginator
from jobs.models import Attempt, Delivery, Event, Job


class _ReadOnlyInline(TabularInline):  # type: ignore[misc]
    extra = 0
    hide_title = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the engine writes these rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the engine writes these rows."""
        return False


class AttemptInline(_ReadOnlyInline):
    """The attempts."""

    model = Attempt
    fields = ("number", "worker", "started_at", "finished_at", "outcome", "error")


class EventInline(_ReadOnlyInline):
    """The event log."""

    model = Event
    fields = ("at", "type", "data")


class DeliveryInline(_ReadOnlyInline):
    """The webhook's deliveries."""

    model = Delivery
    fields = ("event", "url", "tries", "due_at", "delivered_at", "last_error")


@admin.register(Job)
class JobAdmin(ModelAdmin):  # type: ignore[misc]
    """The list of jobs, and one job's page. Nothing can be edited: the row is written by the engine alone."""

    list_display = ("id", "kind", "state", "bar", "stage", "queue", "owner", "attempts", "created_at", "ran")
    list_filter = ("status", "kind", "queue", "tier")
    search_fields = ("=id", "=owner__username")
    list_select_related = ("owner",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-id",)
    when_empty = "Jobs come through the API, the commands and the pages of this admin."
    actions = ("cancel_jobs", "retry_jobs")
    inlines = (AttemptInline, EventInline, DeliveryInline)
    fieldsets = (
        (None, {"fields": ("id", "kind", "queue", "owner", "tier", "status", "bar", "stage", "problem")}),
        ("What it made", {"fields": ("files", "data")}),
        (
            "What it got",
            {"fields": ("parameters", "idempotency_key", "callback_url", "deadline", "request_id", "traceparent")},
        ),
        (
            "When and where",
            {"fields": ("created_at", "started_at", "finished_at", "ran", "expires_at", "worker", "flower")},
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: jobs come through the API, the commands and the pages of the other rooms."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Never: the engine writes the row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """Never: jobs go by expiry."""
        return False

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Say whether the user may cancel jobs and try them again."""
        return request.user.has_perm("jobs.change_job")

    @label(description="status", ordering="status", label=display.COLOURS)
    def state(self, job: Job) -> tuple[str, str]:
        """Return the status in its colour."""
        return job.status, job.get_status_display()

    @admin.display(description="progress")
    def bar(self, job: Job) -> SafeString:
        """Return the progress bar."""
        return display.progress_bar(job)

    @admin.display(description="run time")
    def ran(self, job: Job) -> str:
        """Return how long it ran."""
        return display.duration(job)

    @admin.display(description="error")
    def problem(self, job: Job) -> SafeString | str:
        """Return why it ended without a result."""
        return display.pretty(job.error) if job.error else "–"

    @admin.display(description="parameters")
    def parameters(self, job: Job) -> SafeString:
        """Return the parameters."""
        return display.pretty(job.params)

    @admin.display(description="result")
    def data(self, job: Job) -> SafeString:
        """Return the result without its files."""
        return display.pretty({key: value for key, value in (job.result or {}).items() if key != "files"})

    @admin.display(description="files")
    def files(self, job: Job) -> SafeString:
        """Return the files with their previews."""
        return display.file_previews(job)

    @admin.display(description="Flower")
    def flower(self, job: Job) -> SafeString | str:
        """Return the way to what Flower remembers of it."""
        return display.flower_link(job)

    @admin.action(description="Cancel", permissions=["run"])
    def cancel_jobs(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Cancel the chosen jobs."""
        self._each(request, queryset, lambda job: cancel.cancel(job.pk), "cancelled")

    @admin.action(description="Try again", permissions=["run"])
    def retry_jobs(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Put the chosen failed or cancelled jobs back in their queues."""
        self._each(request, queryset, lambda job: cancel.retry(job.pk, registry.get(job.kind).max_attempts), "queued")

    def _each(self, request: HttpRequest, queryset: QuerySet[Job], act: Any, done: str) -> None:
        count = 0
        for job in queryset:
            try:
                act(job)
                count += 1
            except cancel.NotPossible as error:
                messages.warning(request, f"{job.pk}: {error}")
        if count:
            messages.success(request, f"{count} {done}")
