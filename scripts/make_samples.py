"""Draw the sample photos and the logo that ship with the package: a small range of ceramics, ray-marched.

    python scripts/make_samples.py [FOLDER] [--width 2400]

Everything is drawn by this file, so the pictures are the project's own and free to use (CC0). A scene is a
signed distance field; each pixel's ray is marched to the surface and lit by one large soft light, a sky and
the floor's bounce (sphere tracing: J. C. Hart, 1996; penumbrae and occlusion from the same field).
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Array = np.ndarray
F = np.float32
Surface = tuple[Array, Array]  # distance (n,), index of the material (n,)


@dataclass(frozen=True)
class Material:
    """Diffuse colour (linear RGB), how strongly and how sharply it shines, speckles per glaze."""

    color: tuple[float, float, float]
    gloss: float = 0.5
    sharp: float = 60.0
    speckle: float = 0.0


@dataclass(frozen=True)
class Scene:
    """What to draw, from where, before which backdrop."""

    field: Callable[[Array], Surface]
    materials: tuple[Material, ...]
    eye: tuple[float, float, float]
    look: tuple[float, float, float]
    lens: float
    backdrop: tuple[float, float, float]
    light: tuple[float, float, float] = (-0.62, 0.72, 0.42)


def srgb(text: str) -> tuple[float, float, float]:
    """'#rrggbb' as linear light."""
    values = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return r, g, b


# --- shapes ------------------------------------------------------------------------------------------------


def curve(points: list[tuple[float, float]], steps: int = 24) -> Array:
    """A smooth profile (radius, height) through points: a Catmull-Rom spline as a polyline."""
    p = np.array([points[0], *points, points[-1]], F)
    t = np.linspace(0, 1, steps, endpoint=False, dtype=F)[:, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*parts, p[-1:]])


class Profile:
    """Distances to a polyline in the (radius, height) plane, looked up in a table: a ray asks a thousand times."""

    CELL, LOW, SHAPE = 0.0125, -0.5, (288, 320)  # radius up to 3.6, height from -0.5 to 3.5

    def __init__(self, line: Array) -> None:
        r = np.arange(self.SHAPE[0], dtype=F) * self.CELL
        y = np.arange(self.SHAPE[1], dtype=F) * self.CELL + self.LOW
        q = np.stack(np.meshgrid(r, y, indexing="ij"), -1)
        best = np.full(self.SHAPE, 1e9, F)
        for a, b in itertools.pairwise(line):
            ab, ap = b - a, q - a
            h = np.clip((ap @ ab) / float(ab @ ab), 0, 1)
            best = np.minimum(best, ((ap - h[..., None] * ab) ** 2).sum(-1))
        self.table = np.sqrt(best)

    def __call__(self, r: Array, y: Array) -> Array:  # noqa: D102 -- the class says it
        top_r, top_y = (self.SHAPE[0] - 1.001) * self.CELL, (self.SHAPE[1] - 1.001) * self.CELL + self.LOW
        cr, cy = np.clip(r, 0, top_r), np.clip(y, self.LOW, top_y)
        u, v = cr / F(self.CELL), (cy - F(self.LOW)) / F(self.CELL)
        i, j = u.astype(np.int32), v.astype(np.int32)
        u, v = u - i, v - j
        t = self.table
        inside = (t[i, j] * (1 - u) + t[i + 1, j] * u) * (1 - v) + (t[i, j + 1] * (1 - u) + t[i + 1, j + 1] * u) * v
        return inside + np.hypot(r - cr, y - cy)


def vessel(p: Array, profile: Profile, thick: float, size: float = 1.0, ribs: tuple[int, float] = (0, 0.0)) -> Array:
    """A turned wall of even thickness along a profile, with vertical ribs if wanted."""
    r = np.hypot(p[:, 0], p[:, 2])
    wall = F(thick)
    if ribs[0]:
        wall = thick + ribs[1] * np.cos(ribs[0] * np.arctan2(p[:, 2], p[:, 0])) * np.clip(r * 4 - 0.4, 0, 1)
    return profile(r / F(size), p[:, 1] / F(size)) * F(size) - wall


def ring(p: Array, center: tuple[float, float, float], big: tuple[float, float], small: float) -> Array:
    """An ear: an elliptic ring in the x-y plane."""
    x, y, z = (p[:, 0] - center[0]) / big[0], (p[:, 1] - center[1]) / big[1], p[:, 2] - center[2]
    return np.hypot((np.hypot(x, y) - 1) * min(big), z) - small


def capsule(p: Array, a: tuple[float, float, float], b: tuple[float, float, float], r: float) -> Array:
    """A rod with round ends."""
    pa, ba = p - np.array(a, F), np.array(b, F) - np.array(a, F)
    h = np.clip((pa @ ba) / float(ba @ ba), 0, 1)
    return np.linalg.norm(pa - h[:, None] * ba, axis=1) - r


def ball(p: Array, c: tuple[float, float, float], r: float, squash: float = 1.0) -> Array:
    """A sphere, flattened by ``squash``."""
    d = (p - np.array(c, F)) * np.array([1, 1 / squash, 1], F)
    return (np.linalg.norm(d, axis=1) - r) * min(1.0, squash)


def disc(p: Array, y: float, r: float) -> Array:
    """The surface of a drink: a thin disc."""
    return np.maximum(np.hypot(p[:, 0], p[:, 2]) - r, np.abs(p[:, 1] - y) - 0.005)


def smooth(a: Array, b: Array, k: float) -> Array:
    """A union with a rounded seam (polynomial smooth minimum)."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b * (1 - h) + a * h - k * h * (1 - h)


