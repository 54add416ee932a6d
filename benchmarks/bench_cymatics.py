"""Cymatics: eigenvalues against converged ones, fields and requests against a naive mode and a bare PNG.

Measured in a process of its own with one thread, by CPU time, as medians; ratios are within the one run.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.report import Row

FREE_SQUARE = [13.46820, 19.59614, 24.27020, 34.80089, 34.80089, 61.09323, 61.09323, 63.68613, 69.26541, 77.17170]
SIDE = 0.24
PIXELS = 1024


def run() -> list[Row]:
    """Measure in a fresh process, where the thread count can still be set."""
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_cymatics"], env=one_thread, check=True, capture_output=True, text=True
    )
    return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]


def measure() -> list[Row]:
    """Return every row; memory first, while the process is small."""
    return [memory(), accuracy(), cold(), *fields(), request(), disc()]


def memory() -> Row:
    """Peak resident memory of the first analysis at 1024² above that of the process that has served a small one."""
    generate(resolution=64)
    rest = _resident()
    Path("/proc/self/clear_refs").write_text("5")
    generate(resolution=PIXELS, edges="CFSF")
    above = _peak() - rest
    return Row("memory of one analysis at 1024²", f"{above / 2**20:.1f} MB", "50 MB above rest", above < 50 * 2**20)


def accuracy() -> Row:
    """Largest relative distance of the first ten eigenvalues of the free square from converged ones."""
    from generation.engines import cymatics

    found = cymatics.elastic(cymatics.eigenmodes(cymatics.body(), 10, cache=cymatics.EigenCache()))
    error = max(abs(mine / known - 1) for mine, known in zip(found.tolist(), FREE_SQUARE, strict=False))
    return Row("free square, first 10 eigenvalues", f"{error:.1e}", "1e-6 of converged values", error < 1e-6)


def cold() -> Row:
    """Solving a plate from nothing."""
    from generation.engines import cymatics

    seconds = cpu(lambda: cymatics.eigenmodes(cymatics.body(), 12, up_to=440.0, cache=cymatics.EigenCache()))
    return Row("a cold plate", f"{seconds * 1e3:.0f} ms", "100 ms of one core", seconds < 0.1)


def fields() -> list[Row]:
    """One real mode, and a driven complex field, on 1024² points against one naive mode on a mesh grid."""
    import numpy as np

    from generation.engines import cymatics

    axis = np.linspace(0, SIDE, PIXELS)
    modes = cymatics.eigenmodes(cymatics.body(), 12, up_to=440.0)
    answer = cymatics.respond(modes, 440.0, cymatics.Drive("displacement", (SIDE / 2, SIDE / 2)), 0.01)
    mode, driven = cpu(lambda: modes.shape(14, axis, axis), 15), cpu(lambda: answer.field(axis, axis), 15)
    naive = cpu(lambda: naive_mode(axis), 15)
    against = f"one naive mode, {naive * 1e3:.0f} ms"
    return [
        Row("a warm mode at 1024²", f"{mode * 1e3:.1f} ms, {mode / naive:.3f} of it", against, mode < naive / 10),
        Row("a warm driven field, complex", f"{driven * 1e3:.1f} ms, {driven / naive:.3f} of it", against),
    ]


def request() -> Row:
    """A whole warm request with its sand figure, nodal lines and analysis against encoding that PNG alone."""
    import io

    import numpy as np
    from PIL import Image

    from generation.engines.encoding import encode_png

    result = generate(resolution=PIXELS)
    pixels = np.asarray(Image.open(io.BytesIO(result)))
    mine, bare = cpu(lambda: generate(resolution=PIXELS), 15), cpu(lambda: encode_png(pixels), 15)
    measured = f"{mine * 1e3:.0f} ms, {mine / bare:.2f} of it"
    return Row("a warm request with PNG at 1024²", measured, f"the bare PNG, {bare * 1e3:.1f} ms", mine < 3 * bare)


def disc() -> Row:
    """Solving a free disc from nothing, its two hundred Bessel roots included."""
    from generation.engines import cymatics

    body = cymatics.body("disc")
    seconds = cpu(lambda: cymatics.eigenmodes(body, 12, cache=cymatics.EigenCache()))
    return Row("a cold disc", f"{seconds * 1e3:.0f} ms", "–")


def naive_mode(axis: object) -> object:
    """The formula of the open-source peers: a difference of products of cosines on a mesh grid."""
    import numpy as np

    x, y = np.meshgrid(axis, axis)  # type: ignore[arg-type]
    k = np.pi / SIDE
    return np.cos(3 * k * x) * np.cos(2 * k * y) - np.cos(2 * k * x) * np.cos(3 * k * y)


def generate(**options: object) -> bytes:
    """Serve one request, and return its picture."""
    from generation.engines import cymatics

    content = cymatics.generate(cymatics.Params.parse({"frequencies": [440], "options": options})).files[0].content
    assert isinstance(content, bytes)
    return content


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """Median CPU seconds of a piece of work, after one run to warm it."""
    work()
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return median(spent)


def _resident() -> int:
    return _status("VmRSS")


def _peak() -> int:
    """Peak since it was last reset by ``clear_refs``."""
    return _status("VmHWM")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        print(json.dumps([[row.name, row.measured, row.against, row.passed] for row in measure()]))
