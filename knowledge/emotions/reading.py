"""Read texts with the active model and the catalogue as it stands."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from knowledge.emotions.analysis import Analyst
from knowledge.emotions.catalogue import Catalogue, Entry
from knowledge.emotions.provider import provider
from knowledge.models import Emotion

CHUNK = 50

Progress = Callable[[float, str], None]


def catalogue_load() -> Catalogue:
    """Return the curators' emotions by name."""
    fields = ("valence", "arousal", "neuroscience_freq", "metaphysical_freq")
    return {name: Entry(*numbers) for name, *numbers in Emotion.objects.values_list("name", *fields)}


def texts_read(
    texts: Sequence[str], *, top: int | None = None, arc: bool = True, progress: Progress = lambda fraction, stage: None
) -> dict[str, Any]:
    """Return the analysis of each text, and which version of the model made it.

    All texts are read with one version, even where another is activated meanwhile.
    """
    loaded = provider.current()
    analyst = Analyst(loaded.model, catalogue_load())
    found: list[dict[str, Any]] = []
    for part in _chunks(texts):
        progress(len(found) / len(texts), "reading")
        found += analyst.read(part, top=top, arc=arc)
    return {"texts": found, "model": loaded.version}


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    left = iter(texts)
    while part := list(islice(left, CHUNK)):
        yield part
