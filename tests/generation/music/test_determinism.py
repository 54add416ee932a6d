"""The same request gives the same bytes, in another process too; another seed gives another piece."""

import hashlib
import os
import subprocess
import sys

import pytest

from tests.generation.music.pieces import content, piece

_SCRIPT = """
import hashlib, sys
from generation.engines.contract import Mood
from generation.engines.music import Params, generate
params = Params.parse({"prompt": "calm sea at dawn", "duration": 3, "options": {"format": sys.argv[1], "seed": 9}})
for file in generate(params, mood=Mood("joy", 0.8, 0.6)).files:
    print(file.name, hashlib.sha256(file.content).hexdigest())
"""


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
def test_a_new_process_writes_the_same_files(kind: str) -> None:
    here = [(file.name, file.content) for file in piece(3, format=kind, seed=9).files]
    out = subprocess.run([sys.executable, "-c", _SCRIPT, kind], capture_output=True, text=True, check=True).stdout
    assert out.split() == [word for name, data in here for word in (name, hashlib.sha256(data).hexdigest())]


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_threads_of_linear_algebra_do_not_change_a_byte(threads: str) -> None:
    here = [
        word for f in piece(3, format="wav", seed=9).files for word in (f.name, hashlib.sha256(f.content).hexdigest())
    ]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads}
    done = subprocess.run([sys.executable, "-c", _SCRIPT, "wav"], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == here


def test_another_seed_is_another_piece() -> None:
    assert content(piece(5, seed=1), ".mid") != content(piece(5, seed=2), ".mid")
