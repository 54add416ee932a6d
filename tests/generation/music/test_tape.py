"""Where a piece waits between its passes: short ones in memory, long ones on disk, and nobody hears the difference."""

import numpy as np
import pytest

from generation.engines.music.mastering.tape import Tape

SHORT, LONG = 50_000, 7_000_000


@pytest.mark.parametrize("total", [SHORT, LONG])
def test_what_was_written_is_read_anywhere(total: int) -> None:
    sound = np.random.default_rng(1).random((2, total), np.float32)
    with Tape(total) as tape:
        for start in range(0, total, 1_234_567):
            tape.write(sound[:, start : start + 1_234_567])
        assert np.array_equal(tape.read(0, total), sound)
        assert np.array_equal(tape.read(total - 777, 500), sound[:, -777:-277])
        around = tape.read(-10, total + 30)
    assert around.shape == (2, total + 30)
    assert np.array_equal(around[:, 10:-20], sound)
    assert not around[:, :10].any() and not around[:, -20:].any()
