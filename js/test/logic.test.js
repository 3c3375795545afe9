import { beforeEach, expect, test } from "vitest";
import { moved } from "../src/assets.js";
import { clock, el, exact, keyed, size } from "../src/dom.js";
import { SHORTEST, dragged, marksFor, placeOf, ticks } from "../src/drag.js";
import { filesOf, urlsOf } from "../src/drops.js";
import { serverUrl } from "../src/films.js";
import { pathOf, peaks } from "../src/peaks.js";
import { themeOf } from "../src/theme.js";
import { wordsFor } from "../src/words.js";

const segment = { start_ms: 2000, end_ms: 5000 };

test.each([
  ["move", 1000, [3000, 6000]],
  ["move", -9000, [0, 3000]],
  ["move", 9000, [7000, 10_000]],
  ["start", 1000, [3000, 5000]],
  ["start", -9000, [0, 5000]],
  ["start", 9000, [5000 - SHORTEST, 5000]],
  ["end", 1000, [2000, 6000]],
  ["end", -9000, [2000, 2000 + SHORTEST]],
  ["end", 90_000, [2000, 10_000]],
])("%s by %i ms", (grip, delta, expected) => {
  expect(Object.values(dragged(grip, segment, delta, { total: 10_000 }))).toEqual(expected);
});

test.each([
  ["end", 950, [2000, 6000]],
  ["end", 850, [2000, 5850]],
  ["start", 60, [2000, 5000]],
  ["move", 1030, [3000, 6000]],
  ["move", -1960, [0, 3000]],
])("%s by %i ms snaps to what is near", (grip, delta, expected) => {
  expect(Object.values(dragged(grip, segment, delta, { total: 10_000, marks: [0, 2000, 6000], near: 100 }))).toEqual(expected);
});

test("a shot may make the video longer, a text may not", () => {
  expect(dragged("end", segment, 90_000, { total: 10_000, open: true }).end_ms).toBe(95_000);
});

test("a shot takes the place that its leading edge has come to, the last and the first one too", () => {
  const shots = ["a", "b", "c"].map((id, i) => ({ id, name: id, media: null, start_ms: i * 1000, end_ms: i * 1000 + 1000 }));
  const places = (/** @type {string} */ id, /** @type {number[]} */ starts) => starts.map((start_ms) => placeOf(shots, id, { start_ms, end_ms: start_ms + 1000 }));
  expect(places("a", [0, 400, 600, 1400, 1600, 2000])).toEqual([0, 0, 1, 1, 2, 2]);
  expect(places("b", [0, 400, 600, 1000, 1400, 1600])).toEqual([0, 0, 1, 1, 1, 2]);
  expect(places("c", [2000, 1600, 1400, 600, 400, 0])).toEqual([2, 2, 1, 1, 0, 0]);
});

test("edges snap to those of all others, the playhead and the ends", () => {
  const timeline = [{ segments: [{ id: "a", start_ms: 0, end_ms: 5 }] }, { segments: [{ id: "b", start_ms: 7, end_ms: 9 }] }];
  expect(marksFor(timeline, "b", 3, 20)).toEqual([0, 20, 3, 0, 5]);
});

test.each([[3000, 500], [30_000, 5000], [600_000, 120_000], [3 * 3600_000, 3_600_000]])("a ruler of %i ms has steps of %i", (total, step) => {
  const marks = ticks(total, 8);
  expect(marks[1]).toBe(step);
  expect(marks.length).toBeLessThanOrEqual(9);
});

test.each([
  [["a", "b", "c"], "a", 2, ["b", "c", "a"]],
  [["a", "b", "c"], "c", 0, ["c", "a", "b"]],
  [["a", "b", "c"], "b", 9, ["a", "c", "b"]],
  [["a", "b", "c"], "b", -1, ["b", "a", "c"]],
])("%j with %s at %i", (order, id, place, expected) => expect(moved(order, id, place)).toEqual(expected));

test("loudness is the largest of each stretch, and its drawing stays in the box", () => {
  const values = peaks(Float32Array.from([0, 0.1, -0.5, 0.2, 0.25, 0]), 2);
  expect([...values].map((v) => +v.toFixed(2))).toEqual([0.2, 1, 0.5]);
  const numbers = pathOf(values, 0, 3).match(/[\d.]+/g).map(Number);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThanOrEqual(100);
  expect(pathOf(values, 1, 1)).toBe("");
  expect([...peaks(new Float32Array(4), 2)]).toEqual([0, 0]);
});

