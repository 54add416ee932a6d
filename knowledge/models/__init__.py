"""The tables of the knowledge store, one idea a module."""

from knowledge.models.answer import CachedAnswer
from knowledge.models.archive import ArchivedExample
from knowledge.models.batch import ImportBatch
from knowledge.models.dataset import Dataset, DatasetStats
from knowledge.models.emotion import Emotion
from knowledge.models.emotion_model import EmotionModel
from knowledge.models.example import EMBEDDING_DIMENSIONS, Example
from knowledge.models.feedback import Feedback
from knowledge.models.fixture import FixtureExample
from knowledge.models.history import ExampleHistory
from knowledge.models.search import EmbedderModel, SearchCorpus, SearchTerm, SearchWord, VectorBreadth
from knowledge.models.snapshot import Snapshot

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "ArchivedExample",
    "CachedAnswer",
    "Dataset",
    "DatasetStats",
    "EmbedderModel",
    "Emotion",
    "EmotionModel",
    "Example",
    "ExampleHistory",
    "Feedback",
    "FixtureExample",
    "ImportBatch",
    "SearchCorpus",
    "SearchTerm",
    "SearchWord",
    "Snapshot",
    "VectorBreadth",
]
