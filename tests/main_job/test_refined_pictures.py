"""Refinements as they are seen and heard: small exports before and after a wish, decoded."""

from __future__ import annotations

import io
from importlib import resources
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

import reelframe as rf

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
RED, GREEN, BLUE = (200, 40, 40), (40, 170, 60), (40, 60, 200)


def card(color, circle=None):
    """A plain photo, with a round thing in its middle if a colour is given for it."""
    picture = Image.new("RGB", (1600, 1200), color)
    if circle:
        ImageDraw.Draw(picture).ellipse((650, 450, 950, 750), fill=circle)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


THREE = [("red.png", card(RED)), ("green.png", card(GREEN)), ("blue.png", card(BLUE))]


class Cut:
    """A session with a first cut, and a way to look at it: ``film()`` exports it small and decodes it."""

    def __init__(self, client, folder, photos, request):
        self.folder, self.count = folder, 0
        self.session = client.create_session(task_name="Colours")
        self.session.upload(*photos)
        self.session.ask(request)

    def ask(self, wish):
        return self.session.ask(wish)

    def film(self):
        self.count += 1
        return Film(self.session.export(self.folder / f"{self.count}.mp4", quality="preview").path)


class Film:
    def __init__(self, path):
        self.path = path
        with av.open(str(path)) as file:
            self.frames = [f.to_ndarray(format="rgb24") for f in file.decode(video=0)]
        with av.open(str(path)) as file:
            heard = [f.to_ndarray() for f in file.decode(audio=0)] if file.streams.audio else []
        self.sound = np.concatenate(heard, axis=1) if heard else np.zeros((2, 1))

    @property
    def seconds(self):
        return len(self.frames) / 30

    def at(self, seconds):
        return self.frames[int(seconds * 30)].astype(int)

    def color_at(self, seconds):
        mean = self.at(seconds).mean((0, 1))
        return min((RED, GREEN, BLUE), key=lambda c: float(np.abs(mean - c).max()))

    @property
    def loudest(self):
        return float(np.abs(self.sound).max())


@pytest.fixture
def cut(tmp_path):
    with rf.Client() as client:
        yield lambda request, photos=THREE: Cut(client, tmp_path, photos, request)


@pytest.mark.parametrize("wish", ["remove the second photo", "删除第二张照片"])
def test_a_photo_that_was_removed_is_not_seen_and_undo_gives_the_same_film_again(cut, wish):
    work = cut("a 3-second video of these, no music")
    before = work.film()
    assert [before.color_at(t) for t in (0.2, 1.8, 2.8)] == [RED, GREEN, BLUE]
    work.ask(wish)
    after = work.film()
    assert after.seconds == pytest.approx(2, abs=0.04)
    assert [after.color_at(t) for t in (0.2, 1.8)] == [RED, BLUE]
    work.ask("undo")
    assert work.film().path.read_bytes() == before.path.read_bytes()


@pytest.mark.parametrize("wish", ["move the last photo to the front", "把最后一张移到最前面"])
def test_another_order_is_seen(cut, wish):
    work = cut("a 3-second video of these, no music")
    work.ask(wish)
    film = work.film()
    assert [film.color_at(t) for t in (0.2, 1.8, 2.8)] == [BLUE, RED, GREEN]


def test_a_title_is_seen_then_says_something_else_then_is_gone(cut):
    work = cut("a 3-second video of these with the title 'Spring', no music")

    def ink(film):
        frame = film.at(1.2)
        # What differs from the plain colour of the photo: rows of the frame that hold letters.
        plain = np.median(frame.reshape(-1, 3), axis=0)
        return np.abs(frame - plain).max(axis=-1) > 60

    spring = ink(work.film())
    work.ask("change the title to 'A much longer one'")
    longer = ink(work.film())
    work.ask("remove the title")
    none = ink(work.film())
    assert spring.sum() > 200
    width = [np.ptp(np.nonzero(m)[1]) for m in (spring, longer)]
    assert width[1] > 1.5 * width[0]
    assert none.sum() < spring.sum() / 20


@pytest.mark.parametrize(
    ("wish", "ratio"), [("make it 9:16", 9 / 16), ("1:1", 1), ("改成4:5", 4 / 5), ("make it 16:9", 16 / 9)]
)
def test_in_every_shape_what_is_round_stays_round_and_whole(cut, wish, ratio):
    work = cut("a 1-second video of this, no music", [("dot.png", card((235, 235, 235), GREEN))])
    work.ask("make it square" if ratio > 1 else "make it 16:9")
    work.ask(wish)
    film = work.film()
    height, width = film.frames[0].shape[:2]
    assert width / height == pytest.approx(ratio, abs=0.01)
    frame = film.at(0.5)
    rows, columns = np.nonzero((frame[..., 1] - frame[..., 0]) > 60)
    tall, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert wide / tall == pytest.approx(1, abs=0.04)
    assert min(rows.min(), columns.min()) > 0
    assert rows.max() < height - 1
    assert columns.max() < width - 1


@pytest.mark.parametrize(("off", "on"), [("no music", "turn the music on"), ("关掉音乐", "打开音乐")])
def test_music_falls_silent_and_comes_back(cut, off, on):
    work = cut("a 4-second video of these with upbeat music")
    assert work.film().loudest > 0.1
    work.ask(off)
    assert work.film().loudest < 0.001
    work.ask(on)
    assert work.film().loudest > 0.1


@pytest.mark.parametrize(("wish", "seconds"), [("make it 6 seconds", 6), ("时长改为5秒", 5)])
def test_another_length_is_shared_out_evenly(cut, wish, seconds):
    work = cut("a 3-second video of these with music")
    work.ask(wish)
    film = work.film()
    assert film.seconds == pytest.approx(seconds, abs=0.04)
    assert film.sound.shape[1] / 48000 == pytest.approx(seconds, abs=0.05)
    share = seconds / 3
    assert [film.color_at((i + 0.9) * share) for i in range(3)] == [RED, GREEN, BLUE]
    assert float(np.abs(film.sound[:, -2400:]).max()) < film.loudest / 5, "the music ends with the video"