def shift(p: Array, x: float, y: float, z: float) -> Array:
    """Space moved, so that a shape stands elsewhere."""
    return p - np.array([x, y, z], F)


def join(*surfaces: tuple[Array, int | Array]) -> Surface:
    """The nearest of several surfaces, each with its material."""
    distance, material = surfaces[0][0], np.broadcast_to(np.asarray(surfaces[0][1]), surfaces[0][0].shape).copy()
    for d, m in surfaces[1:]:
        near = d < distance
        distance = np.where(near, d, distance)
        material = np.where(near, m, material)
    return distance, material


# --- the range ---------------------------------------------------------------------------------------------

MUG = Profile(curve([(0.02, 0.05), (0.5, 0.05), (0.63, 0.16), (0.68, 0.6), (0.66, 1.05), (0.64, 1.36)]))
VASE = Profile(
    curve([(0.02, 0.05), (0.42, 0.05), (0.72, 0.42), (0.8, 0.85), (0.58, 1.35), (0.25, 1.72), (0.2, 2.1), (0.3, 2.36)])
)
BOWL = Profile(curve([(0.02, 0.06), (0.36, 0.06), (0.72, 0.25), (0.98, 0.62)]))
POT = Profile(curve([(0.02, 0.05), (0.5, 0.05), (0.58, 0.14), (0.7, 0.9)]))
PLATE = Profile(curve([(0.02, 0.04), (0.95, 0.04), (1.22, 0.12), (1.38, 0.2)]))
CARAFE = Profile(curve([(0.02, 0.05), (0.6, 0.05), (0.66, 0.2), (0.62, 0.9), (0.36, 1.5), (0.3, 1.85), (0.36, 2.05)]))
CUP = Profile(curve([(0.02, 0.04), (0.3, 0.04), (0.42, 0.14), (0.46, 0.5), (0.45, 0.62)]))


