"""The preview that is watched while it is made, in a real JupyterLab: pictures before the whole, then sharper."""

from __future__ import annotations

import re

import numpy as np
import pytest
from person import DROP, LONG, PHOTOS, dropped, say, studio
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

# Keeps when the page first had something of each kind: the plan's timeline, a frame to show, the whole preview.
WATCH = """region => {
  const seen = window.seen = {};
  const note = (name, more = {}) => { if (!(name in seen)) seen[name] = {at: performance.now(), ...more}; };
  const look = () => {
    const video = region.querySelector('video');
    if (region.querySelectorAll('[role=option]').length) note('plan');
    if (video.readyState >= 2 && video.videoWidth) {
      const c = document.createElement('canvas'); c.width = 64; c.height = 36;
      const g = c.getContext('2d'); g.drawImage(video, 0, 0, 64, 36);
      const d = g.getImageData(0, 0, 64, 36).data; let light = 0;
      for (let i = 0; i < d.length; i += 4) light += d[i] + d[i + 1] + d[i + 2];
      const facts = region.querySelector('.rf-facts').textContent;
      const end = video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0;
      note('frame', {light: light / (64 * 36 * 3), facts, end, height: video.videoHeight, duration: video.duration, source: video.src});
      if (video.videoHeight > 360) note('sharp', {height: video.videoHeight, time: video.currentTime, rate: video.playbackRate, paused: video.paused});
      if (!/still being made/.test(facts)) note('whole');
    }
    window.looking = setTimeout(look, 20);
  };
  look();
}"""


def test_pictures_before_the_whole_then_sharper_at_the_same_place(lab, page, artifacts):
    lab.open(page, lab.write("stream.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, dropped(PHOTOS))
    expect(region.get_by_role("listitem")).to_have_count(5, timeout=LONG)
    region.evaluate(WATCH)
    say(region, "make a 30-second video of these with music and the title 'Autumn'")
    page.wait_for_function("() => window.seen.frame", timeout=LONG)
    page.screenshot(path=artifacts / "lab-growing.png")
    # Somebody plays it while it grows, slowly, so that it does not end on the slowest machine.
    video = region.get_by_label("Preview", exact=True)
    video.evaluate("v => { v.muted = true; v.currentTime = 0.4; v.playbackRate = 0.1; return v.play(); }")
    page.wait_for_function("() => window.seen.sharp", timeout=LONG)
    seen = page.evaluate("() => window.seen")
    first = seen["frame"]
    after = {name: round(seen[name]["at"] - seen["plan"]["at"]) for name in ("frame", "whole", "sharp")}
    print(after, "ms after the plan")
    assert first["light"] > 20, "no black picture"
    assert "still being made" in first["facts"]
    # Music is composed meanwhile, and comes with the sharper film.
    assert "sound follows" in first["facts"]
    assert first["height"] == 360
    assert first["source"].startswith("blob:")
    # The length is known from the beginning, though only a part is there.
    assert first["duration"] == pytest.approx(30, abs=0.1)
    assert first["end"] < 30
    assert seen["frame"]["at"] < seen["whole"]["at"]
    # The sharper film goes on where the small one was.
    assert seen["sharp"]["height"] == 720
    assert not seen["sharp"]["paused"]
    assert 0.4 < seen["sharp"]["time"] < 30
    assert seen["sharp"]["rate"] == pytest.approx(0.1)
    expect(region.locator(".rf-facts")).not_to_contain_text("sound follows")
    expect(region.locator(".rf-wave")).to_have_count(1, timeout=LONG)
    assert page.problems == []


def test_an_edit_and_a_reload_in_the_middle_begin_it_anew(lab, page):
    lab.open(page, lab.write("anew.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, dropped(PHOTOS))
    expect(region.get_by_role("listitem")).to_have_count(5, timeout=LONG)
    say(region, "make a 60-second video of these without music")
    facts = region.locator(".rf-facts")
    expect(facts).to_contain_text("still being made", timeout=LONG)
    before = lab.python(page, "print(studio.view['growing'] and studio.view['growing']['revision'])").strip()
    say(region, "make it black and white")
    expect(region.get_by_role("log")).to_contain_text(
        re.compile("- .*(black|grey|gray|mono)", re.IGNORECASE), timeout=LONG
    )
    expect(facts).to_contain_text("still being made", timeout=LONG)
    after = lab.python(page, "print(studio.view['growing'] and studio.view['growing']['revision'])").strip()
    assert after != before
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.open(page, "anew.ipynb")
    region = studio(page)
    expect(region.locator(".rf-facts")).to_contain_text(re.compile("1280×720"), timeout=LONG)
    seen = region.get_by_label("Preview", exact=True).evaluate("v => [v.videoHeight, v.duration]")
    assert seen == [720, pytest.approx(60, abs=0.1)]


# The poster and the film's frame at a time, each as 32 x 18 pixels of three values.
POSTER = """async ([video, at]) => {
  const poster = new Image(); poster.src = video.poster; await poster.decode();
  const played = video.played.length;
  await new Promise(done => { video.addEventListener('seeked', done, {once: true}); video.currentTime = at; });
  const c = document.createElement('canvas'); c.width = 32; c.height = 18;
  const pixels = (what) => { const g = c.getContext('2d'); g.drawImage(what, 0, 0, 32, 18);
    return [...g.getImageData(0, 0, 32, 18).data].filter((_, i) => i % 4 < 3); };
  return {played, shape: [poster.naturalWidth, poster.naturalHeight], poster: pixels(poster), frame: pixels(video)};
}"""


@pytest.mark.parametrize(("words", "at"), [("without music", 0), ("without music, fading in from black", 0.6)])
def test_before_it_is_played_a_film_shows_itself(lab, page, artifacts, words, at):
    cell = "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio"
    lab.open(page, lab.write(f"poster-{at}.ipynb", cell))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, dropped(PHOTOS[:2]))
    expect(region.get_by_role("listitem")).to_have_count(2, timeout=LONG)
    say(region, f"make a 2.4-second video of these {words}")
    expect(region.locator(".rf-facts")).to_contain_text("1280×720", timeout=LONG)
    video = region.get_by_label("Preview", exact=True)
    expect(video).to_have_attribute("poster", re.compile("^data:image/jpeg;base64,"), timeout=LONG)
    page.screenshot(path=artifacts / f"lab-poster-{at}.png")
    seen = page.evaluate(POSTER, [video.element_handle(), at])
    poster, frame = np.array(seen["poster"]), np.array(seen["frame"])
    assert (seen["played"], seen["shape"]) == (0, [1280, 720])
    assert poster.mean() > 20, "not black"
    assert poster.std() > 20, "not blank"
    assert np.abs(poster - frame).mean() < 6, "the film's own picture"
    first = page.evaluate(POSTER, [video.element_handle(), 0.01])["frame"]
    assert (np.mean(first) < 10) == (at > 0), "a film that begins in black is shown from where it can be seen"
    assert page.problems == []
