"""A PostgreSQL that is stopped, or behind a network that swallows everything, while clients ask a web server."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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

TIME_OUT = 1.0
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


def test_every_request_is_answered_in_time_and_service_resumes_by_itself(
    client: httpx.Client, postgres: Freezer
) -> None:
    write_exports()
    first = submit(client, "before")
    assert first.status_code == 202
    found = client.get(SEARCH).json()["results"]
    asks: list[Callable[[], httpx.Response]] = [
        lambda: client.get(SEARCH),
        lambda: client.get("/api/examples/search?q=sad"),
        lambda: client.get("/api/datasets/general"),
        lambda: client.get("/api/datasets/general/examples"),
        lambda: client.get(first.json()["poll_url"]),
        lambda: submit(client, "meanwhile"),
        lambda: client.post("/api/knowledge/query", json={"query": "How far away is the Moon?"}),
        lambda: client.get("/admin/", headers={"Cookie": f"sessionid={'a' * 32}"}),
    ]

    postgres.freeze()
    try:
        with ThreadPoolExecutor(len(asks)) as pool:
            replies = list(pool.map(timed, asks))
        again = timed(lambda: submit(client, "again"))
    finally:
        postgres.thaw()

    kept, filed, described, examples, polled, submitted, answered, admin = (reply for reply, _ in replies)
    assert (kept.json()["results"], kept.json()["note"]) == (found, KEPT_BEFORE)
    assert (filed.json()["results"][0]["content"], filed.json()["note"]) == ("Why does minor sound sad?", FROM_FILES)
    assert described.json()["stale"]
    assert examples.json()["stale"]
    assert answered.json()["stale"]
    for refused in (polled, submitted, again[0], admin):
        assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(refused.headers["Retry-After"]) > 0
    assert again[1] < max(seconds for _, seconds in replies), "it is known by now, so nobody waits"

    eventually(lambda: submit(client, "meanwhile").status_code == 202)
    replayed = [submit(client, key).json()["job_id"] for key in ("meanwhile", "meanwhile", "again", "before")]
    assert replayed[0] == replayed[1]
    assert replayed[3] == first.json()["job_id"]
    assert Job.objects.filter(kind="rotation").count() == 3
    assert client.get(first.json()["poll_url"]).status_code == 200
    eventually(lambda: "stale" not in client.get(SEARCH).json())


def timed(ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began
