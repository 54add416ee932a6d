"""Versions of the emotion classifier, and how emotions spread over a domain and over the last jobs."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action

from jobs.submit import Submission, submit
from knowledge.emotions.spread import domain_spread, jobs_spread
from knowledge.emotions.versions import active_version, version_activate, version_roll_back
from knowledge.errors import NotFoundError
from knowledge.models import Dataset, EmotionModel


@admin.register(EmotionModel)
class EmotionModelAdmin(ModelAdmin):  # type: ignore[misc]
    """The versions: made by training jobs, activated and rolled back here."""

    list_display = ("short", "active", "macro_f1", "micro_f1", "rows", "created_at", "activated_at")
    fields = ("sha256", "active", "created_at", "activated_at", "shown_card")
    readonly_fields = fields
    ordering = ("-created_at",)
    actions = ("activate",)
    when_empty = (
        "Texts are read by the model that ships with MC AI; “Emotion spread” has the button that trains a version."
    )
    actions_list = ("spread",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmotionModel]:
        """Leave the files where they are."""
        rows: QuerySet[EmotionModel] = super().get_queryset(request).defer("content")
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: training makes versions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a version is what training made of it."""
        return False

    def has_activate_permission(self, request: HttpRequest) -> bool:
        """Say whether the user may choose the version that is used, and have one trained."""
        return request.user.has_perm("knowledge.change_emotionmodel")

    @admin.display(description="version", ordering="sha256")
    def short(self, row: EmotionModel) -> str:
        """Return the beginning of the version's SHA-256."""
        return row.sha256[:12]

    @admin.display(boolean=True)
    def active(self, row: EmotionModel) -> bool:
        """Say whether texts are read by this version."""
        return row.sha256 == active_version()

    @admin.display(description="macro-F1")
    def macro_f1(self, row: EmotionModel) -> Any:
        """Return the mean F1 of the labels on the held-out examples."""
        return row.figures.get("macro_f1", "–")

    @admin.display(description="micro-F1")
    def micro_f1(self, row: EmotionModel) -> Any:
        """Return the F1 over all labels on the held-out examples."""
        return row.figures.get("micro_f1", "–")

    @admin.display(description="examples")
    def rows(self, row: EmotionModel) -> Any:
        """Return how many examples it learnt from."""
        return row.figures.get("rows", "–")

    @admin.display(description="card")
    def shown_card(self, row: EmotionModel) -> SafeString:
        """Return the model card."""
        return format_html('<pre style="white-space:pre-wrap">{}</pre>', row.card)

    @admin.action(description="Use this version", permissions=["activate"])
    def activate(self, request: HttpRequest, queryset: QuerySet[EmotionModel]) -> None:
        """Activate the one chosen version."""
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            messages.error(request, "Choose one version.")
            return
        version_activate(chosen[0].sha256)
        messages.success(request, f"Every worker reads with {chosen[0].sha256[:12]} from now on.")

    @action(description="Emotion spread", url_path="spread-link", permissions=["view"])
    def spread(self, request: HttpRequest) -> HttpResponse:
        """Go to the page of the spread."""
        return HttpResponseRedirect(reverse("admin:knowledge_emotionmodel_spread-page"))

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the spread, and what its buttons do."""
        views = {"spread-page": self.spread_view, "roll-back": self.roll_back_view, "train": self.train_view}
        pages = [
            path(
                f"{name.removesuffix('-page')}/",
                self.admin_site.admin_view(view),
                name=f"knowledge_emotionmodel_{name}",
            )
            for name, view in views.items()
        ]
        urls: list[URLPattern] = super().get_urls()
        return pages + urls

    def roll_back_view(self, request: HttpRequest) -> HttpResponse:
        """Bring the version from before back."""
        self._check_activate(request)
        messages.success(request, f"Active now: {version_roll_back()[:12]}.")
        return HttpResponseRedirect(reverse("admin:knowledge_emotionmodel_changelist"))

    def train_view(self, request: HttpRequest) -> HttpResponse:
        """Have the active version refined by every labelled example, as a job."""
        self._check_activate(request)
        params = {"domains": [], "method": "refine"}
        accepted = submit(Submission(kind="emotion-training", params=params, owner_id=int(request.user.pk or 0)))
        messages.success(request, "The new version will be listed here; activate it when its figures please you.")
        return HttpResponseRedirect(reverse("admin:jobs_job_change", args=[accepted.job_id]))

    def _check_activate(self, request: HttpRequest) -> None:
        if request.method != "POST" or not self.has_activate_permission(request):
            raise PermissionDenied

    def spread_view(self, request: HttpRequest) -> HttpResponse:
        """Show the emotions of a domain and of the last jobs."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        domain = request.GET.get("domain", "")
        context = {
            **self.admin_site.each_context(request),
            "title": "Emotion spread",
            "domains": Dataset.objects.values_list("domain_name", flat=True),
            "domain": domain,
            "active": active_version(),
            "may_change": self.has_activate_permission(request),
            "spreads": self._spreads(request, domain),
        }
        return TemplateResponse(request, "knowledge/emotion_spread.html", context)

    def _spreads(self, request: HttpRequest, domain: str) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = [("The last jobs", jobs_spread())]
        if domain:
            try:
                found.insert(0, (domain, domain_spread(domain)))
            except NotFoundError as error:
                messages.error(request, error.message)
        return found
