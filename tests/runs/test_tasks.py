"""Keys, names and brands: what makes a video another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reelframe.errors import ConfigurationError
from reelframe.media import Media
from reelframe.runs.tasks import Brand, Task, file_stem, key_of

A, B = (Media(id=c * 64, name=f"{c}.jpg", kind="image", format="jpeg", size_bytes=1, width=4, height=4) for c in "ab")
TASK = Task(0, "Mug", "", "", "a video", "Mug", (A,), stem="mug")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Vase"}, {"variant": "long"}, {"preset": "tiktok"}, {"prompt": "another"}, {"project": "Vase"},
        {"media": (B,)}, {"media": (A, B)}, {"logo": B}, {"music": B}, {"brand": Brand(color="red")},
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
    ],
)
def test_file_names(parts, stem):
    assert file_stem(*parts) == stem


@pytest.mark.parametrize(
    ("brand", "ops"),
    [
        ({}, []),
        ({"color": "#112233", "font": "Inter"}, ["style_text"]),
        ({"position": "bottom"}, ["move"]),
        ({"background": "white"}, ["set_background"]),
        ({"logo_position": "top_left", "logo_size": 0.2}, ["add_logo"]),
    ],
)
def test_a_brand_is_edits(brand, ops):
    assert [op.op for op in Brand.of(brand).plan(texts=True, logo=True).ops] == ops
    assert [op for op in Brand.of(brand).plan(texts=False, logo=False).ops if op.op != "set_background"] == []


@pytest.mark.parametrize(
    ("brand", "why"),
    [({"colour": "red"}, "no colour"), ({"position": "middle"}, "position"), ({"logo_size": 3}, "size")],
)
def test_a_wrong_brand_is_told(brand, why):
    with pytest.raises(ConfigurationError, match=why):
        Brand.of(brand)
