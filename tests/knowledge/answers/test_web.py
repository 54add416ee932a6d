"""Two hundred clients, one cold question, through real web processes."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.contrib.auth.models import User

from jobs.keys import key_create
from knowledge.cache.client import redis_client
from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.knowledge.servers import Server, chat
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE, eventually


@pytest.fixture
def key(transactional_db: None) -> str:
    row, key = key_create(owner=User.objects.create_user("dora"), name="many")
    row.requests_per_minute = 100_000
    row.save()
    return key


@pytest.fixture
def web(start_process: Start, own_cache: str, slow_llm: Server, tmp_path: Path) -> str:
    """Start two web workers that know of the model."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    model = {"name": "small", "url": f"{slow_llm.url}/v1", "model": "small-1", "input_price": 1_000.0}
    environment = {
        "LLM_MODELS": json.dumps([model]),
        "LLM_DAILY_BUDGET": "100000",
        "SHARED_CACHE_PREFIX": own_cache,
        "SHARED_CACHE_EXPORTS": str(tmp_path / "exports"),
        "WEB_CONCURRENCY": "2",
    }
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    return url


@pytest.fixture
def slow_llm(llm: Server) -> Server:
    def slow(call) -> None:  # type: ignore[no-untyped-def]
        time.sleep(0.5)
        chat(call)

    llm.fault = slow
    return llm


def test_two_hundred_clients_ask_a_model_once_and_it_is_paid_once(web: str, key: str, slow_llm: Server) -> None:
    def ask(_: int) -> dict[str, object]:
        body = {"query": "What is entropy?", "sources": ["llm"]}
        headers = {"Authorization": f"Bearer {key}"}
        response = httpx.post(f"{web}/api/knowledge/query", json=body, headers=headers, timeout=PATIENCE)
        return dict(response.json())

    with ThreadPoolExecutor(50) as pool:
        replies = list(pool.map(ask, range(200)))

    assert {reply["answer"] for reply in replies} == {"Entropy measures how many arrangements look the same."}
    assert len(slow_llm.calls) == 1
    assert sum(float(str(reply["cost"])) > 0 for reply in replies) == 1


def test_starting_the_web_server_warms_the_cache_and_exports_domains(web: str, tmp_path: Path, own_cache: str) -> None:
    manifest = tmp_path / "exports" / "manifest.json"
    eventually(manifest.exists)
    assert list(redis_client().scan_iter(f"{own_cache}:cache:datasets:*"))
