"""What Django checks before a command runs: settings that only make sense once the kinds of job are known."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from jobs import registry


@register
def caps_name_kinds(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Refuse a cap of a kind that does not exist: it would cap nothing, in silence."""
    known = [kind.name for kind in registry.all_kinds()]
    return [
        Error(f"MCAI_KIND_CAPS names {name!r}", hint=f"It may name {', '.join(known)}.", id="jobs.E001")
        for name in sorted(settings.MCAI_KIND_CAPS.keys() - set(known))
    ]
