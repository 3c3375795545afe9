"""Twenty requests as they are seen and heard: planned, applied, rendered small, decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from reelframe import planner
from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose, render

pytestmark = pytest.mark.slow

WIDE, HIGH, FPS = 320, 180, 10
RED, GREEN, BLUE = (200, 40, 40), (40, 160, 60), (40, 60, 200)


class Film:
    def __init__(self, path: Path) -> None:
        with av.open(str(path)) as file:
            self.frames = [f.to_ndarray(format="rgb24").astype(int) for f in file.decode(video=0)]
        with av.open(str(path)) as file:
            heard = [f.to_ndarray().astype(float) for f in file.decode(audio=0)] if file.streams.audio else []
            self.rate = file.streams.audio[0].rate if file.streams.audio else 1
        self.sound = np.concatenate(heard, axis=1) if heard else np.zeros((2, 0))

    def at(self, seconds: float) -> Any:
        return self.frames[round(seconds * FPS)]

    def colour(self, seconds: float) -> Any:
        """The mean colour of the middle of the frame, away from texts and logos."""
        frame = self.at(seconds)
        high, wide = frame.shape[:2]
        return frame[high * 2 // 5 : high * 3 // 5, wide * 2 // 5 : wide * 3 // 5].mean(axis=(0, 1))

    def loud(self, start: float, end: float) -> float:
        part = self.sound[:, round(start * self.rate) : round(end * self.rate)]
        return float(np.sqrt((part**2).mean())) if part.size else 0.0


class Room:
    """Three plain photos, the first with a white square at the top left, and a timeline of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        media = []
        for name, color in (("red", RED), ("green", GREEN), ("blue", BLUE), ("grey", (120, 120, 120))):
            picture = np.full((HIGH * 2, WIDE * 2, 3), color, np.uint8)
            if name == "red":
                picture[:120, :160] = 255
            Image.fromarray(picture).save(folder / f"{name}.png")
            media.append(probe(folder / f"{name}.png"))
        self.library = Library(tuple(media))
        self.count = 0
        plain = Draft(m={"width": WIDE, "height": HIGH, "fps": FPS})
        first = "make a 3 second video of the first three photos with hard cuts, without music and title"
        self.draft = self.after(self.after(plain, first), "stop the camera moves")

    def after(self, draft: Draft, *requests: str) -> Draft:
        for request in requests:
            plan = planner.plan(request, draft, self.library, planner.Context())
            assert plan.ops, f"{request!r}: {plan}"
            draft = planner.apply(draft, plan, self.library)
        return draft

    def film(self, *requests: str) -> Film:
        self.count += 1
        path = self.folder / f"{self.count}.mp4"
        render(compose(self.after(self.draft, *requests), self.library), path)
        return Film(path)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(tmp_path_factory.mktemp("seen"))


def near(color: Any, wanted: Any) -> bool:
    return bool(np.abs(np.asarray(color) - np.asarray(wanted)).max() < 14)


@pytest.mark.parametrize(
    ("request_text", "colors", "frames"),
    [
        ("put the last photo first", (BLUE, RED, GREEN), 30),
        ("remove photo 2", (RED, BLUE), 20),
        ("swap the first and the last", (BLUE, GREEN, RED), 30),
        ("replace the second photo with grey.png", (RED, (120, 120, 120), BLUE), 30),
        ("add grey.png at the end", (RED, GREEN, BLUE, (120, 120, 120)), 40),
        ("顺序倒过来", (BLUE, GREEN, RED), 30),
        ("lose the first second", (GREEN, BLUE), 20),
    ],
)
def test_the_shots_are_seen_in_the_order_that_was_asked_for(
    room: Room, request_text: str, colors: Any, frames: int
) -> None:
    film = room.film(request_text)
    assert len(film.frames) == frames
    for n, wanted in enumerate(colors):
        assert near(film.colour(n + 0.5), wanted), (n, film.colour(n + 0.5))


def test_black_and_white_of_one_photo_has_no_colour_and_the_others_do(room: Room) -> None:
    film = room.film("photo 2 in black and white")
    assert np.ptp(film.colour(1.5)) < 4
    assert near(film.colour(0.5), RED)


def test_brighter_is_brighter(room: Room) -> None:
    assert room.film("make it brighter").colour(1.5).mean() > room.film("make it darker").colour(1.5).mean() + 15


def test_a_mirrored_photo_has_its_corner_on_the_other_side(room: Room) -> None:
    frame = room.film("mirror photo 1").at(0.5)
    assert frame[20, WIDE - 20].min() > 230
    assert frame[20, 20].min() < 90


