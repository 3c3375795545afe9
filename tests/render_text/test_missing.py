"""Characters that no font has: told once for a whole video, also when it comes from the cache; refused in strict mode."""

from __future__ import annotations

import pytest

from reelframe.draft import Draft, Segment, Track
from reelframe.errors import FontError
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render
from reelframe.render.text import TextStyle, missing_glyphs

# Private use: no font that a machine usually has draws these.
NOBODYS = "\ue9f0\ue9f1"


@pytest.fixture
def composition():
    texts = [Segment.make(400, id=str(n), text=f"A{c}", role="text", start=0) for n, c in enumerate(NOBODYS)]
    card = Segment.make(400, id="c", role="card", color="#204060", start=0)
    draft = Draft(t=(Track(tt=0, sg=(card,)), *(Track(tt=7, sg=(t,)) for t in texts)), d=400)
    return compose(draft.with_m(width=160, height=96, fps=5), Library())


def test_one_warning_for_the_whole_video_also_from_the_cache(composition, tmp_path):
    cache = Cache(tmp_path / "cache")
    for name in ("first.mp4", "again.mp4"):
        (warning,) = render(composition, tmp_path / name, cache=cache).warnings
        assert "U+E9F0" in warning
        assert "U+E9F1" in warning
        assert "Install" in warning


def test_strict_mode_refuses_before_any_work(composition, tmp_path, monkeypatch):
    monkeypatch.setenv("REELFRAME_STRICT_GLYPHS", "1")
    with pytest.raises(FontError, match=r"U\+E9F0.*Install"):
        render(composition, tmp_path / "out.mp4", cache=Cache(tmp_path / "cache"))
    assert not (tmp_path / "out.mp4").exists()


def test_what_is_all_there_says_nothing(inter):
    assert missing_glyphs([("Größe", TextStyle()), ("", TextStyle())], book=inter, strict=True) is None
    assert "U+4E2D" in missing_glyphs([("a", TextStyle()), ("中", TextStyle())], book=inter)
