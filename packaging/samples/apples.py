"""Apples and their leaves, for `shelf` and `orchard`."""

import numpy as np

from samples.march import Points, Solid, Values, Vector
from samples.solids import clouds, hashed, linear, mix, turned


def _speckles(points: Points) -> Values:
    """Scatters small round dots, one in every third cell; 1 inside."""
    cell = np.floor(points)
    middles = [0.25 + 0.5 * hashed(cell[0], cell[1], cell[2], seed) for seed in (1, 2, 3)]
    away = np.sqrt(sum((points[axis] - cell[axis] - middles[axis]) ** 2 for axis in range(3)))
    return np.where(hashed(cell[0], cell[1], cell[2], 4) > 0.66, np.clip((0.16 - away) / 0.06, 0, 1), 0)


def apple(
    centre: Vector, size: float, red: str, yellow: str, *, yaw: float = 0.0, roll: float = 0.0
) -> Solid:
    """Makes an apple with its stem: a ring so thick that its hole closes to two dimples."""

    def body(points: Points) -> Values:
        local = turned(points, centre, yaw, roll) / size
        around = np.arctan2(local[2], local[0])
        low = np.clip(local[1], -1, 1)  # far away the shape must not fold back
        widen = 1 + 0.13 * low + 0.025 * np.cos(5 * around) * np.clip(-low, 0, 1)
        ring = np.hypot(np.hypot(local[0], local[2]) / widen - 0.3, local[1] * 0.84) - 0.7
        lean = local[0] - 0.12 * np.clip(local[1] - 0.4, 0, 1) ** 2
        stem = np.hypot(np.hypot(lean, local[2]) - 0, np.maximum(np.abs(local[1] - 0.66) - 0.3, 0)) - 0.034
        return np.minimum(ring * 0.84, stem * 0.8) * size

    def skin(points: Points, _facing: Points) -> Points:
        local = turned(points, centre, yaw, roll) / size
        around = np.arctan2(local[2], local[0])
        streak = clouds(np.stack((np.cos(around) * 11, local[1] * 0.8, np.sin(around) * 11)), 81, 4)
        cloud = clouds(local * 1.6, 82, 3)
        blush = 0.62 + 0.42 * np.cos(around - 1.2) + 0.25 * local[1] + 1.3 * (cloud - 0.5)
        ripe = np.clip(1.25 * (streak - 0.5) + blush, 0, 1) ** 0.8
        middle = np.hypot(local[0], local[2])
        ripe = np.where((middle < 0.42) & (local[1] > 0), ripe * np.clip(middle / 0.42, 0.1, 1), ripe)
        colour = mix(linear(yellow), linear(red), ripe) * (0.84 + 0.32 * streak)
        colour = mix(colour, linear("#f0d9a4"), 0.55 * _speckles(local * 13))
        stem = (np.hypot(local[0], local[2]) < 0.12) & (local[1] > 0.42)
        return np.where(stem, linear("#5a3d22"), colour)

    return Solid(centre, size * 1.12, body, skin, 0.32, 85.0)


def apple_leaf(centre: Vector, size: float, *, yaw: float, roll: float) -> Solid:
    """Makes a pointed leaf along its own x, folded along the middle and bent down at its tip."""

    def distance(points: Points) -> Values:
        local = turned(points, centre, yaw, roll)
        along = np.clip(local[0] / size, -1.3, 1.3)
        half = 0.5 * size * np.clip(1 - along * along, 0, 1) * (1 - 0.3 * along)
        height = local[1] + 0.28 * size * along * along - 0.22 * np.minimum(np.abs(local[2]), size)
        flat = np.maximum(np.abs(local[2]) - half, np.abs(local[0]) - size)
        return (np.hypot(np.maximum(flat, 0), np.maximum(np.abs(height) - 0.0004, 0)) - 0.0006) * 0.6

    def green(points: Points, _facing: Points) -> Points:
        local = turned(points, centre, yaw, roll)
        tone = mix(linear("#35632b"), linear("#86a83f"), clouds(local * 55, 85, 3) * 1.5 - 0.3)
        ribs = np.abs(np.sin((local[0] - 0.9 * np.abs(local[2])) * 520)) ** 12 * 0.25
        middle = np.exp(-((local[2] / 0.0009) ** 2)) * 0.6
        return tone + linear("#b9cf7d") * np.maximum(ribs * 0.4, middle)

    return Solid(centre, size * 1.25, distance, green, 0.25, 22.0)
