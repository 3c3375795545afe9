"""What hands and keys do in a real JupyterLab: drag, trim, undo, choose, scroll, Tab; and what another browser then sees."""

from __future__ import annotations

import json
import re

import pytest
from person import DROP, LONG, PHOTOS, dropped, nothing_serious, option, say, studio
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

# An export that lasts until it is cancelled, on a machine of any speed.
HOLD = """
import asyncio
from reelframe.client import Session
async def _held(self, path, *, on_progress=None, **more):
    await asyncio.Event().wait()
Session.export = _held
"""
FOCUS = """() => {
  const node = document.activeElement, style = getComputedStyle(node);
  if (!node.closest('.rf')) return null;
  // A video's controls are the browser's: its inside is not seen from here, and draws its own rings.
  const seen = node.matches('video') || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  return [node.getAttribute('aria-label') || node.textContent.trim() || node.tagName, seen];
}"""


def shots(lab, page):
    code = "import json; print(json.dumps([s.m['name'] for s in studio.draft.tracks[0].segments]))"
    return json.loads(lab.python(page, code))


def drag(page, box, dx):
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y, steps=6)
    page.mouse.up()


def title_times(lab, page):
    code = "t = studio.timeline.query('kind == \"text\"').iloc[0]; print(t.start_s, t.duration_s)"
    return [float(number) for number in lab.python(page, code).split()]