def test_a_photo_that_was_turned_upside_down_has_its_corner_below(room: Room) -> None:
    frame = room.film("turn photo 1 upside down").at(0.5)
    assert frame[HIGH - 20, WIDE - 20].min() > 230


def test_a_zoom_shows_the_picture_larger(room: Room) -> None:
    plain, zoomed = (room.film(*wish).at(0.5) for wish in ((), ("zoom in on photo 1 by 20%",)))

    def white(frame: Any) -> int:
        return int((frame.min(axis=2) > 230).sum())

    # The square is cut off at the frame's edge or grows, as the picture's middle is chosen; it never stays.
    assert abs(white(zoomed) / white(plain) - 1) > 0.2


def test_a_title_is_seen_while_it_is_there_in_its_colour(room: Room) -> None:
    film = room.film("add the title 'HELLO' in yellow", "show the title from 1 to 2 seconds")

    def yellow(seconds: float) -> int:
        frame = film.at(seconds)
        return int(((frame[..., 0] > 200) & (frame[..., 1] > 190) & (frame[..., 2] < 120)).sum())

    assert yellow(1.5) > 100
    assert yellow(0.5) == yellow(2.5) == 0


def test_words_at_the_bottom_are_at_the_bottom(room: Room) -> None:
    frame = room.film("write 'SALE' at the bottom in white").at(2.5)
    bright = frame.min(axis=2) > 200
    rows = np.nonzero(bright.any(axis=1))[0]
    assert rows.size
    assert rows.min() > HIGH // 2


def test_a_crossfade_shows_both_pictures(room: Room) -> None:
    film = room.film("crossfades of 0.4 seconds")
    between = film.colour(1.2)
    assert RED[0] - 25 > between[0] > GREEN[0] + 25


def test_a_fade_out_ends_in_black(room: Room) -> None:
    film = room.film("fade out at the end")
    assert film.colour(2.9).mean() < 25
    assert near(film.colour(1.5), GREEN)


def test_a_coloured_background_is_beside_what_is_shown_whole(room: Room) -> None:
    frame = room.film("make it vertical", "show the whole picture, don't crop", "put a white background behind it").at(
        1.5
    )
    assert frame.shape[0] > frame.shape[1]
    assert frame[10, frame.shape[1] // 2].min() > 235
    assert near(frame[frame.shape[0] // 2, frame.shape[1] // 2], GREEN)


def test_music_is_heard_and_its_end_fades(room: Room) -> None:
    film = room.film("add upbeat music", "fade the music out over 2 seconds")
    assert film.loud(0.3, 1) > 0.01
    assert film.loud(2.8, 3) < film.loud(0.3, 1) / 3


def test_quieter_music_is_quieter_under_a_sound_effect(room: Room) -> None:
    # Loudness as a whole is brought to one level, so levels are compared within one film.
    loud = room.film("add calm music", "play a ding at 0:01")
    soft = room.film("add calm music", "play a ding at 0:01", "music at 5%")
    assert soft.loud(0, 0.9) / soft.loud(1, 1.4) < loud.loud(0, 0.9) / loud.loud(1, 1.4) / 2


def test_a_muted_film_is_silent(room: Room) -> None:
    assert room.film("add upbeat music", "mute everything").loud(0, 3) < 1e-4


def test_a_logo_stands_on_its_card_in_the_colour_that_was_said_and_nowhere_else(room: Room) -> None:
    orange, navy = (230, 130, 20), (0, 0, 128)
    disc = np.zeros((200, 200, 4), np.uint8)
    y, x = np.mgrid[:200, :200]
    disc[(y - 100) ** 2 + (x - 100) ** 2 < 90**2] = (*orange, 255)
    Image.fromarray(disc).save(room.folder / "logo.png")
    library = room.library.add(probe(room.folder / "logo.png"))
    draft = room.draft
    for wish in ("put the logo in the top right", "add a navy end card with our logo for 1 second"):
        draft = planner.apply(draft, planner.plan(wish, draft, library), library)
    path = room.folder / "card.mp4"
    render(compose(draft, library), path)
    film = Film(path)
    assert near(film.colour(3.7), orange)
    corner = np.s_[4:16, WIDE - 16 : WIDE - 4]
    assert near(film.at(3.7)[corner].mean(axis=(0, 1)), navy)
    assert not near(film.at(1.5)[corner].mean(axis=(0, 1)), GREEN)