def mug(p: Array) -> Surface:
    """A mug with a dipped glaze, a second one behind it."""
    body = smooth(vessel(p, MUG, 0.045), ring(p, (0.74, 0.72, 0.0), (0.34, 0.4), 0.075), 0.05)
    body = np.maximum(body, -(np.hypot(p[:, 0], p[:, 2]) - 0.58) * (p[:, 1] > 0.2) - 1e3 * (p[:, 1] <= 0.2))
    q = shift(p, -1.5, 0, -1.25)
    back = smooth(vessel(q, MUG, 0.045), ring(q, (-0.74, 0.72, 0.0), (0.34, 0.4), 0.075), 0.05)
    edge = 0.52 + 0.035 * np.sin(5 * np.arctan2(p[:, 2], p[:, 0]))
    return join((body, np.where(p[:, 1] > edge, 1, 2)), (disc(p, 1.12, 0.6), 3), (back, 4), (p[:, 1], 0))


def vase(p: Array) -> Surface:
    """A ribbed vase with a dry branch."""
    body = vessel(p, VASE, 0.05, ribs=(26, 0.014))
    twig = capsule(p, (0.02, 0.4, 0), (-0.14, 3.0, 0.05), 0.022)
    berries = np.full(len(p), 1e9, F)
    for i in range(11):
        t = 0.52 + 0.045 * i
        side = (-1) ** i
        root = (0.02 - 0.16 * t, 0.4 + 2.6 * t, 0.05 * t)
        tip = (root[0] + side * (0.34 - 0.018 * i), root[1] + 0.3, root[2] + 0.14 * math.sin(i * 2.1))
        twig = np.minimum(twig, capsule(p, root, tip, 0.012))
        berries = np.minimum(berries, ball(p, tip, 0.085 - 0.002 * i))
    q = shift(p, 1.45, 0, -0.9)
    return join((body, 1), (twig, 2), (berries, 3), (vessel(q, BOWL, 0.04, 0.7), 4), (p[:, 1], 0))


def bowls(p: Array) -> Surface:
    """Three nested bowls."""
    a = vessel(p, BOWL, 0.042, 1.25)
    b = vessel(shift(p, 0.02, 0.24, 0.0), BOWL, 0.04, 1.06)
    c = vessel(shift(p, -0.01, 0.47, 0.01), BOWL, 0.038, 0.86)
    q = shift(p, 1.7, 0, 0.5)
    return join((a, 1), (b, 2), (c, 3), (vessel(q, BOWL, 0.034, 0.55), 4), (p[:, 1], 0))


def planter(p: Array) -> Surface:
    """A round cactus in a planter."""
    pot = vessel(p, POT, 0.05)
    rim = np.hypot(np.hypot(p[:, 0], p[:, 2]) - 0.72, (p[:, 1] - 0.9) * 0.7) - 0.06
    angle = np.arctan2(p[:, 2], p[:, 0])
    d = p - np.array([0, 1.18, 0], F)
    r = np.linalg.norm(d * np.array([1, 0.86, 1], F), axis=1)
    up = d[:, 1] / np.maximum(np.linalg.norm(d, axis=1), 1e-6)
    cactus = (r - 0.56 - 0.055 * np.abs(np.cos(8 * angle)) * np.sqrt(np.clip(1 - up**2, 0, 1))) * 0.72
    bloom = np.minimum(ball(p, (0.02, 1.86, 0.04), 0.12, 0.8), ball(p, (0.17, 1.82, 0.12), 0.075, 0.8))
    soil = disc(p, 0.84, 0.68)
    q = shift(p, -1.55, 0, -0.8)
    return join(
        (np.minimum(pot, rim), 1), (cactus, 2), (bloom, 3), (soil, 4), (vessel(q, POT, 0.045, 0.72), 5), (p[:, 1], 0)
    )


def table(p: Array) -> Surface:
    """A carafe, two cups and a plate."""
    plate = vessel(shift(p, 0.1, 0, 0.2), PLATE, 0.035)
    carafe = vessel(shift(p, -0.55, 0.06, -0.25), CARAFE, 0.045)
    one, two = shift(p, 0.55, 0.07, 0.35), shift(p, 1.75, 0, -0.35)
    cups = np.minimum(vessel(one, CUP, 0.036), vessel(two, CUP, 0.036))
    tea = np.minimum(disc(one, 0.46, 0.44), disc(two, 0.46, 0.44))
    return join((plate, 1), (carafe, 2), (cups, 3), (tea, 4), (p[:, 1], 0))


