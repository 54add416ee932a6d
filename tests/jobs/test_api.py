"""The REST contract: submit, poll, cancel, retry, list, files, problems."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import broker, keycache, ratelimit, runner
from jobs.choices import Tier
from jobs.keys import key_create, key_revoke
from jobs.models import ApiKey, Job
from tests.jobs.conftest import Submit, client_of, reread

pytestmark = pytest.mark.django_db

ART = "/api/art/generate-async"


def post(client: APIClient, url: str = ART, body: Any = None, **headers: str) -> Any:
    return client.post(url, body if body is not None else {"prompt": "a calm sea"}, format="json", headers=headers)


def problem_of(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert {"type", "title", "detail"} <= set(body)
    return body


def forget_rates() -> None:
    for key in broker.client().scan_iter("mcai:rate:*"):
        broker.client().delete(key)


def test_submitting_answers_202_with_the_id_and_where_to_poll(client: APIClient) -> None:
    response = post(client)
    assert response.status_code == 202
    job_id = response.json()["job_id"]
    assert response.json() == {"job_id": job_id, "status": "queued", "poll_url": f"/api/job/{job_id}"}
    assert response["Location"] == f"/api/job/{job_id}"
    assert int(response["Retry-After"]) >= 1


def test_polling_tells_all_that_the_contract_names(client: APIClient) -> None:
    job = client.get(post(client).json()["poll_url"]).json()
    assert {"job_id", "kind", "queue", "status", "progress", "stage", "result", "error", "attempts"} <= set(job)
    assert {"created_at", "started_at", "finished_at"} <= set(job)
    assert (job["kind"], job["queue"], job["status"], job["progress"]) == ("art", "art", "queued", 0)
    assert job["queue_position"] == 1


def test_a_finished_job_shows_files_that_open_by_their_signed_address(client: APIClient, submit_job: Submit) -> None:
    job = submit_job(text="hello")
    runner.run(job.pk, "w:1")
    (file,) = client.get(f"/api/job/{job.pk}").json()["result"]["files"]
    answer = APIClient().get(file["url"])
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    assert (len(content), answer["Content-Type"]) == (file["size"], file["media_type"])


def test_files_come_in_ranges_and_know_whether_they_changed(client: APIClient, submit_job: Submit) -> None:
    job = submit_job(text="0123456789")
    runner.run(job.pk, "w:1")
    url = f"/api/job/{job.pk}/files/echo.txt"
    for header, expected in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89")):
        part = client.get(url, headers={"Range": header})
        assert (part.status_code, b"".join(part.streaming_content)) == (206, expected)
    assert client.get(url, headers={"Range": "bytes=10-"}).status_code == 416
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("query", ["", "?until=1&signature=x", "?until=99999999999&signature=ab"])
def test_a_file_without_a_good_signature_needs_a_log_in(submit_job: Submit, query: str) -> None:
    job = submit_job()
    runner.run(job.pk, "w:1")
    problem_of(APIClient().get(f"/api/job/{job.pk}/files/echo.txt{query}"), 401)


def test_anothers_job_is_as_unknown_as_none(submit_job: Submit, bob: User) -> None:
    job, other = submit_job(), client_of(bob)
    for url in (f"/api/job/{job.pk}", f"/api/job/{job.pk}/events", f"/api/job/{job.pk}/files/echo.txt"):
        problem_of(other.get(url), 404)
    problem_of(other.delete(f"/api/job/{job.pk}"), 404)
    problem_of(other.post(f"/api/job/{job.pk}/retry"), 404)


def test_unknown_queued_and_expired_are_three_answers(client: APIClient, submit_job: Submit) -> None:
    problem_of(client.get("/api/job/00000000-0000-0000-0000-000000000000"), 404)
    job = submit_job()
    assert client.get(f"/api/job/{job.pk}").json()["status"] == "queued"
    Job.objects.filter(pk=job.pk).update(status="expired", stage="completed")
    assert problem_of(client.get(f"/api/job/{job.pk}"), 410)["job"]["status"] == "expired"


def test_no_key_a_wrong_key_and_a_closed_key_are_refused(alice: User, client: APIClient) -> None:
    problem_of(post(APIClient()), 401)
    problem_of(APIClient().get("/api/jobs", headers={"Authorization": "Bearer nonsense"}), 401)
    row = ApiKey.objects.get()
    row.expires_at = timezone.now() - timedelta(seconds=1)
    row.save()
    assert "expired" in problem_of(post(client), 401)["detail"]
    row.expires_at = None
    row.save()
    key_revoke(row)
    assert "revoked" in problem_of(post(client), 401)["detail"]
    assert not Job.objects.exists()


def test_a_key_revoked_by_another_process_is_refused_at_once(client: APIClient, submit_job: Submit) -> None:
    url = f"/api/job/{submit_job().pk}"
    assert client.get("/api/jobs").status_code == client.get(url).status_code == 200
    ApiKey.objects.update(revoked_at=timezone.now())
    broker.client().incr(keycache.EPOCH)
    problem_of(client.get("/api/jobs"), 401)
    problem_of(client.get(url), 401)


def test_polls_are_limited_too(client: APIClient, settings: Settings, submit_job: Submit) -> None:
    settings.MCAI_REQUESTS_PER_MINUTE = 30
    forget_rates()
    url = f"/api/job/{submit_job().pk}"
    statuses = [client.get(url).status_code for _ in range(34)]
    assert statuses == [200] * 30 + [429] * 4


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 10_000}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": "a\0b"}, "prompt"),
        ({"prompt": "sea", "style": "no-such"}, "style"),
        ({"prompt": "sea", "options": {"width": 0}}, "options.width"),
        ({"prompt": "sea", "options": {"width": 100_000}}, "options.width"),
        ({"prompt": "sea", "options": {"emotion": "no such emotion"}}, "options.emotion"),
        ({"prompt": "sea", "callback_url": "ftp://x"}, "callback_url"),
        ({"prompt": "sea", "callback_url": "http://127.0.0.1/x"}, "callback_url"),
        ({"prompt": "sea", "after": ["nonsense"]}, "after[0]"),
        ({"prompt": "sea", "deadline": -1}, "deadline"),
    ],
)
def test_bad_parameters_name_their_field_and_make_no_job(client: APIClient, body: dict[str, Any], field: str) -> None:
    problem = problem_of(post(client, body=body), 400)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert not Job.objects.exists()


@pytest.mark.parametrize("body", ["{", "[1", "null", "[]", '"text"', "[" * 100_000, '{"prompt": "\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(client: APIClient, body: str) -> None:
    problem_of(client.post(ART, body, content_type="application/json"), 400)


def test_a_wrong_content_type_is_refused(client: APIClient) -> None:
    problem_of(client.post(ART, "prompt=x", content_type="text/plain"), 415)


def test_the_same_idempotency_key_gives_the_same_answer_again(client: APIClient) -> None:
    first = post(client, **{"Idempotency-Key": "k1"})
    again = post(client, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    problem_of(post(client, body={"prompt": "another"}, **{"Idempotency-Key": "k1"}), 422)
    problem_of(post(client, **{"Idempotency-Key": "x" * 300}), 400)
    assert Job.objects.count() == 1


def test_cancelling_a_waiting_job_settles_it(client: APIClient, submit_job: Submit) -> None:
    job = submit_job()
    answer = client.delete(f"/api/job/{job.pk}")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


def test_a_completed_job_can_neither_be_cancelled_nor_tried_again(client: APIClient, submit_job: Submit) -> None:
    job = submit_job()
    runner.run(job.pk, "w:1")
    problem_of(client.delete(f"/api/job/{job.pk}"), 409)
    problem_of(client.post(f"/api/job/{job.pk}/retry"), 409)


def test_a_failed_job_can_be_tried_again(client: APIClient, submit_job: Submit) -> None:
    job = submit_job("test-fail")
    runner.run(job.pk, "w:1")
    assert client.get(f"/api/job/{job.pk}").json()["error"]["code"] == "internal"
    assert client.post(f"/api/job/{job.pk}/retry").json()["status"] == "queued"


def test_the_list_shows_ones_own_jobs_in_pages(client: APIClient, submit_job: Submit, bob: User) -> None:
    mine = [submit_job() for _ in range(5)]
    submit_job(of={"owner_id": bob.pk})
    first = client.get("/api/jobs?limit=3").json()
    second = client.get(first["next"]).json()
    ids = [job["job_id"] for job in first["results"] + second["results"]]
    assert ids == [str(job.pk) for job in reversed(mine)]
    assert second["next"] is None
    assert client.get("/api/jobs?status=completed").json()["results"] == []
    assert len(client.get("/api/jobs?kind=test-echo&status=queued").json()["results"]) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=201", "status=done", "kind=nope", "cursor=zzz"])
def test_a_list_that_cannot_be_is_refused(client: APIClient, query: str) -> None:
    problem_of(client.get(f"/api/jobs?{query}"), 400)


def test_a_batch_is_accepted_whole_or_not_at_all(client: APIClient) -> None:
    jobs = [{"kind": "test-echo", "body": {}}, {"kind": "test-echo", "body": {"after": [0]}}]
    answer = client.post("/api/jobs/batch", {"jobs": jobs}, format="json").json()["jobs"]
    assert reread(Job.objects.get(pk=answer[1]["job_id"])).waiting_on == 1
    bad = [*jobs, {"kind": "test-echo", "body": {"bad": 1}}]
    problem = problem_of(client.post("/api/jobs/batch", {"jobs": bad}, format="json"), 400)
    assert problem["errors"][0]["field"] == "jobs[2].bad"
    assert Job.objects.count() == 2


def test_waiting_answers_at_once_when_the_job_has_ended(client: APIClient, submit_job: Submit) -> None:
    job = submit_job()
    runner.run(job.pk, "w:1")
    assert client.get(f"/api/job/{job.pk}?wait=30").json()["status"] == "completed"
    problem_of(client.get(f"/api/job/{job.pk}?wait=forever"), 400)


def test_the_events_of_a_job_go_on_where_the_client_left_off(client: APIClient, submit_job: Submit) -> None:
    job = submit_job()
    runner.run(job.pk, "w:1")
    text = b"".join(client.get(f"/api/job/{job.pk}/events").streaming_content).decode()
    assert [line for line in text.splitlines() if line.startswith("event")] == [
        "event: queued", "event: processing", "event: completed",
    ]  # fmt: skip
    second = [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")][1]
    rest = client.get(f"/api/job/{job.pk}/events", headers={"Last-Event-ID": second, "Accept": "text/event-stream"})
    assert b"event: queued" not in b"".join(rest.streaming_content)


def test_too_many_requests_a_minute_are_told_when_to_come_again(client: APIClient, settings: Settings) -> None:
    settings.MCAI_REQUESTS_PER_MINUTE = 3
    forget_rates()
    answers = [client.get("/api/jobs") for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    problem_of(answers[3], 429)
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


def test_each_tier_has_its_quota_and_a_key_its_own(alice: User, settings: Settings) -> None:
    forget_rates()
    settings.MCAI_REQUESTS_PER_MINUTE = 50
    settings.MCAI_TIER_REQUESTS_PER_MINUTE = {"premium": 600.0, "standard": 0.0, "free": 30.0}

    def policy(tier: Tier) -> str:
        return str(client_of(alice, tier).get("/api/jobs")["RateLimit-Policy"])

    assert policy(Tier.PREMIUM) == '"user";q=600;w=60'
    assert policy(Tier.STANDARD) == '"user";q=50;w=60'
    assert policy(Tier.FREE) == '"user";q=30;w=60'
    _, key = key_create(owner=alice, name="own", tier=Tier.FREE)
    ApiKey.objects.filter(name="own").update(requests_per_minute=7)
    answer = APIClient().get("/api/jobs", headers={"Authorization": f"Bearer {key}"})
    assert answer["RateLimit-Policy"] == '"user";q=7;w=60'
    assert answer["RateLimit"] == '"user";r=3;t=60', "what the other keys of the same user were used for counts"


def test_requests_at_the_same_moment_do_not_exceed_the_quota(alice: User) -> None:
    forget_rates()
    with ThreadPoolExecutor(16) as pool:
        verdicts = list(pool.map(lambda _: ratelimit.count(alice.pk, 20), range(60)))
    assert sum(verdict.allowed for verdict in verdicts) == 20


def test_an_address_that_does_not_exist_is_a_problem_too(client: APIClient) -> None:
    problem_of(client.get("/api/nowhere"), 404)


def test_a_request_gets_an_id_and_keeps_a_good_one_of_its_own(client: APIClient) -> None:
    assert client.get("/api/jobs", headers={"X-Request-ID": "mine-1"})["X-Request-ID"] == "mine-1"
    assert client.get("/api/jobs", headers={"X-Request-ID": "bad\nid"})["X-Request-ID"] != "bad\nid"
