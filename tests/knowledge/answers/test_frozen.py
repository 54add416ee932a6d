"""A PostgreSQL that is stopped, or behind a network that swallows everything, while clients ask a web server."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from django.conf import settings
from django.contrib.auth.models import User

from jobs.keys import key_create
from jobs.models import Job
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.searches import FROM_FILES, KEPT_BEFORE
from knowledge.models import Dataset
from mcai_project.embedded.ports import free_port
from mcai_project.embedded.state import read_state
from tests.conftest import Start
from tests.knowledge.proxy import Proxy
from tests.processes import answers, database_url, web_argv
from tests.waiting import PATIENCE, eventually

TIME_OUT = 1.0  # the database's alone: a busy machine must not make the others seem to be away
SEARCH = "/api/examples/search?q=moon"


class Freezer:
    """Stops the server that the web process talks to, and lets it go on."""

    def __init__(self, freeze: Callable[[], None], thaw: Callable[[], None], url: str) -> None:
        self.freeze, self.thaw, self.url = freeze, thaw, url


@pytest.fixture(params=["stopped", "black hole"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Freezer]:
    if request.param == "black hole":
        split = urlsplit(database_url())
        proxy = Proxy(split.hostname or "", split.port or 0)
        url = database_url().replace(f"{split.hostname}:{split.port}", f"127.0.0.1:{proxy.port}")
        yield Freezer(proxy.hang, proxy.mend, url)
        proxy.close()
        return
    state = read_state(settings.MCAI_HOME)
    assert state is not None, "needs the embedded PostgreSQL, to stop its processes"
    server = psutil.Process(state.postgres_pid)

    def send(number: signal.Signals) -> None:
        for process in (server, *server.children(recursive=True)):
            os.kill(process.pid, number)

    yield Freezer(lambda: send(signal.SIGSTOP), lambda: send(signal.SIGCONT), database_url())
    send(signal.SIGCONT)


@pytest.fixture
def client(
    start_process: Start, transactional_db: None, store: Dataset, own_cache: str, postgres: Freezer
) -> Iterator[httpx.Client]:
    row, key = key_create(owner=User.objects.create_user("erin"), name="frozen")
    row.requests_per_minute = 100_000
    row.save()
    environment = {
        "DATABASE_URL": postgres.url,
        "SHARED_CACHE_PREFIX": own_cache,
        "SHARED_CACHE_EXPORTS": str(settings.SHARED_CACHE_EXPORTS),
        "SHARED_CACHE_WARM_AT_START": "off",
        "SHARED_CACHE_SOCKET_TIMEOUT": str(PATIENCE),
        "DATASET_TIMEOUT": str(PATIENCE),
        "MCAI_DATABASE_SECONDS": str(TIME_OUT),
        "MCAI_WAITING_SEATS": "2",
        "WEB_CONCURRENCY": "1",
    }
    url = f"http://127.0.0.1:{(port := free_port())}"
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE) as client:
        yield client


def submit(client: httpx.Client, key: str) -> httpx.Response:
    return client.post("/api/datasets/rotate-async", json={"dry_run": True}, headers={"Idempotency-Key": key})


def in_service(ask: Callable[[], httpx.Response]) -> dict[str, Any]:
    """Return what is answered from the database, which a busy machine may keep from answering in its time."""

    def served() -> dict[str, Any] | None:
        reply = ask()
        found: dict[str, Any] = reply.json()
        return found if reply.is_success and "stale" not in found else None

    answer: dict[str, Any] = eventually(served)
    return answer


def test_every_request_is_answered_in_time_and_service_resumes_by_itself(
    client: httpx.Client, postgres: Freezer
) -> None:
    write_exports()
    first = in_service(lambda: submit(client, "before"))
    found = in_service(lambda: client.get(SEARCH))["results"]
    asks: list[Callable[[], httpx.Response]] = [
        lambda: client.get(SEARCH),
        lambda: client.get("/api/examples/search?q=sad"),
        lambda: client.get("/api/datasets/general"),
        lambda: client.get("/api/datasets/general/examples"),
        lambda: client.get(first["poll_url"]),
        lambda: submit(client, "meanwhile"),
        lambda: client.post("/api/knowledge/query", json={"query": "How far away is the Moon?"}),
        lambda: client.get("/admin/", headers={"Cookie": f"sessionid={'a' * 32}"}),
    ]

    postgres.freeze()
    try:
        with ThreadPoolExecutor(len(asks)) as pool:
            replies = list(pool.map(timed, asks))
        again = [timed(lambda: submit(client, "again")) for _ in range(5)]
    finally:
        postgres.thaw()

    kept, filed, described, examples, polled, submitted, answered, admin = (reply for reply, _ in replies)
    assert (kept.json()["results"], kept.json()["note"]) == (found, KEPT_BEFORE)
    assert (filed.json()["results"][0]["content"], filed.json()["note"]) == ("Why does minor sound sad?", FROM_FILES)
    assert described.json()["stale"]
    assert examples.json()["stale"]
    assert answered.json()["stale"]
    for refused in (polled, submitted, *(reply for reply, _ in again), admin):
        assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(refused.headers["Retry-After"]) > 0
    waited = max(seconds for _, seconds in replies)
    assert min(seconds for _, seconds in again) < waited, "it is known by now, so nobody waits"

    keys = ("meanwhile", "meanwhile", "again", "before")
    replayed = [in_service(lambda key=key: submit(client, key))["job_id"] for key in keys]  # type: ignore[misc]
    assert replayed[0] == replayed[1]
    assert replayed[3] == first["job_id"]
    assert Job.objects.filter(kind="rotation").count() == 3
    assert in_service(lambda: client.get(first["poll_url"]))["job_id"] == first["job_id"]
    assert in_service(lambda: client.get(SEARCH))["results"] == found


def timed(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began
