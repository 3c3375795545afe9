"""What a person's hands and eyes do, for the browser tests."""

from __future__ import annotations

import base64
from importlib import resources
from pathlib import Path

import av
from playwright.sync_api import expect

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
LONG = 120_000
AXE = Path(__file__).parents[2] / "js/node_modules/axe-core/axe.min.js"

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


def option(region, track, index):
    return region.get_by_role("listbox", name=track).get_by_role("option").nth(index)


def playable(region):
    video = region.get_by_label("Preview", exact=True)
    expect(video).to_be_visible(timeout=LONG)
    region.page.wait_for_function("v => v.readyState >= 2", arg=video.element_handle(), timeout=LONG)
    return video


def mean_color(path):
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").reshape(-1, 3).mean(0)


def nothing_serious(page):
    """axe finds nothing serious in the widget (the page around it is not ours)."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # By its element: in marimo it stands in a shadow tree, where no selector of the page's finds it.
    found = page.locator("section.rf").first.evaluate("node => axe.run(node, {resultTypes: ['violations']})")
    bad = [
        (v["id"], [n["html"][:200] for n in v["nodes"]])
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert not bad, bad
