"""``python -m generation.engines.art.gallery FOLDER``: a sheet of every style in six moods, to be looked at.

Places in the circumplex follow Russell (1980), by eye.
"""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from generation.engines.art import Params, generate, sheet
from generation.engines.art.vocabulary import STYLES
from generation.engines.contract import Mood

MOODS = (
    Mood("joy", 0.8, 0.5),
    Mood("anger", -0.6, 0.8),
    Mood("sadness", -0.7, -0.5),
    Mood("calm", 0.6, -0.6),
    Mood("awe", 0.4, 0.4),
    Mood("fear", -0.7, 0.6),
)
_SIDE = 1024


def page(style: str, seed: int = 1) -> Image.Image:
    """Return one picture a mood, each from a seed of its own, side by side."""
    return Image.fromarray(sheet.arrange([_picture(style, mood, seed + i) for i, mood in enumerate(MOODS)]))


def _picture(style: str, mood: Mood, seed: int) -> np.ndarray:
    body = {"prompt": "untitled", "style": style, "options": {"seed": seed, "width": _SIDE, "height": _SIDE}}
    drawn = generate(Params.parse(body), mood=mood).files[0].content
    assert isinstance(drawn, bytes)
    return np.asarray(Image.open(BytesIO(drawn)))


def main(folder: Path) -> None:
    """Write one WebP a style into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for style in STYLES:
        page(style).resize((1000, 674), Image.Resampling.LANCZOS).save(folder / f"{style}.webp", quality=72, method=6)
        print(folder / f"{style}.webp", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
