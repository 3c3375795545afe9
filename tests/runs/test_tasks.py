"""Keys, names and brands: what makes a video another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reelframe.draft import Brand
from reelframe.media import Media
from reelframe.runs.planning import draw
from reelframe.runs.tasks import Task, file_stem, key_of

A, B = (Media(id=c * 64, name=f"{c}.jpg", kind="image", format="jpeg", size_bytes=1, width=4, height=4) for c in "ab")
TASK = Task(0, "Mug", "", "", "a video", "Mug", (A,), stem="mug")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Vase"}, {"variant": "long"}, {"preset": "tiktok"}, {"prompt": "another"}, {"project": "Vase"},
        {"media": (B,)}, {"media": (A, B)}, {"logo": B}, {"music": B}, {"brand": Brand(colors=("red",))},
        {"output": (("fps", 10),)}, {"links": ("https://a.example/b.jpg",)}, {"stem": "mug-2"},
        {"media": (A.model_copy(update={"name": "z.jpg"}),)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_whatever_decides_the_video_decides_the_key(change):
    assert key_of(replace(TASK, **change), "local") != key_of(TASK, "local")


def test_order_of_media_is_part_of_it_and_their_place_on_the_disk_is_not(tmp_path):
    one, other = replace(TASK, media=(A, B)), replace(TASK, media=(B, A))
    assert key_of(one, "local") != key_of(other, "local")
    moved = replace(TASK, media=(A.model_copy(update={"path": tmp_path / "elsewhere.jpg"}),))
    assert key_of(moved, "local") == key_of(TASK, "local")


def test_the_position_in_the_table_is_not_part_of_it():
    assert key_of(replace(TASK, row=7), "local") == key_of(TASK, "local")
    assert key_of(TASK, "nemo") != key_of(TASK, "local")


@pytest.mark.parametrize(
    ("parts", "stem"),
    [
        (("Stoneware mug", "short", ""), "Stoneware-mug-short"),
        (("../../etc/passwd",), "etc-passwd"),
        (("陶瓷杯", "长"), "陶瓷杯-长"),
        (("A/B\\C:D*?",), "A-B-C-D"),
        (("",), "video"),
        (("...",), "video"),
        (("x" * 200,), "x" * 60),
        (("Con",), "Con_"),
        (("lpt1", "short"), "lpt1-short"),
        # 255 bytes are what a file system takes.
        (("中" * 60, "文" * 60), "中" * 60 + "-" + "文" * 6),
    ],
)
def test_file_names(parts, stem):
    assert file_stem(*parts) == stem


def test_a_brand_is_in_every_rows_timeline():
    brand = Brand(colors=("#112233",), logo_position="top_left", look="bold")
    draft = draw(replace(TASK, prompt="a 5-second video of Mug", logo=B, brand=brand)).draft
    assert Brand.of_draft(draft) == brand
    assert [s.get("position") for t in draft.tracks for s in t.segments if s.role == "logo"] == ["top_left"]
