"""Make the pictures of the README: the real widget in a real JupyterLab, and frames of the real demo video.

    python scripts/make_images.py            all of them
    python scripts/make_images.py frames     frames, widget and animation can be made apart

Needs the development dependencies (``make test`` installs them); takes two or three minutes.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import tempfile
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import av
from PIL import Image
from playwright.sync_api import expect, sync_playwright

import reelframe as rf

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs/images"
SAMPLES = Path(str(resources.files("reelframe") / "samples"))
REQUEST = "combine these images into a 30-second video with background music and text overlays"
PROJECT = "Made by hand"
# The title is up from 0.5 s to 4.5 s; the middle of the fourth photo shows the logo without it.
MOMENTS = {"frame-title.jpg": 2.0, "frame-logo.jpg": 20.0}
FRAME_WIDTH = 960
EACH_MOST, TOGETHER_MOST = 900_000, 1_600_000
# The moving picture: what is typed after the first video, how wide it is (px), and how many colours it has.
REFINEMENT = "make it black and white and the title larger"
ANIMATION_WIDTH = 880
COLORS = 160
# Moments of the preview that are shown, in seconds, and for how long each (ms).
PLAYED = (1.0, 1.6, 2.2, 2.8, 3.4, 5.6, 5.8, 6.0, 6.2, 6.4, 7.0, 7.6)
PLAYED_MS = 180
PATIENCE_MS = 60_000


def browser_kit():
    """The browser tests' own way to a JupyterLab, so that there is only one."""
    spec = importlib.util.spec_from_file_location("browser_kit", ROOT / "tests/browser/conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_frames(folder: Path) -> None:
    """Frames of the video that ``reelframe demo`` makes."""
    photos = sorted(SAMPLES.glob("*.jpg"))
    video = rf.create(photos, REQUEST, folder / "demo.mp4", project=PROJECT, logo=SAMPLES / "logo.png")
    with av.open(str(video.path)) as file:
        waiting = dict(sorted(MOMENTS.items(), key=lambda item: item[1]))
        for frame in file.decode(video=0):
            for name in [name for name, second in waiting.items() if frame.time >= second]:
                picture = frame.to_image()
                height = round(picture.height * FRAME_WIDTH / picture.width)
                small = picture.resize((FRAME_WIDTH, height), Image.Resampling.LANCZOS)
                small.save(IMAGES / name, quality=85, optimize=True, progressive=True)
                del waiting[name]
            if not waiting:
                return
    message = f"The video is too short for {', '.join(waiting)}."
    raise RuntimeError(message)


@contextmanager
def studio(folder: Path):
    """A notebook with the widget in it: the page, and the widget's part of it."""
    kit = browser_kit()
    lab = kit.Lab(folder / "lab")
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.chromium_path(), args=kit.FLAGS)
            page = chromium.new_page(viewport={"width": 1500, "height": 1500}, locale="en-US")
            page.set_default_timeout(PATIENCE_MS)
            lab.open(page, lab.write("images.ipynb", f"import reelframe as rf\nrf.VideoStudio(project={PROJECT!r})"))
            page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
            lab.run(page, 0)
            region = page.get_by_role("region", name="Video studio")
            expect(region).to_be_visible(timeout=PATIENCE_MS)
            yield page, region
            chromium.close()
    finally:
        lab.stop()


def make_widget(folder: Path) -> None:
    """The widget after the five-photo request, in the light theme and in the dark one."""
    with studio(folder / "still") as (page, region):
        upload(page, region)
        ask(page, region, REQUEST)
        wait_for_preview(page, region)
        seek(region, MOMENTS["frame-title.jpg"])
        shoot(page, region, "widget.png")
        theme(page, "JupyterLab Dark")
        shoot(page, region, "widget-dark.png")


def make_animation(folder: Path) -> None:
    """The widget at work: files are dropped, a sentence becomes a video, a second one changes it."""
    taken: list[tuple[Image.Image, int]] = []

    with studio(folder / "moving") as (page, region):

        def take(ms: int) -> None:
            taken.append((Image.open(io.BytesIO(region.screenshot(animations="disabled"))).convert("RGB"), ms))

        def at_work() -> None:
            # Only for as long as there is something to see; what takes longer is not told apart by a picture.
            for _ in range(10):
                take(220)
                if finished(page):
                    return
                page.wait_for_timeout(250)
            wait_for_preview(page, region)

        def played(moments) -> None:
            for moment in moments:
                seek(region, moment)
                take(PLAYED_MS)

        take(900)
        upload(page, region)
        take(1000)
        ask(page, region, REQUEST, shown=take)
        at_work()
        wait_for_preview(page, region)
        played(PLAYED)
        ask(page, region, REFINEMENT, shown=take)
        at_work()
        wait_for_preview(page, region)
        played(PLAYED[:5])
        seek(region, PLAYED[2])
        take(2500)
    save_animation(taken, IMAGES / "widget.gif")


