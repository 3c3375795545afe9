"""Looks and adjustments against their formulas, worked out in floating point and at full resolution."""

from __future__ import annotations

import numpy as np
import pytest

from reelframe.render.composition import Grade
from reelframe.render.looks import LOOKS, apply_grade
from reelframe.render.planes import rgb_to_planes

# Patches of 16 px, so that the middle of each has a chroma of its own.
PATCH = 16
LEVELS = (0, 40, 90, 128, 170, 215, 255)


def chart(spread=1.0):
    """Every combination of the levels, as (rows, columns, 3); less colourful with a smaller spread."""
    colours = 128 + spread * (np.array(np.meshgrid(LEVELS, LEVELS, LEVELS)).reshape(3, -1).T - 128)
    return np.pad(colours, ((0, -len(colours) % 20), (0, 0)), mode="edge").reshape(-1, 20, 3).astype(np.uint8)


def ycbcr(rgb):
    """Y' 0..1 and Cb, Cr in code levels about 0; BT.709."""
    y = rgb @ np.array([0.2126, 0.7152, 0.0722]) / 255
    cb, cr = (rgb[..., 2] / 255 - y) / 1.8556, (rgb[..., 0] / 255 - y) / 1.5748
    return y, 224 * cb, 224 * cr


def rgb(y, cb, cr):
    r, b = y + 1.5748 * cr / 224, y + 1.8556 * cb / 224
    return np.clip(np.stack([r, (y - 0.2126 * r - 0.0722 * b) / 0.7152, b], -1), 0, 1) * 255


def graded(colours, look, *, brightness=0.0, contrast=0.0, saturation=0.0, temperature=0.0):
    """What a grade is documented to be."""
    y, cb, cr = ycbcr(colours.astype(float))
    black_to_white = y.copy()
    y = y**look.gamma
    amount = look.contrast + contrast
    y = 0.5 + (y - 0.5) * (1 + 0.6 * amount) if amount < 0 else (1 - amount) * y + amount * (3 * y**2 - 2 * y**3)
    y = np.clip(y, 0, 1) ** (2**-brightness)
    y = look.lift + y * (1 - look.lift - look.drop)
    kept = look.colour * (1 + (1.2 if saturation > 0 else 1) * saturation)
    # Along the orange-teal axis all of it is kept, across it a part.
    along = cb * -0.6 + cr * 0.8
    across = cb * 0.8 + cr * 0.6
    along, across = along * kept, across * kept * look.across
    cb, cr = along * -0.6 + across * 0.8, along * 0.8 + across * 0.6
    inside = np.clip(np.minimum(6 * black_to_white, 6 * (1 - black_to_white)), 0, 1)
    tints = [s * (1 - black_to_white) + t * black_to_white for s, t in zip(look.shadows, look.lights, strict=True)]
    return rgb(y, cb + (tints[0] - 18 * temperature) * inside, cr + (tints[1] + 11 * temperature) * inside)


def apart(a, b):
    """How far two pictures are from one another: of each patch the largest channel, in levels of 255."""
    return np.abs(a - b).max(axis=-1)


def painted(colours, grade):
    y, u, v = apply_grade(rgb_to_planes(colours.repeat(PATCH, 0).repeat(PATCH, 1)), grade)
    luma = y[PATCH // 2 :: PATCH, PATCH // 2 :: PATCH].astype(float)
    cb, cr = (p[PATCH // 4 :: PATCH // 2, PATCH // 4 :: PATCH // 2].astype(float) - 128 for p in (u, v))
    return rgb((luma - 16) / 219, cb, cr)


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_look_is_what_its_formula_says(name):
    colours = chart()
    distance = apart(painted(colours, Grade(look=name)), graded(colours, LOOKS[name]))
    # Eight bits for each of three roundings; of colours that leave the cube the clipped one is compared.
    assert np.percentile(distance, 95) < 5 and np.median(distance) < 2


@pytest.mark.parametrize("key", ["brightness", "contrast", "saturation", "temperature"])
@pytest.mark.parametrize("amount", [-1, -0.4, 0.3, 1])
def test_an_adjustment_is_what_its_formula_says(key, amount):
    # Twice as colourful as the most colourful ones there is nothing.
    colours = chart(0.45 if key == "saturation" and amount > 0 else 1.0)
    distance = apart(painted(colours, Grade(**{key: amount})), graded(colours, LOOKS["none"], **{key: amount}))
    assert np.percentile(distance, 95) < 5 and np.median(distance) < 2
