"""Eigenpairs are solved once, survive the process, and are never believed when damaged."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from generation.engines.cymatics import EigenCache, Params, generate
from generation.engines.cymatics import cache as storage
from generation.engines.cymatics.cache import pack, unpack
from generation.engines.cymatics.ritz import PlateProblem

PROBLEM = PlateProblem("FFFF", 1.0, 0.3, (24, 24))


class Solver:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, problem: PlateProblem) -> list[np.ndarray]:
        self.asked += 1
        return [np.arange(5.0), np.full((3, 2), problem.nu)]


def test_a_problem_is_solved_once_in_a_process(tmp_path: Path) -> None:
    cache, solve = EigenCache(), Solver()
    first, second = cache.recall(PROBLEM, solve), cache.recall(PROBLEM, solve)
    assert solve.asked == 1 and first is second


def test_another_process_maps_what_one_has_solved(tmp_path: Path) -> None:
    solve = Solver()
    EigenCache(tmp_path).recall(PROBLEM, solve)
    found = EigenCache(tmp_path).recall(PROBLEM, solve)
    assert solve.asked == 1
    assert isinstance(found[1], np.memmap) and found[1].tolist() == [[0.3, 0.3]] * 3


def test_another_problem_is_another_solution(tmp_path: Path) -> None:
    cache, solve = EigenCache(tmp_path), Solver()
    cache.recall(PROBLEM, solve)
    cache.recall(PlateProblem("FFFF", 1.0, 0.31, (24, 24)), solve)
    assert solve.asked == 2 and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[:-9], lambda b: b[:40], lambda b: b[:-1] + b"!", lambda b: b"x" * 300]
)
def test_a_damaged_file_is_solved_and_written_anew(tmp_path: Path, damage: object) -> None:
    solve = Solver()
    EigenCache(tmp_path).recall(PROBLEM, solve)
    file = next(tmp_path.iterdir())
    whole = file.read_bytes()
    file.write_bytes(damage(whole))  # type: ignore[operator]
    assert EigenCache(tmp_path).recall(PROBLEM, solve)[0].tolist() == [0, 1, 2, 3, 4]
    assert solve.asked == 2 and file.read_bytes() == whole


def test_a_folder_that_cannot_be_used_costs_only_the_solving(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert EigenCache(tmp_path / "file").recall(PROBLEM, Solver())[0].tolist() == [0, 1, 2, 3, 4]


def test_a_file_is_whole_or_not_there() -> None:
    content = np.frombuffer(pack([np.ones((2, 3))]), np.uint8)
    assert unpack(content) is not None
    assert all(unpack(content[:length]) is None for length in range(0, len(content), 7))


def test_results_do_not_depend_on_the_cache(tmp_path: Path) -> None:
    params = Params.parse({"frequencies": [440], "options": {"resolution": 64, "edges": "CFSF"}})
    cold = generate(params, cache=EigenCache(tmp_path))
    warm = generate(params, cache=EigenCache(tmp_path))
    assert json.dumps(cold.data) == json.dumps(warm.data)
    assert [f.content for f in cold.files] == [f.content for f in warm.files]


def test_many_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: EigenCache(tmp_path).recall(PROBLEM, Solver()), range(32)))
    assert all(solution[0].tolist() == [0, 1, 2, 3, 4] for solution in found)
    (file,) = tmp_path.iterdir()
    assert unpack(np.fromfile(file, np.uint8)) is not None


def test_the_oldest_files_go_when_the_folder_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = EigenCache(tmp_path)
    cache.recall(PROBLEM, Solver())
    (first,) = tmp_path.iterdir()
    os.utime(first, (1, 1))
    monkeypatch.setattr(storage, "DISK", first.stat().st_size)
    cache.recall(PlateProblem("CCCC", 1.0, 0.3, (24, 24)), Solver())
    assert not first.exists() and len(list(tmp_path.iterdir())) == 1
