"""The gallery and the comparison: one HTML that holds all it needs, and says what failed in words."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import reelframe as rf
from reelframe.errors import ConfigurationError, StorageError

SHOTS = Path(__file__).parents[2] / "artifacts"


class Reader(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def results(run, products):
    products.loc["<b>d</b>"] = ['"><script>alert(1)</script>', 1.0, "gone & <lost>.jpg"]
    return run(products, variants={"short": "a 1-second video without music", "long": "a 2-second video without music"})


def test_a_page_that_opens_anywhere(results, tmp_path):
    page = Reader(rf.gallery(results, title="Autumn <2026>").save(tmp_path / "out/index.html").read_text("utf-8"))
    videos = page.all("video")
    assert len(videos) == 6 and not page.all("script") and not page.all("link") and not page.all("b")
    for video in videos:
        assert video["poster"].startswith("data:image/jpeg;base64,/9j/") and video["preload"] == "none"
        assert (tmp_path / "out" / video["src"]).exists(), "beside the page, and linked from there"
    text = " ".join(page.text)
    assert "Autumn <2026> · 6 done, 2 failed" in text
    assert "<b>d</b> · short" in text and "gone & <lost>.jpg" in text
    assert [svg["aria-label"] for svg in page.all("svg")] == ["Durations", "Sizes", "Failures"]
    addresses = re.findall(r"""(?:src|href|url\()=?['"]?(https?:[^'")]+)""", (tmp_path / "out/index.html").read_text())
    assert addresses == []


def test_variants_stand_side_by_side(results):
    page = Reader(rf.compare(results, by="variant")._repr_html_())
    assert [line for line in page.text if line in {"short", "long"}] == ["short", "long"]
    assert len(page.all("tr")) == 5 and len(page.all("td")) == 8
    by_status = Reader(rf.compare(results, by="status")._repr_html_())
    assert "failed" in by_status.text


@pytest.mark.parametrize(("limit", "shown"), [(3, 3), (8, 8)])
def test_long_tables_are_cut_and_it_is_said(results, limit, shown):
    html = rf.gallery(results, limit=limit)._repr_html_()
    assert html.count("class='card ") == shown
    assert ("and 5 more" in html) is (limit == 3)


def test_what_is_no_table_of_results_is_refused(results, tmp_path):
    with pytest.raises(ConfigurationError, match="no name, status, path, error"):
        rf.gallery(pd.DataFrame({"a": [1]}))
    with pytest.raises(ConfigurationError, match="no column 'language'"):
        rf.compare(results, by="language")
    with pytest.raises(StorageError, match="can't be written"):
        rf.gallery(results).save(tmp_path / "nowhere/index.html")


def test_results_without_anything_made(results):
    html = rf.gallery(results[results.status == "failed"])._repr_html_()
    assert "nothing yet" in html and "2 failed" in html and "<video" not in html
    assert "no rows" in rf.gallery(results.iloc[:0])._repr_html_()


@pytest.mark.slow
@pytest.mark.browser
def test_in_a_browser_light_and_dark_it_plays_under_the_pointer(results, tmp_path):
    from playwright.sync_api import sync_playwright

    SHOTS.mkdir(exist_ok=True)
    rf.gallery(results).save(tmp_path / "out/index.html")
    chromium = next(
        (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme, dark in (("light", False), ("dark", True)):
            page = browser.new_page(viewport={"width": 1000, "height": 700}, color_scheme=scheme)
            errors = []
            page.on("pageerror", lambda error, seen=errors: seen.append(str(error)))
            page.goto((tmp_path / "out/index.html").as_uri())
            video = page.locator("video").first
            assert video.evaluate("v => v.readyState") == 0, "nothing is loaded before it is looked at"
            video.hover()
            page.wait_for_function("() => document.querySelector('video').currentTime > 0.05")
            page.screenshot(path=SHOTS / f"gallery-{scheme}.png")
            back = page.evaluate(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
            )
            assert (sum(back) < 200) is dark
            width, inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert width <= inner and errors == []
        browser.close()
