"""Which rows of the exported files a search lets through; `knowledge.search.filtering` says the same in SQL."""

from datetime import datetime
from typing import Any

from knowledge.search.asked import Filters
from knowledge.search.syntax import Parsed

_INFINITE = float("inf")


class Passes:
    """Says whether a row meets the filters, and its text the phrases that must and must not be there."""

    def __init__(self, filters: Filters, parsed: Parsed, emotions: list[dict[str, Any]]) -> None:
        self._filters, self._by_frequency = filters, _asks_frequency(filters)
        self._low = -_INFINITE if filters.min_frequency is None else filters.min_frequency
        self._high = _INFINITE if filters.max_frequency is None else filters.max_frequency
        self._tuned = {each["name"] for each in emotions if self._is_tuned(each)}
        self._required = [[_plain(text) for text in group] for group in parsed.required]
        self._excluded = [_plain(text) for text in parsed.excluded]

    def __call__(self, row: dict[str, Any], text: str) -> bool:
        """Whether a row of a file passes."""
        return self._in_time(row) and self._is_felt(row) and self._sounds(row) and self._says(_plain(text))

    def _in_time(self, row: dict[str, Any]) -> bool:
        created = datetime.fromisoformat(row["created_at"])
        since, before = self._filters.since, self._filters.before
        return (since is None or created >= since) and (before is None or created < before)

    def _is_felt(self, row: dict[str, Any]) -> bool:
        return self._filters.emotion is None or self._filters.emotion in _named(row)

    def _sounds(self, row: dict[str, Any]) -> bool:
        if not self._by_frequency:
            return True
        own: Any = _metadata(row).get("frequency")
        is_number = isinstance(own, int | float) and not isinstance(own, bool)
        return (is_number and self._low <= own <= self._high) or not self._tuned.isdisjoint(_named(row))

    def _says(self, text: str) -> bool:
        required = all(any(phrase in text for phrase in group) for group in self._required)
        return required and not any(phrase in text for phrase in self._excluded)

    def _is_tuned(self, emotion: dict[str, Any]) -> bool:
        return any(self._low <= emotion[name] <= self._high for name in ("neuroscience_freq", "metaphysical_freq"))


def _asks_frequency(filters: Filters) -> bool:
    return filters.min_frequency is not None or filters.max_frequency is not None


def _named(row: dict[str, Any]) -> set[str]:
    metadata = _metadata(row)
    many = metadata.get("emotions")
    found = [*(many if isinstance(many, list) else ()), metadata.get("emotion")]
    return {name for name in found if isinstance(name, str)}


def _metadata(row: dict[str, Any]) -> dict[str, Any]:
    metadata = row.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
