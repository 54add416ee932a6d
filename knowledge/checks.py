"""What `manage.py check` says of the settings of this room."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from knowledge.sources.llm.models import configured_models


@register("knowledge")
def check_models(**_: Any) -> list[CheckMessage]:
    """Tell of models that are set wrongly, or that would be paid although nothing may be spent."""
    try:
        models = configured_models()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="docs/answers.md shows LLM_MODELS.", id="knowledge.E001")]
    paid = [model.name for model in models if model.input_price or model.output_price]
    if paid and settings.LLM_DAILY_BUDGET <= 0:
        return [Warning(f"{', '.join(paid)} can never be asked: LLM_DAILY_BUDGET is 0.", id="knowledge.W001")]
    return []
