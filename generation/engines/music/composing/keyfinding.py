"""The key that a listener hears: correlation with the profiles of Krumhansl & Kessler (1982)."""

import math
from collections.abc import Iterable, Sequence

MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def histogram(notes: Iterable[tuple[int, float]]) -> list[float]:
    """Sum the durations of (pitch, duration) pairs by pitch class."""
    sums = [0.0] * 12
    for pitch, duration in notes:
        sums[pitch % 12] += duration
    return sums


def key_strengths(classes: Sequence[float]) -> dict[tuple[int, str], float]:
    """Correlate a histogram of pitch classes with the 24 keys, given as (tonic, ``major`` or ``minor``)."""
    return {
        (tonic, mode): _correlation([classes[(tonic + step) % 12] for step in range(12)], profile)
        for mode, profile in (("major", MAJOR), ("minor", MINOR))
        for tonic in range(12)
    }


def clarity(classes: Sequence[float], tonic: int, mode: str) -> float:
    """By how much a key's correlation exceeds that of every other key (negative when another one wins)."""
    strengths = key_strengths(classes)
    own = strengths.pop((tonic, mode))
    return own - max(strengths.values())


def _correlation(values: Sequence[float], profile: Sequence[float]) -> float:
    mean, centre = sum(values) / 12, sum(profile) / 12
    pairs = [(value - mean, weight - centre) for value, weight in zip(values, profile, strict=True)]
    norm = math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
    return sum(a * b for a, b in pairs) / norm if norm else 0.0
