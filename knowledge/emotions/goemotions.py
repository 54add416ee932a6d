"""The public GoEmotions files, from which the shipped model is rebuilt."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge.emotions.card import Source, card, summary
from knowledge.emotions.dataset import Labelled, read_goemotions, read_names
from knowledge.emotions.shipped import CARD_FILE, MODEL_FILE
from knowledge.emotions.training import Progress, Recipe, train

DATA = "GoEmotions, training and development splits (Demszky et al. 2020, ACL)"
LICENCE = "Apache-2.0"
COMMAND = "python manage.py train_emotions --goemotions FOLDER --output knowledge/emotions/model"


@dataclass(frozen=True, slots=True)
class GoEmotions:
    """The two splits that are used: one to train, one to judge."""

    train: list[Labelled]
    held_out: list[Labelled]

    @classmethod
    def read(cls, folder: Path) -> "GoEmotions":
        """Return the splits in ``folder``: ``train.tsv``, ``dev.tsv`` and ``emotions.txt``."""
        names = read_names(folder / "emotions.txt")
        return cls(*(read_goemotions(folder / name, names) for name in ("train.tsv", "dev.tsv")))


def rebuild(data: GoEmotions, recipe: Recipe, today: date, progress: Progress) -> tuple[bytes, str]:
    """Return the file of the trained model, with its facts inside, and its card."""
    trained = train(data.train, data.held_out, recipe, progress=progress)
    source = Source(DATA, LICENCE, today.isoformat(), COMMAND, len(data.train), len(data.held_out))
    content = replace(trained.model, about=summary(trained, source)).to_bytes()
    return content, card(trained, source, size=len(content))


def write(folder: Path, content: bytes, text: str) -> None:
    """Write a model and its card into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(content)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
