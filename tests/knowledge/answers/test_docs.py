"""Every example of the documentation runs."""

import json
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings
from rest_framework.test import APIClient

from knowledge.fixtures import fixtures_load
from knowledge.sources.llm.models import configured_models

ROOT = Path(settings.BASE_DIR)
DOCS = "\n".join((ROOT / "docs" / name).read_text() for name in ("cache.md", "answers.md", "search.md"))


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{re.escape(kind)}\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)


@pytest.fixture
def demo(db: None) -> None:
    fixtures_load(ROOT / "fixtures")


def test_the_requests_are_answered_from_the_demo_domains(api: APIClient, demo: None) -> None:
    for block in (block for block in blocks("http") if block.startswith("POST ")):
        line, body = block.strip().split("\n\n")
        response = api.post(line.removeprefix("POST "), json.loads(body), format="json")
        assert response.status_code == 200, response.json()
        assert response.json()["source"] == "dataset"


def test_the_reply_has_the_fields_that_the_page_shows(api: APIClient, demo: None) -> None:
    shown = json.loads(blocks("json")[0])
    reply = api.post("/api/knowledge/query", {"query": shown["query"]}, format="json").json()
    assert set(reply) == set(shown)
    assert reply["sources"][1] == shown["sources"][1]
    assert {k: type(v) for k, v in reply["citations"][0].items()} == {
        k: type(v) for k, v in shown["citations"][0].items()
    }


def test_the_commands_run(demo: None) -> None:
    for command in "".join(blocks("console")).splitlines():
        _, name, *arguments = shlex.split(command)
        call_command(name, *arguments, stdout=StringIO())


def test_the_code_runs(demo: None) -> None:
    for block in blocks("python"):
        exec(block, {})


def test_the_models_can_be_set_as_shown(settings: Settings) -> None:
    settings.LLM_MODELS = json.loads(blocks("json title=LLM_MODELS")[0])
    assert [model.name for model in configured_models()] == ["tutor", "general"]
