"""Addresses of datasets, examples, emotions and feedback."""

from django.urls import path

from knowledge.api.cache import CacheHealthView, CacheInvalidateView, CacheStatsView, SystemCacheInvalidateView
from knowledge.api.emotion import EmotionAtOnceView, EmotionView
from knowledge.api.query import QueryView
from knowledge.api.submitting import ExportView, ImportView, RotateView

urlpatterns = [
    path("datasets/rotate-async", RotateView.as_view(), name="datasets-rotate-async"),
    path("datasets/import-async", ImportView.as_view(), name="datasets-import-async"),
    path("datasets/export-async", ExportView.as_view(), name="datasets-export-async"),
    path("emotion/analyze-async", EmotionView.as_view(), name="emotion-analyze-async"),
    path("emotion/analyze", EmotionAtOnceView.as_view(), name="emotion-analyze"),
    path("knowledge/query", QueryView.as_view(), name="knowledge-query"),
    path("cache/stats", CacheStatsView.as_view(), name="cache-stats"),
    path("cache/health", CacheHealthView.as_view(), name="cache-health"),
    path("cache/invalidate", CacheInvalidateView.as_view(), name="cache-invalidate"),
    path("system/cache/invalidate", SystemCacheInvalidateView.as_view(), name="system-cache-invalidate"),
]
