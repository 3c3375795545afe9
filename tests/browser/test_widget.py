"""What a person does with the widget, in a real JupyterLab: drop, type, watch, refine, export, download."""

from __future__ import annotations

import re

import av
import numpy as np
import pytest
from person import (
    DROP,
    LONG,
    PHOTOS,
    PIXEL,
    SAMPLES,
    dropped,
    mean_color,
    nothing_serious,
    option,
    playable,
    say,
    studio,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_from_photos_to_a_downloaded_video(lab, page, artifacts):
    lab.open(page, lab.write("main.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio(project='Autumn')\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    page.screenshot(path=artifacts / "lab-empty.png")
    region.evaluate(DROP, dropped([*PHOTOS, SAMPLES / "logo.png"]))
    tiles = region.get_by_role("listitem")
    expect(tiles).to_have_count(6, timeout=LONG)
    expect(tiles.first.locator("img")).to_be_visible(timeout=LONG)

    # The logo first, by keyboard; and the last photo is taken out.
    tiles.nth(5).focus()
    for _ in range(5):
        page.keyboard.press("Alt+ArrowLeft")
    expect(tiles.first).to_have_attribute("aria-label", re.compile("logo.png"))
    tiles.nth(5).focus()
    page.keyboard.press("Delete")
    expect(tiles).to_have_count(5, timeout=LONG)

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
    expect(region.get_by_role("listbox", name="Video").get_by_role("option")).to_have_count(4)
    expect(region.get_by_role("listbox", name="Logo").get_by_role("option")).to_have_count(1)
    expect(region.locator(".rf-wave")).to_have_count(1, timeout=LONG)
    page.screenshot(path=artifacts / "lab-light.png")
    nothing_serious(page)

    # What is selected on the timeline is what "this" means; a click also seeks.
    option(region, "Video", 1).click()
    assert video.evaluate("v => v.currentTime") == pytest.approx(1.55, abs=0.02)
    expect(option(region, "Video", 1)).to_have_attribute("aria-selected", "true")
    say(region, "make this black and white")
    expect(log).to_contain_text(re.compile(PHOTOS[1].name + ".*(black|grey|gray|mono)", re.IGNORECASE), timeout=LONG)

    # A text is put elsewhere by hand; undo brings it back.
    title = region.get_by_role("listbox", name="Title").get_by_role("option")
    before = title.get_attribute("aria-label")
    box = title.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(title).not_to_have_attribute("aria-label", before, timeout=LONG)
    assert lab.python(page, "print(studio.timeline.query('kind == \"text\"').start_s.iloc[0])").strip() != "0.5"
    region.get_by_role("button", name="Undo").click()
    expect(title).to_have_attribute("aria-label", before, timeout=LONG)

    export = region.get_by_role("button", name="Export", exact=True)
    expect(export).to_be_enabled(timeout=LONG)
    export.click()
    # In the middle of it the page is loaded again: the same state comes back, and the export goes on reporting.
    expect(region.get_by_role("progressbar").first).to_be_visible()
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.open(page, "main.ipynb")
    region = studio(page)
    expect(region.get_by_role("listitem")).to_have_count(5, timeout=LONG)
    expect(region.get_by_role("log", name="Activity")).to_contain_text("make this black and white")
    region.get_by_role("textbox", name="Describe your video").press("ArrowUp")
    expect(region.get_by_role("textbox", name="Describe your video")).to_have_value("make this black and white")
    download = region.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=LONG)
    video = playable(region)
    expect(region.locator(".rf-facts")).to_contain_text("1920×1080")
    # The export is below the server's root, so it is played from there, without going through the kernel.
    page.wait_for_function("v => v.src.includes('/files/Autumn-1.mp4')", arg=video.element_handle(), timeout=LONG)
    with page.expect_download(timeout=LONG) as caught:
        download.click()
    path = artifacts / "downloaded.mp4"
    caught.value.save_as(path)
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert (stream.width, stream.height) == (1920, 1080)
        assert sum(1 for _ in file.decode(stream)) == 180
    assert page.problems == []


def test_the_theme_is_followed_live_and_contrast_holds(lab, page, artifacts):
    lab.open(page, lab.write("dark.ipynb", "import reelframe as rf\nrf.VideoStudio()"))
    lab.run(page, 0)
    region = studio(page)
    expect(region).not_to_have_class(re.compile("rf-dark"))
    for theme, contrast in (("JupyterLab Dark", False), ("JupyterLab Dark High Contrast", True)):
        page.evaluate("t => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t})", theme)
        expect(region).to_have_class(re.compile("rf-dark"))
        if contrast:
            expect(region).to_have_class(re.compile("rf-contrast"))
        nothing_serious(page)
        page.screenshot(path=artifacts / f"{theme.lower().replace(' ', '-')}.png")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    expect(region).not_to_have_class(re.compile("rf-dark"))


def test_a_wrong_file_is_refused_with_the_reason_before_a_byte_moves(lab, page):
    lab.open(page, lab.write("wrong.ipynb", "import reelframe as rf\nrf.VideoStudio()"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, [["notes.docx", "application/x", "AAAA"], *dropped(PHOTOS[:1])])
    alert = region.get_by_role("alert").filter(has_text="notes.docx")
    expect(alert).to_contain_text("png")
    expect(region.get_by_role("listitem")).to_have_count(1, timeout=LONG)
    expect(region.get_by_role("button", name="Try again notes.docx")).to_be_hidden()
    region.get_by_role("button", name="Dismiss notes.docx").click()
    expect(alert).to_be_hidden()


def test_a_cell_and_the_widget_are_one_and_the_notebook_stays_small(lab, page):
    cells = [
        "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio",
        f"studio.upload({str(PHOTOS[0])!r}, {str(PHOTOS[1])!r})\njob = studio.send('make a 3-second video of these')\nprint(job.result().text)",
        "studio",
    ]
    lab.open(page, lab.write("cell.ipynb", *cells))
    lab.run(page, 0)
    lab.run(page, 1)
    region = studio(page)
    expect(region.get_by_role("log", name="Activity")).to_contain_text("make a 3-second video of these")
    expect(region.get_by_role("listbox", name="Video").get_by_role("option")).to_have_count(2, timeout=LONG)
    said = lab.python(page, "print(len(studio.media), studio.draft.duration_ms, job.state)")
    assert said.split() == ["2", "3000", "done"]
    # A second view shows the same, and typing in one shows in both.
    lab.run(page, 2)
    regions = page.get_by_role("region", name="Video studio")
    expect(regions).to_have_count(2)
    say(regions.first, "make it square")
    for one in (regions.first, regions.nth(1)):
        expect(one.get_by_role("log", name="Activity")).to_contain_text("1:1", timeout=LONG)
    # The static output is there for whoever opens the file without a kernel, and hidden while the widget lives.
    expect(page.locator(".rf-static").first).to_be_hidden()
    lab.python(page, "import time; time.sleep(0.5)")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    saved = (lab.notebooks / "cell.ipynb").read_text()
    assert "data:image/jpeg;base64" in saved
    assert PHOTOS[1].name in saved
    assert len(saved) < 2 * 20_000, "two outputs, each under 20 KB"
