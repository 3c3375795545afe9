"""What a person does with the widget, in a real JupyterLab: drop, type, watch, refine, export, download."""

from __future__ import annotations

import base64
import re
from importlib import resources
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
LONG = 120_000

DROP = """(target, files) => {
  const data = new DataTransfer();
  for (const [name, type, text] of files)
    data.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, {type}));
  for (const kind of ['dragenter', 'dragover', 'drop'])
    target.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
PIXEL = """async ([video, at]) => {
  await new Promise(done => { video.addEventListener('seeked', done, {once: true}); video.currentTime = at; });
  const c = document.createElement('canvas'); c.width = video.videoWidth; c.height = video.videoHeight;
  const g = c.getContext('2d'); g.drawImage(video, 0, 0);
  const d = g.getImageData(0, 0, c.width, c.height).data;
  const mean = [0, 0, 0]; for (let i = 0; i < d.length; i += 4) for (let k = 0; k < 3; k++) mean[k] += d[i + k];
  return {width: c.width, height: c.height, duration: video.duration, mean: mean.map(v => v / (d.length / 4))};
}"""


def dropped(paths):
    return [[p.name, f"image/{p.suffix[1:]}", base64.b64encode(p.read_bytes()).decode()] for p in paths]


def studio(page):
    region = page.get_by_role("region", name="Video studio")
    expect(region).to_be_visible()
    return region


def say(region, text):
    box = region.get_by_role("textbox", name="Describe your video")
    box.fill(text)
    box.press("Enter")


def playable(region):
    video = region.get_by_label("Preview", exact=True)
    expect(video).to_be_visible(timeout=LONG)
    region.page.wait_for_function("v => v.readyState >= 2", arg=video.element_handle(), timeout=LONG)
    return video


def mean_color(path):
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").reshape(-1, 3).mean(0)


def test_from_photos_to_a_downloaded_video(lab, page, artifacts):
    lab.open(page, lab.write("main.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio(project='Autumn')\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, dropped([*PHOTOS, SAMPLES / "logo.png"]))
    tiles = region.get_by_role("listitem")
    expect(tiles).to_have_count(6, timeout=LONG)
    expect(tiles.first.locator("img")).to_be_visible(timeout=LONG)

    say(region, "combine these images into a 6-second video with background music and text overlays")
    log = region.get_by_role("log", name="Activity")
    expect(log).to_contain_text("combine these images")
    expect(log).to_contain_text(re.compile("assume", re.IGNORECASE), timeout=LONG)
    video = playable(region)
    seen = page.evaluate(PIXEL, [video.element_handle(), 0.2])
    assert seen["duration"] == pytest.approx(6, abs=0.1)
    assert seen["width"] / seen["height"] == pytest.approx(16 / 9, abs=0.02)
    # The first photo's own colours, not a black or a broken picture.
    assert np.abs(np.array(seen["mean"]) - mean_color(PHOTOS[0])).max() < 25
    expect(region.get_by_role("listbox", name="Video").first.get_by_role("option")).to_have_count(5)
    page.screenshot(path=artifacts / "lab-light.png")

    say(region, 'change the title to "Autumn 2026"')
    expect(region.get_by_role("listbox", name="Title").get_by_role("option")).to_have_text("Autumn 2026", timeout=LONG)
    region.get_by_role("button", name="Undo").click()
    expect(region.get_by_role("listbox", name="Title").get_by_role("option")).not_to_have_text(
        "Autumn 2026", timeout=LONG
    )

    export = region.get_by_role("button", name="Export", exact=True)
    expect(export).to_be_enabled(timeout=LONG)
    export.click()
    download = region.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=LONG)
    with page.expect_download(timeout=LONG) as caught:
        download.click()
    path = artifacts / "downloaded.mp4"
    caught.value.save_as(path)
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (1920, 1080)
        assert sum(1 for _ in file.decode(stream)) == 180
    assert page.problems == []


def test_the_dark_theme_is_followed(lab, page, artifacts):
    lab.open(page, lab.write("dark.ipynb", "import reelframe as rf\nrf.VideoStudio()"))
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    lab.run(page, 0)
    region = studio(page)
    expect(region).to_have_class(re.compile("rf-dark"))
    page.screenshot(path=artifacts / "lab-dark.png")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    expect(region).not_to_have_class(re.compile("rf-dark"))


def test_a_wrong_file_is_refused_with_the_reason_before_a_byte_moves(lab, page):
    lab.open(page, lab.write("wrong.ipynb", "import reelframe as rf\nrf.VideoStudio()"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, [["notes.docx", "application/x", "AAAA"]])
    expect(region.get_by_role("alert")).to_contain_text("notes.docx")
    expect(region.get_by_role("alert")).to_contain_text("png")


def test_sending_from_a_cell_shows_in_the_widget(lab, page):
    cells = [
        "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio",
        f"studio.upload({str(PHOTOS[0])!r}, {str(PHOTOS[1])!r})\njob = studio.send('make a 3-second video of these')\nprint(job.result().text)",
    ]
    lab.open(page, lab.write("cell.ipynb", *cells))
    lab.run(page, 0)
    lab.run(page, 1)
    region = studio(page)
    expect(region.get_by_role("log", name="Activity")).to_contain_text("make a 3-second video of these")
    assert lab.python(page, "print(len(studio.media), studio.draft.duration_ms, job.state)").split() == [
        "2",
        "3000",
        "done",
    ]
    # Typing and a cell are the same session.
    say(region, "make it square")
    page.wait_for_function("() => true")
    expect(region.get_by_role("log", name="Activity")).to_contain_text("1:1", timeout=LONG)
