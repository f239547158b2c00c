"""Distance functions and surfaces for `march`: boxes, cylinders, rings, wood, noise."""

from collections.abc import Callable

import numpy as np

from samples.march import Points, Solid, Values, Vector, column

Surface = Callable[[Points, Points], Points]


def linear(colour: str) -> Points:
    """Reads "#rrggbb" into a column of linear light."""
    values = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)], dtype=np.float32) / 255
    return (np.where(values < 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)).astype(np.float32)[
        :, None
    ]


def hashed(x: Values, y: Values, z: Values, seed: int) -> Values:
    """Gives each whole-numbered cell a value of 0 to 1."""
    mixed = (
        x.astype(np.int64) * 73856093
        ^ y.astype(np.int64) * 19349663
        ^ z.astype(np.int64) * 83492791
        ^ seed * 2654435
    )
    mixed = (mixed ^ (mixed >> 13)) * 1274126177
    return ((mixed ^ (mixed >> 16)) & 0xFFFF).astype(np.float32) / 0xFFFF


def noise(points: Points, seed: int = 0) -> Values:
    """Interpolates `hashed` between cells of 1, 0 to 1."""
    cell = np.floor(points)
    part = points - cell
    part = part * part * (3 - 2 * part)
    total = np.zeros(points.shape[1], dtype=np.float32)
    for corner in range(8):
        bits = [corner & 1, corner >> 1 & 1, corner >> 2 & 1]
        weight = np.ones(points.shape[1], dtype=np.float32)
        for axis, bit in enumerate(bits):
            weight = weight * (part[axis] if bit else 1 - part[axis])
        total += weight * hashed(cell[0] + bits[0], cell[1] + bits[1], cell[2] + bits[2], seed)
    return total


def clouds(points: Points, seed: int = 0, octaves: int = 4) -> Values:
    """Adds up noise of finer and finer grain, 0 to 1."""
    total = np.zeros(points.shape[1], dtype=np.float32)
    weight = 0.5
    for octave in range(octaves):
        total += weight * noise(points * 2.0**octave, seed + octave)
        weight /= 2
    return total / (1 - 0.5**octaves)


def mix(low: Points, high: Points, amount: Values) -> Points:
    """Blends two colours; amount is 0 to 1."""
    return low + (high - low) * np.clip(amount, 0, 1)


def plain(colour: str, variation: float = 0.06, grain: float = 14.0) -> Surface:
    """Makes a surface of one colour with slight blotches."""
    base = linear(colour)
    return lambda points, _facing: base * (1 + variation * (2 * clouds(points * grain, 3) - 1))


def wood(light: str, dark: str, axis: int, seed: int = 0) -> Surface:
    """Makes planed wood whose fibres run along an axis (0 is x)."""
    low, high = linear(dark), linear(light)

    def colour(points: Points, _facing: Points) -> Points:
        scale = np.full((3, 1), 9.0, dtype=np.float32)
        scale[axis] = 0.7
        grown = points * scale + 7 * seed
        rings = clouds(grown, seed, 3) * 9
        ring = 0.5 + 0.5 * np.sin(rings * 2 * np.pi)
        fine = np.full((3, 1), 220.0, dtype=np.float32)
        fine[axis] = 5.0
        pores = noise(points * fine, seed + 9)
        return mix(low, high, 0.42 + 0.26 * ring + 0.4 * (pores - 0.5)) * (
            0.9 + 0.2 * clouds(points * 2, seed + 4, 2)
        )

    return colour


def turned(points: Points, centre: Vector, yaw: float = 0.0, roll: float = 0.0) -> Points:
    """Moves points into a solid's own frame: yaw about the upright axis, then roll in the picture's plane."""
    local = points - column(centre)
    if yaw:
        sine, cosine = np.float32(np.sin(yaw)), np.float32(np.cos(yaw))
        local = np.stack((cosine * local[0] - sine * local[2], local[1], sine * local[0] + cosine * local[2]))
    if roll:
        sine, cosine = np.float32(np.sin(roll)), np.float32(np.cos(roll))
        local = np.stack(
            (cosine * local[0] + sine * local[1], -sine * local[0] + cosine * local[1], local[2])
        )
    return local


def box_distance(local: Points, half: Vector, round_by: float) -> Values:
    """Measures the distance to a box with rounded edges."""
    x, y, z = (np.abs(local[axis]) - (half[axis] - round_by) for axis in range(3))
    beyond = np.sqrt(np.maximum(x, 0) ** 2 + np.maximum(y, 0) ** 2 + np.maximum(z, 0) ** 2)
    return beyond + np.minimum(np.maximum(np.maximum(x, y), z), 0) - round_by


def drum_distance(
    local: Points, radius: float | Values, half_height: float, round_by: float, axis: int = 1
) -> Values:
    """Measures the distance to a cylinder along an axis, with rounded rims."""
    others = [index for index in range(3) if index != axis]
    across = np.sqrt(local[others[0]] ** 2 + local[others[1]] ** 2) - (radius - round_by)
    along = np.abs(local[axis]) - (half_height - round_by)
    outside = np.sqrt(np.maximum(across, 0) ** 2 + np.maximum(along, 0) ** 2)
    return outside + np.minimum(np.maximum(across, along), 0) - round_by


def box(
    centre: Vector,
    half: Vector,
    colour: Surface,
    *,
    round_by: float = 0.006,
    yaw: float = 0.0,
    roll: float = 0.0,
    gloss: float = 0.05,
    sharpness: float = 24.0,
) -> Solid:
    """Makes a box with rounded edges."""
    return Solid(
        centre,
        float(np.linalg.norm(half)),
        lambda points: box_distance(turned(points, centre, yaw, roll), half, round_by),
        colour,
        gloss,
        sharpness,
    )


def drum(
    centre: Vector,
    radius: float,
    half_height: float,
    colour: Surface,
    *,
    round_by: float = 0.006,
    axis: int = 1,
    gloss: float = 0.1,
    sharpness: float = 40.0,
) -> Solid:
    """Makes a cylinder."""
    return Solid(
        centre,
        float(np.hypot(radius, half_height)),
        lambda points: drum_distance(points - column(centre), radius, half_height, round_by, axis),
        colour,
        gloss,
        sharpness,
    )
