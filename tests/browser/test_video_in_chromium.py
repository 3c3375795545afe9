"""The finished MP4 in a real Chromium: it plays, seeks to the right picture, and shows the photo's colours."""

from __future__ import annotations

import base64
import math

import numpy as np
import pytest
from PIL import Image

import reelframe.render
from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

SIZE = WIDTH, HEIGHT = 320, 180
COLUMNS, ROWS = 6, 4
# Patches as on the chart that photographers hold into a picture (skin, foliage, sky, primaries, a scale of grey).
CHART = [
    (115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170),
    (214, 126, 44), (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46),
    (56, 61, 150), (70, 148, 73), (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161),
    (243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52),
]  # fmt: skip
SHOTS, SHOT_MS, FPS = 4, 480, 25
LOAD = """async src => {
  const video = document.createElement('video');
  video.muted = true; video.preload = 'auto';
  await new Promise((done, fail) => {
    video.oncanplaythrough = done; video.onerror = () => fail(new Error(video.error.message)); video.src = src;
  });
  document.body.append(video);
  return {width: video.videoWidth, height: video.videoHeight, duration: video.duration};
}"""
SEEK = """async at => {
  const video = document.querySelector('video');
  await new Promise(done => { video.addEventListener('seeked', done, {once: true}); video.currentTime = at; });
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  const pen = canvas.getContext('2d', {colorSpace: 'srgb'});
  pen.drawImage(video, 0, 0);
  return Array.from(pen.getImageData(0, 0, canvas.width, canvas.height).data);
}"""
PLAY = """async () => {
  const video = document.querySelector('video');
  video.currentTime = 0;
  const ended = new Promise((done, fail) => { video.onended = done; video.onerror = () => fail(new Error(video.error.message)); });
  await video.play();
  await ended;
  return {time: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames};
}"""


def turned(n):
    """The chart as shot ``n`` shows it: every patch ``n`` places further."""
    return CHART[n:] + CHART[:n]


def patches(pixels):
    """The mean colour in the middle of each patch, from the top left."""
    h, w = HEIGHT // ROWS, WIDTH / COLUMNS
    return [
        pixels[h * r + 12 : h * r + h - 12, round(w * c) + 14 : round(w * c + w) - 14].mean(axis=(0, 1))
        for r in range(ROWS)
        for c in range(COLUMNS)
    ]


def lab(rgb):
    """CIE L*a*b* of an sRGB colour (0..255), white D65."""
    c = np.asarray(rgb, float) / 255
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ c
    f = xyz / [0.95047, 1, 1.08883]
    f = np.where(f > 216 / 24389, np.cbrt(f), (24389 / 27 * f + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def delta_e(a, b):
    """The distance of two sRGB colours after CIEDE2000 (Sharma, Wu and Dalal, 2005)."""
    return ciede2000(lab(a), lab(b))


def ciede2000(first, second):
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(stretch * a1, b1), math.hypot(stretch * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = ((h2 - h1 + 180) % 360 - 180) if c1 * c2 else 0.0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    # Half way along the shorter arc; without a hue on one side, the other's.
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = sum(
        k * math.cos(math.radians(m * hue + d))
        for k, m, d in ((1, 0, 0), (-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    )
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    rotation *= math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    d_l, d_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / s_h
    return math.sqrt(max(0.0, d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h))


@pytest.mark.parametrize(("first", "second", "distance"), [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
])  # fmt: skip
def test_the_ruler_itself(first, second, distance):
    """Pairs from the table that Sharma, Wu and Dalal published with the formula."""
    assert ciede2000(first, second) == pytest.approx(distance, abs=1e-4)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Four shots of twelve frames, each the chart with its patches moved on by one."""
    folder = tmp_path_factory.mktemp("film")
    kept = []
    for n in range(SHOTS):
        pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for i, color in enumerate(turned(n)):
            r, c = divmod(i, COLUMNS)
            left, right = (round(WIDTH / COLUMNS * k) for k in (c, c + 1))
            pixels[HEIGHT // ROWS * r : HEIGHT // ROWS * (r + 1), left:right] = color
        Image.fromarray(pixels).save(folder / f"{n}.png")
        kept.append(probe(folder / f"{n}.png"))
    shots = [{"d": SHOT_MS, "m": {"id": f"s{n}", "start": n * SHOT_MS, "media": m.id}} for n, m in enumerate(kept)]
    facts = {"width": WIDTH, "height": HEIGHT, "fps": FPS}
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": shots}], "d": SHOTS * SHOT_MS, "m": facts})
    composition = reelframe.render.compose(draft, Library(tuple(kept)))
    return reelframe.render.render(composition, folder / "film.mp4").path


@pytest.fixture(scope="module")
def shown(browser, film):
    """A page with the film in it, and what it says of itself."""
    page = browser.new_page()
    page.goto("about:blank")
    facts = page.evaluate(LOAD, "data:video/mp4;base64," + base64.b64encode(film.read_bytes()).decode())
    yield page, facts
    page.close()


def test_it_knows_its_size_and_length(shown):
    _, facts = shown
    assert (facts["width"], facts["height"]) == SIZE
    assert facts["duration"] == pytest.approx(SHOTS * SHOT_MS / 1000, abs=0.001)


@pytest.mark.parametrize("nth", [3, 0, 2, 1])
def test_every_seek_shows_the_right_shot_in_the_photos_colours(shown, nth):
    """The first, a middle and the last frame of each shot, forwards and backwards, within 1.5.

    Chromium converts to RGB in small whole numbers, which alone is up to two levels away: hence CIEDE2000, as an
    eye sees it. FFmpeg's conversion of the same files is within 1.5 of CIE 1976 (``render/test_pictures.py``).
    """
    page, _ = shown
    per_shot = SHOT_MS * FPS // 1000
    for frame in (0, per_shot // 2, per_shot - 1):
        at = (nth * per_shot + frame + 0.5) / FPS
        data = np.array(page.evaluate(SEEK, at), np.uint8).reshape(HEIGHT, WIDTH, 4)[..., :3]
        worst = max(map(delta_e, patches(data), turned(nth)))
        assert worst < 1.5, (frame, worst)


def test_it_plays_to_its_end(shown):
    page, facts = shown
    played = page.evaluate(PLAY)
    assert played["time"] == pytest.approx(facts["duration"], abs=0.05)
    assert played["frames"] > 0
