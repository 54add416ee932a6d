"""Imports: bring a file in, see what it brought, take it back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from jobs.errors import InvalidParams
from knowledge.admin.submitting import back_to, job_link, job_submit, upload_submit
from knowledge.importing.options import ON_DUPLICATE, TEXT_UNITS
from knowledge.models import ImportBatch
from knowledge.retention import undo_until


class ImportForm(forms.Form):
    """A file, and how to import it."""

    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget, help_text="JSON, JSONL, CSV, TSV, TXT, gzip of each, or Parquet."
    )
    domain = forms.CharField(
        required=False, max_length=100, widget=UnfoldAdminTextInputWidget,
        help_text="Named like the file when empty.",
    )  # fmt: skip
    on_duplicate = forms.ChoiceField(choices=[(c, c) for c in ON_DUPLICATE], widget=UnfoldAdminSelectWidget)
    text_unit = forms.ChoiceField(
        choices=[(c, c) for c in TEXT_UNITS], widget=UnfoldAdminSelectWidget, help_text="An example in a TXT file."
    )
    strict = forms.BooleanField(
        required=False, widget=UnfoldBooleanSwitchWidget, help_text="Import nothing when any row is wrong."
    )
    dry_run = forms.BooleanField(
        required=False, widget=UnfoldBooleanSwitchWidget, help_text="Only say what would happen."
    )


@admin.register(ImportBatch)
class ImportBatchAdmin(ModelAdmin):  # type: ignore[misc]
    """The imports, the latest first."""

    list_display = ("id", "state", "files", "actor", "added", "replaced", "duplicates", "error_count", "created_at")
    list_filter = ("status",)
    ordering = ("-id",)
    when_empty = "“Import a file”, above, brings the first one in."
    actions_list = ("bring_in",)
    actions_detail = ("undo",)
    fields = (
        "status", "files", "received", "actor", "read", "added", "replaced", "duplicates", "error_count", "problems",
        "options", "created_at", "finished_at", "undone_at", "can_be_undone", "its_examples",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by a blank form: a file is brought in."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the record of what came in is kept."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what an import did stands; it can be undone."""
        return False

    def has_undo_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Say whether the user may take imports back."""
        return request.user.has_perm("knowledge.change_importbatch")

    def has_import_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Say whether the user may bring files in."""
        return request.user.has_perm("knowledge.add_importbatch")

    @display(
        description="status",
        label={"applied": "success", "undone": "warning", "failed": "danger", "refused": "danger", "running": "info"},
    )
    def state(self, batch: ImportBatch) -> tuple[str, str]:
        """Return the status in colour."""
        return batch.status, batch.get_status_display()

    @admin.display(description="files")
    def files(self, batch: ImportBatch) -> str:
        """Return the names of the files."""
        return ", ".join(batch.sources)

    @admin.display(description="domains")
    def received(self, batch: ImportBatch) -> str:
        """Return the domains that received examples."""
        return ", ".join(batch.domains) or "–"

    @admin.display(description="errors")
    def problems(self, batch: ImportBatch) -> SafeString | str:
        """Return the first errors by file and line."""
        lines = ((error["file"], error["line"], error["message"]) for error in batch.errors)
        return format_html_join(SafeString("<br>"), "{}:{} {}", lines) or "–"

    @admin.display(description="can be undone")
    def can_be_undone(self, batch: ImportBatch) -> str:
        """Return until when it can be undone."""
        if batch.status != ImportBatch.Status.APPLIED:
            return "–"
        until = undo_until(status=batch.status, finished_at=batch.finished_at, settled_at=batch.settled_at)
        return f"until {until:%Y-%m-%d %H:%M} UTC" if until else "at any time"

    @admin.display(description="examples")
    def its_examples(self, batch: ImportBatch) -> SafeString:
        """Return a link to the examples that it brought."""
        return format_html(
            '<a href="{}?batch={}">Show them</a>', reverse("admin:knowledge_example_changelist"), batch.pk
        )

    @action(description="Import a file", url_path="bring-in", permissions=["import"], icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """Go to the form."""
        return HttpResponseRedirect(reverse("admin:knowledge_importbatch_import"))

    @action(
        description="Undo this import", url_path="undo", permissions=["undo"], icon="undo",
        dialog={
            "title": "Undo this import?",
            "description": "Its examples go, what it replaced comes back, what was edited since stays.",
            "form_class": None,
            "form_submit_text": "Undo",
        },
    )  # fmt: skip
    def undo(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Have the import taken back, by a job."""
        try:
            job_id = job_submit(kind="undo", body={"batch": int(object_id)}, user=request.user)
            messages.success(request, format_html("Import {} is being undone: {}.", object_id, job_link(job_id)))
        except InvalidParams as error:
            messages.error(request, error.message)
        return back_to(request, reverse("admin:knowledge_importbatch_change", args=[object_id]))

    def get_urls(self) -> list[URLPattern]:
        """Add the form's page."""
        page = self.admin_site.admin_view(self.import_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("import/", page, name="knowledge_importbatch_import"), *urls]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and submit the job that imports it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if form.is_valid() and (job_id := self._submit(request, form)):
            messages.success(
                request, format_html("{} is being imported: {}.", form.cleaned_data["file"], job_link(job_id))
            )
            return HttpResponseRedirect(reverse("admin:knowledge_importbatch_changelist"))
        context = {**self.admin_site.each_context(request), "title": "Import a file", "form": form, "opts": self.opts}
        return TemplateResponse(request, "knowledge/admin/import.html", context)

    def _submit(self, request: HttpRequest, form: ImportForm) -> Any:
        body = {name: value for name, value in form.cleaned_data.items() if name != "file" and value not in ("", None)}
        try:
            return upload_submit(kind="import", body=body, upload=form.cleaned_data["file"], user=request.user)
        except InvalidParams as error:
            name = error.field.removeprefix("options.")
            form.add_error(name if name in form.fields else None, error.message)
        return None
