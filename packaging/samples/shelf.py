"""Two photographs of a shelf between which three things changed: the clock's time, the mug, and the apple."""

from functools import cache, partial

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from samples.apples import apple
from samples.drawing import font, smooth_noise, to_image
from samples.march import Points, Solid, Values, Vector, View, column, develop, dot, render
from samples.solids import box, clouds, drum, drum_distance, linear, mix, plain, turned, wood

SIZE = (1600, 1067)
UPPER, LOWER = 0.635, 0.095  # tops of the two boards
VIEW = View(
    eye=(0.16, 0.74, 3.4),
    target=(0.0, 0.575, 0.1),
    lens=5.75,
    sun=(-0.5, 0.52, 0.85),
    softness=0.26,
    sun_colour=(2.1, 1.9, 1.62),
    sky_colour=(0.68, 0.7, 0.74),
    reach=8.0,
)
BOOKS = (  # width, height, depth, cloth, ink, title
    (0.036, 0.262, 0.17, "#7b2d26", "#e6c27a", "Slow Bread"),
    (0.028, 0.235, 0.16, "#e3d5b8", "#7b2d26", "Small Houses"),
    (0.046, 0.288, 0.19, "#1f3a5f", "#d9dde6", "The Night Sky"),
    (0.032, 0.25, 0.16, "#c98b2b", "#3b2410", "Beekeeping"),
    (0.052, 0.3, 0.2, "#2f5d50", "#e9dfc0", "A Year of Trees"),
    (0.026, 0.222, 0.15, "#f0ece2", "#30506d", "Haiku"),
    (0.04, 0.27, 0.18, "#5b5bd6", "#f3f1ff", "Colour and Light"),
    (0.034, 0.245, 0.17, "#8c4a5e", "#f1d9c9", "Rivers"),
)
LYING = (  # half width, half height, cloth, ink, yaw, title
    (0.17, 0.021, "#2b4a6b", "#f3e6bd", 0.06, "Maps of the Coast"),
    (0.155, 0.017, "#b5533c", "#f3e6bd", -0.09, "Kitchen Garden"),
    (0.135, 0.0205, "#dccfae", "#5a3a2a", 0.04, "Old Bridges"),
)


def shelf(*, after: bool) -> Image.Image:
    """Takes the photograph before or after the three changes, 1600 x 1067."""
    light = render(_scene(after=after), VIEW, SIZE).light
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    window = np.exp(-((((x / width - 0.22) / 0.85) ** 2) + ((y / height - 0.25) / 1.0) ** 2))
    picture = develop(light * (0.42 + 0.78 * window)[..., None], 0.84, colourful=0.8)
    seed = 40 + after  # no two exposures have the same grain
    grain = smooth_noise(width, height, 1.3, seed) * 1.5
    return to_image(picture + grain[..., None])


def _scene(*, after: bool) -> list[Solid]:
    oak = wood("#c99a63", "#8d5f33", 0, 3)
    scene = [
        Solid((0, 0, 0), np.inf, lambda points: points[2], _plaster, 0.0),
        box((0, UPPER - 0.016, 0.14), (1.6, 0.016, 0.14), oak, round_by=0.004),
        box((0, LOWER - 0.016, 0.14), (1.6, 0.016, 0.14), wood("#c99a63", "#8d5f33", 0, 5), round_by=0.004),
        *_books(-0.37),
        *_plant((-0.64, UPPER, 0.15)),
        *_frame((0.4, UPPER, 0.075)),
        _vase((0.755, UPPER, 0.14)),
        *_clock((-0.62, LOWER, 0.14), hour=3 + 40 / 60 if after else 10 + 9 / 60),
        *_lying((-0.17, LOWER, 0.15)),
        *_camera((0.7, LOWER, 0.15)),
        _mug((0.28, LOWER, 0.16), "#d9a520" if after else "#3f7fb5"),
    ]
    if not after:
        scene.append(apple((-0.19, LOWER + 0.117 + 0.0395, 0.16), 0.048, "#c4281c", "#e8b13a"))
    return scene


def _plaster(points: Points, _facing: Points) -> Points:
    tone = clouds(points * 2.2, 21, 3) + 0.35 * clouds(points * 60, 22, 2)
    return linear("#d8d3c8") * (0.9 + 0.12 * tone)


def _books(left: float) -> list[Solid]:
    solids = []
    for index, (width, height, depth, cloth, ink, title) in enumerate(BOOKS):
        last = index == len(BOOKS) - 1
        roll = 0.2 if last else 0.0
        shift = 0.022 if last else 0.0
        centre = (left + width / 2 + shift, UPPER + height / 2 - (0.002 if last else 0), 0.07 + depth / 2)
        surface = partial(_spine, centre, (width / 2, height / 2, depth / 2), roll, cloth, ink, title)
        solids.append(box(centre, (width / 2, height / 2, depth / 2), surface, round_by=0.005, roll=roll))
        left += width + 0.002
    return solids


