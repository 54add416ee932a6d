"""What the forms of the admin ask of what was typed, as the API and the imports ask it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelect2Widget

from knowledge.domains import domain_name_clean
from knowledge.errors import KnowledgeError
from knowledge.examples import HELD, example_twin
from knowledge.models import Dataset, Example


class MetadataMixin:
    """Metadata is an object: a filter, a tag or a search by emotion looks for its names."""

    cleaned_data: dict[str, Any]

    def clean_metadata(self) -> dict[str, Any]:
        """Return the metadata, where it is an object; what is left empty is an empty one."""
        metadata = self.cleaned_data["metadata"]
        if metadata is None:
            return {}
        if not isinstance(metadata, dict):
            raise ValidationError('Metadata is a JSON object, such as {"tags": ["good"]}.')
        return metadata


class DatasetForm(MetadataMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    """One domain."""

    class Meta:
        model = Dataset
        fields = ("domain_name", "max_examples", "rotation_exempt", "metadata")

    def clean_domain_name(self) -> str:
        """Return the name, where a domain may have it: it is part of addresses and of names of files."""
        try:
            return domain_name_clean(self.cleaned_data["domain_name"])
        except KnowledgeError as error:
            raise ValidationError(error.message) from error


class ExampleForm(MetadataMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    """One example. Its domain is not called ``dataset`` here: unfold takes a field of that name for its own."""

    TYPED = ("domain", "content", "response", "metadata")

    domain = forms.ModelChoiceField(Dataset.objects.all(), widget=UnfoldAdminSelect2Widget)

    class Meta:
        model = Example
        fields = ("content", "response", "metadata")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding and "domain" in self.fields:
            self.initial["domain"] = self.instance.dataset_id

    def clean(self) -> dict[str, Any]:
        """Say before anything is written that the domain holds the content already."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "domain" in cleaned and "content" in cleaned:
            twin = example_twin(cleaned["domain"].pk, cleaned["content"])
            if twin not in (None, self.instance.pk):
                self.add_error("content", HELD.format(twin))
        return cleaned
