import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DRAG } from "../src/assets.js";
import { render } from "../src/index.js";
import { FakeModel, emptyView, randomFile, sha256, soon, until } from "./fake.js";

let model;
let host;
let close;

const button = (name) => [...host.querySelectorAll("button")].find((b) => (b.getAttribute("aria-label") ?? b.textContent) === name);
const show = (change) => model.set("view", { ...model.state.view, ...change });
const key = (node, name, more = {}) => node.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
const media = (id, kind = "image", more = {}) => ({ id, name: `${id}.jpg`, kind, role: null, alpha: false, size: 1000, duration_s: null, width: 4, height: 3, ...more });
const piece = (id, start_ms, end_ms) => ({ id, name: id, start_ms, end_ms, media: null });
const TIMELINE = [
  { label: "Video", kind: "video", main: true, segments: [piece("s1", 0, 4000), piece("s2", 4000, 8000), piece("s3", 8000, 10_000)] },
  { label: "Title", kind: "text", main: false, segments: [piece("t1", 500, 3000)] },
];

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => {});
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => {};
  model = new FakeModel();
  host = document.createElement("div");
  document.body.append(host);
  close = render({ model, el: host });
});

afterEach(() => {
  close();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

function drop(...files) {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ["Files"], files, items: [], getData: () => "" };
  host.querySelector(".rf").dispatchEvent(event);
}

test("everything has the name that assistive technology finds it by", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000, credits: "97 / 100", exported: { revision: 1, name: "a.mp4", size: 0, duration_s: 1, width: 2, height: 2 }, job: "export" });
  const find = (role, name) => [...host.querySelectorAll(`[role="${role}"]`)].find((n) => n.getAttribute("aria-label") === name);
  expect(find("region", "Video studio")).toBeTruthy();
  expect(find("region", "Timeline").querySelectorAll("[role=listbox]").length).toBe(2);
  expect(find("log", "Activity")).toBeTruthy();
  expect(find("status", "Credits").textContent).toBe("Credits 97 / 100");
  for (const name of ["Add media", "Send", "Cancel", "Export", "Download", "Undo", "Redo"]) expect(button(name), name).toBeTruthy();
  expect(host.querySelector("textarea").getAttribute("aria-label")).toBe("Describe your video");
  expect(host.querySelector("video").getAttribute("aria-label")).toBe("Preview");
  expect(host.querySelector(".rf-progress progress").getAttribute("aria-label")).toBe("Exporting");
});

test("Enter sends, Shift+Enter does not, and an input method keeps its Enter", () => {
  const box = host.querySelector("textarea");
  box.value = "make it square";
  key(box, "Enter", { shiftKey: true });
  key(box, "Enter", { isComposing: true });
  expect(model.of("send")).toEqual([]);
  key(box, "Enter");
  expect(model.of("send").map(({ text }) => text)).toEqual(["make it square"]);
  expect(box.value).toBe("");
  key(box, "Enter");
  expect(model.of("send").length).toBe(1);
});

test("the up arrow brings back what was said, in an earlier life too, and the down arrow what was being typed", () => {
  show({ lines: [{ n: 1, who: "you", text: "one", choices: [], open: false }, { n: 2, who: "studio", text: "done", choices: [], open: false }] });
  const box = host.querySelector("textarea");
  box.value = "two";
  key(box, "Enter");
  box.value = "thr";
  box.setSelectionRange(0, 0);
  const seen = [];
  for (const name of ["ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"]) {
    key(box, name);
    seen.push(box.value);
  }
  expect(seen).toEqual(["two", "one", "one", "two", "thr"]);
});

test("what is dropped is shown at once, sent in order, checked, and handed over together", async () => {
  const [a, b] = [randomFile("a.jpg", 3000), randomFile("b.jpg", 5000)];
  drop(a.file, b.file);
  await until(() => host.querySelectorAll(".rf-upload").length === 2);
  expect(host.querySelector(".rf-upload img")).toBeTruthy();
  await until(() => model.of("upload.end").length === 1);
  const [end] = model.of("upload.end");
  expect(end.uploads).toEqual(["u0", "u1"]);
  expect(end.sha256).toEqual([sha256(a.bytes), sha256(b.bytes)]);
  await until(() => host.querySelectorAll(".rf-upload").length === 0);
});

