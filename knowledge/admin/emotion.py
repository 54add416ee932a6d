"""The catalogue of emotions, its two frequencies drawn and heard."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from knowledge.admin.pictures import wave
from knowledge.models import Emotion

_HEARD = (
    '<button type="button" data-hertz="{0}" title="Hear {0} Hz" class="inline-flex items-center gap-1 cursor-pointer '
    'text-primary-600 dark:text-primary-500"><span class="material-symbols-outlined">volume_up</span>{0} Hz</button>'
)


@admin.register(Emotion)
class EmotionAdmin(ModelAdmin):  # type: ignore[misc]
    """The emotions."""

    list_display = ("name", "group", "brain", "tradition", "valence", "arousal")
    list_filter = ("group",)
    search_fields = ("name",)
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("name", "group", "valence", "arousal")}),
        ("Frequencies", {"fields": ("neuroscience_freq", "drawn_brain", "metaphysical_freq", "drawn_tradition")}),
        ("What they rest on", {"fields": ("evidence", "personality_template", "created_at")}),
    )
    readonly_fields = ("drawn_brain", "drawn_tradition", "created_at")

    def get_fieldsets(self, request: HttpRequest, obj: Emotion | None = None) -> Any:
        """Return the fields; of a new emotion those that are typed."""
        found = super().get_fieldsets(request, obj)
        return found if obj is not None else [(title, _typed(parts)) for title, parts in found]

    class Media:
        js = ("knowledge/tones.js",)

    @admin.display(description="neuroscience", ordering="neuroscience_freq")
    def brain(self, emotion: Emotion) -> SafeString:
        """Return a button that sounds."""
        return _heard(emotion.neuroscience_freq)

    @admin.display(description="tradition", ordering="metaphysical_freq")
    def tradition(self, emotion: Emotion) -> SafeString:
        """Return a button that sounds."""
        return _heard(emotion.metaphysical_freq)

    @admin.display(description="drawn and heard")
    def drawn_brain(self, emotion: Emotion) -> SafeString | str:
        """Return the wave, and a button that sounds."""
        return _drawn(emotion.neuroscience_freq)

    @admin.display(description="drawn and heard")
    def drawn_tradition(self, emotion: Emotion) -> SafeString | str:
        """Return the wave, and a button that sounds."""
        return _drawn(emotion.metaphysical_freq)


def _typed(parts: dict[str, Any]) -> dict[str, Any]:
    return parts | {"fields": tuple(name for name in parts["fields"] if name not in EmotionAdmin.readonly_fields)}


def _heard(hertz: float) -> SafeString:
    return format_html(_HEARD, f"{hertz:g}")


def _drawn(hertz: Any) -> SafeString | str:
    return format_html("{}{}", wave(hertz, f"{hertz:g} Hz"), _heard(hertz)) if hertz else "–"
