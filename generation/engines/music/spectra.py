"""Sizes at which the FFT is fast, and filtering of endless sound in blocks."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def fast_length(least: int) -> int:
    """Return the smallest 2^a 3^b 5^c that is not below ``least``, for b up to 4 and c up to 2."""
    odd = [3**b * 5**c for b in range(5) for c in range(3)]
    return min(int(factor) << max(0, math.ceil(math.log2(least / factor))) for factor in odd)
