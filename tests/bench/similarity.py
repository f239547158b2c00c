"""How alike two pictures look: the structural similarity index.

Source: Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural
similarity", IEEE Transactions on Image Processing 13(4), 2004: equation 13 with K1 = 0.01, K2 = 0.03 and
L = 255, and section III-C's Gaussian window of 11 by 11 with a standard deviation of 1.5.
"""

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_RADIUS, _SIGMA = 5, 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(first: Plane, second: Plane) -> float:
    """The mean index of two planes of one size, values 0 to 255, sides from 11 on; 1.0 if equal."""
    mean_1, mean_2 = _blurred(first), _blurred(second)
    variance_1 = _blurred(first * first) - mean_1 * mean_1
    variance_2 = _blurred(second * second) - mean_2 * mean_2
    covariance = _blurred(first * second) - mean_1 * mean_2
    likeness = (2 * mean_1 * mean_2 + _C1) * (2 * covariance + _C2)
    return float(np.mean(likeness / ((mean_1**2 + mean_2**2 + _C1) * (variance_1 + variance_2 + _C2))))


def _blurred(plane: Plane) -> Plane:
    """Weighted by the window, where it lies wholly inside."""
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    weights = np.exp(-(offsets**2) / (2 * _SIGMA**2))
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        length = plane.shape[axis] - 2 * _RADIUS
        plane = sum(
            weight * (plane[start : start + length] if axis == 0 else plane[:, start : start + length])
            for start, weight in enumerate(weights)
        )
    return plane
