"""Where a vertical video's texts come to stand under each platform's interface, in painted frames."""

from __future__ import annotations

import numpy as np
import pytest

from reelframe.draft import Draft, Segment, Track
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.sources import Pool
from reelframe.render.text import PLATFORMS, safe_insets
from reelframe.render.timeline import Timeline

WORDS = "Handmade ceramics for slow mornings, fired twice"


def ink(size, platform, **m):
    """The painted text's edges as parts of the frame: top, right, bottom, left."""
    width, height = size
    style = {"shadow": False, "box": False, "color": "#ffffff"}
    words = Segment.make(1000, id="t", text=WORDS, start=0, style=style, anim_in={"type": "none"}, **m)
    card = Segment.make(1000, id="c", role="card", color="#202020", start=0)
    draft = Draft(t=(Track(tt=0, sg=(card,)), Track(tt=7, sg=(words,))), d=1000)
    draft = draft.with_m(width=width, height=height, fps=10, platform=platform)
    planes = new_planes(width, height)
    painter = Painter(width, height, Pool(width, height))
    painter.paint(Timeline(compose(draft, Library())).frame(3), planes)
    painter.close()
    rows, columns = (planes[0] > planes[0][0, 0] + 20).nonzero()
    return rows.min() / height, 1 - columns.max() / width, 1 - rows.max() / height, columns.min() / width


@pytest.mark.parametrize("platform", [None, "tiktok", "instagram_reels", "youtube_shorts", "somewhere"])
@pytest.mark.parametrize("m", [
    {"role": "caption"}, {"role": "lower_third"}, {"role": "cta"}, {"role": "subtitle"},
    {"role": "title", "position": "top"}, {"role": "text", "position": "right"},
])  # fmt: skip
def test_nothing_stands_under_the_interface(platform, m):
    free = ink((360, 640), platform, **m)
    # A pixel for the edges' antialiasing.
    assert all(np.array(free) >= np.array(safe_insets(360, 640, platform)) - 0.004)


def test_a_wide_video_has_no_interface_over_it():
    assert ink((640, 360), "tiktok", role="caption") == ink((640, 360), None, role="caption")
    assert ink((640, 360), "tiktok", role="caption")[2] < 0.1


def test_each_platform_has_its_own_places():
    bottoms = {name: ink((360, 640), name, role="caption")[2] for name in PLATFORMS}
    assert bottoms["reels"] == max(bottoms.values())
    assert len(set(bottoms.values())) >= 3
