"""Contact sheets to be looked at, in artifacts/text/: every look on every kind of ground in four shapes, every script.

What a machine can tell of them is asserted: nothing is lost, everything stands in the safe area, and can be read.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from reelframe.draft import Draft, Segment, Track
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.sources import Pool
from reelframe.render.text import ANIMATIONS, LOOKS
from reelframe.render.timeline import Timeline

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "artifacts/text"
SAMPLES = ROOT / "src/reelframe/samples"
SHAPES = {"16x9": (1280, 720), "1x1": (720, 720), "4x5": (720, 900), "9x16": (720, 1280)}
GROUNDS = ("white", "black", "busy", "photo")
HEIGHT = 360
SCENES = {
    "opening": [("title", "Handmade ceramics for slow mornings"), ("caption", "Fired twice, glazed by hand in Lisbon")],
    "closing": [("lower_third", "Ana Ribeiro\nPotter, Studio Barro"), ("title", "From 29 €")],
    "offer": [("cta", "Shop the collection"), ("text", "New in the shop: 12 pieces at 20 % off")],
    "film": [("subtitle", "Every cup starts as 340 g of clay,\nand no two are alike.")],
    "credits": [("credits", "Clay: Ana Ribeiro\nGlaze: Rui Costa\nPhotos: Inês Alves\nMusic: reelframe")],
}
SCRIPTS = {
    "latin": "AVA’s Wörkshop – fjord & café",
    "greek_cyrillic": "Κεραμικά · Керамика ручной работы",
    "chinese": "手工陶瓷，慢享清晨。全场“五折”起！",
    "japanese": "手仕事の器、ゆっくりした朝に。",
    "korean": "느린 아침을 위한 수제 도자기",
    "arabic": "خزف مصنوع يدوياً لصباحات هادئة",
    "hebrew": "קרמיקה בעבודת יד לבקרים רגועים",
    "devanagari": "धीमी सुबहों के लिए हस्तनिर्मित सिरेमिक",
    "thai": "เครื่องปั้นดินเผาทำมือสำหรับเช้าอันแสนสบาย",
    "emoji": "Slow mornings ☕️✨ made by hand 👩🏽‍🎨🇵🇹",
    "mixed": "Sale תחל 50% تخفيض 五折 🔥 today",
}


@pytest.fixture(scope="module")
def grounds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grounds")
    rng = np.random.default_rng(3)
    plain = np.zeros((900, 900, 3), np.uint8)
    busy = cv2.resize(rng.integers(0, 256, (60, 60, 3), np.uint8), (900, 900), interpolation=cv2.INTER_CUBIC)
    for name, pixels in (("white", plain + 255), ("black", plain + 6), ("busy", busy)):
        Image.fromarray(pixels).save(folder / f"{name}.png")
    found = {name: probe(folder / f"{name}.png") for name in ("white", "black", "busy")}
    return {**found, "photo": probe(min(SAMPLES.glob("*.jpg"))), "tea": probe(sorted(SAMPLES.glob("*.jpg"))[4])}


def painted(media, texts, size, look):
    """The middle frame of a shot with these texts over it, as RGB."""
    return filmed(
        media, [Segment.make(2000, id=r, text=t, role=r, start=0, style={"look": look}) for r, t in texts], size
    )[0]


def filmed(media, texts, size, frames=(10,)):
    """Some of the 20 frames of a shot of two seconds with these texts over it, as RGB."""
    width, height = size
    shot = Segment.make(2000, id="a", media=media.id, start=0)
    over = [Track(tt=7, sg=(text,)) for text in texts]
    draft = Draft(t=(Track(tt=0, sg=(shot,)), *over), d=2000, m={"width": width, "height": height, "fps": 10})
    timeline = Timeline(compose(draft, Library((media,))))
    painter = Painter(width, height, Pool(width, height))
    seen = []
    for frame in frames:
        planes = new_planes(width, height)
        painter.paint(timeline.frame(frame), planes)
        seen.append(rgb_of(planes))
    painter.close()
    assert not painter.notes
    return seen


def rgb_of(planes):
    height, width = planes[0].shape
    y, u, v = (p.astype(np.float32) for p in planes)
    u, v = (cv2.resize(p, (width, height), interpolation=cv2.INTER_LINEAR) - 128 for p in (u, v))
    y = (y - 16) * 255 / 219
    rgb = np.stack([y + 1.7927 * v, y - 0.2132 * u - 0.5329 * v, y + 2.1124 * u], axis=-1)
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def small(rgb):
    width = round(rgb.shape[1] * HEIGHT / rgb.shape[0])
    return cv2.resize(rgb, (width, HEIGHT), interpolation=cv2.INTER_AREA)


def sheet(rows, name):
    lines = [np.hstack([np.pad(cell, ((3, 3), (3, 3), (0, 0)), constant_values=128) for cell in row]) for row in rows]
    SHEETS.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(lines)).save(SHEETS / f"{name}.png", compress_level=1)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_every_look_on_every_ground_in_every_shape(look, scene, grounds, everything):
    del everything  # only that the fonts are there
    rows = []
    for ground in GROUNDS:
        row = []
        for size in SHAPES.values():
            rgb = painted(grounds[ground], SCENES[scene], size, look)
            bare = painted(grounds[ground], [], size, "clean")
            changed = np.abs(rgb.astype(int) - bare).max(axis=-1) > 48
            columns, lines = changed.any(axis=0).nonzero()[0], changed.any(axis=1).nonzero()[0]
            assert columns.size, "the text is seen"
            # Pictures may get a soft scrim, which reaches further than the text.
            if ground in {"white", "black"}:
                assert columns[0] >= 0.045 * size[0]
                assert columns[-1] <= 0.955 * size[0]
                assert lines[0] >= 0.045 * size[1]
                assert lines[-1] <= 0.955 * size[1]
            row.append(small(rgb))
        rows.append(row)
    sheet(rows, f"{look}-{scene}")


@pytest.mark.parametrize("ground", ["photo", "busy"])
def test_every_animation_at_five_instants(ground, grounds, everything):
    del everything
    rows = []
    words = "Slow mornings,\nmade by hand in Lisbon ☕️"
    for kind in ANIMATIONS:
        text = Segment.make(
            2000, id="t", text=words, role="text", start=0, position="center",
            anim_in={"type": kind, "ms": 2000}, anim_out={"type": "none"}, style={"look": "clean"},
        )  # fmt: skip
        still = Segment.make(2000, **{**text.m, "anim_in": {"type": "none"}})
        seen = filmed(grounds[ground], [text], (960, 540), (1, 5, 9, 13, 18))
        (rest,) = filmed(grounds[ground], [still], (960, 540))
        away = [np.abs(rgb.astype(int) - rest).mean() for rgb in seen]
        # What comes is nearly what it will be; karaoke goes away from it, word by word.
        assert away == sorted(away) if kind == "karaoke" else away[-1] < 0.5 * away[0]
        rows.append([small(rgb) for rgb in seen])
    half = len(rows) // 2
    sheet(rows[:half], f"animations-{ground}-1")
    sheet(rows[half:], f"animations-{ground}-2")


def test_every_script_in_every_look(grounds, everything):
    del everything
    rows = [
        [
            small(painted(grounds[ground], [("title", text), ("caption", text)], (1280, 720), look))
            for look, ground in zip(LOOKS, ("photo", "tea", "black"), strict=True)
        ]
        for text in SCRIPTS.values()
    ]
    half = len(rows) // 2
    sheet(rows[:half], "scripts-1")
    sheet(rows[half:], "scripts-2")