def _spine(
    centre: Vector,
    half: Vector,
    roll: float,
    cloth: str,
    ink: str,
    title: str,
    points: Points,
    facing: Points,
) -> Points:
    local = turned(points, centre, 0.0, roll)
    weave = 0.92 + 0.16 * clouds(points * np.array([[260], [90], [260]], dtype=np.float32), 31, 2)
    colour = linear(cloth) * weave
    up = local[1] / half[1]
    bands = (np.abs(np.abs(up) - 0.8) < 0.018) | (np.abs(np.abs(up) - 0.72) < 0.008)
    tall = min(1.4 * half[0], 2.5 * half[1] / len(title))
    letters = _lettering(title, 0.12 * half[1] - local[1], local[0], tall)
    front = facing[2] > 0.5
    colour = np.where(front & (bands | letters), linear(ink) * 0.9, colour)
    pages = (facing[1] > 0.6) & (np.abs(local[0]) < half[0] - 0.005) & (local[2] < half[2] - 0.006)
    return np.where(pages, linear("#efe6d0") * (0.8 + 0.2 * np.sin(local[0] * 2600)), colour)


@cache
def _title(text: str) -> npt.NDArray[np.bool_]:
    face = font("Inter-SemiBold", 96)
    mask = Image.new("L", (round(face.getlength(text)) + 8, 120), 0)
    ImageDraw.Draw(mask).text((4, 60), text, font=face, fill=255, anchor="lm")
    return np.asarray(mask) > 127


def _lettering(text: str, along: Values, up: Values, tall: float) -> npt.NDArray[np.bool_]:
    """Tells where a title's ink is, centred on 0; all lengths in metres, tall is that of a line."""
    mask = _title(text)
    column_px = np.round(along / tall * 120 + mask.shape[1] / 2).astype(np.int64)
    row_px = np.round(60 - up / tall * 120).astype(np.int64)
    inside = (column_px >= 0) & (column_px < mask.shape[1]) & (row_px >= 0) & (row_px < 120)
    return inside & mask[np.clip(row_px, 0, 119), np.clip(column_px, 0, mask.shape[1] - 1)]


def _lying(at: Vector) -> list[Solid]:
    solids = []
    bottom = at[1]
    for half_width, half_height, cloth, ink, yaw, title in LYING:
        centre = (at[0], bottom + half_height, at[2])
        half = (half_width, half_height, 0.115)
        solids.append(
            box(
                centre, half, partial(_cover, centre, half, yaw, (cloth, ink, title)), round_by=0.004, yaw=yaw
            )
        )
        bottom += 2 * half_height
    return solids


def _cover(
    centre: Vector, half: Vector, yaw: float, binding: tuple[str, str, str], points: Points, _facing: Points
) -> Points:
    cloth, ink, title = binding
    local = turned(points, centre, yaw)
    colour = linear(cloth) * (0.92 + 0.16 * clouds(points * 120, 33, 2))
    pages = (np.abs(local[1]) < half[1] - 0.004) & (local[0] > half[0] - 0.004)
    letters = _lettering(title, local[0], local[1], 1.25 * half[1]) & (local[2] > half[2] - 0.006)
    colour = np.where(letters, linear(ink), colour)
    return np.where(pages, linear("#efe6d0") * (0.82 + 0.18 * np.sin(local[1] * 2400)), colour)


def _plant(at: Vector) -> list[Solid]:
    generator = np.random.default_rng(17)
    x, y, z = at

    def pot(points: Points) -> Values:
        local = points - column((x, y + 0.07, z))
        body = drum_distance(local, 0.066 + 0.18 * np.clip(local[1], -0.07, 0.07), 0.07, 0.006) * 0.95
        rim = drum_distance(local - column((0, 0.058, 0)), 0.086, 0.014, 0.006)
        return np.minimum(body, rim)

    solids = [Solid((x, y + 0.07, z), 0.13, pot, plain("#b9653f", 0.12, 30), 0.03)]
    crown = (x, y + 0.16, z)
    for index in range(30):
        turn, lift = index * 2.39996, (index + 0.5) / 30
        reach = 0.065 + 0.09 * np.sin(np.pi * (0.25 + 0.7 * lift)) + generator.uniform(-0.01, 0.015)
        end = (x + reach * np.cos(turn), y + 0.15 + 0.23 * lift, z + 0.8 * reach * np.sin(turn))
        size = 0.042 - 0.014 * lift + generator.uniform(-0.005, 0.005)
        facing = (np.cos(turn) * 0.8, 0.75, np.sin(turn) * 0.8 + 0.45)
        solids += [_coin(end, facing, size, index), _stalk((x, y + 0.13 + 0.06 * lift, z), end)]
    return [*solids, drum(crown, 0.007, 0.045, plain("#5c5a35"), round_by=0.003)]


