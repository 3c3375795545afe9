"""Where pictures, texts and overlays land, and in which colours: pixels of painted and of decoded frames."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reelframe.render.composition import Framing, Move
from reelframe.render.geometry import Focus, lay_out, view

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (30, 50, 190), (250, 250, 250)


def halves(left, right, size=(320, 180)):
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:, : size[0] // 2], pixels[:, size[0] // 2 :] = left, right
    return pixels


def near(pixel, color, within=4):
    return np.abs(np.asarray(pixel, float) - color).max() <= within


def test_colours_survive_the_whole_way(studio, tools):
    """A chart, encoded and decoded, is within 1.5 (CIE 1976) of what it was."""
    chart = [
        (200, 40, 30),
        (40, 160, 60),
        (30, 60, 190),
        (235, 235, 235),
        (128, 128, 128),
        (230, 200, 40),
        (224, 172, 140),
        (20, 20, 24),
        (255, 255, 255),
        (0, 0, 0),
    ]
    pixels = np.zeros((180, 320, 3), np.uint8)
    for i, color in enumerate(chart):
        pixels[:, 32 * i : 32 * i + 32] = color
    media = studio.add("chart.png", pixels)
    frames = tools.decode(studio.render(studio.compose([{"d": 500, "media": media.id}])).path)
    for i, color in enumerate(chart):
        seen = frames[7][20:160, 32 * i + 10 : 32 * i + 22].mean(axis=(0, 1))
        assert delta_e(seen, color) < 1.5, (color, seen)


def delta_e(a, b):
    return float(np.linalg.norm(lab(a) - lab(b)))


def lab(rgb):
    c = np.asarray(rgb, float) / 255
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = (
        np.array(
            [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
        )
        @ c
        / [0.95047, 1, 1.08883]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_fill_covers_the_frame_and_fit_shows_all(studio):
    tall = np.zeros((400, 200, 3), np.uint8)
    tall[:200], tall[200:] = RED, BLUE
    media = studio.add("tall.png", tall)

    def one(**shot):
        return studio.paint(studio.compose([{"d": 500, "media": media.id, **shot}], background="#00ff00"), 3)[0]

    filled = one(fit="fill")
    assert near(filled[10, 5], RED) and near(filled[170, 315], BLUE)
    fitted = one(fit="fit")
    # 90 px wide in the middle, the background beside it
    assert near(fitted[90, 60], (0, 255, 0)) and near(fitted[90, 260], (0, 255, 0))
    assert near(fitted[5, 160], RED) and near(fitted[175, 160], BLUE)
    blurred = one(fit="blur")
    assert near(blurred[5, 160], RED) and near(blurred[175, 160], BLUE)
    # behind it the picture itself, darker and out of focus
    for y, color in ((12, RED), (168, BLUE)):
        beside = blurred[y, 30]
        assert np.argmax(beside) == np.argmax(color)
        assert 0.3 * max(color) < beside.max() < 0.9 * max(color)


@pytest.mark.parametrize(("width", "height"), [(320, 180), (180, 320), (240, 240), (192, 240), (321, 181)])
@pytest.mark.parametrize("fit", ["fill", "fit", "blur"])
def test_every_aspect_is_filled_with_something(studio, width, height, fit):
    media = studio.plain("red.png", RED, (300, 200))
    c = studio.compose(
        [{"d": 300, "media": media.id, "fit": fit, "move": {"direction": "in"}}], width=width, height=height
    )
    frame = studio.paint(c, 4)[0]
    assert frame.shape == (c.height, c.width, 3)
    assert c.width % 2 == c.height % 2 == 0 and abs(c.width - width) <= 1
    assert near(frame[c.height // 2, c.width // 2], RED)


@pytest.mark.parametrize(("shot", "expected"), [
    ({"flip": "h"}, {(90, 20): BLUE, (90, 300): RED}),
    ({"flip": "v"}, {(90, 20): RED, (90, 300): BLUE}),
    ({"rotate": 90, "fit": "fit"}, {(20, 160): RED, (160, 160): BLUE, (90, 20): (0, 0, 0)}),
    ({"rotate": -90, "fit": "fit"}, {(20, 160): BLUE, (160, 160): RED}),
    ({"rotate": 180}, {(90, 20): BLUE, (90, 300): RED}),
    ({"crop": {"x": 0, "y": 0, "w": 0.5, "h": 0.5}}, {(90, 20): RED, (90, 300): RED}),
    ({"crop": {"x": 0.5, "y": 0.5, "w": 0.5, "h": 0.5}}, {(90, 20): BLUE, (90, 300): BLUE}),
    ({"zoom": 0.5}, {(90, 20): (0, 0, 0), (90, 120): RED, (90, 200): BLUE, (10, 160): (0, 0, 0)}),
    ({"rotate": 10}, {(90, 20): RED, (90, 300): BLUE, (3, 3): RED, (176, 316): BLUE}),
    ({"rotate": 10, "fit": "fit"}, {(90, 100): RED, (90, 220): BLUE, (3, 3): (0, 0, 0)}),
    ({"adjust": {"saturation": -1}}, {}),
])  # fmt: skip
def test_pictures_are_turned_cropped_and_scaled(studio, shot, expected):
    media = studio.add("halves.png", halves(RED, BLUE))
    frame = studio.paint(studio.compose([{"d": 500, "media": media.id, **shot}]), 3)[0]
    for (y, x), color in expected.items():
        assert near(frame[y, x], color, 6), (y, x, frame[y, x])
    if not expected:
        assert np.ptp(frame[90, 20]) < 3 and np.ptp(frame[90, 300]) < 3


def test_a_see_through_photo_stands_on_white(studio):
    rgba = np.zeros((180, 320, 4), np.uint8)
    rgba[60:120, 100:220] = (*RED, 255)
    media = studio.add("cut.png", rgba)
    frame = studio.paint(studio.compose([{"d": 500, "media": media.id}]), 3)[0]
    assert near(frame[10, 10], (255, 255, 255)) and near(frame[90, 160], RED)
    on_blue = studio.paint(studio.compose([{"d": 500, "media": media.id}], background="#0000ff"), 3)[0]
    assert near(on_blue[10, 10], (0, 0, 255))


# --- camera moves ----------------------------------------------------------------------------------------


def dot_photo(width=960, height=540):
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    pixels = np.full((height, width), 20, np.float32)
    for cx, cy in ((330, 200), (620, 350)):
        pixels += 220 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * 9**2))
    return np.repeat(np.clip(pixels, 0, 255).astype(np.uint8)[..., None], 3, -1)


def centroid(frame, near_x, near_y, radius=40):
    y0, x0 = max(0, round(near_y) - radius), max(0, round(near_x) - radius)
    part = np.clip(frame[y0 : y0 + 2 * radius, x0 : x0 + 2 * radius, 1] - 60, 0, None)
    yy, xx = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    return x0 + (part * xx).sum() / part.sum(), y0 + (part * yy).sum() / part.sum()


@pytest.mark.parametrize(
    ("direction", "amount"), [("in", 0.12), ("out", 0.2), ("left", 0.15), ("down", 0.1), ("in", 1.0)]
)
def test_camera_moves_are_smooth_below_a_pixel(studio, direction, amount):
    media = studio.add("dots.png", dot_photo())
    move = {"direction": direction, "amount": amount}
    c = studio.compose([{"d": 3000, "media": media.id, "move": move}], width=640, height=360)
    frames = studio.paint(c, *range(0, 90, 1))
    place, track = (330 * 2 / 3, 200 * 2 / 3), []
    if direction not in ("in", "out"):
        seen = frames[0][..., 1]
        place = np.unravel_index(np.argmax(seen[:, :400]), seen[:, :400].shape)[::-1]
    for frame in frames:
        place = centroid(frame, *place)
        track.append(place)
    track = np.array(track)
    t = np.linspace(-1, 1, len(track))
    smooth = np.stack([np.polyval(np.polyfit(t, track[:, i], 7), t) for i in (0, 1)], -1)
    rest = track - smooth
    # No step, no shake: the path is a smooth curve to a twentieth of a pixel.
    assert np.sqrt((rest**2).mean()) < 0.05
    assert np.abs(np.diff(rest, axis=0)).max() < 0.2
    # and it does move
    assert np.linalg.norm(track[-1] - track[0]) > 4


def test_zooming_in_ends_larger_and_panning_goes_where_it_says(studio):
    media = studio.add("dots.png", dot_photo())

    def ends(direction):
        c = studio.compose(
            [{"d": 1000, "media": media.id, "move": {"direction": direction, "amount": 0.3}}], width=640, height=360
        )
        return studio.paint(c, 0, 29)

    first, last = ends("in")
    assert spread(last) / spread(first) == pytest.approx(1.3, abs=0.02)
    first, last = ends("out")
    assert spread(first) / spread(last) == pytest.approx(1.3, abs=0.02)
    # The camera goes right, so what it sees goes left.
    first, last = ends("right")
    assert blobs(last)[0][0] < blobs(first)[0][0] - 50
    first, last = ends("down")
    assert blobs(last)[0][1] < blobs(first)[0][1] - 30


def blobs(frame):
    g = frame[..., 1].copy()
    out = []
    for _ in range(2):
        y, x = np.unravel_index(np.argmax(g), g.shape)
        out.append(centroid(frame, x, y, 30))
        g[max(0, y - 60) : y + 60, max(0, x - 60) : x + 60] = 0
    return sorted(out)


def spread(frame):
    (x0, y0), (x1, y1) = blobs(frame)
    return float(np.hypot(x1 - x0, y1 - y0))


def test_the_camera_keeps_the_subject_in_sight(studio):
    """A product near the edge of a wide photo is still whole in a tall frame, at both ends of the move."""
    pixels = np.full((400, 900, 3), 225, np.uint8)
    pixels[120:300, 640:780] = (190, 40, 50)
    media = studio.add("wide.png", pixels)
    c = studio.compose([{"d": 1000, "media": media.id, "move": {"direction": "in"}}], width=180, height=320)
    for frame in studio.paint(c, 0, 29):
        red = (frame[..., 0] - frame[..., 1] > 80).any(axis=0)
        columns = np.flatnonzero(red)
        assert columns[0] > 2 and columns[-1] < 177
        assert len(columns) > 100


SHAPES = [(320, 180), (180, 320), (240, 240), (240, 300)]


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("kind", ["square on white", "wide on grey", "cut out"])
def test_a_product_on_a_plain_ground_is_whole_in_every_shape(studio, kind, size):
    """A frame of another shape would cut it off: the photo's ground goes on beyond the photo's edge."""
    ground, shape, box = {
        "square on white": (255, (600, 600), (60, 120, 540, 480)),
        "wide on grey": (225, (300, 900), (120, 60, 180, 840)),
        "cut out": (255, (600, 600), (40, 40, 560, 560)),
    }[kind]
    pixels = np.full((*shape, 4 if kind == "cut out" else 3), ground, np.uint8)
    if kind == "cut out":
        pixels[..., 3] = 0
    pixels[box[0] : box[2], box[1] : box[3]] = (190, 40, 50, 255)[: pixels.shape[2]]
    media = studio.add("product.png", pixels)
    wanted = (box[3] - box[1]) / (box[2] - box[0])
    for direction in ("in", "left", "up"):
        shot = {"d": 1000, "media": media.id, "move": {"direction": direction}}
        for frame in studio.paint(studio.compose([shot], width=size[0], height=size[1]), 0, 29):
            rows, columns = np.nonzero(frame[..., 0] - frame[..., 1] > 80)
            top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
            assert top > 1 and left > 1 and bottom < size[1] - 1 and right < size[0] - 1, direction
            assert (right - left) / (bottom - top) == pytest.approx(wanted, rel=0.12)
            # Made smaller by no more than it takes.
            assert max((right - left) / size[0], (bottom - top) / size[1]) > 0.6
            edge = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
            assert np.abs(edge - ground).max() < 12


def test_a_photo_with_a_ground_of_its_own_fills_the_frame_as_it_is(studio):
    """Nothing is added where it would be seen, where nothing is cut off, or where someone asked for a closer look."""
    rng = np.random.default_rng(4)
    busy = rng.integers(60, 200, (400, 400, 3)).astype(np.uint8)
    busy[100:300, 100:300] = (190, 40, 50)
    small = np.full((300, 450, 3), 235, np.uint8)
    small[120:180, 200:250] = (190, 40, 50)
    tall = np.full((600, 300, 3), 235, np.uint8)
    tall[30:570, 60:240] = (190, 40, 50)
    for pixels, zoom in ((busy, 1.0), (small, 1.0), (tall, 1.5)):
        media = studio.add(f"photo{zoom}{pixels.shape[1]}.png", pixels)
        frame = studio.paint(studio.compose([{"d": 500, "media": media.id, "zoom": zoom}]), 3)[0]
        red = (frame[..., 0] - frame[..., 1] > 80).sum(axis=1).max()
        side = int((pixels[..., 1] == 40).sum(axis=1).max())
        assert red == pytest.approx(side * 320 / pixels.shape[1] * zoom, abs=6)


def test_what_a_tilt_leaves_free_shows_the_blurred_copy(studio):
    media = studio.plain("red.png", (190, 40, 50), (300, 300))
    frame = studio.paint(studio.compose([{"d": 500, "media": media.id, "rotate": 30, "fit": "blur"}]), 3)[0]
    copy = frame[5, 5]
    # The corners of the box around the tilted picture, where black stood, are as the copy everywhere else.
    for y, x in ((8, 80), (8, 240), (172, 80), (172, 240)):
        assert near(frame[y, x], copy, 6)
    assert copy[0] > copy[1] + 40 and near(frame[90, 160], (190, 40, 50), 6)


@pytest.mark.parametrize("direction", ["in", "out", "left", "right", "up", "down"])
def test_the_camera_never_sees_past_the_edge(direction):
    for size in ((4000, 500), (500, 4000), (1000, 1000)):
        layout = lay_out(Framing(), size, (320, 180))
        for focus in ((0, 0), (1, 1), (0.2, 0.7)):
            for u in np.linspace(0, 1, 21):
                seen = view(Move(direction, 0.3), float(u), Focus(*focus), layout)
                for centre, side, content in zip((seen.x, seen.y), layout.window[2:], layout.content, strict=True):
                    half = side / seen.zoom / content / 2
                    assert half - 1e-9 <= centre <= 1 - half + 1e-9


# --- overlays and texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("position", "inside"), [
    ("top_left", (15, 15)), ("top_right", (15, 305)), ("bottom_left", (165, 15)), ("bottom_right", (165, 305)),
    ("center", (90, 160)), ("top", (15, 160)), ("left", (90, 15)),
])  # fmt: skip
def test_overlays_stand_in_nine_places(studio, position, inside):
    media, logo = studio.plain("white.png", WHITE), studio.plain("logo.png", BLUE, (40, 40))
    over = [{"d": 500, "role": "logo", "media": logo.id, "position": position, "size": 0.1}]
    frame = studio.paint(studio.compose([{"d": 500, "media": media.id}], over=over), 3)[0]
    blue = np.abs(frame - BLUE).max(axis=-1) < 20
    rows = np.nonzero(blue)[0]
    assert near(frame[inside], BLUE, 8)
    assert len(rows) == pytest.approx(18 * 18, rel=0.25)


@pytest.mark.parametrize("level", [0, 255])
def test_a_logo_without_colour_can_be_told_from_a_ground_like_it(studio, level):
    pixels = np.zeros((60, 60, 4), np.uint8)
    pixels[15:45, 15:45] = (level, level, level, 255)
    ground = studio.add("ground.png", np.full((180, 320, 3), level, np.uint8))
    logo = studio.add("logo.png", pixels)
    overlays = [{"d": 500, "media": logo.id, "role": "logo", "position": "center", "size": 0.4}]
    frame = luma(studio.paint(studio.compose([{"d": 500, "media": ground.id}], over=overlays), 3)[0])
    assert abs(frame[90, 160] - level) < 4
    assert np.abs(frame - level).max() > 25


def test_a_tilted_picture_in_the_picture_keeps_its_corners(studio):
    ground = studio.add("ground.png", np.full((180, 320, 3), 20, np.uint8))
    photo = studio.add("photo.png", np.full((100, 100, 3), 200, np.uint8))
    sizes = []
    for degrees in (0, 45):
        overlays = [
            {"d": 500, "media": photo.id, "role": "overlay", "position": "center", "size": 0.4, "rotate": degrees}
        ]
        frame = luma(studio.paint(studio.compose([{"d": 500, "media": ground.id}], over=overlays), 3)[0])
        sizes.append((frame > 110).sum())
    assert sizes[0] == pytest.approx(72 * 72, rel=0.05)
    assert sizes[1] == pytest.approx(sizes[0], rel=0.06)


def test_opacity_and_timing_of_a_logo(studio):
    media, logo = studio.plain("white.png", (255, 255, 255)), studio.plain("logo.png", (0, 0, 0), (40, 40))
    over = [
        {"d": 1000, "start": 500, "role": "logo", "media": logo.id, "opacity": 0.5, "position": "center", "size": 0.3}
    ]
    before, during, after = studio.paint(studio.compose([{"d": 2000, "media": media.id}], over=over), 14, 30, 45)
    assert near(before[90, 160], (255, 255, 255)) and near(after[90, 160], (255, 255, 255))
    assert near(during[90, 160], (127.5, 127.5, 127.5), 3)


@pytest.mark.parametrize("level", [0, 255, 128])
def test_a_title_can_be_read_on_black_on_white_and_on_grey(studio, level):
    media = studio.plain("plain.png", (level, level, level), (640, 360))
    text = [{"d": 2000, "text": "HELLO", "role": "title", "position": "center"}]
    shots = [{"d": 2000, "media": media.id}]
    plain = studio.paint(studio.compose(shots, width=640, height=360), 30)[0]
    frame = studio.paint(studio.compose(shots, texts=text, width=640, height=360), 30)[0]
    rows, columns = np.nonzero(np.abs(frame - plain).max(axis=-1) > 60)
    assert len(rows) > 500
    assert abs(rows.mean() - 180) < 20 and abs(columns.mean() - 320) < 20
    written = luma(frame[rows.min() : rows.max(), columns.min() : columns.max()]) / 255
    dark, light = (float(np.percentile(written, q)) ** 2.2 for q in (3, 97))
    # WCAG's ratio for text
    assert (light + 0.05) / (dark + 0.05) > 4.5


@pytest.mark.parametrize(
    "kind", ["fade", "slide_up", "slide_left", "pop", "scale", "blur_in", "typewriter", "word_by_word"]
)
def test_texts_come_and_go_gradually(studio, kind):
    media = studio.plain("black.png", (0, 0, 0), (640, 360))
    text = [
        {
            "d": 2000,
            "text": "ONE TWO THREE",
            "role": "title",
            "anim_in": {"type": kind, "ms": 500},
            "anim_out": {"type": "fade", "ms": 500},
        }
    ]
    c = studio.compose([{"d": 2500, "media": media.id}], texts=text, width=640, height=360)
    light = [f.mean() for f in studio.paint(c, 0, 4, 10, 30, 55, 61)]
    assert light[0] < 0.8 * light[3]
    assert light[1] < 1.02 * light[3]
    assert light[3] > 1
    assert light[4] < 0.8 * light[3]
    assert light[5] < 0.05 * light[3]


def test_a_sliding_text_moves_by_parts_of_a_pixel(studio):
    media = studio.plain("black.png", (0, 0, 0), (640, 360))
    text = [{"d": 3000, "text": "X", "role": "title", "anim_in": {"type": "slide_up", "ms": 1500}}]
    c = studio.compose([{"d": 3000, "media": media.id}], texts=text, width=640, height=360)
    rows = []
    for frame in studio.paint(c, *range(12, 34)):
        weight = frame[..., 1].sum(axis=1)
        rows.append((weight * np.arange(len(weight))).sum() / weight.sum())
    steps = -np.diff(rows)
    assert (steps > -0.02).all()
    # decelerating, without jumps of a whole pixel
    assert np.abs(np.diff(steps)).max() < 0.25
    assert steps[0] > 0.3 > steps[-1] > 0


# --- looks and effects -----------------------------------------------------------------------------------


def gradient():
    y, x = np.mgrid[0:180, 0:320]
    return np.stack([x * 255 // 319, y * 255 // 179, 255 - x * 255 // 319], -1).astype(np.uint8)


def luma(frame):
    return frame @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize(("shot", "holds"), [
    ({"look": "bw"}, lambda _, b: np.ptp(b, axis=-1).max() < 4),
    ({"look": "warm"}, lambda a, b: (b[..., 0] - b[..., 2]).mean() > (a[..., 0] - a[..., 2]).mean() + 8),
    ({"look": "cool"}, lambda a, b: (b[..., 0] - b[..., 2]).mean() < (a[..., 0] - a[..., 2]).mean() - 8),
    ({"look": "sepia"}, lambda _, b: (b[..., 0] > b[..., 2]).mean() > 0.9),
    ({"look": "vintage"}, lambda a, b: luma(b).min() > luma(a).min() + 8),
    ({"adjust": {"brightness": 0.5}}, lambda a, b: luma(b).mean() > luma(a).mean() + 15),
    ({"adjust": {"brightness": -0.5}}, lambda a, b: luma(b).mean() < luma(a).mean() - 15),
    ({"adjust": {"contrast": 0.8}}, lambda a, b: luma(b).std() > luma(a).std() + 3),
    ({"adjust": {"contrast": -0.8}}, lambda a, b: luma(b).std() < 0.7 * luma(a).std()),
    ({"adjust": {"saturation": 0.5}}, lambda a, b: np.ptp(b, axis=-1).mean() > np.ptp(a, axis=-1).mean() + 5),
    ({"adjust": {"temperature": 1}}, lambda a, b: (b[..., 0] - b[..., 2]).mean() > (a[..., 0] - a[..., 2]).mean() + 15),
    ({"effects": [{"name": "vignette", "amount": 1}]}, lambda a, b: luma(b)[0, 0] < 20 and abs(luma(b - a)[90, 160]) < 3),
    ({"effects": [{"name": "blur", "amount": 1}]}, lambda _, b: np.abs(np.diff(luma(b), axis=1)).max() < 3),
    ({"effects": [{"name": "pixelate", "amount": 1}]}, lambda _, b: np.ptp(luma(b)[1:4, 1:4]) < 1),
    ({"effects": [{"name": "grain", "amount": 1}]}, lambda a, b: (luma(b) - luma(a)).std() > 4),
    ({"effects": [{"name": "invert", "amount": 1}]}, lambda a, b: np.corrcoef(luma(a).ravel(), luma(b).ravel())[0, 1] < -0.95),
    # Half an inversion would be a grey frame.
    ({"effects": [{"name": "invert", "amount": 0.5}]}, lambda a, b: luma(b).std() > 0.8 * luma(a).std()),
    # Light spreads, and what is bright already keeps its shades.
    ({"effects": [{"name": "glow", "amount": 0.5}]}, lambda a, b: (
        luma(b).mean() > luma(a).mean() + 5 and luma(b)[luma(a) > 205].std() > 0.5 * luma(a)[luma(a) > 205].std()
    )),
    ({"effects": [{"name": "mirror", "amount": 1}]}, lambda _, b: np.abs(b - b[:, ::-1]).max() < 30),
])  # fmt: skip
def test_looks_and_effects_do_what_they_are_called(studio, shot, holds):
    media = studio.add("gradient.png", gradient())
    plain = studio.paint(studio.compose([{"d": 500, "media": media.id}]), 3)[0]
    treated = studio.paint(studio.compose([{"d": 500, "media": media.id, **shot}]), 3)[0]
    assert holds(plain, treated)


def test_a_brighter_photo_is_framed_as_it_was(studio):
    pixels = np.full((180, 640, 3), 120, np.uint8)
    pixels[60:140, 40:110] = (230, 90, 40)
    media = studio.add("left.png", pixels)
    shot = {"d": 500, "media": media.id, "fit": "fill"}
    places = []
    for adjust in ({}, {"brightness": 0.6}):
        frame = studio.paint(studio.compose([{**shot, "adjust": adjust}]), 3)[0]
        red = frame[..., 0] - frame[..., 2] > 60
        places.append(np.argwhere(red).mean(axis=0))
    assert places[0] == pytest.approx(places[1], abs=2)


def test_a_product_that_was_cut_out_stands_on_a_plain_ground(studio):
    pixels = np.zeros((200, 200, 4), np.uint8)
    pixels[50:150, 50:150] = (200, 40, 40, 255)
    media = studio.add("cut-out.png", pixels)
    frame = studio.paint(studio.compose([{"d": 500, "media": media.id, "fit": "blur"}]), 3)[0]
    # No edge where the picture ends and its blurred copy would begin.
    assert np.ptp(frame[5, :, :].astype(int), axis=0).max() < 3


def test_every_look_and_effect_changes_the_picture(studio):
    from reelframe.render.effects import EFFECTS
    from reelframe.render.looks import LOOKS

    media = studio.add(
        "photo.png",
        (gradient().astype(int) // 2 + np.random.default_rng(1).integers(0, 90, (180, 320, 3))).astype(np.uint8),
    )
    plain = studio.paint(studio.compose([{"d": 500, "media": media.id}]), 3)[0]
    for look in set(LOOKS) - {"none"}:
        assert (
            np.abs(studio.paint(studio.compose([{"d": 500, "media": media.id, "look": look}]), 3)[0] - plain).mean() > 1
        ), look
    for name in EFFECTS:
        effect = [{"name": name, "amount": 0.6}]
        changed = studio.paint(studio.compose([{"d": 500, "media": media.id, "effects": effect}]), 3)[0]
        assert np.abs(changed - plain).mean() > 0.8, name


def test_grain_is_new_on_every_frame_and_the_same_on_every_run(studio):
    media = studio.plain("grey.png", (128, 128, 128))
    c = studio.compose([{"d": 500, "media": media.id, "effects": ["grain"]}])
    a, b = studio.paint(c, 3, 4)
    again = studio.paint(c, 3)[0]
    assert np.abs(a - b).mean() > 1
    assert np.array_equal(a, again)


def test_the_whole_fades_in_and_out(studio):
    media = studio.plain("white.png", (255, 255, 255))
    c = studio.compose([{"d": 2000, "media": media.id}], fade_in=500, fade_out=500)
    light = [f.mean() for f in studio.paint(c, 0, 7, 30, 52, 59)]
    assert light[0] < 20 and light[4] < 20
    assert light[2] > 253
    assert 110 < light[1] < 145 and 110 < light[3] < 145


def test_a_tall_subject_is_kept_whole(studio):
    """Heavy at its foot, light at its top: a vase with a twig. Centred on its mass, a wide frame would cut the twig off."""
    pixels = np.full((720, 1080, 3), (225, 190, 175), np.uint8)
    cv2.ellipse(pixels, (520, 450), (120, 110), 0, 0, 360, (30, 110, 115), -1, cv2.LINE_AA)
    cv2.rectangle(pixels, (505, 130), (535, 350), (30, 110, 115), -1)
    cv2.circle(pixels, (520, 110), 24, (200, 70, 40), -1, cv2.LINE_AA)
    media = studio.add("vase.png", pixels)
    draft = [{"d": 2000, "media": media.id, "move": {"direction": "in", "amount": 0.12}}]
    for frame in studio.paint(studio.compose(draft), 0, 59):
        red = (frame[..., 0].astype(int) - frame[..., 2] > 100) & (frame[..., 1] < 120)
        assert red.sum() > 120, "the bloom at the top is in view"
