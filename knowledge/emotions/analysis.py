"""The analysis of a text: labels, scores, mood, the words that weighed, and the arc of a long text."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np

from knowledge.emotions.artifact import Model
from knowledge.emotions.catalogue import BUILT_IN, NEUTRAL, Catalogue, blend, ekman_group, places
from knowledge.emotions.scoring import Scored, has_evidence, scored, weighed_words
from knowledge.emotions.text import sentences
from knowledge.emotions.vectorizer import Floats

NOT_ENOUGH = "not enough evidence"
MOST_SENTENCES = 200
SHOWN_WORDS = 5
SHOWN_CHARACTERS = 200
DIGITS = 4


class Analyst:
    """Reads texts with one model and one catalogue; without a catalogue, with the built-in places of emotions."""

    def __init__(self, model: Model, catalogue: Catalogue | None = None) -> None:
        self.model = model
        self.catalogue = catalogue or BUILT_IN

    def read(self, texts: Sequence[str], *, top: int | None = None, arc: bool = True) -> list[dict[str, Any]]:
        """Return the analysis of each text as plain JSON.

        ``top`` limits the scores to the highest ones; ``arc`` adds, for texts of several sentences, how the mood
        moves from one to the next.
        """
        readings = [reading for part in scored(self.model, texts) for reading in self._readings(part, top)]
        if arc:
            for text, reading in zip(texts, readings, strict=True):
                self._add_arc(text, reading)
        return readings

    @cached_property
    def _places(self) -> Floats:
        return places(self.model.labels, self.catalogue)

    def _readings(self, part: Scored, top: int | None) -> Iterator[dict[str, Any]]:
        scores = part.probabilities
        order = np.argsort(-scores, axis=1, kind="stable").tolist()
        given = (scores >= self.model.thresholds).tolist()
        moods = blend(scores, self._places).astype(np.float64).round(DIGITS).tolist()
        rounded = scores.astype(np.float64).round(DIGITS).tolist()
        for i, seen in enumerate(part.tokens):
            if not has_evidence(self.model, seen):
                yield _unread()
                continue
            labels = [self.model.labels[k] for k in order[i] if given[i][k]] or [self._nearest(scores[i])]
            yield {
                "labels": labels,
                "scores": {self.model.labels[k]: rounded[i][k] for k in order[i][:top]},
                **_mood(moods[i]),
                "ekman": ekman_group(labels[0]),
                "words": self._words(part, i, labels[0]),
                "note": None,
            }

    def _nearest(self, scores: Floats) -> str:
        """Return the label that comes nearest to its threshold."""
        return self.model.labels[int(np.argmax(scores / self.model.thresholds))]

    def _words(self, part: Scored, index: int, label: str) -> list[dict[str, Any]]:
        if label == NEUTRAL:
            return []
        found = weighed_words(self.model, part, index, label, top=SHOWN_WORDS)
        return [{"word": word.word, "weight": round(word.weight, DIGITS)} for word in found]

    def _add_arc(self, text: str, reading: dict[str, Any]) -> None:
        parts = sentences(text)
        if len(parts) > 1 and not reading["note"]:
            runs = _runs(parts, MOST_SENTENCES)
            found = self.read(runs, top=1, arc=False)
            reading["arc"] = [_moment(run, one) for run, one in zip(runs, found, strict=True)]


def _unread() -> dict[str, Any]:
    mood = {"valence": 0.0, "arousal": 0.0, "neuroscience_freq": None, "metaphysical_freq": None}
    return {"labels": [], "scores": {}, **mood, "ekman": None, "words": [], "note": NOT_ENOUGH}


def _moment(text: str, reading: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": text[:SHOWN_CHARACTERS],
        "label": next(iter(reading["labels"]), None),
        "score": next(iter(reading["scores"].values()), None),
        "valence": reading["valence"],
        "arousal": reading["arousal"],
    }


def _mood(blended: Sequence[float]) -> dict[str, float | None]:
    valence, arousal, neuroscience, metaphysical = (None if isnan(value) else value for value in blended)
    return {
        "valence": valence or 0.0,
        "arousal": arousal or 0.0,
        "neuroscience_freq": neuroscience,
        "metaphysical_freq": metaphysical,
    }


def _runs(parts: Sequence[str], most: int) -> list[str]:
    size = -(-len(parts) // most)
    return [" ".join(parts[start : start + size]) for start in range(0, len(parts), size)]
