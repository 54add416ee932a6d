"""Pictures: against samila at the same number of points, PNG against Pillow, and what each style costs."""

import math
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.report import Row
from generation.engines.art import Params, generate, studio
from generation.engines.art.canvas import Frame
from generation.engines.art.patterns import veils
from generation.engines.art.splat import gather
from generation.engines.art.vocabulary import STYLES
from generation.engines.contract import NEUTRAL
from generation.engines.encoding import encode_png

_SAMILA_FASTER = 50
_SECONDS = 1.5
_MEGABYTES = 200
_SIDE = 1024


def run() -> list[Row]:
    """Return all rows; times are CPU seconds of one process."""
    return [*_samila(), *_png(), *_styles()]


def _seconds(work: Callable[[], object], tries: int = 3) -> float:
    best = math.inf
    for _ in range(tries):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _samila() -> list[Row]:
    """Draw one grid through one pair of functions into a PNG: samila by its scatter plot, ours as counts on 1024²."""
    import matplotlib as mpl

    mpl.use("Agg")
    from samila import GenerativeImage

    step = 0.01
    side = len(np.arange(-math.pi, math.pi, step))
    veil = veils.draw(np.random.default_rng(3))

    def theirs() -> None:
        image = GenerativeImage(lambda x, y: _half(veil.f, x, y), lambda x, y: _half(veil.g, x, y))
        image.generate(start=-math.pi, step=step, stop=math.pi)
        image.plot()
        image.fig.savefig(BytesIO(), format="png")

    frame = Frame(_SIDE, _SIDE)

    def ours() -> None:
        drawn = gather(frame, ((x * 0.2, y * 0.2, tint) for x, y, tint in veils.image(veil, side, None)))
        encode_png((255 * np.exp(-drawn.ink)).astype(np.uint8))

    slow, fast = _seconds(theirs, 1), _seconds(ours, 5)
    name = f"a grid of {side * side:,} points, drawn"
    against = f"samila {slow * 1e3:.0f} ms, ≥ {_SAMILA_FASTER}×"
    return [Row(name, f"{fast * 1e3:.1f} ms, {slow / fast:.0f}×", against, slow / fast >= _SAMILA_FASTER)]


def _half(half: veils.Half, x: float, y: float) -> float:
    a, b, c, d, e, f, g, h = half.k
    wave = a * x * math.cos(b * y + c * abs(x)) + d * y * math.sin(e * x * x / math.pi + f)
    return wave + g * math.sin(h * x * y)


def _png() -> list[Row]:
    rows = []
    pictures = {"noise": np.random.default_rng(0).integers(0, 256, (_SIDE, _SIDE, 3), np.uint8)}
    for style in ("abstract", "flow_field", "landscape"):
        composition = studio.compose(Params.parse({"prompt": "a picture", "style": style}), NEUTRAL)
        pictures[style] = studio.paint(composition, 1, lambda _: None)
    for name, pixels in pictures.items():
        ours = _seconds(lambda: encode_png(pixels), 5)  # noqa: B023 - called at once
        theirs = _seconds(lambda: _pillow(pixels), 5)  # noqa: B023 - called at once
        measured = f"{ours * 1e3:.1f} ms, {len(encode_png(pixels)) / len(_pillow(pixels)):.2f} of its size"
        against = f"Pillow, level 1: {theirs * 1e3:.1f} ms"
        rows.append(Row(f"PNG of {name}, 1024²", measured, against, ours <= theirs))
    return rows


def _pillow(pixels: np.ndarray) -> bytes:
    target = BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=1)
    return target.getvalue()


def _styles() -> list[Row]:
    rows = []
    for style in STYLES:
        seconds, megabytes = _alone(style)
        measured = f"{seconds:.2f} s, {megabytes:.0f} MB"
        good = seconds < _SECONDS and megabytes < _MEGABYTES
        rows.append(Row(f"{style}, 1024², PNG, in a new process", measured, f"{_SECONDS} s, {_MEGABYTES} MB", good))
    return rows


def _alone(style: str) -> tuple[float, float]:
    """Return CPU seconds, without the interpreter's start, and the peak memory of a process that draws once."""
    done = subprocess.run([sys.executable, "-m", __name__, style], capture_output=True, text=True, check=True)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def _draw_and_tell(style: str) -> None:
    params = Params.parse({"prompt": "a picture", "style": style, "options": {"seed": 3}})
    start = time.process_time()
    generate(params)
    print(time.process_time() - start, _peak_megabytes())


def _peak_megabytes() -> float:
    # Not getrusage: its peak is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _draw_and_tell(sys.argv[1])
