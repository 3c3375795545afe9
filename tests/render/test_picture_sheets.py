"""Contact sheets to be looked at, in artifacts/pictures/: each operation, transition, move, look, effect and shape.

What a machine can tell of each is asserted on the same pixels: mirrored is mirrored, a clock runs backwards, a wipe
stands where it should, a warm look is redder than a cool one. The rest is for eyes.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from reelframe.render.effects import EFFECTS
from reelframe.render.looks import LOOKS
from reelframe.render.transitions import TRANSITIONS

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "artifacts/pictures"
SAMPLES = ROOT / "src/reelframe/samples"
SHAPES = {"16:9": (480, 270), "9:16": (270, 480), "1:1": (360, 360), "4:5": (320, 400)}
DIRECTIONS = ("in", "out", "left", "right", "up", "down")
INSTANTS = (0.05, 0.275, 0.5, 0.725, 0.95)
OPERATIONS = {
    "as it is": {},
    "crop": {"crop": {"x": 0.3, "y": 0.25, "w": 0.5, "h": 0.5}},
    "zoom 1.5": {"zoom": 1.5},
    "zoom 0.6": {"zoom": 0.6},
    "zoom 0.6, blur": {"zoom": 0.6, "fit": "blur"},
    "rotate 90": {"rotate": 90},
    "rotate 90, fit": {"rotate": 90, "fit": "fit"},
    "rotate 90, blur": {"rotate": 90, "fit": "blur"},
    "rotate 8": {"rotate": 8},
    "rotate 8, fit": {"rotate": 8, "fit": "fit"},
    "rotate -30, blur": {"rotate": -30, "fit": "blur"},
    "flip h": {"flip": "h"},
    "flip v": {"flip": "v"},
    "flip hv": {"flip": "hv"},
}

BACK = slice(None, None, -1)
MIRRORED = {"flip h": (slice(None), BACK), "flip v": (BACK,), "flip hv": (BACK, BACK)}


@pytest.fixture(scope="module")
def stock(tmp_path_factory, make_studio):
    """A studio with the sample photos, difficult ones, and a clip that travels over a photo."""
    studio = make_studio(tmp_path_factory.mktemp("sheets"))
    names = ("mug", "vase", "bowls", "cactus", "tea")
    kept = {n: studio.keep(p) for n, p in zip(names, sorted(SAMPLES.glob("*.jpg")), strict=True)}
    kept["logo"] = studio.keep(SAMPLES / "logo.png", "logo")
    vase = np.array(Image.open(kept["vase"].path))
    kept["portrait"] = studio.add("portrait.png", vase[:, 600:1560])
    kept["white"] = studio.add("white.png", np.full((600, 900, 3), 255))
    kept["black"] = studio.add("black.png", np.zeros((600, 900, 3)))
    shape = np.zeros((600, 900, 4), np.uint8)
    cv2.circle(shape, (450, 300), 220, (214, 92, 60, 255), -1, cv2.LINE_AA)
    kept["cut out"] = studio.add("cut-out.png", shape)
    kept["clip"] = studio.keep(travel(studio.folder / "clip.mp4", np.array(Image.open(kept["tea"].path))))
    return studio, kept


def travel(path, photo):
    """Two seconds over a photo from left to right, with a clock hand that goes round once."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"crf": "12", "preset": "veryfast"}
        codec = stream.codec_context
        codec.color_primaries = codec.color_trc = codec.colorspace = codec.color_range = 1
        wide = cv2.resize(photo, (960, 640), interpolation=cv2.INTER_AREA)
        for i in range(50):
            pixels = np.ascontiguousarray(wide[140:500, 6 * i : 6 * i + 640])
            angle = 2 * np.pi * i / 50
            cv2.circle(pixels, (80, 80), 50, (255, 255, 255), -1, cv2.LINE_AA)
            tip = round(80 + 40 * np.sin(angle)), round(80 - 40 * np.cos(angle))
            cv2.line(pixels, (80, 80), tip, (200, 30, 30), 6, cv2.LINE_AA)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            out.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")))
        out.mux(stream.encode(None))
    return path


def sheet(name, rows, label=118):
    """Write rows of (label, frames) as one picture."""
    height = max(f.shape[0] for _, frames in rows for f in frames)
    width = max(f.shape[1] for _, frames in rows for f in frames)
    columns = max(len(frames) for _, frames in rows)
    page = Image.new("RGB", (label + columns * (width + 6), len(rows) * (height + 6)), (90, 90, 96))
    pen = ImageDraw.Draw(page)
    for r, (words, frames) in enumerate(rows):
        pen.text((6, r * (height + 6) + 6), words, fill=(255, 255, 255))
        for c, frame in enumerate(frames):
            page.paste(Image.fromarray(np.rint(frame).astype(np.uint8)), (label + c * (width + 6), r * (height + 6)))
    SHEETS.mkdir(parents=True, exist_ok=True)
    page.save(SHEETS / f"{name}.png")