FLOOR = Material((1, 1, 1), 0.06, 18)
SCENES: dict[str, Scene] = {
    "stoneware-mug": Scene(
        mug,
        (FLOOR, Material(srgb("#f3ece0"), 0.7, 90, 0.5), Material(srgb("#b8623a"), 0.12, 14, 0.25),
         Material(srgb("#3a1d0e"), 0.9, 200), Material(srgb("#2f5d62"), 0.6, 80, 0.3)),
        (0.6, 2.35, 5.2), (-0.15, 0.66, -0.1), 3.0, srgb("#e7cdb4")),
    "ribbed-vase": Scene(
        vase,
        (FLOOR, Material(srgb("#1f6f73"), 0.55, 55), Material(srgb("#6b4a2f"), 0.05, 8),
         Material(srgb("#d8572a"), 0.5, 50), Material(srgb("#f0e4d3"), 0.5, 60, 0.4)),
        (0.2, 2.2, 6.4), (0.3, 1.4, 0.0), 2.4, srgb("#f0b9a6")),
    "nesting-bowls": Scene(
        bowls,
        (FLOOR, Material(srgb("#35524a"), 0.55, 70, 0.2), Material(srgb("#d9a441"), 0.55, 70, 0.2),
         Material(srgb("#f4efe6"), 0.6, 80, 0.5), Material(srgb("#c4593b"), 0.5, 60)),
        (-0.4, 3.1, 5.0), (0.3, 0.4, 0.0), 2.9, srgb("#b7c4bd")),
    "cactus-planter": Scene(
        planter,
        (FLOOR, Material(srgb("#efe7dc"), 0.3, 30, 0.7), Material(srgb("#4f8a4c"), 0.18, 20),
         Material(srgb("#f06a8a"), 0.4, 40), Material(srgb("#3b2a20"), 0.02, 4),
         Material(srgb("#d98c5f"), 0.25, 25, 0.3)),
        (0.5, 2.0, 5.4), (-0.25, 0.92, 0.0), 2.8, srgb("#9fb8d6")),
    "tea-set": Scene(
        table,
        (FLOOR, Material(srgb("#e9e1d3"), 0.5, 60, 0.5), Material(srgb("#20262e"), 0.45, 40),
         Material(srgb("#f7f2ea"), 0.6, 80, 0.4), Material(srgb("#a8601c"), 0.9, 220)),
        (0.4, 3.0, 5.3), (0.35, 0.82, 0.0), 2.5, srgb("#d8c7e0")),
}  # fmt: skip


# --- light -------------------------------------------------------------------------------------------------


def unit(v: Array) -> Array:
    """Vectors of length one."""
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def march(field: Callable[[Array], Surface], eye: Array, ray: Array) -> Array:
    """How far along each ray the surface is; 60 where there is none."""
    t = np.full(len(ray), 2.0, F)
    live = np.arange(len(ray))
    for _ in range(110):
        d, _m = field(eye + ray[live] * t[live, None])
        t[live] += d * F(0.82)
        live = live[(d > 0.0006 * t[live]) & (t[live] < 60)]
        if not len(live):
            break
    return np.minimum(t, 60)


def penumbra(field: Callable[[Array], Surface], start: Array, ray: Array, softness: float = 9.0) -> Array:
    """How much of a large light is seen, 0 to 1, from how closely rays to it pass by things."""
    t = np.full(len(start), 0.03, F)
    seen = np.ones(len(start), F)
    for _ in range(34):
        d, _m = field(start + ray * t[:, None])
        seen = np.minimum(seen, 0.5 + 0.5 * softness * d / t)
        t += np.clip(d, 0.02, 0.3)
    seen = np.clip(seen, 0, 1)
    return seen * seen * (3 - 2 * seen)


