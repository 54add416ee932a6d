"""The sources in the order in which they are asked."""

from importlib import import_module

from knowledge.sources.contract import Source

_SOURCES = {
    "dataset": "dataset:DatasetSource",
    "wikipedia": "wikipedia:WikipediaSource",
    "web": "web:WebSource",
    "llm": "llm.source:LLMSource",
}

SOURCE_NAMES = tuple(_SOURCES)


def sources_named(names: tuple[str, ...] = SOURCE_NAMES) -> list[Source]:
    """Return the sources of these names, as configured now.

    Their modules are imported here and not before: the web process starts without an HTTP client.
    """
    return [_make(*_SOURCES[name].split(":")) for name in names]


def _make(module: str, name: str) -> Source:
    source: Source = getattr(import_module(f"knowledge.sources.{module}"), name)()
    return source