def unlike(a, b):
    """How much two frames differ where they lie best on one another, within 6 px: the camera may aim a little aside."""
    return min(float(np.abs(np.roll(a, (dy, dx), (0, 1)) - b)[8:-8, 8:-8].mean()) for dy in SHIFTS for dx in SHIFTS)


SHIFTS = range(-6, 7, 2)


def one(studio, media, at=(5,), size=(320, 180), ms=1000, draft=None, **shot):
    draft = draft or {}
    composition = studio.compose([{"d": ms, "media": media.id, **shot}], width=size[0], height=size[1], fps=10, **draft)
    return studio.paint(composition, *at)


def test_operations(stock):
    studio, kept = stock
    rows = []
    for name, shot in OPERATIONS.items():
        frames = [one(studio, kept[m], **shot)[0] for m in ("tea", "portrait", "clip", "cut out")]
        plain = [one(studio, kept[m])[0] for m in ("tea", "portrait")]
        rows.append((name, frames))
        if name in MIRRORED:
            for frame, one_way in zip(frames, plain, strict=False):
                assert unlike(frame[MIRRORED[name]], one_way) < 2, name
        same = [np.abs(a - b).mean() < 0.5 for a, b in zip(frames, plain, strict=False)]
        assert not any(same) or not shot, name
    sheet("operations", rows)


def test_time(stock):
    studio, kept = stock
    clip = kept["clip"]
    cases = {
        "as it is": {}, "trim from 1 s": {"in": 1000}, "speed 2": {"speed": 2.0}, "speed 0.5": {"speed": 0.5},
        "reverse": {"reverse": True}, "loop, 4 s": {"loop": True, "ms": 4000}, "held, 4 s": {"ms": 4000},
        "freeze at 1.2 s": {"freeze": 1200},
    }  # fmt: skip
    # How many rounds the clock has made after so many seconds of the video.
    rounds = {
        "as it is": lambda t: t / 2, "trim from 1 s": lambda t: min(1 + t, 2) / 2, "speed 2": lambda t: min(2 * t, 2) / 2,
        "speed 0.5": lambda t: t / 4, "reverse": lambda t: 1 - t / 2, "loop, 4 s": lambda t: t / 2,
        "held, 4 s": lambda t: min(t, 2) / 2, "freeze at 1.2 s": lambda _: 0.6,
    }  # fmt: skip
    rows = []
    for name, case in cases.items():
        shot = {"ms": 2000, **case}
        last = shot["ms"] // 100 - 1
        at = [round(last * k / 4) for k in range(5)]
        frames = one(studio, clip, at, (240, 136), **shot)
        rows.append((name, frames))
        for frame, index in zip(frames, at, strict=True):
            off = clock(frame) - rounds[name](index / 10)
            # A source frame is a fiftieth of a round; at another pace it is one more, and the hand is four px wide.
            assert abs((off + 0.5) % 1 - 0.5) < 0.07, (name, index)
    sheet("time", rows)


def clock(frame):
    """Where the clock's red hand points, in rounds from the top, clockwise. The dial's middle is at an eighth."""
    x0, y0 = frame.shape[1] / 8, frame.shape[0] * 80 / 360
    red = (frame[..., 0] > 140) & (frame[..., 1] < 110) & (frame[..., 2] < 110)
    red[:, round(x0 * 2) :] = False
    red[round(y0 * 2) :] = False
    rows, columns = np.nonzero(red)
    x, y = columns.mean() + 0.5 - x0, rows.mean() + 0.5 - y0
    return float(np.arctan2(x, -y) / (2 * np.pi))


@pytest.mark.parametrize("pair", [("mug", "tea"), ("white", "black"), ("portrait", "clip")])
def test_transitions(stock, pair):
    studio, kept = stock
    a, b = (kept[n].id for n in pair)
    rows = []
    for kind in TRANSITIONS:
        shots = [
            {"d": 1000, "media": a, "move": {"direction": "in"}},
            {"d": 2000, "media": b, "fit": "blur", "transition": {"type": kind, "ms": 2000}},
        ]
        composition = studio.compose(shots, width=320, height=180, fps=10)
        frames = studio.paint(composition, *(10 + round(19 * t) for t in INSTANTS))
        rows.append((kind, frames))
        if pair == ("white", "black"):
            levels = [float(f.mean()) for f in frames]
            assert levels[0] > 200 > 55 > levels[-1], (kind, levels)
            if kind not in {"fade_white", "flash", "fade_black"}:
                assert levels == sorted(levels, reverse=True), (kind, levels)
        if kind in IN_BETWEEN:
            at, level = IN_BETWEEN[kind]
            assert abs(float(studio.paint(composition, 10 + round(20 * at))[0].mean()) - level) < 40, kind
    sheet(f"transitions {pair[0]}-{pair[1]}", rows)