def save_animation(taken: list[tuple[Image.Image, int]], path: Path) -> None:
    """One palette for all, so that what stands still costs nothing."""
    height = max(picture.height for picture, _ in taken)
    sheets = []
    for picture, _ in taken:
        sheet = Image.new("RGB", (picture.width, height), "white")
        sheet.paste(picture)
        sheets.append(
            sheet.resize((ANIMATION_WIDTH, height * ANIMATION_WIDTH // sheet.width), Image.Resampling.LANCZOS)
        )
    every = Image.new("RGB", (sheets[0].width, sheets[0].height * len(sheets)))
    for n, sheet in enumerate(sheets):
        every.paste(sheet, (0, n * sheets[0].height))
    palette = every.quantize(COLORS, method=Image.Quantize.MEDIANCUT)
    frames = [sheet.quantize(palette=palette, dither=Image.Dither.NONE) for sheet in sheets]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=[ms for _, ms in taken], loop=0, optimize=True
    )


def upload(page, region) -> None:
    """Hand over the samples."""
    with page.expect_file_chooser() as chosen:
        region.get_by_role("button", name="choose files").click()
    chosen.value.set_files([str(path) for path in (*sorted(SAMPLES.glob("*.jpg")), SAMPLES / "logo.png")])
    expect(region.get_by_role("listitem")).to_have_count(6, timeout=PATIENCE_MS)


def ask(page, region, words: str, shown=None) -> None:
    """Type a request and send it; ``shown`` is called with milliseconds after each few letters."""
    box = region.get_by_role("textbox", name="Describe your video")
    box.focus()
    page.evaluate("() => { window.previewed = document.querySelector('video[aria-label=Preview]')?.currentSrc ?? '' }")
    for n in range(0, len(words), 12):
        box.press_sequentially(words[n : n + 12])
        if shown is not None:
            shown(130)
    if shown is not None:
        shown(500)
    box.press("Enter")


FINISHED = """() => { const v = document.querySelector('video[aria-label=Preview]');
  return !!v && v.readyState >= 2 && v.currentSrc !== window.previewed && isFinite(v.duration) && v.duration > 29 }"""


def finished(page) -> bool:
    """Whether the preview of what was asked for last is there, as a whole."""
    return page.evaluate(FINISHED)


def wait_for_preview(page, region) -> None:
    expect(region.get_by_label("Preview", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_function(FINISHED)
    page.wait_for_timeout(1500)


def seek(region, moment: float) -> None:
    """Go to a moment of the preview, in seconds."""
    region.get_by_label("Preview", exact=True).evaluate(
        """(v, at) => new Promise(done => {
             v.pause(); v.addEventListener('seeked', done, {once: true}); v.currentTime = at; })""",
        moment,
    )


def theme(page, name: str) -> None:
    page.evaluate("name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)


def shoot(page, region, name: str) -> None:
    """The widget alone, without a focus ring or a pointer over it, in 256 colours."""
    page.evaluate("() => document.activeElement?.blur()")
    page.mouse.move(0, 0)
    region.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(region.screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(IMAGES / name, optimize=True)


def check() -> None:
    sizes = {path.name: path.stat().st_size for path in sorted(IMAGES.iterdir())}
    for name, size in sizes.items():
        print(f"{name}: {size / 1000:.0f} kB")
    large = [name for name, size in sizes.items() if size > EACH_MOST]
    if large or sum(sizes.values()) > TOGETHER_MOST:
        sys.exit(f"Too large for a README: {', '.join(large) or 'all of them together'}.")


def main(wanted: list[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    makers = {"frames": make_frames, "widget": make_widget, "animation": make_animation}
    with tempfile.TemporaryDirectory(prefix="images-") as folder:
        os.environ["REELFRAME_HOME"] = f"{folder}/reelframe"
        for name in wanted or makers:
            makers[name](Path(folder))
    check()


if __name__ == "__main__":
    main(sys.argv[1:])