test.each([
  [{ baseUrl: "/", serverRoot: "/srv/nb" }, "/srv/nb/a b/ü.mp4", "/files/a%20b/%C3%BC.mp4"],
  [{ baseUrl: "/user/x/", serverRoot: "~/nb" }, "/home/me/nb/a.mp4", "/user/x/files/a.mp4"],
  [{ baseUrl: "/", serverRoot: "~" }, "/home/me/a.mp4", "/files/a.mp4"],
  [{ baseUrl: "/", serverRoot: "/srv/nb" }, "/srv/nbx/a.mp4", ""],
  [{ baseUrl: "/", serverRoot: "/srv" }, "/srv/.cache/a.mp4", ""],
  [{ baseUrl: "/" }, "/srv/a.mp4", ""],
  [{}, "/a.mp4", ""],
])("the server's address under %j of %s", (config, path, url) => expect(serverUrl(config, path, "/home/me")).toBe(url));

test("folders are walked in the order of names, hidden files left out", async () => {
  const file = (name) => ({ isFile: true, isDirectory: false, name, file: (done) => done(new File([""], name)) });
  const folder = (name, ...children) => ({
    isFile: false, isDirectory: true, name,
    createReader: () => {
      const batches = [children.slice(0, 2), children.slice(2), []];
      return { readEntries: (done) => done(batches.shift() ?? []) };
    },
  });
  const entry = folder("all", file("10.jpg"), file("9.jpg"), file(".DS_Store"), folder("b", file("x.png")), file("1.jpg"));
  const data = { files: [], items: [{ webkitGetAsEntry: () => entry }, { webkitGetAsEntry: () => null }] };
  expect((await filesOf(data)).map(({ name }) => name)).toEqual(["1.jpg", "9.jpg", "10.jpg", "x.png"]);
});

test.each([
  ["https://a.example/b.jpg", ["https://a.example/b.jpg"]],
  ["see https://a.example/1.jpg\nhttp://b.example/2.mp4", ["https://a.example/1.jpg", "http://b.example/2.mp4"]],
  ["javascript:alert(1) file:///etc/passwd plain words", []],
])("addresses in %j", (text, urls) => expect(urlsOf({ getData: (type) => (type === "text/plain" ? text : "") })).toEqual(urls));

test("a file's name is never HTML", () => {
  const node = el("b", { title: "<i>" }, "<img src=x onerror=alert(1)>");
  expect(node.querySelector("img")).toBe(null);
  expect(node.textContent).toContain("<img");
});

test.each([[0, "0:00"], [59.6, "1:00"], [3605, "60:05"]])("%d s is %s", (s, text) => expect(clock(s)).toBe(text));
test.each([[0, "0:00"], [500, "0:00.5"], [59_960, "1:00"], [61_240, "1:01.2"]])("%d ms are %s", (ms, text) => expect(exact(ms)).toBe(text));
test.each([[10, "1 kB"], [999_000, "999 kB"], [1.26e6, "1.3 MB"], [5e8, "500 MB"]])("%d bytes are %s", (n, text) => expect(size(n)).toBe(text));

test("what has not changed is kept, with the focus", () => {
  const parent = el("div");
  document.body.append(parent);
  const make = ({ id, text }) => el("button", { "aria-label": id }, text);
  const key = ({ id }) => id;
  keyed(parent, [{ id: "a", text: "1" }, { id: "b", text: "2" }], key, make);
  const [a, b] = parent.children;
  b.focus();
  keyed(parent, [{ id: "b", text: "2" }, { id: "c", text: "3" }, { id: "a", text: "9" }], key, make);
  expect([...parent.children].map((n) => n.textContent)).toEqual(["2", "3", "9"]);
  expect(parent.children[0]).toBe(b);
  expect(parent.children[2]).not.toBe(a);
  expect(document.activeElement).toBe(b);
});

const shape = (value) => (typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)])) : typeof value);
test("both languages have the same words, and no other language is guessed", () => {
  expect(shape(wordsFor("zh-CN"))).toEqual(shape(wordsFor("en")));
  expect(wordsFor("de")).toBe(wordsFor("en-US"));
  expect(wordsFor("ZH-hant").send).toBe("发送");
});

beforeEach(() => {
  document.body.removeAttribute("style");
  for (const name of Object.keys(document.body.dataset)) delete document.body.dataset[name];
});

test.each([
  [{ jpThemeLight: "true" }, { dark: false, contrast: false }],
  [{ jpThemeLight: "false", jpThemeName: "JupyterLab Dark High Contrast" }, { dark: true, contrast: true }],
  [{ vscodeThemeKind: "vscode-dark" }, { dark: true, contrast: false }],
  [{ vscodeThemeKind: "vscode-high-contrast" }, { dark: true, contrast: true }],
  [{ vscodeThemeKind: "vscode-high-contrast-light" }, { dark: false, contrast: true }],
])("the host's word for its theme: %j", (data, theme) => {
  Object.assign(document.body.dataset, data);
  expect(themeOf(document.body)).toEqual(theme);
});

test.each([["rgb(20, 20, 20)", true], ["rgb(250, 250, 250)", false]])("a host without a word is measured: %s", (color, dark) => {
  document.body.style.backgroundColor = color;
  const node = el("div");
  document.body.append(node);
  expect(themeOf(node).dark).toBe(dark);
});
