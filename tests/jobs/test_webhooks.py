"""Webhooks, received by a real server on this machine."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

from jobs import runner, tracing, webhooks
from jobs.models import Delivery
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """Keeps what it is sent, and answers with the next of its statuses, at last with 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.MCAI_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_goes_on_with_the_trace_of_the_request(submit_job: Submit, receiver: Receiver) -> None:
    trace = tracing.begin()
    reset = tracing.trace_var.set(trace)
    job = submit_job(of={"callback_url": receiver.url})
    tracing.trace_var.reset(reset)
    runner.run(job.pk, "w:1")
    webhooks.deliver_due()
    ((headers, _),) = receiver.got
    assert headers["traceparent"].split("-")[1] == trace.trace_id


def test_the_end_of_a_job_is_told_once_and_signed(submit_job: Submit, receiver: Receiver) -> None:
    job = submit_job(of={"callback_url": receiver.url})
    runner.run(job.pk, "w:1")
    assert webhooks.deliver_due() == 1
    assert webhooks.deliver_due() == 0
    ((headers, body),) = receiver.got
    assert json.loads(body)["type"] == "job.completed"
    assert json.loads(body)["data"]["job_id"] == str(job.pk)
    key = base64.b64decode(webhooks.secret_of(job.owner_id).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_refused_webhook_is_tried_again_later(submit_job: Submit, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    runner.run(submit_job(of={"callback_url": receiver.url}).pk, "w:1")
    assert webhooks.deliver_due() == 0
    delivery = Delivery.objects.get()
    assert delivery.due_at is not None
    assert str(status) in delivery.last_error
    Delivery.objects.update(due_at=delivery.job.created_at)
    assert webhooks.deliver_due() == 1
    assert len(receiver.got) == 2, "a redirect is not followed"


def test_a_name_that_leads_to_a_private_address_is_not_called(
    submit_job: Submit, receiver: Receiver, settings: Settings
) -> None:
    settings.MCAI_WEBHOOK_NETWORKS = []
    runner.run(submit_job(of={"callback_url": receiver.url.replace("127.0.0.1", "localhost")}).pk, "w:1")
    assert webhooks.deliver_due() == 0
    assert "not a public address" in Delivery.objects.get().last_error
    assert receiver.got == []
