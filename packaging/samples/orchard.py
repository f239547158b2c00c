"""A photograph of apples on a garden table, an orchard out of focus behind them, as a telephone takes it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from samples.apples import apple, apple_leaf
from samples.drawing import Pixels, smooth_noise, to_image
from samples.march import Points, Solid, Values, View, column, develop, render
from samples.solids import box_distance, clouds, hashed, linear, mix, noise

UPRIGHT = (2000, 3000)
FOCUS = (0.53, 0.74)  # metres from the camera between which things are sharp
VIEW = View(
    eye=(0.03, 0.225, 0.66),
    target=(0.0, 0.072, 0.0),
    lens=2.55,
    sun=(-0.72, 0.7, 0.62),
    softness=0.16,
    sun_colour=(2.7, 2.25, 1.6),
    sky_colour=(0.72, 0.77, 0.7),
    reach=6.0,
    bounce_colour=(0.62, 0.44, 0.24),
    detail=0.0003,
)


def orchard() -> Image.Image:
    """Takes the photograph, 2000 x 3000 as a person sees it."""
    width, height = UPRIGHT
    seen = render(_scene(), VIEW, UPRIGHT)
    cover = seen.cover[..., None]
    table = develop(seen.light / np.maximum(cover, 1e-3), 0.9, colourful=0.88)
    picture = _focus(table * cover + _trees(width, height) * (1 - cover), seen.depth)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    corner = ((x / width - 0.5) ** 2 + (y / height - 0.52) ** 2) * 2
    picture *= (1 - 0.36 * corner)[..., None]
    return to_image(picture + (smooth_noise(width, height, 1.9, seed=91) * 1.6)[..., None])


def _scene() -> list[Solid]:
    red, gold = "#b3211c", "#e2b23c"
    return [
        Solid((0, 0, 0), np.inf, _table, _planks, 0.06, 12.0),
        apple((-0.043, 0.033, 0.03), 0.042, red, gold, yaw=0.5, roll=0.14),
        apple((0.045, 0.0335, 0.024), 0.0425, "#a81f24", "#d9a43a", yaw=2.2, roll=-0.12),
        apple((0.004, 0.034, -0.052), 0.0425, red, "#dfc04a", yaw=4.0),
        apple((0.001, 0.0925, -0.002), 0.041, "#bb2a1e", "#e8c251", yaw=5.4, roll=0.08),
        apple((0.132, 0.0325, -0.05), 0.041, "#c7772a", "#b9c24c", yaw=1.0, roll=-0.2),
        apple((-0.136, 0.0325, -0.1), 0.042, red, gold, yaw=3.0, roll=0.3),
        apple((-0.2, 0.0325, -0.24), 0.041, "#a81f24", gold, yaw=1.4),
        apple((0.2, 0.0325, -0.23), 0.042, red, gold, yaw=2.6),
        apple((0.07, 0.0325, -0.26), 0.041, "#b3211c", "#c9c04a", yaw=0.4),
        apple_leaf((0.029, 0.1345, 0.0135), 0.034, yaw=-0.5, roll=0.25),
        apple_leaf((-0.098, 0.008, 0.085), 0.032, yaw=2.5, roll=0.06),
        apple_leaf((0.098, 0.0085, 0.1), 0.03, yaw=-0.7, roll=0.05),
    ]


def _table(points: Points) -> Values:
    local = points - column((0, -0.02, 0.3))
    board = box_distance(local, (1.4, 0.02, 0.64), 0.006)
    seam = np.abs((points[0] + 0.03) % 0.13 - 0.065)
    return (board + 0.0035 * np.exp(-(((0.065 - seam) / 0.0022) ** 2))) * np.float32(0.85)


def _planks(points: Points, _facing: Points) -> Points:
    number = np.floor((points[0] + 0.03) / 0.13)
    none = np.zeros_like(number)
    shade = hashed(number, none, none, 5)
    shifted = points + np.stack((none, none, shade * 7))
    rings = clouds(shifted * np.array([[26], [26], [1.6]], dtype=np.float32), 93, 3)
    fibres = noise(shifted * np.array([[520], [200], [9]], dtype=np.float32), 94)
    stripes = 0.5 + 0.5 * np.sin(rings * 34)
    colour = mix(
        linear("#6d4a2f"), linear("#b98d62"), 0.3 + 0.3 * stripes + 0.4 * (fibres - 0.5) + 0.3 * (shade - 0.5)
    )
    weather = clouds(shifted * np.array([[14], [14], [5]], dtype=np.float32), 95, 3)
    return mix(colour, linear("#97897a") * (0.75 + 0.4 * fibres), np.clip(weather * 2.2 - 0.95, 0, 0.7))


def _trees(width: int, height: int) -> Pixels:
    """Paints an orchard's lane far out of focus: masses of green, a bright gap, and discs of light."""
    small = (width // 4, height // 4)
    y, x = np.mgrid[0 : small[1], 0 : small[0]].astype(np.float32)
    x, y = x / small[0], y / small[1]
    leaf, dark, glow = (
        np.array(tone, dtype=np.float32) for tone in ((92, 122, 52), (38, 62, 34), (247, 232, 176))
    )
    patches = np.clip(0.5 + 0.32 * smooth_noise(*small, cell_px=46, seed=95), 0, 1)[..., None]
    base = dark + (leaf - dark) * patches
    lane = np.exp(-(((x - 0.56) / (0.1 + 0.16 * (0.5 - y))) ** 2) - ((y - 0.3) / 0.27) ** 2)[..., None]
    base += (glow - base) * lane * 0.85
    grass = np.clip((y - 0.36) / 0.13, 0, 1)[..., None]
    base += (np.array((150, 164, 74), dtype=np.float32) - base) * grass * 0.75
    picture = to_image(base)
    for left, wide in ((0.1, 22), (0.86, 26), (0.34, 9), (0.72, 8)):
        trunk = ImageDraw.Draw(picture)
        trunk.rectangle(
            (small[0] * left, small[1] * 0.12, small[0] * left + wide, small[1] * 0.4), fill=(52, 46, 34)
        )
    picture = picture.filter(ImageFilter.GaussianBlur(15))
    return np.asarray(_discs(picture).resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def _discs(picture: Image.Image) -> Image.Image:
    generator = np.random.default_rng(96)
    tones = ((255, 241, 190), (206, 214, 112), (150, 180, 84), (236, 216, 130), (196, 62, 44))
    for _ in range(250):
        tone = tones[int(generator.choice(5, p=(0.25, 0.25, 0.28, 0.15, 0.07)))]
        x, y = generator.uniform(0, picture.width), picture.height * 0.45 * generator.beta(1.3, 1.7)
        radius = generator.uniform(7, 25)
        disc = Image.new("L", picture.size, 0)
        draw = ImageDraw.Draw(disc)
        strength = int(generator.uniform(26, 92))
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius),
            fill=strength,
            outline=int(strength * 1.35),
            width=2,
        )
        picture.paste(tone, (0, 0), disc.filter(ImageFilter.GaussianBlur(1.1)))
    return picture


