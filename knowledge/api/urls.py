"""Addresses of datasets, examples, emotions and feedback."""

from django.urls import path

from knowledge.api.submitting import ImportView, RotateView

urlpatterns = [
    path("datasets/rotate-async", RotateView.as_view(), name="datasets-rotate-async"),
    path("datasets/import-async", ImportView.as_view(), name="datasets-import-async"),
]
