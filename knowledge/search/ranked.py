"""An example in a ranking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """The example ``id``, whether it lies in the archive, and its score: the higher the better."""

    id: int
    archived: bool
    score: float
