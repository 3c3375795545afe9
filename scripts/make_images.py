"""Make the pictures of the README: the real widget in a real JupyterLab, and frames of the real demo video.

    python scripts/make_images.py            all of them
    python scripts/make_images.py frames     widget and frames can be made apart

Needs the development dependencies (``make test`` installs them); takes two or three minutes.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import tempfile
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
EACH_MOST, TOGETHER_MOST = 250_000, 800_000
PATIENCE_MS = 240_000


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


def make_widget(folder: Path) -> None:
    """The widget after the five-photo request, in the light theme and in the dark one."""
    kit = browser_kit()
    lab = kit.Lab(folder / "lab")
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=kit.chromium_path(), args=kit.FLAGS)
            # Two device pixels a CSS pixel for the cropping, one in the file: text stays crisp at half the size.
            page = chromium.new_page(viewport={"width": 1500, "height": 1500}, locale="en-US")
            page.set_default_timeout(PATIENCE_MS)
            lab.open(page, lab.write("images.ipynb", f"import reelframe as rf\nrf.VideoStudio(project={PROJECT!r})"))
            page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
            lab.run(page, 0)
            region = page.get_by_role("region", name="Video studio")
            at_work(page, region)
            shoot(page, region, "widget.png")
            theme(page, "JupyterLab Dark")
            shoot(page, region, "widget-dark.png")
            chromium.close()
    finally:
        lab.stop()


def at_work(page, region) -> None:
    """Hand over the samples, ask, wait for the preview, and go to a moment that shows the title."""
    with page.expect_file_chooser() as chosen:
        region.get_by_role("button", name="choose files").click()
    chosen.value.set_files([str(path) for path in (*sorted(SAMPLES.glob("*.jpg")), SAMPLES / "logo.png")])
    expect(region.get_by_role("listitem")).to_have_count(6, timeout=PATIENCE_MS)
    box = region.get_by_role("textbox", name="Describe your video")
    box.fill(REQUEST)
    box.press("Enter")
    video = region.get_by_label("Preview", exact=True)
    expect(video).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_function("v => v.readyState >= 2", arg=video.element_handle())
    video.evaluate(
        """(v, at) => new Promise(done => { v.addEventListener('seeked', done, {once: true}); v.currentTime = at; })""",
        MOMENTS["frame-title.jpg"],
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
    makers = {"frames": make_frames, "widget": make_widget}
    with tempfile.TemporaryDirectory(prefix="images-") as folder:
        os.environ["REELFRAME_HOME"] = f"{folder}/reelframe"
        for name in wanted or makers:
            makers[name](Path(folder))
    check()


if __name__ == "__main__":
    main(sys.argv[1:])
