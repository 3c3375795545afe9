"""Small pictures of what was uploaded: a mark must be seen, whatever its colour."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from reelframe.media import thumbnail


@pytest.mark.parametrize(("color", "lighter"), [((255, 255, 255), True), ((20, 20, 30), False), ((200, 30, 30), False)])
def test_a_mark_with_alpha_stands_out_from_its_ground(tmp_path, color, lighter):
    picture = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((50, 50, 150, 150), fill=(*color, 255))
    picture.save(tmp_path / "logo.png")
    small = np.asarray(Image.open(io.BytesIO(thumbnail(tmp_path / "logo.png", 100))).convert("L"), int)
    assert small.shape == (100, 100)
    mark, ground = small[50, 50], small[5, 5]
    assert abs(mark - ground) > 80
    assert (mark > ground) == lighter
