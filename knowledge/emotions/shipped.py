"""The model that comes with the package."""

from pathlib import Path

from knowledge.emotions.artifact import Model

FOLDER = Path(__file__).parent / "model"
MODEL_FILE = "emotions.npz"
CARD_FILE = "CARD.md"


def shipped_bytes() -> bytes:
    """Return the file of the shipped model."""
    return (FOLDER / MODEL_FILE).read_bytes()


def shipped_model() -> Model:
    """Return the shipped model, read anew."""
    return Model.from_bytes(shipped_bytes())
