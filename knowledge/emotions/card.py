"""The model card: what a model was trained on, how, and how well it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.emotions.metrics import Evaluation
from knowledge.emotions.refining import Refined
from knowledge.emotions.training import Step, Trained


@dataclass(frozen=True, slots=True)
class Source:
    """Where the examples came from."""

    data: str
    licence: str
    date: str
    command: str
    rows: int
    held_out: int


def card(trained: Trained, source: Source, *, size: int) -> str:
    """Return the card of a model whose file has ``size`` bytes, as Markdown."""
    sections = (_origin(source, size), _figures(trained), _shrinking(trained.steps), _labels(trained), LIMITS)
    return "# Emotion classifier\n\n" + "\n\n".join(sections) + "\n"


def refined_card(refined: Refined, source: Source, base: str, *, size: int) -> str:
    """Return the card of a model that was refined from the version ``base``, as Markdown."""
    facts = {
        "Refined from": base,
        "By": source.data,
        "Date": source.date,
        "Command": f"`{source.command}`",
        "Rows": f"{source.rows:,} to learn from, {source.held_out:,} held out",
        "Size": f"{size:,} bytes",
    }
    figures = [_figure_row("before", refined.before), _figure_row("after", refined.after)]
    head = ("on the held-out rows", "macro-F1 [95% interval]", "micro-F1 [95% interval]")
    return (
        f"# Emotion classifier, refined\n\n{_table(('', ''), facts.items())}\n\n{_table(head, figures)}\n\n{LIMITS}\n"
    )


def summary(trained: Trained, source: Source) -> Mapping[str, object]:
    """Return the facts of the card as plain JSON, for the row of a model's version."""
    return {
        "data": source.data,
        "licence": source.licence,
        "date": source.date,
        "rows": source.rows,
        "held_out": source.held_out,
        "macro_f1": round(trained.unseen.macro.value, 4),
        "micro_f1": round(trained.unseen.micro.value, 4),
        "f1": dict(zip(trained.model.labels, (round(f1, 4) for f1 in trained.unseen.f1), strict=True)),
    }


LIMITS = """## Limits

- English, informal, short: comments of Reddit's users, labelled by raters in India. It knows little of other
  languages, scripts and kinds of text, and answers "not enough evidence" where it knows too few of the words.
- Irony, quotation and what only context tells are beyond a bag of words. Rare emotions (grief, relief, pride) rest on
  a few dozen examples; their intervals are wide.
- The labels say what readers found in a text, not what its writer felt."""


def _origin(source: Source, size: int) -> str:
    facts = {
        "Data": source.data,
        "Licence of the data": source.licence,
        "Trained": source.date,
        "Command": f"`{source.command}`",
        "Rows": f"{source.rows:,} to train, {source.held_out:,} held out",
        "Size": f"{size:,} bytes",
        "Kind": "TF-IDF of words, word pairs, cue families and word pieces; one logistic regression a label; "
        "probabilities calibrated by Platt's method on cross-validated logits",
    }
    return _table(("", ""), facts.items())


def _figures(trained: Trained) -> str:
    rows = [_figure_row("training rows alone", trained.unseen), _figure_row("as shipped", trained.shipped)]
    return (
        "## Figures on the held-out rows\n\n"
        + _table(("thresholds from", "macro-F1 [95% interval]", "micro-F1 [95% interval]"), rows)
        + "\n\nThe shipped thresholds are medians over resamples of the cross-validated training rows and the held-out "
        "rows together; the first line leaves the held-out rows out of that and is the one to trust. Intervals: "
        "percentile bootstrap over texts, 1,000 rounds."
    )


def _figure_row(name: str, evaluation: Evaluation) -> tuple[str, str, str]:
    return name, str(evaluation.macro), str(evaluation.micro)


def _shrinking(steps: tuple[Step, ...]) -> str:
    rows = [(s.name, f"{s.features:,}", f"{s.weights:,}", f"{s.macro:.4f}", f"{s.micro:.4f}") for s in steps]
    note = "F1 here is at the best thresholds for the logits of that step, so that steps compare alike."
    return f"## Made small\n\n{_table(('step', 'features', 'weights', 'macro-F1', 'micro-F1'), rows)}\n\n{note}"


def _labels(trained: Trained) -> str:
    columns = zip(
        trained.model.labels,
        trained.unseen.support,
        trained.unseen.f1,
        trained.shipped.f1,
        trained.model.thresholds,
        strict=True,
    )
    rows = [(name, str(n), f"{a:.3f}", f"{b:.3f}", f"{t:.3f}") for name, n, a, b, t in columns]
    return "## By label\n\n" + _table(("label", "held-out texts", "F1", "F1 as shipped", "threshold"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
