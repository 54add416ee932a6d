"""Addresses of the job engine."""

from django.urls import path

from jobs.api.batch import BatchView
from jobs.api.files import JobFileView
from jobs.api.streaming import JobEventsView
from jobs.api.views import JobDetailView, JobListView, JobRetryView

urlpatterns = [
    path("job/<uuid:job_id>", JobDetailView.as_view(), name="job"),
    path("job/<uuid:job_id>/events", JobEventsView.as_view(), name="job-events"),
    path("job/<uuid:job_id>/retry", JobRetryView.as_view(), name="job-retry"),
    path("job/<uuid:job_id>/files/<str:name>", JobFileView.as_view(), name="job-file"),
    path("jobs", JobListView.as_view(), name="jobs"),
    path("jobs/batch", BatchView.as_view(), name="jobs-batch"),
]
