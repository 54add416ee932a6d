"""The sources in the order in which they are asked."""

from collections.abc import Callable

from knowledge.sources.contract import Source
from knowledge.sources.dataset import DatasetSource
from knowledge.sources.llm.source import LLMSource
from knowledge.sources.web import WebSource
from knowledge.sources.wikipedia import WikipediaSource

_SOURCES: dict[str, Callable[[], Source]] = {
    "dataset": DatasetSource,
    "wikipedia": WikipediaSource,
    "web": WebSource,
    "llm": LLMSource,
}

SOURCE_NAMES = tuple(_SOURCES)


def sources_named(names: tuple[str, ...] = SOURCE_NAMES) -> list[Source]:
    """Return the sources of these names, as configured now."""
    return [_SOURCES[name]() for name in names]
