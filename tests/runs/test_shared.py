"""What several renders share is made once, also when they run at the same moment."""

from __future__ import annotations

import threading
from collections import Counter

import pandas as pd
from PIL import Image

import reelframe as rf
from reelframe.render import Cache


def test_pieces_and_sound_that_rows_share_are_made_once_at_once(run, photos, tmp_path, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    Image.new("RGB", (96, 64), (200, 40, 40)).save(tmp_path / "intro.png")
    puts, lock, put = Counter(), threading.Lock(), Cache.put

    def counted(self, key, encoded):
        with lock:
            puts[key] += 1
        return put(self, key, encoded)

    monkeypatch.setattr(Cache, "put", counted)
    products = pd.DataFrame({"name": list("abcd"), "photo": [str(p) for p in photos]})
    with ThreadPoolExecutor(4) as threads:
        results = run(
            products, 'a 3-second video with calm music and the text "{name}" from 1.5 to 1.8 seconds', executor=threads,
            intro=tmp_path / "intro.png", outro=tmp_path / "intro.png",
        )  # fmt: skip
    assert results.status.tolist() == ["done"] * 4
    assert set(puts.values()) == {1}
    # Each row's own photo, and what all share: the sound and the intro, which is the outro too.
    assert len(puts) <= 3 + 4 * 4, sorted(puts)


def test_a_piece_whose_maker_left_is_made_by_the_next(tmp_path):
    cache = Cache(tmp_path)
    with cache.making("ab1") as first, cache.making("ab1") as second, cache.making("cd1") as other:
        assert (first, second, other) == (True, False, True)
    with cache.making("ab1") as again:
        assert again


def test_other_kinds_of_files_come_out_of_a_table_too(run, products):
    results = run(products.iloc[:1], output={"width": 96, "height": 64, "fps": 5, "format": "gif"})
    assert results.status.tolist() == ["done"], results.error.iloc[0]
    assert results.path.iloc[0].endswith(".gif") and rf.gallery(results)
    with Image.open(results.path.iloc[0]) as picture:
        assert picture.n_frames > 1
