"""Every example of the page on music runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generation.engines.music import Params, generate

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "music.md").read_text()


def _examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("code", _examples("python"))
def test_python_examples_run(code: str) -> None:
    exec(compile(code, "docs/music.md", "exec"), {})


@pytest.mark.parametrize("body", _examples("json"))
def test_bodies_are_answered(body: str) -> None:
    asked = json.loads(body)
    data = generate(Params.parse(asked)).data
    assert {name: data[name] for name in ("key", "mode", "seed")} == {
        name: asked["options"][name] for name in ("key", "mode", "seed")
    }


@pytest.mark.parametrize("command", re.findall(r"^\$ manage.py (.*)$", PAGE, re.MULTILINE))
def test_a_command_gives_the_bytes_that_python_does(command: str, tmp_path: Path) -> None:
    arguments = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}
    manage = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(manage, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    options = {"key": "A", "mode": "minor", "meter": "3/4"}
    here = generate(Params.parse({"prompt": "calm sea at dawn", "duration": 8, "options": options}))
    for file in here.files:
        assert (tmp_path / "pieces" / file.name).read_bytes() == file.content
