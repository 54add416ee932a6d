import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from mcai_project.launch.demo import table
from mcai_project.launch.demo.client import Client, DemoError
from mcai_project.launch.demo.requests import REQUESTS
from mcai_project.launch.runfile import RunFile
from mcai_project.queues import QUEUE_NAMES

RUN = RunFile("http://mcai", "", "", "", "", "", "the-key", "", "", {})
ART = REQUESTS[0]
PICTURE = b"a picture"
FILE = {
    "name": "abstract.png",
    "url": "/files/1",
    "size": len(PICTURE),
    "sha256": hashlib.sha256(PICTURE).hexdigest(),
    "width": 64,
    "height": 64,
}
JOB = {
    "job_id": "1",
    "kind": "art",
    "queue": "art",
    "status": "completed",
    "error": None,
    "result": {"style": "abstract", "files": [FILE]},
    "created_at": "2026-01-01T00:00:00Z",
    "started_at": "2026-01-01T00:00:01.500Z",
    "finished_at": "2026-01-01T00:00:04Z",
}
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], Client]:
    """A client whose server is the given function, and whose waiting takes no time."""

    def make(answer: Answer) -> Client:
        client = Client(RUN, lambda: None, lambda line: None)
        transport = httpx.MockTransport(answer)
        client._http = httpx.Client(base_url=RUN.web_url, headers=client._http.headers, transport=transport)
        monkeypatch.setattr(Client, "_rest", lambda self, seconds: None)
        return client

    return make


def test_the_demo_has_a_job_for_every_queue() -> None:
    assert len(REQUESTS) == len(QUEUE_NAMES)
    assert len({request.kind for request in REQUESTS}) == len(REQUESTS)


def test_a_job_is_submitted_with_the_key_and_polled_to_its_end(connect) -> None:
    polls = iter(["queued", "processing", "completed"])

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer the-key"
        if request.method == "POST":
            assert json.loads(request.content) == ART.body
            return httpx.Response(202, json={"job_id": "1", "poll_url": "/api/job/1"})
        return httpx.Response(200, json=JOB | {"status": next(polls)})

    client = connect(answer)
    assert client.wait([client.submit(ART)]) == [JOB]


def test_the_client_comes_back_when_the_server_is_busy_or_away(connect) -> None:
    answers = iter([503, 429, 202])
    keys = set()

    def answer(request: httpx.Request) -> httpx.Response:
        keys.add(request.headers["Idempotency-Key"])
        return httpx.Response(next(answers), headers={"Retry-After": "2"}, json={"job_id": "1", "poll_url": "/"})

    assert connect(answer).submit(ART)["job_id"] == "1"
    assert len(keys) == 1


@pytest.mark.parametrize("status", ["failed", "cancelled", "expired"])
def test_a_job_that_does_not_complete_is_told_with_its_reason(connect, status: str) -> None:
    client = connect(lambda request: httpx.Response(200, json=JOB | {"status": status, "error": "no paint"}))
    with pytest.raises(DemoError, match=f"art 1 is {status}: no paint"):
        client.wait([{"job_id": "1", "kind": "art", "poll_url": "/api/job/1"}])


def test_a_refusal_is_told_with_what_the_server_said(connect) -> None:
    client = connect(lambda request: httpx.Response(400, text="options.width: 100000 is too large"))
    with pytest.raises(DemoError, match=r"art was not accepted: 400 options\.width"):
        client.submit(ART)


def test_files_are_saved_beside_the_job(connect, tmp_path: Path) -> None:
    client = connect(lambda request: httpx.Response(200, content=PICTURE))
    saved = client.save(JOB, tmp_path / "output")
    assert [path.name for path in saved] == ["art-abstract.png", "art.json"]
    assert saved[0].read_bytes() == PICTURE
    assert json.loads(saved[1].read_text()) == JOB


def test_a_file_that_is_not_what_was_promised_is_refused(connect, tmp_path: Path) -> None:
    client = connect(lambda request: httpx.Response(200, content=b"a pictuse"))
    with pytest.raises(DemoError, match="SHA-256"):
        client.save(JOB, tmp_path)


def test_the_table_tells_wait_and_run_in_seconds() -> None:
    text = table.text([table.row(JOB, [Path("art-abstract.png"), Path("art.json")])])
    heading, _, line = text.splitlines()
    assert heading.split() == ["job", "queue", "wait", "run", "result", "file"]
    assert line.split(maxsplit=6)[:6] == ["art", "art", "1.50", "s", "2.50", "s"]
    assert line.endswith("abstract, 64×64 px  art-abstract.png and 1 more")


def test_every_kind_has_a_summary() -> None:
    assert table.SUMMARIES.keys() == {request.kind for request in REQUESTS}
