"""Making a new version from the examples in the store: trained anew, or refined from the active one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from knowledge.emotions.card import Source, card, refined_card, summary
from knowledge.emotions.curated import Split, curated_load, split
from knowledge.emotions.provider import Loaded, provider
from knowledge.emotions.refining import refine
from knowledge.emotions.training import Recipe, train
from knowledge.emotions.versions import Draft

COMMAND = "python manage.py train_emotions"

Progress = Callable[[float, str], None]


def draft_make(*, domains: Sequence[str], method: str, progress: Progress) -> Draft:
    """Return a new version, not kept yet.

    ``refine`` corrects the active version by the examples; ``anew`` starts from them alone, which takes many.
    Raises `TrainingDataError` and `KnowledgeError`.
    """
    progress(0.0, "reading examples")
    parts = split(curated_load(domains))
    source = _source(parts, domains, method, timezone.now().date())
    return _anew(parts, source, progress) if method == "anew" else _refined(provider.current(), parts, source, progress)


def _anew(parts: Split, source: Source, progress: Progress) -> Draft:
    trained = train(parts.train, parts.held_out, Recipe(), progress=progress)
    figures = summary(trained, source)
    content = replace(trained.model, about=figures).to_bytes()
    return Draft(content, card(trained, source, size=len(content)), figures)


def _refined(base: Loaded, parts: Split, source: Source, progress: Progress) -> Draft:
    refined = refine(base.model, parts.train, parts.held_out, progress=progress)
    figures = {
        "base": base.version,
        "data": source.data,
        "rows": source.rows,
        "held_out": source.held_out,
        "macro_f1_before": round(refined.before.macro.value, 4),
        "micro_f1_before": round(refined.before.micro.value, 4),
        "macro_f1": round(refined.after.macro.value, 4),
        "micro_f1": round(refined.after.micro.value, 4),
    }
    content = replace(refined.model, about={**base.model.about, "refined": figures}).to_bytes()
    return Draft(content, refined_card(refined, source, base.version, size=len(content)), figures)


def _source(parts: Split, domains: Sequence[str], method: str, today: date) -> Source:
    names = ", ".join(domains) or "every domain"
    command = " ".join([COMMAND, f"--method {method}", *(f"--domain {name!r}" for name in domains)])
    rows, held_out = len(parts.train), len(parts.held_out)
    return Source(f"labelled examples of {names}", "as kept", today.isoformat(), command, rows, held_out)