def _coin(centre: Vector, facing: Vector, size: float, number: int) -> Solid:
    """Makes a round leaf, a little hollow, as a Chinese money plant has them."""
    axis = column(facing) / np.float32(np.linalg.norm(facing))
    young = np.float32((number * 0.37) % 1.0)

    def distance(points: Points) -> Values:
        local = points - column(centre)
        height = dot(local, axis)
        across = np.sqrt(np.maximum(dot(local, local) - height * height, 0))
        bend = height - 5 * np.minimum(across, size) ** 2 + 0.002
        outside = np.hypot(np.maximum(across - size, 0), np.maximum(np.abs(bend) - 0.0008, 0))
        return (outside - 0.0012) * 0.85

    def green(points: Points, _facing: Points) -> Points:
        local = points - column(centre)
        across = np.sqrt(dot(local, local)) / size
        tone = linear("#3c7040") * (1 - young) + linear("#7ba052") * young
        return tone * (0.82 + 0.3 * clouds(points * 45, 41, 2)) + linear("#c3d69a") * 0.5 * np.exp(
            -((across / 0.11) ** 2)
        )

    return Solid(centre, size * 1.15, distance, green, 0.2, 16.0)


def _stalk(start: Vector, end: Vector) -> Solid:
    foot, way = column(start), column(end) - column(start)
    length = np.float32((way * way).sum())

    def distance(points: Points) -> Values:
        along = np.clip(dot(points - foot, way) / length, 0, 1)
        away = points - foot - way * along - column((0, 0.02, 0)) * (along * (1 - along))
        return np.sqrt(dot(away, away)) - 0.0016

    middle = ((foot + way / 2)[:, 0]).tolist()
    return Solid(
        (middle[0], middle[1], middle[2]), float(np.sqrt(length)) / 2 + 0.02, distance, plain("#7c8a4b")
    )


def _frame(at: Vector) -> list[Solid]:
    x, y, z = at
    half = (0.19, 0.15, 0.011)
    centre = (x, y + half[1], z)
    return [
        box(centre, half, partial(_painting, centre), round_by=0.003, gloss=0.08),
        *(
            box(
                (x, y + half[1] + side * 0.141, z + 0.008),
                (0.19, 0.009, 0.011),
                wood("#5a3a22", "#35200f", 0),
                round_by=0.003,
            )
            for side in (-1, 1)
        ),
        *(
            box(
                (x + side * 0.181, y + half[1], z + 0.008),
                (0.009, 0.15, 0.011),
                wood("#5a3a22", "#35200f", 1),
                round_by=0.003,
            )
            for side in (-1, 1)
        ),
    ]


def _painting(centre: Vector, points: Points, _facing: Points) -> Points:
    local = points - column(centre)
    u, v = local[0] / 0.14, local[1] / 0.1
    colour = mix(linear("#f3c98b"), linear("#7fa3c4"), (v + 0.3) / 1.3)
    sun = (u - 0.35) ** 2 * 1.96 + (v - 0.3) ** 2 < 0.05
    colour = np.where(sun, linear("#fbe9c0"), colour)
    for level, tone, pace, seed in (
        (0.05, "#8e8fb3", 2.2, 1),
        (-0.3, "#5f7f7a", 3.1, 4),
        (-0.62, "#33544a", 4.3, 6),
    ):
        ridge = level + 0.22 * np.sin(pace * u + seed) + 0.1 * np.sin(2.7 * pace * u + 2 * seed)
        colour = np.where(v < ridge, linear(tone), colour)
    brush = 0.92 + 0.16 * clouds(points * np.array([[60], [160], [60]], dtype=np.float32), 51, 2)
    mat = (np.abs(u) > 1) | (np.abs(v) > 1)
    return np.where(mat, linear("#f2efe6"), colour * brush)


def _vase(at: Vector) -> Solid:
    x, y, z = at

    def distance(points: Points) -> Values:
        local = points - column((x, y + 0.13, z))
        profile = (
            0.027
            + 0.05 * np.exp(-(((local[1] + 0.035) / 0.07) ** 2))
            + 0.009 * np.clip((local[1] - 0.09) / 0.04, 0, 1) ** 2
        )
        neck = drum_distance(local, profile, 0.13, 0.008)
        hollow = drum_distance(local - column((0, 0.06, 0)), profile - 0.007, 0.12, 0.004)
        return np.maximum(neck, -hollow) * 0.6

    def glaze(points: Points, _facing: Points) -> Points:
        edge = (points[1] - y - 0.13) * 16 + 0.8 * clouds(points * 22, 61, 3)
        return mix(linear("#e9e2d3"), linear("#3d7c86"), edge) * (0.92 + 0.16 * clouds(points * 90, 62, 2))

    return Solid((x, y + 0.13, z), 0.18, distance, glaze, 0.35, 60.0)