def freckles(p: Array, cells: float = 26.0) -> Array:
    """Iron spots in a glaze, 0 to 1: in some cells of a lattice a round spot of its own size and place."""
    q = p * F(cells)
    cell = np.floor(q)
    seed = (cell.astype(np.int64) * np.array([73856093, 19349663, 83492791])).sum(1)
    parts = [((seed * k) % 9973).astype(F) / F(9973) for k in (7919, 104729, 1299709, 15485863, 32452843)]
    center = cell + 0.3 + 0.4 * np.stack(parts[:3], 1)
    radius = 0.06 + 0.2 * parts[3] ** 2
    spot = np.clip((radius - np.linalg.norm(q - center, axis=1)) / 0.05 + 0.5, 0, 1)
    return spot * (parts[4] > F(0.55)) * (0.45 + 0.55 * parts[3])


def shade(scene: Scene, p: Array, ray: Array) -> Array:
    """The light that leaves points of the surface towards the eye."""
    _, material = scene.field(p)
    e = F(0.0009)
    normal = np.zeros_like(p)
    for k in np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], F):
        normal += k * scene.field(p + k * e)[0][:, None]
    normal = unit(normal)
    light = unit(np.array(scene.light, F))
    out = p + normal * F(0.004)
    sun = penumbra(scene.field, out, np.broadcast_to(light, p.shape))
    open_sky = np.zeros(len(p), F)
    for i, step in enumerate((0.03, 0.09, 0.2, 0.4, 0.7)):
        open_sky += (step - scene.field(p + normal * F(step))[0]) / 2**i
    open_sky = np.clip(1 - 1.25 * open_sky, 0, 1)
    color = np.zeros_like(p)
    gloss, sharp, speckle = (np.zeros(len(p), F) for _ in range(3))
    for i, m in enumerate(scene.materials):
        mine = material == i
        color[mine] = scene.backdrop if i == 0 else m.color
        gloss[mine], sharp[mine], speckle[mine] = m.gloss, m.sharp, m.speckle
    color *= (1 - 0.6 * speckle * freckles(p))[:, None]
    lambert = np.clip((normal @ light) * 0.86 + 0.14, 0, 1) * sun
    sky = 0.5 + 0.5 * normal[:, 1]
    bounce = np.clip(-normal[:, 1] * 0.5 + 0.5, 0, 1) * open_sky
    warm, cool = np.array([1.0, 0.955, 0.88], F), np.array([0.86, 0.93, 1.0], F)
    lit = (1.55 * lambert)[:, None] * warm + (0.46 * sky * open_sky)[:, None] * cool
    lit += (0.24 * bounce)[:, None] * np.array(scene.backdrop, F)
    half = unit(light - ray)
    facing = np.clip((normal * half).sum(1), 0, 1)
    glint = gloss * (facing**sharp * sharp / 26 + 0.25 * facing ** (sharp / 6)) * sun
    mirror = ray - 2 * (ray * normal).sum(1, keepdims=True) * normal
    window = np.exp(-(((mirror[:, 0] - 0.75) / 0.16) ** 4) - ((mirror[:, 1] - 0.35) / 0.42) ** 4)
    fresnel = 0.04 + 0.96 * np.clip(1 + (ray * normal).sum(1), 0, 1) ** 5
    sheen = gloss * fresnel * (0.5 + 0.5 * mirror[:, 1]) * open_sky * 0.55 + gloss * window * 0.14
    # The floor curves up into the backdrop like a photographer's roll of paper: it loses its shading far away.
    far = np.clip((np.linalg.norm(p[:, [0, 2]], axis=1) - 3.2) / 6, 0, 1) * (material == 0)
    flat = np.array(scene.backdrop, F) * F(1.32)
    result = color * lit + (glint + sheen)[:, None]
    return result * (1 - far)[:, None] + flat * far[:, None]


