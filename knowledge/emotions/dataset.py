"""Labelled examples: read from files, checked before they teach."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.emotions.errors import TrainingDataError
from knowledge.emotions.metrics import Bits

FEWEST_EXAMPLES = 10
MOST_CONTRADICTIONS = 0.2


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and the emotions that people found in it."""

    text: str
    labels: frozenset[str]


def read_goemotions(path: Path, names: Sequence[str]) -> list[Labelled]:
    """Return the rows of a GoEmotions file: text, comma-separated numbers of ``names``, comment id, tab-separated.

    Raises
    ------
    TrainingDataError
        A row has another shape or a number without a name; the message says which line.
    """
    with path.open(encoding="utf-8", newline="\n") as lines:
        return [_row(line, number, names, path) for number, line in enumerate(lines, 1) if line.strip()]


def read_names(path: Path) -> tuple[str, ...]:
    """Return the emotions listed in a file, one a line."""
    return tuple(path.read_text(encoding="utf-8").split())


def bits(rows: Sequence[Labelled], labels: Sequence[str]) -> Bits:
    """Return the labels of ``rows`` as an array of shape (rows, labels)."""
    return np.array([[label in row.labels for label in labels] for row in rows], np.bool_).reshape(-1, len(labels))


def checked_labels(rows: Sequence[Labelled]) -> tuple[str, ...]:
    """Return the labels of ``rows`` in order of name, if they can teach a classifier.

    Raises
    ------
    TrainingDataError
        There are fewer than two labels, a label has too few examples, or the same texts carry labels that have
        nothing in common.
    """
    found = counts(rows)
    if len(found) < 2:
        raise TrainingDataError(f"At least two emotions are needed to tell apart; the examples have {len(found)}.")
    rare = [f"{label} has {n}" for label, n in sorted(found.items()) if n < FEWEST_EXAMPLES]
    if rare:
        raise TrainingDataError(f"At least {FEWEST_EXAMPLES} examples an emotion are needed: {', '.join(rare)}.")
    check_agreement(rows)
    return tuple(sorted(found))


def counts(rows: Iterable[Labelled]) -> Counter[str]:
    """Return how many of ``rows`` have each label."""
    return Counter(label for row in rows for label in row.labels)


def without(rows: Iterable[Labelled], texts: frozenset[str]) -> list[Labelled]:
    """Return the ``rows`` whose text is not among ``texts``."""
    return [row for row in rows if row.text not in texts]


def contradictions(rows: Iterable[Labelled]) -> list[str]:
    """Return the texts that appear more than once with labels that have nothing in common."""
    labels = defaultdict(list)
    for row in rows:
        labels[row.text].append(row.labels)
    return [text for text, found in labels.items() if len(found) > 1 and not frozenset.intersection(*found)]


def check_agreement(rows: Sequence[Labelled]) -> None:
    """Raise `TrainingDataError` where too many texts carry labels that have nothing in common."""
    against = contradictions(rows)
    distinct = len({row.text for row in rows})
    if len(against) > MOST_CONTRADICTIONS * distinct:
        raise TrainingDataError(
            f"{len(against)} of {distinct} texts carry labels that contradict each other, the first is {against[0]!r}."
        )


def _row(line: str, number: int, names: Sequence[str], path: Path) -> Labelled:
    try:
        text, numbers, *_ = line.rstrip("\n").split("\t")
        return Labelled(text, frozenset(_named(numbers, names)))
    except (ValueError, IndexError) as error:
        raise TrainingDataError(
            f"{path.name}, line {number}: expected a text, a tab and label numbers below {len(names)}."
        ) from error


def _named(numbers: str, names: Sequence[str]) -> Iterator[str]:
    for number in map(int, numbers.split(",")):
        if number < 0:
            raise ValueError(number)
        yield names[number]