test("cancelling one file leaves the others alone", async () => {
  // The first one stands still until it is cancelled.
  model.answer = ({ kind, upload }) => (kind === "upload.piece" && upload === "u0" ? null : undefined);
  drop(randomFile("a.jpg", 10).file, randomFile("b.jpg", 10).file);
  await until(() => model.of("upload.piece").length === 1);
  button("Cancel a.jpg").click();
  await until(() => model.of("upload.end").length === 1);
  expect(model.of("upload.end")[0].uploads).toEqual(["u1"]);
  expect(model.of("upload.drop")[0].upload).toBe("u0");
});

test("a file that failed says why and can be tried again; a refused one can only be dismissed", async () => {
  let room = false;
  model.answer = ({ kind, name }) => {
    if (kind === "upload.begin" && name === "x.docx") return { kind: "error", error: "UnsupportedMediaError", text: "x.docx: not accepted" };
    if (kind === "upload.begin" && !room) return { kind: "error", error: "StorageError", text: "no room" };
  };
  drop(randomFile("x.docx", 10, "").file, randomFile("a.jpg", 10).file);
  await until(() => host.querySelectorAll(".rf-failed").length === 2);
  const alerts = [...host.querySelectorAll(".rf-problem")].map((n) => n.textContent);
  expect(alerts).toEqual(["x.docx: not accepted", "no room"]);
  expect(button("Try again x.docx").hidden).toBe(true);
  expect(model.of("upload.piece")).toEqual([]);
  room = true;
  button("Try again a.jpg").click();
  await until(() => model.of("upload.end").length === 1);
  button("Dismiss x.docx").click();
  await until(() => host.querySelectorAll(".rf-upload").length === 0);
});

test("a pasted picture is taken, pasted words are left to the prompt", async () => {
  const paste = (target, files, text) => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    event.clipboardData = { files, types: [], getData: () => text };
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(paste(host.querySelector("textarea"), [], "https://a.example/b.jpg")).toBe(false);
  expect(paste(host.querySelector(".rf-assets"), [], "https://a.example/b.jpg")).toBe(true);
  expect(paste(host.querySelector("textarea"), [randomFile("p.png", 10).file], "")).toBe(true);
  await until(() => model.of("upload.begin").length === 1);
  expect(model.of("url").map(({ url }) => url)).toEqual(["https://a.example/b.jpg"]);
});

test("an address is typed in", async () => {
  button("Add by URL").click();
  host.querySelector("input[type=url]").value = " https://a.example/c.mp4 ";
  host.querySelector("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  expect(model.of("url").map(({ url }) => url)).toEqual(["https://a.example/c.mp4"]);
});

test("Escape closes the form for an address, keeps what was typed, and gives the focus back", () => {
  const opener = button("Add by URL");
  const address = host.querySelector("input[type=url]");
  opener.click();
  expect([opener.getAttribute("aria-expanded"), document.activeElement]).toEqual(["true", address]);
  address.value = "https://a.exam";
  key(address, "Escape", { isComposing: true });
  expect(host.querySelector("form").hidden).toBe(false);
  const heard = vi.fn();
  host.addEventListener("keydown", heard);
  key(address, "Escape");
  expect([host.querySelector("form").hidden, opener.getAttribute("aria-expanded"), document.activeElement]).toEqual([true, "false", opener]);
  expect(heard).not.toHaveBeenCalled();
  opener.click();
  expect(address.value).toBe("https://a.exam");
});

test("what is said right after a move by keyboard comes after it, also in the kernel", () => {
  show({ media: [media("a"), media("b")], timeline: TIMELINE, duration_ms: 10_000 });
  key(host.querySelector(".rf-tile"), "ArrowRight", { altKey: true });
  key(host.querySelector('[data-id="t1"]'), "ArrowRight", { altKey: true });
  const box = host.querySelector("textarea");
  box.value = "make a video of these";
  key(box, "Enter");
  button("Undo").disabled = false;
  button("Undo").click();
  expect(model.kinds().filter((kind) => ["media", "arrange", "send", "undo"].includes(kind))).toEqual(["media", "arrange", "send", "undo"]);
  expect(model.of("media")[0].order).toEqual(["b", "a"]);
});

test("files are moved, removed and marked by keyboard and by button", async () => {
  show({ media: [media("a"), media("b"), media("s", "audio"), media("l", "image", { role: "logo" })] });
  const tile = () => [...host.querySelectorAll(".rf-tile")];
  tile()[0].focus();
  key(tile()[0], "ArrowRight", { altKey: true });
  expect(tile().map((n) => n.dataset.key)).toEqual(["b", "a", "s", "l"]);
  expect(document.activeElement).toBe(tile()[1]);
  expect(host.querySelector(".rf-assets [role=status]").textContent).toBe("a.jpg is now number 2 of 4.");
  key(tile()[1], "ArrowRight", { altKey: true });
  // A view of before does not pull back what is being moved.
  show({ lines: [], media: model.state.view.media });
  expect(tile().map((n) => n.dataset.key)).toEqual(["b", "s", "a", "l"]);
  await until(() => model.of("media").length === 1);
  expect(model.of("media").at(-1).order).toEqual(["b", "s", "a", "l"]);
  show({ media: [media("b"), media("a"), media("s", "audio"), media("l", "image", { role: "logo" })] });
  expect(tile().map((n) => n.dataset.key)).toEqual(["b", "s", "a", "l"]);
  show({ media: [media("b"), media("s", "audio"), media("a"), media("l", "image", { role: "logo" })] });
  key(tile()[0], "ArrowLeft", { altKey: true });
  expect(model.of("media").length).toBe(1);
  key(tile()[1], "ArrowLeft");
  expect(document.activeElement).toBe(tile()[0]);
  key(tile()[0], "Delete");
  expect(model.of("media").at(-1).remove).toEqual(["b"]);
  button("Use as music: s.jpg").click();
  expect(model.of("media").at(-1).roles).toEqual({ s: "music" });
  expect(button("Use as logo: l.jpg").getAttribute("aria-pressed")).toBe("true");
  button("Use as logo: l.jpg").click();
  expect(model.of("media").at(-1).roles).toEqual({ l: null });
  button("Remove a.jpg").click();
  expect(model.of("media").at(-1).remove).toEqual(["a"]);
});

const option = (id) => host.querySelector(`[data-id="${id}"]`);
const pointer = (node, type, clientX) => node.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { clientX, button: 0, pointerId: 1 }));

