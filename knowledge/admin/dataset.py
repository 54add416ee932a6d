"""Domains: how big and how healthy they are, their limits, rotation and snapshots."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from knowledge.admin import pictures
from knowledge.admin.forms import DatasetForm
from knowledge.admin.once import once
from knowledge.admin.submitting import back_to, job_link, job_submit
from knowledge.errors import KnowledgeError
from knowledge.health import dataset_health
from knowledge.models import Dataset, Snapshot
from knowledge.rotation import rotation_run
from knowledge.snapshots import snapshot_create


class SnapshotForm(BaseDialogForm):  # type: ignore[misc]
    """A name for the present state."""

    name = forms.CharField(max_length=100, widget=UnfoldAdminTextInputWidget)


class SnapshotInline(TabularInline):  # type: ignore[misc]
    """The named states of the domain."""

    model = Snapshot
    fields = ("name", "version", "example_count", "created_by", "created_at")
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never by a blank row: a state is named by the action."""
        return False


@admin.register(Dataset)
class DatasetAdmin(ModelAdmin):  # type: ignore[misc]
    """The domains."""

    form = DatasetForm
    list_display = ("domain_name", "fullness", "archived_count", "embedded_count", "size", "version", "updated_at")
    search_fields = ("domain_name",)
    ordering = ("domain_name",)
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("domain_name", "fullness", "health")}),
        ("Rotation", {"fields": ("max_examples", "rotation_exempt", "would_rotate")}),
        ("About", {"fields": ("metadata", "version", "created_at", "updated_at")}),
    )
    readonly_fields = ("fullness", "health", "would_rotate", "version", "created_at", "updated_at")
    inlines = (SnapshotInline,)
    actions_detail = ("examples", "snapshot", "rotate", {"title": "More", "items": ["restore", "export"]})

    def get_fieldsets(self, request: HttpRequest, obj: Dataset | None = None) -> Any:
        """Return the fields; of a new domain those that are typed, since the database has not counted it yet."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ("domain_name", "max_examples", "rotation_exempt", "metadata")})]

    def save_model(self, request: HttpRequest, obj: Dataset, form: Any, change: bool) -> None:
        """Save what a person may set; the counters are the database's own."""
        obj.updated_at = now()
        if change:
            obj.save(update_fields=["domain_name", "max_examples", "rotation_exempt", "metadata", "updated_at"])
        else:
            obj.save()

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Return what would be deleted; a domain that holds examples is not, and they are counted, not listed."""
        full = [dataset for dataset in objs if dataset.example_count or dataset.archived_count]
        if not full:
            found: tuple[list[Any], dict[str, int], set[str], list[Any]] = super().get_deleted_objects(objs, request)
            return found
        holds = "{}: {:,} examples, {:,} in the archive"
        return [], {}, set(), [holds.format(each, each.example_count, each.archived_count) for each in full]

    def has_rotate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Say whether the user may rotate."""
        return request.user.has_perm("knowledge.change_dataset")

    def has_snapshot_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Say whether the user may name states."""
        return request.user.has_perm("knowledge.add_snapshot")

    @admin.display(description="examples", ordering="example_count")
    def fullness(self, dataset: Dataset) -> str:
        """Return how many examples there are of how many there may be."""
        limit = dataset.limit
        return f"{dataset.example_count:,}" + (" · no limit" if limit is None else f" of {limit:,}")

    @admin.display(description="size", ordering="content_bytes")
    def size(self, dataset: Dataset) -> str:
        """Return the size of the texts."""
        return filesizeformat(dataset.content_bytes)

    @admin.display(description="health")
    @once
    def health(self, dataset: Dataset) -> SafeString:
        """Return the pictures of the domain."""
        health = dataset_health(dataset)
        cards = [
            ("Growth", pictures.bars(health.growth, "examples over time")),
            ("Lengths, characters", pictures.bars(health.lengths, "examples by length")),
            ("Duplicates caught by imports", pictures.bars(health.duplicates, "duplicates by import")),
            ("Emotions", pictures.shares(health.emotions)),
            ("Live and archived", pictures.shares(health.shares)),
        ]
        return SafeString(render_to_string("knowledge/admin/health.html", {"cards": cards}))

    @admin.display(description="the next rotation")
    @once
    def would_rotate(self, dataset: Dataset) -> str:
        """Say what the next rotation would do."""
        (would,) = rotation_run(domain=dataset.domain_name, dry_run=True)
        return f"would archive {would.moved:,} examples and leave {would.left:,}"

    @action(description="Examples", url_path="examples", icon="list")
    def examples(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Go to the domain's examples."""
        url = reverse("admin:knowledge_example_changelist")
        return HttpResponseRedirect(f"{url}?dataset__id__exact={object_id}")

    @action(
        description="Snapshot", url_path="snapshot", permissions=["snapshot"], icon="photo_camera",
        dialog={
            "title": "Name the present state", "description": "It can be compared with others and restored.",
            "form_class": SnapshotForm, "form_submit_text": "Keep it",
        },
    )  # fmt: skip
    def snapshot(self, request: HttpRequest, form: SnapshotForm, object_id: int) -> HttpResponse:
        """Name the present state."""
        dataset = Dataset.objects.get(pk=object_id)
        try:
            made = snapshot_create(dataset=dataset, name=form.cleaned_data["name"], actor=request.user.get_username())
            messages.success(request, f"The state of {made.example_count:,} examples is kept as {made.name!r}.")
        except KnowledgeError as error:
            messages.error(request, error.message)
        return self._back(request, object_id)

    @action(
        description="Rotate now", url_path="rotate", permissions=["rotate"], icon="archive",
        dialog={
            "title": "Rotate now?", "description": "The oldest examples over the limit go to the archive.",
            "form_class": None, "form_submit_text": "Rotate",
        },
    )  # fmt: skip
    def rotate(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Have archived what is over the limit, by a job."""
        return self._submit(request, object_id, "rotation", {}, "is being rotated")

    @action(
        description="Restore the archive", url_path="restore", permissions=["rotate"], icon="unarchive",
        dialog={
            "title": "Restore the archive?", "description": "All archived examples of this domain come back.",
            "form_class": None, "form_submit_text": "Restore",
        },
    )  # fmt: skip
    def restore(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Have brought back what was archived, by a job."""
        return self._submit(request, object_id, "restore-archive", {}, "gets its archived examples back")

    @action(description="Export", url_path="export", icon="download")
    def export(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Have the domain written to a file, by a job."""
        return self._submit(request, object_id, "export", {"format": "json"}, "is being written to a file")

    def _submit(
        self, request: HttpRequest, object_id: int, kind: str, more: dict[str, Any], doing: str
    ) -> HttpResponse:
        dataset = Dataset.objects.get(pk=object_id)
        job_id = job_submit(kind=kind, body={"domain": dataset.domain_name, **more}, user=request.user)
        messages.success(request, format_html("{} {}: {}.", dataset, doing, job_link(job_id)))
        return self._back(request, object_id)

    def _back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return back_to(request, reverse("admin:knowledge_dataset_change", args=[object_id]))
