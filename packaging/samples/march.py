"""A small ray marcher: solids as distance functions, soft shadows, occlusion, in blocks of numpy.

The picture is rendered block by block, and each block sees only the solids near its rays, which is what makes
numpy quick enough. Points are arrays of 3 x n; distances and colours are in metres and linear light, 0 to 1.
After Inigo Quilez, "Raymarching SDFs" and "Soft shadows in raymarched SDFs".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating[Any]]
Values = npt.NDArray[np.floating[Any]]
Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Solid:
    """One thing in the scene.

    Attributes:
        centre: The middle of its bounding sphere.
        radius: Of that sphere; infinite for floors and walls.
        distance: Points (3 x n) to signed distances (n), never more than the true ones.
        colour: Points and normals (3 x n) to linear colours (3 x n).
        gloss: How strongly it mirrors the light, 0 to 1.
        sharpness: The exponent of its highlight.
    """

    centre: Vector
    radius: float
    distance: Callable[[Points], Values]
    colour: Callable[[Points, Points], Points]
    gloss: float = 0.04
    sharpness: float = 24.0


@dataclass(frozen=True)
class View:
    """Camera and light.

    Attributes:
        eye: Where the camera is.
        target: What it looks at.
        lens: Focal length in halves of the picture's height.
        sun: Direction towards the light.
        softness: Width of the penumbra; larger is softer.
        sun_colour: Linear colour of direct light.
        sky_colour: Linear colour of light from everywhere.
        bounce_colour: Linear colour of light thrown up by a floor.
        reach: Nothing is seen farther away.
        detail: How close a ray must come to a surface.
    """

    eye: Vector
    target: Vector
    lens: float
    sun: Vector
    softness: float
    sun_colour: Vector
    sky_colour: Vector
    reach: float
    bounce_colour: Vector = (0.16, 0.12, 0.08)
    detail: float = 0.0006


def column(vector: Vector) -> Points:
    """Makes a column of 3 x 1."""
    return np.array(vector, dtype=np.float32)[:, None]


def dot(one: Points, other: Points) -> Values:
    """Multiplies column by column; written out, because numpy sums short axes slowly."""
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def normalised(points: Points) -> Points:
    """Scales each column to length 1."""
    return points / np.maximum(np.sqrt(dot(points, points)), 1e-9)


def rays_through(view: View, size: tuple[int, int], x: Values, y: Values) -> Points:
    """Gives the directions through places in the picture, in pixels from its upper left corner."""
    width, height = size
    forward = normalised(column(view.target) - column(view.eye))[:, 0]
    right = np.cross(forward, np.array((0, 1, 0), dtype=np.float32))
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    across, above = (x - width / 2) / (height / 2), (height / 2 - y) / (height / 2)
    rays = forward[:, None] * view.lens + right[:, None] * across + up[:, None] * above
    return normalised(rays.astype(np.float32))


@dataclass(frozen=True)
class Group:
    """Solids with their bounding spheres side by side, so that most can be left out at once.

    Attributes:
        solids: The solids.
        centres: Of their spheres, 3 x n.
        radii: Of their spheres, n.
    """

    solids: Sequence[Solid]
    centres: Points
    radii: Values

    @classmethod
    def of(cls, solids: Sequence[Solid]) -> "Group":
        """Lines up the spheres."""
        centres = np.array([solid.centre for solid in solids], dtype=np.float32).reshape(-1, 3).T
        return cls(solids, centres, np.array([solid.radius for solid in solids], dtype=np.float32))

    def only(self, kept: npt.NDArray[np.bool_]) -> "Group":
        """Keeps some."""
        solids = [solid for solid, keep in zip(self.solids, kept, strict=True) if keep]
        return Group(solids, self.centres[:, kept], self.radii[kept])

    def near_ray(self, start: Points, direction: Points, spread: float, slope: float) -> "Group":
        """Keeps the solids that a cone of rays may touch.

        Args:
            start: The cone's foot, 3 x 1.
            direction: Its axis, 3 x 1.
            spread: The cone's radius at its foot.
            slope: How much its radius grows a metre.
        """
        offset = self.centres - start
        along = dot(offset, direction)
        across = np.sqrt(np.maximum(dot(offset, offset) - along * along, 0))
        return self.only(across < self.radii + spread + slope * np.maximum(along + self.radii, 0))

    def near_points(self, points: Points, margin: float) -> "Group":
        """Keeps the solids that are no farther than a margin from some of the points."""
        return self.only(self.least_distances(points) < margin)

    def least_distances(self, points: Points) -> Values:
        """Gives for each solid a distance that none of the points is nearer than."""
        low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
        offset, half = self.centres - (low + high) / 2, (high - low) / 2
        least: Values = np.sqrt(dot(offset, offset)) - self.radii - np.sqrt(dot(half, half))
        return least


def nearest(group: Group, points: Points) -> tuple[Values, npt.NDArray[np.int64]]:
    """Measures the distance to the closest solid, and tells which it is."""
    best = np.full(points.shape[1], np.inf, dtype=np.float32)
    which = np.zeros(points.shape[1], dtype=np.int64)
    least = group.least_distances(points)
    for index in np.argsort(least):
        if least[index] > best.max():
            break
        distance = group.solids[index].distance(points)
        which = np.where(distance < best, index, which)
        best = np.minimum(distance, best)
    return best, which


def march(group: Group, start: Points, rays: Points, view: View) -> Values:
    """Follows rays until they hit; infinite where they do not."""
    travelled = np.full(rays.shape[1], 0.01, dtype=np.float32)
    alive = np.arange(rays.shape[1])
    for _ in range(160):
        distance, _which = nearest(group, start + rays[:, alive] * travelled[alive])
        travelled[alive] += distance
        lost = travelled[alive] > view.reach
        travelled[alive[lost]] = np.inf
        alive = alive[~lost & (distance > view.detail)]
        if not alive.size:
            break
    return travelled


def normals(group: Group, points: Points, step: float) -> Points:
    """Finds which way the surface faces, by four samples around each point."""
    total = np.zeros_like(points)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        offset = column(corner)
        total += offset * nearest(group, points + offset * step)[0]
    return normalised(total)


def shadow(group: Group, points: Points, view: View, reach: float) -> Values:
    """Measures how much of the light reaches each point, 0 to 1."""
    sun = normalised(column(view.sun))
    middle = points.mean(axis=1, keepdims=True)
    spread = float(np.sqrt(dot(points - middle, points - middle).max()))
    slope = view.softness / 0.55  # solids may state as little as 0.55 of their true distance
    group = group.near_ray(middle, sun, spread * (1 + slope) + 0.02, slope)
    light = np.ones(points.shape[1], dtype=np.float32)
    travelled = np.full(points.shape[1], 0.004, dtype=np.float32)
    alive = np.arange(points.shape[1])
    for _ in range(90):
        distance, _which = nearest(group, points[:, alive] + sun * travelled[alive])
        light[alive] = np.minimum(light[alive], distance / (view.softness * travelled[alive]))
        travelled[alive] += np.clip(distance, 0.003, 0.05)
        alive = alive[(light[alive] > 0.004) & (travelled[alive] < reach)]
        if not alive.size:
            break
    light = np.clip(light, 0, 1)
    return light * light * (3 - 2 * light)


def occlusion(group: Group, points: Points, facing: Points, reach: float) -> Values:
    """Measures how open the surroundings are, 0 to 1."""
    closed = np.zeros(points.shape[1], dtype=np.float32)
    group = group.near_points(points, 2 * reach)
    weight = 1.0
    for step in (0.06, 0.18, 0.36, 0.64, 1.0):
        distance, _which = nearest(group, points + facing * (step * reach))
        closed += weight * np.clip(step * reach - distance, 0, None) / reach
        weight *= 0.72
    return np.clip(1 - 1.15 * closed, 0.06, 1)


def shade(seen: Group, everything: Group, points: Points, rays: Points, view: View) -> Points:
    """Colours the points that rays have hit, in linear light."""
    facing = normals(seen, points, view.detail * 1.5)
    _distance, which = nearest(seen, points)
    albedo, gloss, sharpness = np.zeros_like(points), np.zeros_like(points[0]), np.ones_like(points[0])
    for index in np.unique(which):
        here = which == index
        albedo[:, here] = seen.solids[index].colour(points[:, here], facing[:, here])
        gloss[here] = seen.solids[index].gloss
        sharpness[here] = seen.solids[index].sharpness
    sun = normalised(column(view.sun))
    lifted = points + facing * view.detail * 4
    lit = shadow(everything, lifted, view, 3.0)
    open_air = occlusion(everything, points, facing, 0.22)
    direct = np.clip(dot(facing, sun), 0, 1) * lit
    from_above = 0.62 + 0.38 * facing[1]
    bounce = np.clip(-0.6 * facing[1] + 0.35, 0, 1) * column(view.bounce_colour) * np.sqrt(open_air)
    light = direct * column(view.sun_colour) + from_above * open_air * column(view.sky_colour) + bounce
    half = normalised(sun - rays)
    mirror = np.clip(dot(facing, half), 0, 1) ** sharpness * gloss * lit * (direct > 0)
    fresnel = (1 - np.clip(-dot(facing, rays), 0, 1)) ** 5 * gloss * open_air * 0.9
    return albedo * light + mirror * column(view.sun_colour) * 1.6 + fresnel * column(view.sky_colour)


@dataclass(frozen=True)
class Exposure:
    """What the camera has seen.

    Attributes:
        light: Linear light, height x width x 3, black where nothing is.
        cover: How much of each pixel is filled, 0 to 1.
        depth: Distance to what is seen, infinite where nothing is.
    """

    light: npt.NDArray[np.floating[Any]]
    cover: npt.NDArray[np.floating[Any]]
    depth: npt.NDArray[np.floating[Any]]


def render(solids: Sequence[Solid], view: View, size: tuple[int, int], *, samples: int = 3) -> Exposure:
    """Renders the scene with one ray a pixel, then the edges again with samples x samples."""
    group = Group.of(solids)
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    seen = Exposure(
        np.zeros((height, width, 3), dtype=np.float32),
        np.zeros((height, width), dtype=np.float32),
        np.full((height, width), np.inf, dtype=np.float32),
    )
    steps = (np.arange(samples, dtype=np.float32) + 0.5) / samples
    offsets = np.stack(np.meshgrid(steps, steps)).reshape(2, -1)
    everywhere = np.ones((height, width), dtype=np.bool_)
    for places, shifts in ((everywhere, np.full((2, 1), 0.5, dtype=np.float32)), (None, offsets)):
        chosen = _edges(seen) if places is None else places
        for block in _blocks(chosen):
            rows, columns = block
            u, v = x[block][:, None] + shifts[0], y[block][:, None] + shifts[1]
            light, depth = _trace(group, view, rays_through(view, size, u.ravel(), v.ravel()))
            seen.light[rows, columns] = light.reshape(3, *u.shape).mean(axis=2).T
            seen.cover[rows, columns] = np.isfinite(depth).reshape(u.shape).mean(axis=1)
            seen.depth[rows, columns] = depth.reshape(u.shape).min(axis=1)
    return seen


def _blocks(chosen: npt.NDArray[np.bool_]) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    side = 56
    for top in range(0, chosen.shape[0], side):
        for left in range(0, chosen.shape[1], side):
            rows, columns = np.nonzero(chosen[top : top + side, left : left + side])
            if rows.size:
                yield rows + top, columns + left


def _edges(seen: Exposure) -> npt.NDArray[np.bool_]:
    tone = np.sqrt(np.clip(seen.light, 0, 1))
    rough = np.zeros(seen.cover.shape, dtype=np.bool_)
    for axis in (0, 1):
        jump = (np.abs(np.diff(tone, axis=axis)).max(axis=2) > 0.05) | (np.diff(seen.cover, axis=axis) != 0)
        before = [slice(None, -1) if index == axis else slice(None) for index in (0, 1)]
        behind = [slice(1, None) if index == axis else slice(None) for index in (0, 1)]
        rough[tuple(before)] |= jump
        rough[tuple(behind)] |= jump
    return rough


def _trace(group: Group, view: View, rays: Points) -> tuple[Points, Values]:
    eye, axis = column(view.eye), normalised(rays.mean(axis=1, keepdims=True))
    slope = float(np.sqrt(np.maximum(1 - (dot(rays, axis).min()) ** 2, 0))) * 1.1 + 1e-3
    seen = group.near_ray(eye, axis, 0.01, slope)
    colour = np.zeros_like(rays)
    if not seen.solids:
        return colour, np.full(rays.shape[1], np.inf, dtype=np.float32)
    travelled = march(seen, eye, rays, view)
    hit = np.flatnonzero(np.isfinite(travelled))
    if hit.size:
        points = eye + rays[:, hit] * travelled[hit]
        colour[:, hit] = shade(seen, group.near_points(points, 3.2), points, rays[:, hit], view)
    return colour, travelled


def develop(
    light: npt.NDArray[np.floating[Any]], exposure: float, colourful: float
) -> npt.NDArray[np.floating[Any]]:
    """Turns linear light into sRGB values of 0 to 255 along a film-like curve, Narkowicz's fit of ACES.

    Args:
        light: Height x width x 3.
        exposure: Factor on the light.
        colourful: Below 1 moves colours towards grey, because the curve by itself makes them louder.
    """
    light = np.clip(light * exposure, 0, None)
    grey = light @ np.array((0.2126, 0.7152, 0.0722), dtype=np.float32)
    light = grey[..., None] + (light - grey[..., None]) * colourful
    curve = np.clip(light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14), 0, 1)
    srgb: npt.NDArray[np.floating[Any]] = np.where(
        curve < 0.0031308, 12.92 * curve, 1.055 * curve ** (1 / 2.4) - 0.055
    )
    return srgb * 255
