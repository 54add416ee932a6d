"""Many processes on one cold key, as real processes."""

import sys
from pathlib import Path

import pytest

from tests.conftest import Start
from tests.knowledge.shared_cache import NOBODY_LISTENS
from tests.waiting import PATIENCE


@pytest.mark.parametrize("redis", ["there", "away"])
def test_two_hundred_askers_in_eight_processes_compute_once(
    redis: str, start_process: Start, tmp_path: Path, own_cache: str
) -> None:
    run(start_process, tmp_path, own_cache, redis)
    assert lines(tmp_path / "answers") == ["once"] * 200
    assert len(lines(tmp_path / "computed")) == 1


def test_when_the_process_that_computes_is_killed_another_takes_over(
    start_process: Start, tmp_path: Path, own_cache: str
) -> None:
    run(start_process, tmp_path, own_cache, "there", "die")
    assert lines(tmp_path / "answers") == ["once"] * 175
    assert len(lines(tmp_path / "computed")) == 2


def run(start_process: Start, folder: Path, prefix: str, redis: str, *more: str) -> None:
    environment = {"SHARED_CACHE_PREFIX": prefix, "DJANGO_SETTINGS_MODULE": "mcai_project.settings"}
    if redis == "away":
        environment["REDIS_URL"] = NOBODY_LISTENS
    argv = [sys.executable, "-m", "tests.knowledge.cache.stampede", str(folder), "8", "25", *more]
    process = start_process(argv, environment)
    assert process._process.wait(PATIENCE) == 0, process.output()


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()