# When a level is all that is seen, whatever the two pictures are: a flash is there in a fifth of its time.
IN_BETWEEN = {"fade_black": (0.5, 0), "fade_white": (0.5, 255), "flash": (0.2, 255)}


def test_edges_stand_where_the_easing_says(stock):
    """Of white and black the share that is black is how far a wipe, a push, a slide or a circle has come."""
    studio, kept = stock
    rows = []
    for kind in ("wipe", "push", "slide", "circle"):
        shots = [
            {"d": 1000, "media": kept["white"].id},
            {"d": 2000, "media": kept["black"].id, "transition": {"type": kind, "ms": 2000}},
        ]
        composition = studio.compose(shots, width=320, height=180, fps=30)
        frames = studio.paint(composition, *range(30, 90, 6))
        black = [float((f.mean(axis=-1) < 128).mean()) for f in frames]
        assert black == sorted(black) and black[0] < 0.02, (kind, black)
        middle = studio.paint(composition, 60)[0].mean(axis=-1) < 128
        share = float(middle.mean())
        if kind == "circle":
            assert middle[90, 160] and not middle[0, 0] and 0.1 < share < 0.7
        else:
            assert share == pytest.approx(0.5, abs=0.06), kind
            edge = np.flatnonzero(middle[90])
            assert len(edge) == edge[-1] - edge[0] + 1 and (middle == middle[90]).mean() > 0.98, kind
        # As much before the middle as after it: the easing is the same at both ends.
        if kind != "circle":
            assert black[3] + black[7] == pytest.approx(1, abs=0.08), kind
        rows.append((kind, frames))
    sheet("easings", rows)


