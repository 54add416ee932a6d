"""The least that DRF can do: insert a row and publish a task; read a row."""

from uuid import UUID

from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from uuid_utils.compat import uuid7

from benchmarks.jobs.peers import celery_noop


class Submit(APIView):
    """One INSERT and one ``apply_async``."""

    def post(self, request: Request) -> Response:
        """Accept."""
        job_id = uuid7()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_jobs (id, prompt, status, created_at) VALUES (%s, %s, 'queued', now())",
                [job_id, request.data["prompt"]],
            )
        celery_noop.apply_async((1,), task_id=str(job_id), queue="bench-nobody", retry=False)
        return Response({"job_id": str(job_id), "status": "queued"}, status=202)


class Poll(APIView):
    """One SELECT."""

    def get(self, request: Request, job_id: UUID) -> Response:
        """Read."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, prompt, status, created_at FROM bench_jobs WHERE id = %s", [job_id])
            row = cursor.fetchone()
        return Response({"job_id": str(row[0]), "prompt": row[1], "status": row[2], "created_at": row[3]})


urlpatterns = [path("submit", Submit.as_view()), path("poll/<uuid:job_id>", Poll.as_view())]
