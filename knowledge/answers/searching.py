"""Asks one source after the other until one answers well enough."""

import time
from collections.abc import Sequence

from django.conf import settings

from knowledge import signals
from knowledge.answers.contract import Answer, Attempt, Outcome
from knowledge.cache.errors import Unobtainable
from knowledge.sources.contract import Declined, Finding, Question, Source, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.guarded import guarded

WORTH_SAYING = 0.25
"""A finding that is not good enough is still said, with its confidence, where nothing better came and it has this."""


class NoAnswer(Unobtainable):
    """Nothing was found, and a source that might have known failed."""

    def __init__(self, answer: Answer) -> None:
        troubles = [
            f"{a.name} ({a.detail})" for a in answer.attempts if a.outcome in {Outcome.FAILED, Outcome.DECLINED}
        ]
        super().__init__(f"No source could answer; in trouble: {', '.join(troubles)}.")
        self.answer = answer


def search(question: Question, sources: Sequence[Source]) -> Answer:
    """Return the first finding that is good enough, else the surest that is worth saying, else none."""
    deadline = Deadline.after(settings.ANSWERS_DEADLINE)
    attempts: list[Attempt] = []
    weak: list[tuple[Finding, str]] = []
    for position, source in enumerate(sources):
        attempt, finding = _ask(source, question, deadline, [found for found, _ in weak])
        attempts.append(attempt)
        if finding is not None and attempt.outcome is Outcome.ANSWERED:
            rest = [_not_asked(later) for later in sources[position + 1 :]]
            return Answer(source.name, finding, (*attempts, *rest))
        if finding is not None:
            weak.append((finding, source.name))
    return _makeshift(weak, tuple(attempts))


def is_in_trouble(answer: Answer) -> bool:
    """Whether a source that was wanted could not be asked, so that a better answer may come later."""
    return any(a.outcome in {Outcome.FAILED, Outcome.DECLINED} for a in answer.attempts)


def is_good(answer: Answer) -> bool:
    """Whether a source found its own answer good enough."""
    return any(a.outcome is Outcome.ANSWERED for a in answer.attempts)


def _ask(
    source: Source, question: Question, deadline: Deadline, context: list[Finding]
) -> tuple[Attempt, Finding | None]:
    if source.missing is not None:
        return Attempt(source.name, Outcome.NOT_CONFIGURED, f"{source.missing} is not set"), None
    began = time.monotonic()
    finding: Finding | None = None
    try:
        finding = guarded(source.name, lambda: source.find(question, deadline.sooner(source.timeout), context))
        outcome, detail = _judge(source, finding)
    except SourceFailure as failure:
        outcome, detail = Outcome.FAILED, failure.reason
    except Declined as reason:
        outcome, detail = Outcome.DECLINED, str(reason)
    seconds = time.monotonic() - began
    signals.source_asked.send_robust(None, source=source.name, outcome=outcome, seconds=seconds)
    return Attempt(source.name, outcome, detail, round(seconds * 1000, 2)), finding


def _judge(source: Source, finding: Finding | None) -> tuple[Outcome, str]:
    if finding is None:
        return Outcome.NOTHING, ""
    if finding.confidence >= source.good_enough:
        return Outcome.ANSWERED, ""
    return Outcome.WEAK, f"confidence {finding.confidence:.2f} of {source.good_enough:.2f}"


def _not_asked(source: Source) -> Attempt:
    if source.missing is not None:
        return Attempt(source.name, Outcome.NOT_CONFIGURED, f"{source.missing} is not set")
    return Attempt(source.name, Outcome.NOT_ASKED)


def _makeshift(weak: list[tuple[Finding, str]], attempts: tuple[Attempt, ...]) -> Answer:
    best = max(weak, key=lambda pair: pair[0].confidence, default=None)
    if best is None or best[0].confidence < WORTH_SAYING:
        return Answer(None, None, attempts)
    return Answer(best[1], best[0], attempts)