def _focus(picture: Pixels, depth: Values) -> Pixels:
    """Blurs what lies behind and before the sharp zone, without smearing sharp things into it."""
    known = np.where(np.isfinite(depth), depth, 1.2)
    result = picture
    for blur, start in ((3.0, 0.02), (8.0, 0.12), (15.0, 0.3)):
        for away in (known - FOCUS[1], 1.6 * (FOCUS[0] - known)):
            outside = (away > start * 0.5).astype(np.float32)
            if outside.max() == 0:
                continue
            weight = _blurred(outside, blur) + 1e-4
            soft = np.stack(
                [_blurred(picture[..., band] * outside, blur) / weight for band in range(3)], axis=-1
            )
            amount = np.clip((away - start) / 0.1, 0, 1)[..., None] * outside[..., None]
            result = result + (soft - result) * amount
    return result


def _blurred(values: Values, blur_px: float) -> Values:
    image = Image.fromarray(values)
    factor = max(1, round(blur_px / 4))
    small = image.resize((image.width // factor, image.height // factor), Image.Resampling.BOX)
    for _ in range(3):  # three box blurs come close to a Gaussian, and Pillow blurs no floats
        small = _box_blurred(small, max(1, round(blur_px / factor)))
    return np.asarray(small.resize(image.size, Image.Resampling.BICUBIC), dtype=np.float32)


def _box_blurred(image: Image.Image, radius: int) -> Image.Image:
    values = np.asarray(image, dtype=np.float64)
    for axis in (0, 1):
        pad = [(radius + 1, radius) if index == axis else (0, 0) for index in range(2)]
        total = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis)
        ahead = np.take(total, np.arange(2 * radius + 1, total.shape[axis]), axis=axis)
        behind = np.take(total, np.arange(0, total.shape[axis] - 2 * radius - 1), axis=axis)
        values = (ahead - behind) / (2 * radius + 1)
    return Image.fromarray(values.astype(np.float32))
