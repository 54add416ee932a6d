"""Every example of the page on cymatics runs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generation.engines.cymatics import Params, generate
from generation.engines.cymatics.gallery import SHOWN

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cymatics.md").read_text()


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("code", examples("python"))
def test_python_examples_run(code: str) -> None:
    exec(compile(code, "docs/cymatics.md", "exec"), {})


@pytest.mark.parametrize("body", examples("json"))
def test_bodies_are_answered(body: str) -> None:
    asked = json.loads(body)
    result = generate(Params.parse({**asked, "options": {**asked["options"], "resolution": 64}}))
    assert len(result.data["frequencies"]) == len(asked["frequencies"])


@pytest.mark.parametrize("command", re.findall(r"^\$ manage.py (.*)$", PAGE, re.MULTILINE))
def test_commands_give_the_bytes_that_python_does(command: str, tmp_path: Path) -> None:
    words = command.split()
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "nodal domains" in run.stdout
    if words[:3] == ["cymatic", "440", "528"]:
        body = {"frequencies": [440.0, 528.0], "options": {"model": "plate", "edges": "free", "resolution": 256}}
        for file in generate(Params.parse(body)).files:
            assert (tmp_path / "patterns" / file.name).read_bytes() == file.content


def test_the_gallery_is_of_requests_that_are_understood() -> None:
    shown = {path.stem for path in (ROOT / "docs/gallery/cymatics").iterdir()} - {"README"}
    assert shown == set(SHOWN)
    for body in SHOWN.values():
        Params.parse(body)
