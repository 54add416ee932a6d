"""Addresses of datasets, examples, emotions and feedback."""

from django.urls import path

from knowledge.api.cache import CacheHealthView, CacheInvalidateView, CacheStatsView, SystemCacheInvalidateView
from knowledge.api.datasets import DatasetsView, DatasetView, ExamplesView
from knowledge.api.emotion import EmotionAtOnceView, EmotionView
from knowledge.api.emotions import EmotionDetailView, EmotionsView
from knowledge.api.examples import ExampleHistoryView, ExampleView
from knowledge.api.feedback import FeedbackView
from knowledge.api.imports import ImportDetailView, ImportsView
from knowledge.api.query import QueryView
from knowledge.api.search import SearchView
from knowledge.api.snapshots import SnapshotChangesView, SnapshotsView
from knowledge.api.submitting import (
    ExportView,
    ImportView,
    RestoreArchiveView,
    RestoreSnapshotView,
    RotateView,
    UndoView,
)

urlpatterns = [
    path("examples/search", SearchView.as_view(), name="examples-search"),
    path("datasets/rotate-async", RotateView.as_view(), name="datasets-rotate-async"),
    path("datasets/import-async", ImportView.as_view(), name="datasets-import-async"),
    path("datasets/export-async", ExportView.as_view(), name="datasets-export-async"),
    path("datasets/restore-async", RestoreArchiveView.as_view(), name="datasets-restore-async"),
    path("snapshots/restore-async", RestoreSnapshotView.as_view(), name="snapshots-restore-async"),
    path("imports/undo-async", UndoView.as_view(), name="imports-undo-async"),
    path("imports", ImportsView.as_view(), name="imports"),
    path("imports/<int:batch>", ImportDetailView.as_view(), name="import"),
    path("datasets", DatasetsView.as_view(), name="datasets"),
    path("datasets/<str:domain>", DatasetView.as_view(), name="dataset"),
    path("datasets/<str:domain>/examples", ExamplesView.as_view(), name="examples"),
    path("datasets/<str:domain>/snapshots", SnapshotsView.as_view(), name="snapshots"),
    path("datasets/<str:domain>/snapshots/<str:name>/changes", SnapshotChangesView.as_view(), name="snapshot-changes"),
    path("examples/<int:example_id>", ExampleView.as_view(), name="example"),
    path("examples/<int:example_id>/history", ExampleHistoryView.as_view(), name="example-history"),
    path("emotions", EmotionsView.as_view(), name="emotions"),
    path("emotions/<str:name>", EmotionDetailView.as_view(), name="emotion"),
    path("feedback", FeedbackView.as_view(), name="feedback"),
    path("emotion/analyze-async", EmotionView.as_view(), name="emotion-analyze-async"),
    path("emotion/analyze", EmotionAtOnceView.as_view(), name="emotion-analyze"),
    path("knowledge/query", QueryView.as_view(), name="knowledge-query"),
    path("cache/stats", CacheStatsView.as_view(), name="cache-stats"),
    path("cache/health", CacheHealthView.as_view(), name="cache-health"),
    path("cache/invalidate", CacheInvalidateView.as_view(), name="cache-invalidate"),
    path("system/cache/invalidate", SystemCacheInvalidateView.as_view(), name="system-cache-invalidate"),
]