def test_hands_and_keys_and_another_browser(lab, page, browser, artifacts):
    lab.open(page, lab.write("hands.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio(project='Hands')\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    region.evaluate(DROP, dropped(PHOTOS[:3]))
    tiles = region.get_by_role("listitem")
    expect(tiles).to_have_count(3, timeout=LONG)

    # A tile that is dragged before the first is the first shot.
    tiles.nth(2).drag_to(tiles.first, target_position={"x": 6, "y": 20})
    expect(tiles.first).to_have_attribute("aria-label", re.compile(PHOTOS[2].name), timeout=LONG)
    expect(region).not_to_have_class(re.compile("rf-over"))
    expect(tiles).to_have_count(3)
    say(region, "make a 6-second video of these without music, with the title 'Hands'")
    listed = region.get_by_role("listbox", name="Video").get_by_role("option")
    expect(listed).to_have_count(3, timeout=LONG)
    expect(option(region, "Video", 0)).to_have_attribute("aria-label", re.compile(PHOTOS[2].name), timeout=LONG)

    # A shot that is dragged to the end is the last one in the draft; undo and redo go there and back.
    undo, redo = (region.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    # What comes with the preview moves the strip down; nobody drags before it stands.
    expect(region.locator(".rf-facts")).to_contain_text("1280×720", timeout=LONG)
    expect(undo).to_be_enabled(timeout=LONG)
    first = option(region, "Video", 0)
    first.scroll_into_view_if_needed()
    drag(page, first.bounding_box(), 2 * first.bounding_box()["width"])
    last = option(region, "Video", 2)
    expect(last).to_have_attribute("aria-label", re.compile(PHOTOS[2].name), timeout=LONG)
    assert PHOTOS[2].name in shots(lab, page)[2]
    expect(undo).to_be_enabled(timeout=LONG)
    undo.click()
    expect(first).to_have_attribute("aria-label", re.compile(PHOTOS[2].name), timeout=LONG)
    expect(redo).to_be_enabled(timeout=LONG)
    redo.click()
    expect(last).to_have_attribute("aria-label", re.compile(PHOTOS[2].name), timeout=LONG)

    # A title's end is drawn to the left: it begins where it did, and is shorter.
    title = option(region, "Title", 0)
    before, label = title_times(lab, page), title.get_attribute("aria-label")
    drag(page, title.locator(".rf-grip-end").bounding_box(), -60)
    expect(title).not_to_have_attribute("aria-label", label, timeout=LONG)
    after = title_times(lab, page)
    assert after[0] == before[0]
    assert after[1] < before[1]

    # A chip is sent as it stands.
    chip = region.get_by_role("group", name="Suggestions").get_by_role("button").first
    expect(chip).to_be_visible(timeout=LONG)
    words = chip.inner_text()
    chip.click()
    log = region.get_by_role("log", name="Activity")
    expect(log.locator(".rf-you").last).to_contain_text(words)
    expect(undo).to_be_enabled(timeout=LONG)

    # The log stays where it was scrolled to, and follows again from its end.
    log.evaluate("n => { n.scrollTop = 0; }")
    say(region, "make it black and white")
    expect(log.locator(".rf-you").last).to_contain_text("black and white")
    expect(undo).to_be_enabled(timeout=LONG)
    assert log.evaluate("n => [n.scrollTop, n.scrollHeight > n.clientHeight]") == [0, True]
    log.evaluate("n => { n.scrollTop = n.scrollHeight; }")
    say(region, "undo")
    expect(log.locator(".rf-you").last).to_be_in_viewport()

    # Tab reaches everything in the order in which it is read, and one always sees where one is.
    expect(redo).to_be_enabled(timeout=LONG)
    tiles.first.focus()
    walk = []
    while (here := page.evaluate(FOCUS)) and len(walk) < 60:
        walk.append(here)
        page.keyboard.press("Tab")
    names = [name for name, _ in walk]
    wanted = ("Add media", "Activity", "Describe your video", "Send", words, "Preview", "Undo", "Export")
    places = [names.index(name) for name in wanted if name != words]
    assert places == sorted(places), names
    assert [name for name, seen in walk if not seen] == []

    # In a list the arrows go on; Escape lets go of what is selected.
    option(region, "Video", 0).focus()
    page.keyboard.press("ArrowRight")
    expect(option(region, "Video", 1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(option(region, "Video", 1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(option(region, "Video", 1)).to_have_attribute("aria-selected", "false")

    # Escape closes what a button or a key has opened, and leaves one there; the notebook does not hear it.
    opener, address = region.get_by_role("button", name="Add by URL"), region.get_by_role("textbox", name="Address of")
    opener.press("Enter")
    expect(address).to_be_focused()
    address.press("Escape")
    expect(address).to_be_hidden()
    expect(opener).to_be_focused()
    for name in ("Format", "File type", "Quality"):
        menu = region.get_by_role("combobox", name=name, exact=True)
        value = menu.input_value()
        menu.press("Alt+ArrowDown")
        expect(region.locator("select:open")).to_have_attribute("aria-label", name)
        menu.press("Escape")
        expect(region.locator("select:open")).to_have_count(0)
        expect(menu).to_be_focused()
        expect(menu).to_have_value(value)

    # A job that runs goes on reporting in another browser, and is cancelled from there.
    lab.python(page, HOLD)
    region.get_by_role("button", name="Export", exact=True).click()
    expect(region.get_by_role("progressbar", name="Exporting")).to_be_visible()
    nothing_serious(page)
    page.screenshot(path=artifacts / "lab-running.png")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-US", forced_colors="active")
    other = context.new_page()
    lab.open(other, "hands.ipynb")
    there = studio(other)
    expect(there.get_by_role("listitem")).to_have_count(3, timeout=LONG)
    expect(there.get_by_role("progressbar", name="Exporting")).to_be_visible(timeout=LONG)
    expect(there.get_by_role("log", name="Activity")).to_contain_text("black and white")
    # With forced colours a selected segment still differs from the others.
    option(there, "Video", 0).click()
    expect(option(there, "Video", 0)).to_have_attribute("aria-selected", "true")
    edges = [option(there, "Video", n).evaluate("n => getComputedStyle(n).outlineStyle") for n in (0, 2)]
    assert edges == ["solid", "none"]
    other.screenshot(path=artifacts / "lab-forced-colors.png")
    there.get_by_role("button", name="Cancel", exact=True).click()
    for each in (there, region):
        expect(each.get_by_role("progressbar", name="Exporting")).to_be_hidden(timeout=LONG)
        expect(each.get_by_role("log", name="Activity")).to_contain_text("⏹", timeout=LONG)
    assert page.problems == []
    context.close()


def test_a_question_and_a_problem_are_readable_and_a_choice_is_an_answer(lab, page, artifacts):
    lab.open(page, lab.write("asked.ipynb", "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio"))
    lab.run(page, 0)
    region = studio(page)
    line = {"open": True, "choices": []}
    lines = [
        {**line, "n": 101, "who": "error", "text": "The photo could not be opened. Save it as PNG, then try again."},
        {**line, "n": 102, "who": "studio", "text": "Which one?", "choices": ["the first photo", "the logo"]},
    ]
    lab.python(page, f"studio.view = {{**studio.view, 'lines': {lines!r}}}")
    log = region.get_by_role("log", name="Activity")
    expect(log).to_contain_text("Problem: The photo could not be opened.")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        page.evaluate("t => window.jupyterapp.commands.execute('apputils:change-theme', {theme: t})", theme)
        expect(region).to_have_class(re.compile(r"rf-dark") if "Dark" in theme else re.compile(r"^(?!.*rf-dark)"))
        nothing_serious(page)
        page.screenshot(path=artifacts / f"lab-asked-{theme.split()[1].lower()}.png")
    log.get_by_role("button", name="the logo").click()
    expect(log.locator(".rf-you").last).to_contain_text("the logo")