def render(scene: Scene, width: int, height: int) -> Image.Image:
    """One photo."""
    eye, look = np.array(scene.eye, F), np.array(scene.look, F)
    forward = unit(look - eye)
    right = unit(np.cross(forward, np.array([0, 1, 0], F)))
    up = np.cross(right, forward)
    picture = np.zeros((height, width, 3), F)
    xs = (np.arange(width, dtype=F) + 0.5) / height * 2 - width / height
    for top in range(0, height, 40):
        ys = 1 - (np.arange(top, min(top + 40, height), dtype=F) + 0.5) / height * 2
        gx, gy = np.meshgrid(xs, ys)
        ray = unit(gx.reshape(-1, 1) * right + gy.reshape(-1, 1) * up + F(scene.lens) * forward)
        t = march(scene.field, eye, ray)
        rows = np.broadcast_to(np.array(scene.backdrop, F) * F(1.32), ray.shape).copy()
        hit = t < 59
        rows[hit] = shade(scene, eye + ray[hit] * t[hit, None], ray[hit])
        picture[top : top + len(ys)] = rows.reshape(len(ys), width, 3)
    gx, gy = np.meshgrid(np.linspace(-1, 1, width, dtype=F), np.linspace(-1, 1, height, dtype=F))
    picture *= (1 - 0.16 * np.clip(gx**2 * 0.8 + gy**2 * 0.6, 0, 1.5))[..., None]
    # A filmic shoulder (Hable-like rational curve by K. Narkowicz, 2015), then sRGB's own transfer function.
    x = picture * 0.62
    x = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1)
    x = np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)
    grain = np.random.default_rng(len(scene.materials)).normal(0, 0.006, (height, width, 1)).astype(F)
    return Image.fromarray((np.clip(x + grain, 0, 1) * 255 + 0.5).astype(np.uint8))


def logo(size: int = 900) -> Image.Image:
    """A mark for the made-up maker of the ceramics: a vessel in a ring, with alpha."""
    s = size * 4
    image = Image.new("L", (s, s), 0)
    draw = ImageDraw.Draw(image)
    draw.ellipse((s * 0.03, s * 0.03, s * 0.97, s * 0.97), fill=255)
    draw.ellipse((s * 0.075, s * 0.075, s * 0.925, s * 0.925), fill=0)
    profile = curve([(0.0, 0.78), (0.12, 0.78), (0.21, 0.62), (0.2, 0.5), (0.1, 0.36), (0.075, 0.28), (0.11, 0.2)], 16)
    outline = [(s * (0.5 + x), s * y) for x, y in profile] + [(s * (0.5 - x), s * y) for x, y in profile[::-1]]
    draw.polygon(outline, fill=255)
    for k in range(3):
        y = 0.5 + 0.07 * k
        draw.line((s * 0.25, s * y, s * 0.75, s * y), fill=0, width=int(s * 0.016))
    mask = image.resize((size, size), Image.Resampling.LANCZOS)
    shadow = mask.filter(ImageFilter.GaussianBlur(size / 60)).point(lambda v: int(v * 0.35))
    out = Image.merge("RGBA", [*(Image.new("L", (size, size), v) for v in (24, 28, 32)), shadow])
    white = Image.merge("RGBA", [*(Image.new("L", (size, size), v) for v in (255, 252, 246)), mask])
    out.alpha_composite(white)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).parents[1] / "src/reelframe/samples"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--width", type=int, default=2160)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    height = options.width * 2 // 3
    for number, (name, scene) in enumerate(SCENES.items(), start=1):
        if options.only in name:
            path = options.folder / f"{number}-{name}.jpg"
            # Drawn a third larger and reduced, so that edges are smooth.
            large = render(scene, options.width * 4 // 3, height * 4 // 3)
            photo = large.resize((options.width, height), Image.Resampling.LANCZOS)
            photo.save(path, quality=86, subsampling=2, optimize=True)
            print(path.name, path.stat().st_size)
    logo(420).save(options.folder / "logo.png", optimize=True)


if __name__ == "__main__":
    main()