function drag(node, by, from = node) {
  Object.defineProperty(host.querySelector(".rf-lane"), "clientWidth", { value: 1000, configurable: true });
  node.setPointerCapture = () => {};
  pointer(from, "pointerdown", 100);
  pointer(node, "pointermove", 100 + by);
  pointer(node, "pointerup", 100 + by);
}

test("a tile under way to another place is not a file to add, though its picture travels as one", () => {
  const over = (/** @type {string[]} */ types) => {
    const event = Object.assign(new Event("dragover", { bubbles: true, cancelable: true }), { dataTransfer: { types } });
    host.querySelector(".rf").dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(over(["Files", "text/uri-list", DRAG])).toBe(false);
  expect(host.querySelector(".rf-over")).toBe(null);
  expect(over(["Files"])).toBe(true);
  expect(host.querySelector(".rf-over")).toBeTruthy();
});

test("the strip is drawn to scale", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000 });
  expect([option("s2").style.left, option("s2").style.width]).toEqual(["40%", "40%"]);
  expect([option("t1").style.left, option("t1").style.width]).toEqual(["5%", "25%"]);
  expect(option("s3").getAttribute("aria-label")).toBe("s3, 0:08–0:10");
});

test.each([
  ["a text is moved", () => drag(option("t1"), 200), { segment: "t1", start_ms: 2500, end_ms: 5000 }],
  ["a text's end is trimmed", () => drag(option("t1"), -100, option("t1").querySelector(".rf-grip-end")), { segment: "t1", start_ms: 500, end_ms: 2000 }],
  ["a shot is moved", () => drag(option("s1"), 500), { segment: "s1", place: 1 }],
  ["a shot gets longer", () => drag(option("s3"), 300, option("s3").querySelector(".rf-grip-end")), { segment: "s3", start_ms: 8000, end_ms: 13_000 }],
  ["a shot's head is cut", () => drag(option("s2"), 100, option("s2").querySelector(".rf-grip-start")), { segment: "s2", start_ms: 5000, end_ms: 8000 }],
  ["by keyboard: a place on", () => key(option("s1"), "ArrowRight", { altKey: true }), { segment: "s1", place: 1 }],
  ["by keyboard: away", () => key(option("t1"), "Delete"), { segment: "t1", remove: true }],
])("%s", (_name, hand, expected) => {
  show({ timeline: TIMELINE, duration_ms: 10_000 });
  hand();
  expect(model.of("arrange")).toMatchObject([expected]);
});

test("steps by keyboard become one change", async () => {
  show({ timeline: TIMELINE, duration_ms: 10_000 });
  for (let i = 0; i < 5; i++) key(option("t1"), "ArrowRight", { altKey: true });
  expect(model.of("arrange")).toEqual([]);
  await until(() => model.of("arrange").length === 1);
  expect(model.of("arrange")).toMatchObject([{ segment: "t1", start_ms: 1000, end_ms: 3500 }]);
});

