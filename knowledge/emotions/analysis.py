"""The analysis of a text: labels, scores, mood, the words that weighed, and the arc of a long text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.emotions.artifact import Model
from knowledge.emotions.catalogue import BUILT_IN, NEUTRAL, Catalogue, blend, ekman_group
from knowledge.emotions.scoring import has_evidence, probabilities, weighed_words
from knowledge.emotions.text import sentences
from knowledge.emotions.vectorizer import Floats

NOT_ENOUGH = "not enough evidence"
MOST_SENTENCES = 200
SHOWN_WORDS = 5
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Analyst:
    """Reads texts with one model and one catalogue."""

    model: Model
    catalogue: Catalogue

    def read(self, texts: Sequence[str], *, top: int | None = None, arc: bool = True) -> list[dict[str, Any]]:
        """Return the analysis of each text as plain JSON.

        ``top`` limits the scores to the highest ones; ``arc`` adds, for texts of several sentences, how the mood
        moves from one to the next.
        """
        scores = probabilities(self.model, texts)
        readings = [self._reading(text, row, top) for text, row in zip(texts, scores, strict=True)]
        if arc:
            for text, reading in zip(texts, readings, strict=True):
                self._add_arc(text, reading)
        return readings

    def _add_arc(self, text: str, reading: dict[str, Any]) -> None:
        parts = sentences(text)
        if len(parts) > 1 and not reading["note"]:
            reading["arc"] = list(self._arc(parts))

    def _reading(self, text: str, scores: Floats, top: int | None) -> dict[str, Any]:
        known = has_evidence(self.model, text)
        labels = self._labels(scores) if known else []
        best = labels[0] if labels else None
        return {
            "labels": labels,
            "scores": self._scores(scores, top) if known else {},
            **self._mood(scores, known),
            "ekman": ekman_group(best) if best else None,
            "words": self._words(text, best),
            "note": None if known else NOT_ENOUGH,
        }

    def _labels(self, scores: Floats) -> list[str]:
        """Return the labels that reach their threshold, the highest score first; if none does, the nearest to it."""
        order = np.argsort(-scores, kind="stable")
        given = [self.model.labels[i] for i in order if scores[i] >= self.model.thresholds[i]]
        return given or [self.model.labels[int(np.argmax(scores / self.model.thresholds))]]

    def _scores(self, scores: Floats, top: int | None) -> dict[str, float]:
        order = np.argsort(-scores, kind="stable")[:top]
        return {self.model.labels[i]: round(float(scores[i]), DIGITS) for i in order}

    def _mood(self, scores: Floats, known: bool) -> dict[str, float | None]:
        if not known:
            return {"valence": 0.0, "arousal": 0.0, "neuroscience_freq": None, "metaphysical_freq": None}
        mood = blend(self.model.labels, scores, self.catalogue)
        return {
            "valence": round(mood.valence, DIGITS),
            "arousal": round(mood.arousal, DIGITS),
            "neuroscience_freq": _rounded(mood.neuroscience_freq),
            "metaphysical_freq": _rounded(mood.metaphysical_freq),
        }

    def _words(self, text: str, label: str | None) -> list[dict[str, Any]]:
        if label is None or label == NEUTRAL:
            return []
        found = weighed_words(self.model, text, label, top=SHOWN_WORDS)
        return [{"word": word.word, "weight": round(word.weight, DIGITS)} for word in found]

    def _arc(self, parts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield label, valence and arousal of each part; a very long text is cut into runs of sentences."""
        runs = _runs(parts, MOST_SENTENCES)
        for run, scores in zip(runs, probabilities(self.model, runs), strict=True):
            reading = self._reading(run, scores, 1)
            yield {
                "text": run[:200],
                "label": reading["labels"][0] if reading["labels"] else None,
                "score": next(iter(reading["scores"].values()), None),
                "valence": reading["valence"],
                "arousal": reading["arousal"],
            }


def analyst(model: Model, catalogue: Catalogue | None = None) -> Analyst:
    """Return who reads with ``model``; without a catalogue, valence and arousal come from the built-in one."""
    return Analyst(model, catalogue or BUILT_IN)


def _runs(parts: Sequence[str], most: int) -> list[str]:
    size = -(-len(parts) // most)
    return [" ".join(parts[start : start + size]) for start in range(0, len(parts), size)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