@pytest.mark.parametrize("shape", ["16:9", "9:16"])
def test_moves(stock, shape):
    studio, kept = stock
    size = tuple(s * 2 // 3 for s in SHAPES[shape])
    rows = []
    for direction in DIRECTIONS:
        frames = []
        for name in ("mug", "vase", "cactus"):
            move = {"direction": direction, "amount": 0.25}
            frames += one(studio, kept[name], (0, 10, 19), size, 2000, move=move)
        rows.append((direction, frames))
    sheet(f"moves {shape.replace(':', 'x')}", rows)


def test_looks(stock):
    studio, kept = stock
    media = [kept[n] for n in ("mug", "cactus", "white", "black", "clip")]
    rows = [(look, [one(studio, m, size=(264, 150), look=look)[0] for m in media]) for look in LOOKS]
    sheet("looks", rows)
    seen = {look: [traits(f) for f in frames[:2]] for look, frames in rows}
    for look, promises in PROMISES.items():
        for trait, way in promises.items():
            for graded, plain in zip(seen[look], seen["none"], strict=True):
                assert way * (graded[trait] - plain[trait]) > 0.5, (look, trait, graded, plain)
    assert set(PROMISES) | {"none"} == set(LOOKS)
    for grey in ("bw", "noir"):
        assert all(t["colour"] < 1 for t in seen[grey])


def traits(frame):
    """Levels 0..255: how light it is, how red rather than blue, how colourful, and how its lights and darks differ."""
    luma = frame @ (0.2126, 0.7152, 0.0722)
    return {
        "light": float(luma.mean()),
        "warm": float((frame[..., 0] - frame[..., 2]).mean()),
        "colour": float((frame.max(axis=-1) - frame.min(axis=-1)).mean()),
        "contrast": float(np.percentile(luma, 95) - np.percentile(luma, 5)),
    }


# What each look promises by its name: more (1) or less (-1) of something, on any photo.
PROMISES = {
    "warm": {"warm": 1}, "cool": {"warm": -1}, "cinematic": {"contrast": 1}, "vibrant": {"colour": 1},
    "vivid": {"colour": 1, "contrast": 1}, "vintage": {"warm": 1}, "retro": {"warm": 1},
    "bw": {"colour": -1}, "noir": {"colour": -1, "contrast": 1}, "sepia": {"warm": 1},
    "teal_orange": {"contrast": 1}, "dramatic": {"contrast": 1}, "soft": {"contrast": -1}, "matte": {"contrast": -1},
    "fade": {"contrast": -1, "colour": -1}, "bright": {"light": 1}, "dark": {"light": -1}, "golden": {"warm": 1},
    "sunset": {"warm": 1}, "moody": {"light": -1}, "night": {"light": -1, "warm": -1},
}  # fmt: skip


def test_adjustments(stock):
    studio, kept = stock
    rows = []
    for key in ("brightness", "contrast", "saturation", "temperature", "sharpness"):
        frames = [one(studio, kept["tea"], size=(264, 150), adjust={key: v})[0] for v in (-1, -0.4, 0, 0.4, 1)]
        rows.append((key, frames))
        if key == "sharpness":
            values = [float(np.abs(cv2.Laplacian(f.astype(np.float32), cv2.CV_32F)).mean()) for f in frames]
        else:
            values = [traits(f)[TRAIT[key]] for f in frames]
        assert all(b > a + (0 if key == "sharpness" else 0.2) for a, b in pairwise(values)), (key, values)
    sheet("adjustments", rows)


TRAIT = {"brightness": "light", "contrast": "contrast", "saturation": "colour", "temperature": "warm"}


def test_effects(stock):
    studio, kept = stock
    rows = []
    for name in EFFECTS:
        amounts = (0.2, 0.5, 1.0)
        frames = [
            one(studio, kept[m], size=(320, 180), effects=[{"name": name, "amount": a}])[0]
            for m in ("tea", "cactus")
            for a in amounts
        ]
        rows.append((name, frames))
        if name != "mirror":
            for i, media in enumerate(("tea", "cactus")):
                plain = one(studio, kept[media])[0]
                changes = [float(np.abs(f - plain).mean()) for f in frames[3 * i : 3 * i + 3]]
                assert changes == sorted(changes) and changes[0] > 0.1, (name, changes)
        else:
            assert all(np.abs(f - f[:, ::-1]).mean() < 1.5 for f in (frames[2], frames[5]))
    sheet("effects", rows)


@pytest.mark.parametrize("fit", ["fill", "fit", "blur"])
def test_shapes(stock, fit):
    studio, kept = stock
    rows = []
    for name in ("tea", "portrait", "white", "black", "cut out", "clip"):
        frames = [
            one(studio, kept[name], size=tuple(s * 5 // 8 // 2 * 2 for s in size), fit=fit)[0]
            for size in SHAPES.values()
        ]
        rows.append((name, frames))
    sheet(f"shapes {fit}", rows)
    tall = dict(rows)["tea"][1]
    edges = float(np.abs(tall[[0, -1]]).mean())
    assert (edges < 2) == (fit == "fit")
    # A product that was cut out is whole in every shape.
    for frame in dict(rows)["cut out"]:
        red = np.abs(frame - (214, 92, 60)).max(axis=-1) < 40
        assert not (red[0].any() or red[-1].any() or red[:, 0].any() or red[:, -1].any())


def test_overlays(stock):
    studio, kept = stock
    rows = []
    cases = {
        "logo": {"role": "logo", "media": "logo"},
        "logo, half seen": {"role": "logo", "media": "logo", "opacity": 0.5, "size": 0.25, "position": "bottom_left"},
        "logo from 0.5 s, fades": {"role": "logo", "media": "logo", "start": 500, "fade_in": 300, "size": 0.2},
        "photo in picture": {"role": "overlay", "media": "mug"},
        "clip in picture": {"role": "overlay", "media": "clip", "position": "top_left", "size": 0.4},
        "portrait in picture": {"role": "overlay", "media": "portrait", "position": "left", "size": 0.6},
        "cut out": {"role": "overlay", "media": "cut out", "position": "center", "size": 0.5},
        "tilted photo": {"role": "overlay", "media": "mug", "rotate": 12, "size": 0.4},
        "tilted clip": {"role": "overlay", "media": "clip", "rotate": 12, "size": 0.4},
    }
    for name, case in cases.items():
        over = [{"d": 2000 - case.get("start", 0), **case, "media": kept[case["media"]].id}]
        frames = []
        for ground in ("tea", "white", "black"):
            shots = [{"d": 2000, "media": kept[ground].id}]
            frames += studio.paint(studio.compose(shots, over=over, width=320, height=180, fps=10), 2, 6, 15)
            bare = studio.paint(studio.compose(shots, width=320, height=180, fps=10), 15)[0]
            changed = np.abs(frames[-1] - bare).max(axis=-1) > 8
            assert 0.001 < changed.mean() < 0.4, (name, ground)
            if case.get("start"):
                assert np.array_equal(
                    frames[-3], studio.paint(studio.compose(shots, width=320, height=180, fps=10), 2)[0]
                )
            if "rotate" in case and ground == "white":
                # Tilted, and not cut upright: the corners of the box around it are free.
                y, x = np.nonzero(changed)
                inside = changed[y.min() : y.max() + 1, x.min() : x.max() + 1]
                assert not any(inside[at].any() for at in CORNERS), name
        rows.append((name, frames))
    sheet("overlays", rows)


CORNERS = [(slice(a, b), slice(c, d)) for a, b in ((0, 5), (-5, None)) for c, d in ((0, 5), (-5, None))]
