"""Examples: find them, fix them, sort them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from jobs.admin.paging import BoundedPaginator
from knowledge.admin import past
from knowledge.admin.example_search import search_view
from knowledge.admin.filters import (
    BatchFilter,
    EmbeddingFilter,
    EmotionFilter,
    RatingFilter,
    ResponseFilter,
    TagFilter,
)
from knowledge.admin.forms import ExampleForm
from knowledge.admin.once import once
from knowledge.admin.searching import TextSearchMixin
from knowledge.archive import examples_archive
from knowledge.errors import KnowledgeError
from knowledge.examples import (
    example_create,
    example_update,
    examples_delete,
    examples_forget_embedding,
    examples_move,
    examples_tag,
)
from knowledge.models import Example, ExampleHistory, Feedback

MOST_AT_ONCE = 10_000
MOST_SHOWN = 100


class ExampleActionForm(ActionForm):  # type: ignore[misc]
    """What an action on chosen examples may need: a domain to move to, or a tag."""

    value = forms.CharField(
        required=False,
        label="",
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "domain or tag", "aria-label": "domain or tag"}),
    )


class FeedbackInline(TabularInline):  # type: ignore[misc]
    """What users thought of the example."""

    model = Feedback
    fields = ("rating", "note", "user", "given")
    readonly_fields = ("user", "given")
    extra = 0

    @admin.display(description="created at")
    def given(self, feedback: Feedback) -> Any:
        """Return when it was given, once it was."""
        return None if feedback._state.adding else feedback.created_at


@admin.register(Example)
class ExampleAdmin(TextSearchMixin, ModelAdmin):  # type: ignore[misc]
    """The list of examples with search, filters and bulk actions; one example with its feedback and its past."""

    list_display = ("excerpt", "response", "dataset", "batch_number", "created_at")
    list_display_links = ("excerpt",)
    list_editable = ("response",)
    list_filter = (
        ("dataset", RelatedDropdownFilter),
        ("created_at", RangeDateFilter),
        ResponseFilter,
        EmbeddingFilter,
        EmotionFilter,
        RatingFilter,
        BatchFilter,
        TagFilter,
    )
    list_filter_submit = True
    list_select_related = ("dataset",)
    list_per_page = 25
    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-id",)
    action_form = ExampleActionForm
    actions = ("delete_selected", "move", "archive", "tag", "untag", "embed_again")
    actions_list = ("search",)
    form = ExampleForm
    fields = ("domain", "content", "response", "metadata", "embedder", "source", "created_at", "updated_at", "past")
    readonly_fields = ("embedder", "source", "created_at", "updated_at", "past")
    inlines = (FeedbackInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Example]:
        """Leave out what no list shows and every row would carry."""
        rows: QuerySet[Example] = super().get_queryset(request).defer("search_vector", "embedding")
        return rows

    def get_fields(self, request: HttpRequest, obj: Example | None = None) -> Any:
        """Return the fields; of a new example those that are typed."""
        return self.fields if obj is not None else ExampleForm.TYPED

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> "type[ModelForm[Example]]":
        """Return the form of one row of the list."""
        widgets = {"response": UnfoldAdminTextareaWidget(attrs={"rows": 2, "class": "min-w-64"})}
        form: type[ModelForm[Example]] = super().get_changelist_form(request, widgets=widgets, **kwargs)
        return form

    @admin.display(description="content", ordering="id")
    def excerpt(self, example: Example) -> str:
        """Return the beginning of the content."""
        return Truncator(example.content).chars(120)

    @admin.display(description="import", ordering="batch_id")
    def batch_number(self, example: Example) -> SafeString | str:
        """Return a link to the import it came from."""
        return past.batch_link(example.batch_id)

    @admin.display(description="domain")
    def domain(self, example: Example) -> str:
        """Return the domain, for those who may only look."""
        return example.dataset.domain_name

    @admin.display(description="came from")
    def source(self, example: Example) -> SafeString | str:
        """Return a link to the import it came from."""
        return past.batch_link(example.batch_id)

    @admin.display(description="former states")
    @once
    def past(self, example: Example) -> SafeString:
        """Return the former states, each with a button that brings it back."""
        return past.past_states(example)

    # --- writing: always by the services, so that domains are locked and the history names the author

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save one example; say so where the services refuse what the form let through."""
        return _refusing(request, lambda: super(ExampleAdmin, self).changeform_view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or save what was edited in it."""
        return _refusing(request, lambda: super(ExampleAdmin, self).changelist_view(request, *args, **kwargs))

    def save_model(self, request: HttpRequest, obj: Example, form: Any, change: bool) -> None:
        """Create or change the example."""
        actor = request.user.get_username()
        if "domain" in form.cleaned_data:
            obj.dataset = form.cleaned_data["domain"]
        if change:
            self._change(obj, form, actor)
        else:
            made = example_create(
                domain=obj.dataset.domain_name,
                content=obj.content,
                response=obj.response,
                metadata=obj.metadata,
                actor=actor,
            )
            obj.pk = made.pk

    def _change(self, obj: Example, form: Any, actor: str) -> None:
        changed = set(form.changed_data)
        if "domain" in changed and not examples_move(ids=[obj.pk], domain=obj.dataset.domain_name, actor=actor):
            raise KnowledgeError("dataset", "The other domain holds this content already; nothing was moved.")
        changes = {name: getattr(obj, name) for name in changed & {"content", "response", "metadata"}}
        if changes:
            example_update(example_id=obj.pk, changes=changes, actor=actor)

    def delete_model(self, request: HttpRequest, obj: Example) -> None:
        """Delete the example."""
        examples_delete(ids=[obj.pk], actor=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Delete the chosen examples, after the preview that the admin shows."""
        examples_delete(ids=_ids(queryset), actor=request.user.get_username())

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Return the first of what would be deleted, and how many they are: nothing else goes with them."""
        count = len(objs)
        first = [str(example) for example in objs[:MOST_SHOWN]]
        more = [f"… and {count - MOST_SHOWN:,} more"] if count > MOST_SHOWN else []
        needed = set() if self.has_delete_permission(request) else {"example"}
        return first + more, {"examples": count}, needed, []

    @admin.action(description="Delete", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Example]) -> HttpResponse | None:
        """Ask, then delete the chosen examples; a bounded number, as all that is done with many at once."""
        chosen = self.get_queryset(request).filter(pk__in=_ids(queryset)).order_by("-id")
        answer: HttpResponse | None = delete_selected(self, request, chosen)
        return answer

    @admin.action(description="Move to the domain…", permissions=["change"])
    def move(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Move the chosen examples to the domain that was typed."""
        self._do(request, queryset, "moved", lambda **k: examples_move(domain=request.POST.get("value", ""), **k))

    @admin.action(description="Archive", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Move the chosen examples to the archive."""
        self._do(request, queryset, "archived", examples_archive)

    @admin.action(description="Add the tag…", permissions=["change"])
    def tag(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Add the tag that was typed."""
        self._do(request, queryset, "tagged", lambda **k: examples_tag(tag=request.POST.get("value", ""), **k))

    @admin.action(description="Remove the tag…", permissions=["change"])
    def untag(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Take off the tag that was typed."""
        tag = request.POST.get("value", "")
        self._do(request, queryset, "untagged", lambda **k: examples_tag(tag=tag, remove=True, **k))

    @admin.action(description="Embed again", permissions=["change"])
    def embed_again(self, request: HttpRequest, queryset: QuerySet[Example]) -> None:
        """Take the embeddings off, so that they are made anew."""
        self._do(request, queryset, "will be embedded again", examples_forget_embedding)

    def _do(self, request: HttpRequest, queryset: QuerySet[Example], done: str, service: Callable[..., int]) -> None:
        ids = _ids(queryset)
        try:
            count = service(ids=ids, actor=request.user.get_username())
        except KnowledgeError as error:
            messages.error(request, error.message)
            return
        messages.success(request, f"{count:,} of {len(ids):,} examples {done}.")

    # --- the past

    def get_urls(self) -> list[URLPattern]:
        """Add the address that brings a former state back, and the page that searches."""
        revert = require_POST(self.admin_site.admin_view(self.revert_view))
        search = self.admin_site.admin_view(self.search_page)
        urls: list[URLPattern] = super().get_urls()
        return [
            path("<int:example_id>/revert/<int:state_id>/", revert, name="knowledge_example_revert"),
            path("search/", search, name="knowledge_example_search_page"),
            *urls,
        ]

    @action(description="Search by meaning", url_path="search-link", permissions=["view"], icon="search")
    def search(self, request: HttpRequest) -> HttpResponse:
        """Go to the page that searches as the API does."""
        return HttpResponseRedirect(reverse("admin:knowledge_example_search_page"))

    def search_page(self, request: HttpRequest) -> HttpResponse:
        """Search by words, by meaning or by both."""
        context = {**self.admin_site.each_context(request), "title": "Search examples", "opts": self.opts}
        return search_view(request, context=context, allowed=self.has_view_permission(request))

    def revert_view(self, request: HttpRequest, example_id: int, state_id: int) -> HttpResponse:
        """Bring a former state of an example back."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        state = ExampleHistory.objects.filter(pk=state_id, example_id=example_id).first()
        if state is None:
            messages.error(request, "That state is no longer kept.")
        else:
            self._bring_back(request, state)
        return HttpResponseRedirect(reverse("admin:knowledge_example_change", args=[example_id]))

    @staticmethod
    def _bring_back(request: HttpRequest, state: ExampleHistory) -> None:
        changes = {name: getattr(state, name) for name in ("content", "response", "metadata")}
        try:
            example_update(example_id=state.example_id, changes=changes, actor=request.user.get_username())
            messages.success(request, f"The state of {state.updated_at:%Y-%m-%d %H:%M:%S} is back.")
        except KnowledgeError as error:
            messages.error(request, error.message)


def _refusing(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the view's answer, or the same page with the reason where a service refused."""
    try:
        return view()
    except KnowledgeError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(request.get_full_path())


def _ids(queryset: QuerySet[Example]) -> list[int]:
    return list(queryset.order_by().values_list("pk", flat=True)[:MOST_AT_ONCE])