def _clock(at: Vector, *, hour: float) -> list[Solid]:
    x, y, z = at
    centre = (x, y + 0.15, z)
    brass = plain("#b98a3e", 0.05)
    return [
        drum(centre, 0.14, 0.034, plain("#23435c", 0.05), round_by=0.012, axis=2, gloss=0.3),
        drum(
            (x, y + 0.15, z + 0.03),
            0.121,
            0.007,
            partial(_dial, centre, hour),
            round_by=0.003,
            axis=2,
            gloss=0.06,
        ),
        *(
            box((x + side * 0.07, y + 0.013, z), (0.012, 0.016, 0.014), brass, roll=side * -0.4, gloss=0.4)
            for side in (-1, 1)
        ),
    ]


def _dial(centre: Vector, hour: float, points: Points, _facing: Points) -> Points:
    local = points - column(centre)
    radius = np.hypot(local[0], local[1]) / 0.121
    clockwise = np.arctan2(local[0], local[1])
    colour = np.broadcast_to(linear("#f6f1e4"), points.shape)
    for count, inner, wide in ((60, 0.87, 0.006), (12, 0.78, 0.014)):
        nearest = np.round(clockwise * count / (2 * np.pi)) * 2 * np.pi / count
        tick = (np.abs(np.sin(clockwise - nearest)) * radius < wide) & (radius > inner) & (radius < 0.93)
        colour = np.where(tick, linear("#2a2a30"), colour)
    hands = (
        (hour / 12, 0.5, 0.032, "#1d1d22"),
        (hour % 1, 0.76, 0.022, "#1d1d22"),
        (0.13, 0.8, 0.008, "#b8392b"),
    )
    for turn, length, wide, tone in hands:
        angle = clockwise - 2 * np.pi * turn
        along, across = radius * np.cos(angle), np.abs(radius * np.sin(angle))
        colour = np.where((along > -0.12) & (along < length) & (across < wide), linear(tone), colour)
    return np.where(radius < 0.05, linear("#b98a3e"), colour)


def _camera(at: Vector) -> list[Solid]:
    x, y, z = at
    silver, leather = plain("#b9b7b2", 0.04), plain("#26252a", 0.35, 260)
    glass = plain("#101522", 0.02)
    return [
        box((x, y + 0.052, z), (0.115, 0.052, 0.036), leather, round_by=0.014, gloss=0.12),
        box((x, y + 0.115, z), (0.115, 0.014, 0.034), silver, round_by=0.008, gloss=0.5, sharpness=50),
        box((x, y + 0.135, z), (0.034, 0.014, 0.03), silver, round_by=0.008, gloss=0.5, sharpness=50),
        drum((x - 0.075, y + 0.135, z), 0.019, 0.009, silver, round_by=0.003, gloss=0.5),
        drum((x + 0.075, y + 0.133, z), 0.015, 0.007, silver, round_by=0.003, gloss=0.5),
        drum((x, y + 0.062, z + 0.05), 0.05, 0.026, silver, axis=2, round_by=0.004, gloss=0.5),
        drum(
            (x, y + 0.062, z + 0.068), 0.041, 0.024, plain("#1b1b1f", 0.05), axis=2, round_by=0.004, gloss=0.2
        ),
        drum((x, y + 0.062, z + 0.086), 0.03, 0.0075, glass, axis=2, round_by=0.006, gloss=0.9, sharpness=90),
    ]


def _mug(at: Vector, colour: str) -> Solid:
    x, y, z = at

    def distance(points: Points) -> Values:
        local = points - column((x, y + 0.062, z))
        cup = np.maximum(
            drum_distance(local, 0.056, 0.062, 0.008),
            -drum_distance(local - column((0, 0.02, 0)), 0.049, 0.062, 0.008),
        )
        ring = np.hypot(np.hypot(local[0] - 0.06, local[1] * 0.9 + 0.002) - 0.034, local[2]) - 0.0085
        return np.minimum(cup, np.maximum(ring, 0.05 - np.hypot(local[0], local[2])))

    def glaze(points: Points, _facing: Points) -> Points:
        band = np.abs(points[1] - y - 0.03) < 0.005
        return np.where(band, linear("#f4efe2"), linear(colour)) * (0.94 + 0.12 * clouds(points * 60, 71, 2))

    return Solid((x + 0.02, y + 0.062, z), 0.12, distance, glaze, 0.4, 70.0)
