"""Uploads that are called by their names: which of them a first cut is made of, and in which order."""

from __future__ import annotations

import pytest

from reelframe import planner
from reelframe.draft import Draft

from .products import LIBRARY, NAMES

MUG, VASE, BOWLS, CACTUS, TEA = NAMES


@pytest.mark.parametrize(("request_text", "made_of"), [
    ("a 15 second video. First the vase, then the mug, then everything else", (VASE, MUG, BOWLS, CACTUS, TEA)),
    ("Only use the mug and the tea set, 6 seconds", (MUG, TEA)),
    ("make a video of the vase and the cactus", (VASE, CACTUS)),
    ("a 10 second video of everything, but leave out the cactus", (MUG, VASE, BOWLS, TEA)),
    ("make a 20s video without the bowls, and end with the mug", (VASE, CACTUS, TEA, MUG)),
    ("A 15-second video of Mug for 12 €", NAMES),
    ("make a video with the title 'Mug and Vase'", NAMES),
    ("make a video, title: Tea set", NAMES),
])  # fmt: skip
def test_a_first_cut_is_made_of_what_was_named(request_text, made_of):
    draft = planner.apply(Draft(), planner.plan(request_text, Draft(), LIBRARY), LIBRARY)
    assert tuple(shot.name for shot in draft.main.segments) == made_of