test("a hand that trembles selects, and Escape lets go without a change", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000 });
  drag(option("s2"), 2);
  expect(model.of("select").map(({ segments }) => segments)).toEqual([["s2"]]);
  expect(host.querySelector("video").currentTime).toBeCloseTo(4.05);
  pointer(option("t1"), "pointerdown", 100);
  pointer(option("t1"), "pointermove", 300);
  key(document.body, "Escape");
  pointer(option("t1"), "pointerup", 300);
  expect(model.of("arrange")).toEqual([]);
});

test("the selection is shown with its name, and taken back", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000, selected: ["t1"] });
  expect(option("t1").getAttribute("aria-selected")).toBe("true");
  expect(host.querySelector(".rf-chosen").hidden).toBe(false);
  expect(host.querySelector(".rf-chosen").textContent).toContain("t1");
  button("Select nothing").click();
  expect(model.of("select").at(-1).segments).toEqual([]);
});

test("arrows go along a track and from track to track", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000 });
  option("s1").focus();
  key(option("s1"), "ArrowRight");
  expect(document.activeElement).toBe(option("s2"));
  key(option("s2"), "ArrowDown");
  expect(document.activeElement).toBe(option("t1"));
  key(option("t1"), "Enter");
  expect(model.of("select").at(-1).segments).toEqual(["t1"]);
});

test("a question has its choices as buttons; an answer that grows is one line", () => {
  show({ lines: [{ n: 1, who: "studio", text: "Which", choices: ["one", "two"], open: true }] });
  const line = host.querySelector(".rf-line");
  show({ lines: [{ n: 1, who: "studio", text: "Which one?", choices: ["one", "two"], open: false }] });
  expect(host.querySelector(".rf-line")).toBe(line);
  expect(line.querySelector(".rf-text").textContent).toBe("Which one?");
  button("two").click();
  expect(model.of("send").at(-1).text).toBe("two");
});

test("progress is told with what is measured and what waits behind it", () => {
  show({ job: "export", waiting: 2 });
  model.set("progress", { stage: "render", fraction: 0.426, text: "" });
  expect(host.querySelector(".rf-stage").textContent).toBe("Rendering · 42% · 2 waiting");
  expect(host.querySelector(".rf-progress progress").getAttribute("aria-label")).toBe("Rendering");
  show({ job: "", waiting: 0 });
  expect(host.querySelector(".rf-progress").hidden).toBe(true);
});

test("while the kernel is busy with a cell, that is said within a second; and it goes when the answer comes", async () => {
  model.answer = ({ kind }) => (kind === "cancel" ? null : undefined);
  show({ job: "export" });
  button("Cancel").click();
  const said = host.querySelector(".rf-busy");
  await until(() => said.textContent !== "", 1000);
  expect(said.textContent).toMatch(/Kernel busy: press stop/);
  model.say({ v: 1, id: model.of("cancel")[0].id, kind: "result" });
  await until(() => said.textContent === "");
});

test("the newest film is played; a film that comes when another is wanted already is not", async () => {
  model.film = new Uint8Array(3000);
  const film = (revision) => ({ revision, name: `${revision}.mp4`, size: 3000, duration_s: 2, width: 64, height: 36 });
  let n = 0;
  URL.createObjectURL = () => `blob:${++n}`;
  const video = host.querySelector("video");
  show({ preview: film(1) });
  await until(() => video.getAttribute("src"));
  expect(video.hidden).toBe(false);
  const first = video.getAttribute("src");
  show({ preview: film(2) });
  show({ preview: film(3) });
  await until(() => video.getAttribute("src") !== first);
  await soon(20);
  expect(host.querySelector(".rf-facts").textContent).toContain("small preview");
  expect(button("Download").hidden).toBe(true);
  show({ exported: { ...film(4), name: "Autumn-1.mp4" } });
  await until(() => host.querySelector(".rf-facts").textContent.includes("Autumn-1.mp4"));
  expect(button("Download").hidden).toBe(false);
});

test("an export is shown as what it is, and saved as what it is", async () => {
  const types = [];
  URL.createObjectURL = (blob) => (types.push(blob.type), "blob:x");
  model.film = new Uint8Array(10);
  const film = (revision, name, width = 64, height = 36) => ({ revision, name, size: 10, duration_s: 0, width, height });
  show({ exported: film(1, "a.gif") });
  const still = host.querySelector(".rf-still");
  await until(() => !still.hidden);
  expect(host.querySelector("video").hidden).toBe(true);
  show({ exported: film(2, "a.webm") });
  await until(() => still.hidden);
  expect(host.querySelector("video").hidden).toBe(false);
  show({ exported: film(3, "a.srt", 0, 0) });
  await until(() => host.querySelector(".rf-facts").textContent.includes("a.srt"));
  expect(host.querySelector(".rf-facts").textContent).toBe("1 kB · Saved as a.srt");
  button("Download").click();
  await until(() => types.length === 3);
  expect(types).toEqual(["image/gif", "video/webm", "application/x-subrip"]);
});

