"""API keys: make them, see who has one, revoke them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from jobs.keys import key_revoke
from jobs.models import ApiKey
from jobs.models.api_key import HINT_LENGTH, hash_key, new_key


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):  # type: ignore[misc]
    """API keys. A new key is shown once, after it is saved."""

    list_display = ("name", "owner", "tier", "hint", "usable", "created_at", "expires_at", "revoked_at")
    list_filter = ("tier",)
    search_fields = ("name", "owner__username")
    fields = ("name", "owner", "tier", "requests_per_minute", "expires_at", "hint", "created_at", "revoked_at")
    readonly_fields = ("hint", "created_at", "revoked_at")
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: "ModelForm[ApiKey]", change: bool) -> None:
        """Save; a new row gets its key, which is shown this once."""
        if not change:
            key = new_key()
            obj.key_hash, obj.hint = hash_key(key), key[:HINT_LENGTH]
            messages.warning(request, f"The key, shown this once: {key}")
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        """Return what cannot be edited: once made, a key keeps its owner."""
        return (*self.readonly_fields, "owner") if obj else self.readonly_fields

    @admin.display(boolean=True)
    def usable(self, row: ApiKey) -> bool:
        """Say whether the key opens anything now."""
        return row.is_usable()

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Close the chosen keys for good."""
        for row in queryset:
            key_revoke(row)
