"""Hosts that can't be run here, by contract: a page of our own gives the widget what they are documented to give.

What stands behind the page is the real widget; what is between the two is this file's. So these tests show what the
widget does in a page without a notebook server, without AAC, or with VS Code's strictest policy, and not that Colab or
VS Code are such pages.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from person import DROP, LONG, PHOTOS, dropped, nothing_serious, say, studio
from playwright.sync_api import expect

import reelframe as rf
from reelframe.widget import studio as module

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

STATIC = Path(module.__file__).parent / "static"
LARGEST_MESSAGE = 5 << 20
THEMES = {
    "vscode-light": (), "vscode-dark": ("rf-dark",), "vscode-high-contrast": ("rf-dark", "rf-contrast"),
    "vscode-high-contrast-light": ("rf-contrast",),
}  # fmt: skip

# The model as anywidget 0.9.21 over ipywidgets 7.7.1 has it, and its loading of a module.
HOST = """async ({ code, css, state, theme }) => {
  if (theme) document.body.dataset.vscodeThemeKind = theme;
  document.head.append(Object.assign(document.createElement('style'), {textContent: css}));
  const listeners = {};
  const tell = (event, ...args) => { for (const f of listeners[event] ?? []) f(...args); };
  const coded = (b) => { const v = new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength); let s = '';
    for (let i = 0; i < v.length; i += 32768) s += String.fromCharCode(...v.subarray(i, i + 32768)); return btoa(s); };
  const model = {
    get: (key) => state[key],
    on: (event, f) => (listeners[event] ??= []).push(f),
    off: (event, f) => (listeners[event] = (listeners[event] ?? []).filter((g) => g !== f)),
    send: (content, _callbacks, buffers = []) => { window.toKernel(content, buffers.map(coded)); },
    set() {}, save_changes() {},
  };
  const listen = async () => {
    const { messages, view, progress } = await window.fromKernel();
    for (const [content, buffers] of messages)
      tell('msg:custom', content, buffers.map((b) => new DataView(Uint8Array.from(atob(b), (c) => c.charCodeAt(0)).buffer)));
    if (JSON.stringify(view) !== JSON.stringify(state.view)) { state.view = view; tell('change:view'); }
    if (JSON.stringify(progress) !== JSON.stringify(state.progress)) { state.progress = progress; tell('change:progress'); }
    setTimeout(listen, 30);
  };
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const { default: widget } = await import(url);
  const el = document.createElement('div'); document.body.append(el);
  widget.render({ model, el, experimental: {} });
  listen();
}"""
# A browser that has H.264 and no AAC, as VS Code's Electron is built.
NO_AAC = """
const supported = MediaSource.isTypeSupported.bind(MediaSource);
MediaSource.isTypeSupported = (type) => !/mp4a/.test(type) && supported(type);
const can = HTMLMediaElement.prototype.canPlayType;
HTMLMediaElement.prototype.canPlayType = function (type) { return /mp4a/.test(type) ? '' : can.call(this, type); };
"""
COLAB = "globalThis.google = {colab: {kernel: {accessAllowed: true}, output: {}}};"
# A module must be loadable at all (script-src blob:); all else as VS Code's notebook.experimental.enableCsp has it.
STRICT = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src https: http: data:; font-src https:; connect-src https:; child-src https: data:"
)


class Host:
    """A page at an address of its own, with the real widget behind it."""

    def __init__(self, page, widget, *, script="", policy="", theme=""):
        self.page, self.widget = page, widget
        self.outbox = []
        self.asked = []
        self.largest = 0
        widget.send_message = lambda content, buffers: self.outbox.append(
            (content, [base64.b64encode(b).decode() for b in buffers])
        )
        page.on("request", lambda request: self.asked.append(request.url))
        headers = {"Content-Type": "text/html", **({"Content-Security-Policy": policy} if policy else {})}
        page.route(
            "https://host.example/",
            lambda route: route.fulfill(body="<!doctype html><title>h</title><body>", headers=headers),
        )
        page.expose_function("toKernel", self.hear)
        page.expose_function("fromKernel", self.tell)
        page.add_init_script(script)
        page.goto("https://host.example/")
        state = {name: getattr(widget, name) for name in ("view", "progress", "fallback", "accept")}
        page.evaluate(HOST, {
            "code": (STATIC / "widget.js").read_text(), "css": (STATIC / "widget.css").read_text(), "state": state, "theme": theme,
        })  # fmt: skip

    def hear(self, content, buffers):
        data = [base64.b64decode(b) for b in buffers]
        self.largest = max([self.largest, *map(len, data)])
        self.widget._received(self.widget, content, data)

    def tell(self):
        taken, self.outbox[:] = list(self.outbox), []
        assert all(len(b) * 3 / 4 < LARGEST_MESSAGE for _, buffers in taken for b in buffers)
        return json.loads(json.dumps({"messages": taken, "view": self.widget.view, "progress": self.widget.progress}))

    def from_elsewhere(self):
        return [url for url in self.asked if not url.startswith(("https://host.example/", "blob:", "data:"))]


@pytest.fixture
def widget(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = rf.VideoStudio(project="Autumn")
    yield made
    made.close()


def cut(page):
    region = studio(page)
    region.evaluate(DROP, dropped(PHOTOS[:3]))
    expect(region.get_by_role("listitem")).to_have_count(3, timeout=LONG)
    expect(region.get_by_role("listitem").first.locator("img")).to_be_visible(timeout=LONG)
    say(region, "make a 4-second video of these with music")
    return region


def test_contract_colab_bytes_and_never_localhost(page, widget, artifacts, tmp_path):
    host = Host(page, widget, script=COLAB)
    region = cut(page)
    video = region.get_by_label("Preview", exact=True)
    page.wait_for_function("v => v.readyState >= 2 && v.videoHeight === 720", arg=video.element_handle(), timeout=LONG)
    assert video.evaluate("v => v.src").startswith("blob:https://host.example/")
    region.get_by_role("combobox", name="File type").select_option("gif")
    region.get_by_role("combobox", name="Format").select_option("square")
    region.get_by_role("button", name="Export", exact=True).click()
    expect(region.locator(".rf-still")).to_be_visible(timeout=LONG)
    with page.expect_download(timeout=LONG) as caught:
        region.get_by_role("button", name="Download").click()
    assert caught.value.suggested_filename == "Autumn-1.gif"
    caught.value.save_as(tmp_path / "saved.gif")
    assert (tmp_path / "saved.gif").read_bytes() == (tmp_path / "Autumn-1.gif").read_bytes()
    page.screenshot(path=artifacts / "contract-colab.png")
    assert host.from_elsewhere() == []
    assert host.largest < LARGEST_MESSAGE
    nothing_serious(page)
    assert page.problems == []


def test_contract_vscode_without_aac_says_so_and_shows_the_pictures(page, widget, artifacts):
    host = Host(page, widget, script=NO_AAC, theme="vscode-dark")
    region = cut(page)
    video = region.get_by_label("Preview", exact=True)
    page.wait_for_function("v => v.readyState >= 2", arg=video.element_handle(), timeout=LONG)
    expect(region.locator(".rf-warning")).to_contain_text("AAC")
    # With sound it was not tried to be played while it grew, since the player would have refused it.
    facts = region.locator(".rf-facts").text_content()
    assert "still being made" not in facts or "sound follows" in facts
    for theme, classes in THEMES.items():
        page.evaluate("t => { document.body.dataset.vscodeThemeKind = t; }", theme)
        for name in ("rf-dark", "rf-contrast"):
            has = expect(region).to_have_class if name in classes else expect(region).not_to_have_class
            has(re.compile(name))
        page.screenshot(path=artifacts / f"contract-{theme}.png")
        nothing_serious(page)
    assert host.from_elsewhere() == []
    assert page.problems == []


def test_contract_vscode_strictest_policy_leaves_the_download(page, widget, artifacts):
    host = Host(page, widget, script=NO_AAC, policy=STRICT, theme="vscode-light")
    region = cut(page)
    warning = region.locator(".rf-warning")
    expect(warning).to_contain_text("can't play the video", timeout=LONG)
    with page.expect_download(timeout=LONG) as caught:
        region.get_by_role("button", name="Download").click()
    assert caught.value.suggested_filename == "Autumn.mp4"
    assert Path(caught.value.path()).stat().st_size > 10_000
    page.screenshot(path=artifacts / "contract-vscode-strict.png")
    assert host.from_elsewhere() == []
    nothing_serious(page)
