"""Asks one model after the other until one gives an answer that can be used, within the day's budget."""

import math
import time
from collections.abc import Sequence

from django.conf import settings

from knowledge import signals
from knowledge.sources import budget
from knowledge.sources.contract import Declined, Finding, Question, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.guarded import guarded
from knowledge.sources.llm.models import Model, configured_models, route
from knowledge.sources.llm.prompts import cited, messages
from knowledge.sources.llm.protocol import CHARACTERS_A_TOKEN, Completion, complete

Messages = list[dict[str, str]]

_GROUNDED, _UNGROUNDED, _CUT_OFF = 0.75, 0.6, 0.8
"""Confidence with and without excerpts to cite, and the factor for an answer that hit the token limit."""


class LLMSource:
    """Answers in a model's own words, citing what the sources before it found."""

    name = "llm"
    good_enough = 0.4

    def __init__(self) -> None:
        self._models = configured_models()
        self.timeout: float = settings.LLM_TIMEOUT
        self.identity = ",".join(f"{model.name}={model.model}" for model in self._models)
        self.missing = None if self._models else "LLM_BASE_URL and LLM_MODEL, or LLM_MODELS"

    def find(self, question: Question, deadline: Deadline, context: Sequence[Finding]) -> Finding | None:
        """See ``contract.Source``."""
        said, failures, declined = messages(question, context), [], []
        for model in route(self._models, question.task_type):
            try:
                return self._ask(model, said, question, deadline, context)
            except SourceFailure as failure:
                failures.append(f"{model.name}: {failure.reason}")
            except Declined as reason:
                declined.append(f"{model.name}: {reason}")
            if question.listener and failures:
                question.listener.restart()
        if failures:
            raise SourceFailure("; ".join(failures + declined))
        raise Declined("; ".join(declined) or f"no model for {question.task_type}")

    def _ask(
        self, model: Model, said: Messages, question: Question, deadline: Deadline, context: Sequence[Finding]
    ) -> Finding:
        def ask() -> Completion:
            return _paid(model, said, question, deadline.sooner(model.timeout))

        completion = guarded(f"llm:{model.name}", ask)
        sure = (_GROUNDED if cited(context) else _UNGROUNDED) * (
            _CUT_OFF if completion.finish_reason == "length" else 1
        )
        spent = _tokens(said, completion)
        return Finding(completion.text, sure, cited(context), model.name, *spent, cost=model.price(*spent))


def _paid(model: Model, said: Messages, question: Question, deadline: Deadline) -> Completion:
    """Ask within the budget; a call of which nothing is known counts as having cost all that it could."""
    reservation = budget.reserve(model.price(_most_tokens(said), model.max_tokens))
    if reservation is None:
        raise Declined("the day's budget is spent")
    began = time.perf_counter()
    try:
        completion = complete(model, said, deadline, question.listener)
    except SourceFailure as failure:
        if failure.refused:
            reservation.settle(0.0)
        _tell(model, began, None, 0.0 if failure.refused else reservation.dollars, failure.kind)
        raise
    dollars = model.price(*_tokens(said, completion))
    reservation.settle(dollars)
    _tell(model, began, completion, dollars)
    if not completion.text or completion.finish_reason == "content_filter":
        raise SourceFailure("an empty answer")
    return completion


def _tell(model: Model, began: float, completion: Completion | None, dollars: float, error: str | None = None) -> None:
    """Tell whoever counts of one call; tokens that the endpoint did not count are not told."""
    signals.model_asked.send_robust(
        None,
        operation="chat",
        model=model.model,
        seconds=time.perf_counter() - began,
        error=error,
        input_tokens=completion and completion.prompt_tokens,
        output_tokens=completion and completion.completion_tokens,
        dollars=dollars,
    )


def _tokens(said: Messages, completion: Completion) -> tuple[int, int]:
    """Return the tokens of prompt and answer, estimated where the endpoint did not count them."""
    prompt, answer = completion.prompt_tokens, completion.completion_tokens
    estimated = math.ceil(sum(len(message["content"]) for message in said) / CHARACTERS_A_TOKEN)
    return (
        estimated if prompt is None else prompt,
        math.ceil(len(completion.text) / CHARACTERS_A_TOKEN) if answer is None else answer,
    )


def _most_tokens(said: Messages) -> int:
    """Return more tokens than the prompt can have: no tokenizer makes more than one of a byte."""
    return sum(len(message["content"].encode()) + 8 for message in said)