test("what kind of file is exported can be chosen where there are several", () => {
  show({ timeline: TIMELINE, duration_ms: 10_000, formats: ["mp4"] });
  const select = host.querySelector("select[aria-label='File type']");
  expect(select.hidden).toBe(true);
  show({ formats: ["mp4", "webm", "gif"] });
  expect([...select.options].map((o) => o.textContent)).toEqual(["MP4", "WebM", "GIF"]);
  button("Export").click();
  select.value = "gif";
  button("Export").click();
  expect(model.of("export").map(({ format }) => format)).toEqual(["", "gif"]);
});

test("a logo that nobody marked is shown as the logo that it is used as", () => {
  show({ media: [media("a"), media("l", "image", { logo: true })] });
  expect([...host.querySelectorAll(".rf-badge")].map((n) => n.textContent)).toEqual(["Logo"]);
  expect(button("Use as logo: l.jpg").getAttribute("aria-pressed")).toBe("true");
});

test("a host without AAC is said, and one that can't play at all gets the download", async () => {
  vi.spyOn(HTMLMediaElement.prototype, "canPlayType").mockImplementation((type) => (type.includes("mp4a") ? "" : "probably"));
  model.film = new Uint8Array(10);
  show({ preview: { revision: 1, name: "a.mp4", size: 10, duration_s: 1, width: 2, height: 2 } });
  const warning = host.querySelector(".rf-warning");
  await until(() => !warning.hidden);
  expect(warning.textContent).toMatch(/AAC/);
  const video = host.querySelector("video");
  Object.defineProperty(video, "error", { value: { code: 4 } });
  video.dispatchEvent(new Event("error"));
  expect(warning.textContent).toMatch(/can't play/);
  expect(button("Download").hidden).toBe(false);
});

test("the static output of a saved notebook is hidden while the widget lives", () => {
  expect(host.querySelector("style").textContent).toBe(".rf-static-1 { display: none !important; }");
});

test("a film's place under the notebook server is used when the very file is there", async () => {
  const config = document.createElement("script");
  config.id = "jupyter-config-data";
  config.type = "application/json";
  config.textContent = JSON.stringify({ baseUrl: "/", serverRoot: "/srv" });
  document.body.append(config);
  model.answer = ({ kind }) => (kind === "where" ? { path: "/srv/a.mp4", home: "/root" } : undefined);
  const heads = vi.spyOn(globalThis, "fetch").mockImplementation(async (url) => ({ ok: true, headers: new Map([["Content-Length", url.startsWith("/files/a.mp4") ? "77" : "1"]]), blob: async () => new Blob([]) }));
  show({ exported: { revision: 1, name: "a.mp4", size: 77, duration_s: 1, width: 2, height: 2 } });
  await until(() => host.querySelector("video").getAttribute("src"));
  expect(host.querySelector("video").getAttribute("src")).toBe("/files/a.mp4?v=1-77");
  expect(model.of("read")).toEqual([]);
  expect(heads).toHaveBeenCalled();
  // The same name with another length is another file: a kernel on another machine.
  show({ exported: { revision: 2, name: "a.mp4", size: 78, duration_s: 1, width: 2, height: 2 } });
  model.film = new Uint8Array(78);
  await until(() => model.of("read").length > 0);
});

test("closing takes everything away and listens no more", () => {
  close();
  expect(host.children.length).toBe(0);
  expect([...model.listeners.values()].flat()).toEqual([]);
  close = () => {};
});

test("in Chinese", () => {
  close();
  vi.spyOn(navigator, "language", "get").mockReturnValue("zh-CN");
  close = render({ model, el: host });
  show({ ...emptyView(), timeline: TIMELINE, duration_ms: 10_000 });
  expect(button("发送")).toBeTruthy();
  expect(host.querySelector("[role=listbox]").getAttribute("aria-label")).toBe("视频");
  host.querySelector("style").remove();
  const words = host.textContent.replace(/s\d|t1|Video|\d|:/g, "");
  expect(words).not.toMatch(/[A-Za-z]{4,}/);
});
