"""How alike two pictures are."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import fft, ndimage


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return luma in [0, 255] (Rec. 709 weights)."""
    return pixels[..., :3].astype(float) @ [0.2126, 0.7152, 0.0722]


def reduced(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return the picture averaged down to ``side`` pixels."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BOX))


def similarity(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Return the structural similarity (Wang et al. 2004), Gaussian window of 1.5 pixels."""
    x, y = grey(a), grey(b)

    def blur(field: NDArray[np.float64]) -> NDArray[np.float64]:
        return ndimage.gaussian_filter(field, 1.5, truncate=3.5)

    mx, my = blur(x), blur(y)
    vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    score = (2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return float(score[5:-5, 5:-5].mean())


def perceptual_hash(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return 64 bits of the lowest cosine frequencies, each against their median."""
    small = np.asarray(Image.fromarray(pixels).convert("L").resize((32, 32), Image.Resampling.LANCZOS), float)
    low = fft.dctn(small, norm="ortho")[:8, :8].ravel()
    return low > np.median(low)
