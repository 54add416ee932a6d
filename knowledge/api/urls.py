"""Addresses of datasets, examples, emotions and feedback."""

from django.urls import path

from knowledge.api.emotion import EmotionAtOnceView, EmotionView
from knowledge.api.submitting import ExportView, ImportView, RotateView

urlpatterns = [
    path("datasets/rotate-async", RotateView.as_view(), name="datasets-rotate-async"),
    path("datasets/import-async", ImportView.as_view(), name="datasets-import-async"),
    path("datasets/export-async", ExportView.as_view(), name="datasets-export-async"),
    path("emotion/analyze-async", EmotionView.as_view(), name="emotion-analyze-async"),
    path("emotion/analyze", EmotionAtOnceView.as_view(), name="emotion-analyze"),
]
