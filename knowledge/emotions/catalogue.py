"""What each emotion stands for: place in the plane of valence and arousal, group, and frequencies where known."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.emotions.vectorizer import Floats

NEUTRAL = "neutral"

# The grouping that the authors of GoEmotions publish with it (Demszky et al. 2020), after Ekman's six.
_EKMAN = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": """joy amusement approval excitement gratitude love optimism relief pride admiration desire caring""",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
}
_GROUP_OF = {name: group for group, names in _EKMAN.items() for name in names.split()}

# Coarse places in Russell's (1980) circumplex, for use where no catalogue is given.
_PLACES = {
    "admiration": (0.7, 0.3),
    "amusement": (0.8, 0.5),
    "anger": (-0.7, 0.8),
    "annoyance": (-0.5, 0.5),
    "approval": (0.5, 0.0),
    "caring": (0.6, 0.0),
    "confusion": (-0.3, 0.3),
    "curiosity": (0.3, 0.5),
    "desire": (0.5, 0.6),
    "disappointment": (-0.6, -0.3),
    "disapproval": (-0.5, 0.2),
    "disgust": (-0.7, 0.4),
    "embarrassment": (-0.5, 0.3),
    "excitement": (0.8, 0.9),
    "fear": (-0.7, 0.8),
    "gratitude": (0.8, 0.1),
    "grief": (-0.9, -0.2),
    "joy": (0.9, 0.6),
    "love": (0.9, 0.4),
    "nervousness": (-0.4, 0.7),
    "neutral": (0.0, 0.0),
    "optimism": (0.7, 0.4),
    "pride": (0.7, 0.5),
    "realization": (0.1, 0.3),
    "relief": (0.6, -0.5),
    "remorse": (-0.6, -0.1),
    "sadness": (-0.8, -0.5),
    "surprise": (0.1, 0.8),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One emotion: valence and arousal in [-1, 1], frequencies in Hz (absent when nobody gave them)."""

    valence: float
    arousal: float
    neuroscience_freq: float | None = None
    metaphysical_freq: float | None = None


Catalogue = Mapping[str, Entry]
"""Emotions by name."""

BUILT_IN: Catalogue = MappingProxyType({name: Entry(*place) for name, place in _PLACES.items()})


def ekman_group(emotion: str) -> str:
    """Return the group of ``emotion`` among Ekman's six, or ``neutral``."""
    return _GROUP_OF.get(emotion, NEUTRAL)


def places(labels: Sequence[str], catalogue: Catalogue) -> "Floats":
    """Return valence, arousal and both frequencies of each label (labels × 4), NaN where the catalogue has none."""
    import numpy as np

    unknown = (None,) * 4
    rows = [astuple(catalogue[label]) if label in catalogue else unknown for label in labels]
    return np.array(rows, np.float32).reshape(-1, 4)


def blend(scores: "Floats", of: "Floats") -> "Floats":
    """Return the means of the places ``of`` labels weighted by ``scores`` (texts × labels), of shape texts × 4.

    What the catalogue lacks does not count; where it has nothing at all the mean is NaN.
    """
    import numpy as np

    known = ~np.isnan(of)
    weight = scores @ known
    return np.divide(scores @ np.where(known, of, 0), weight, out=np.full_like(weight, np.nan), where=weight > 0)
