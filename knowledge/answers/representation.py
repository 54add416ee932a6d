"""A reply as JSON, the same for the API and the command."""

from dataclasses import asdict
from typing import Any

from knowledge.answers.contract import Answer, Reply
from knowledge.sources.contract import Citation


def reply_body(reply: Reply) -> dict[str, Any]:
    """Return the body of ``POST /api/knowledge/query``."""
    finding = reply.answer.finding
    return {
        "query": reply.query,
        "answer": finding and finding.text,
        "source": reply.answer.source,
        "confidence": round(finding.confidence, 3) if finding else 0.0,
        "citations": [_citation(c) for c in finding.citations] if finding else [],
        "model": finding and finding.model,
        "cached": reply.cached,
        "stale": reply.stale,
        "age": round(reply.age, 1),
        "tokens": _tokens(reply),
        "cost": round(reply.cost, 6),
        "saved_cost": round(reply.saved_cost, 6),
        "time_ms": round(reply.time * 1000, 2),
        "query_hash": reply.query_hash,
        "sources": attempts(reply.answer),
    }


def attempts(answer: Answer) -> list[dict[str, Any]]:
    """Return what came of each source."""
    return [asdict(attempt) for attempt in answer.attempts]


def _citation(citation: Citation) -> dict[str, Any]:
    return {name: value for name, value in asdict(citation).items() if value is not None}


def _tokens(reply: Reply) -> dict[str, int]:
    """Return the tokens that this reply used: none where it was cached."""
    finding = None if reply.cached else reply.answer.finding
    prompt, completion = (finding.prompt_tokens, finding.completion_tokens) if finding else (0, 0)
    return {"prompt": prompt, "completion": completion, "total": prompt + completion}
