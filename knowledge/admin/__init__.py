"""The knowledge store in the admin: one module a table."""

from knowledge.admin.archive import ArchivedExampleAdmin
from knowledge.admin.batch import ImportBatchAdmin
from knowledge.admin.dataset import DatasetAdmin
from knowledge.admin.emotion import EmotionAdmin
from knowledge.admin.emotion_model import EmotionModelAdmin
from knowledge.admin.example import ExampleAdmin
from knowledge.admin.feedback import FeedbackAdmin
from knowledge.admin.snapshot import SnapshotAdmin

__all__ = [
    "ArchivedExampleAdmin",
    "DatasetAdmin",
    "EmotionAdmin",
    "EmotionModelAdmin",
    "ExampleAdmin",
    "FeedbackAdmin",
    "ImportBatchAdmin",
    "SnapshotAdmin",
]
