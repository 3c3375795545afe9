import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { canStream, playGrowing } from "../src/stream.js";
import { Wire } from "../src/wire.js";
import { FakeModel, soon, until } from "./fake.js";

/** A browser's MediaSource: takes one piece at a time, and no more than it has room for. */
class FakeSource extends EventTarget {
  static isTypeSupported = (type) => type.includes("avc1");
  readyState = "closed";
  taken = [];

  constructor() {
    super();
    FakeSource.last = this;
    setTimeout(() => {
      this.readyState = "open";
      this.dispatchEvent(new Event("sourceopen"));
    });
  }

  addSourceBuffer(type) {
    this.type = type;
    const source = this;
    this.buffer = Object.assign(new EventTarget(), {
      updating: false,
      buffered: { length: 0 },
      removed: [],
      appendBuffer(data) {
        if (source.full?.()) throw new DOMException("full", "QuotaExceededError");
        if (this.updating) throw new DOMException("busy", "InvalidStateError");
        this.updating = true;
        source.taken.push(Buffer.from(data).toString());
        source.step ??= () => setTimeout(source.done);
        source.step();
      },
      remove(from, to) {
        this.removed.push([from, to]);
        source.full = undefined;
        setTimeout(() => this.dispatchEvent(new Event("updateend")));
      },
    });
    this.done = () => {
      this.buffer.updating = false;
      this.buffer.dispatchEvent(new Event("updateend"));
    };
    return this.buffer;
  }

  endOfStream() {
    this.readyState = "ended";
  }
}

const FILM = { revision: 7, mime_type: 'video/mp4; codecs="avc1.42c01e, mp4a.40.2"', duration_s: 30, width: 640, height: 360 };
const PIECES = ["head,", "one,", "two,", "three,", "four,", "five,", "six."];
let model;
let wire;
let video;

beforeEach(() => {
  vi.stubGlobal("MediaSource", FakeSource);
  URL.createObjectURL = () => "blob:x";
  model = new FakeModel();
  wire = new Wire(model);
  video = Object.assign(new EventTarget(), { currentTime: 0 });
  const whole = PIECES.join("");
  model.usual = ({ offset }) => {
    let at = 0;
    const piece = PIECES.find((p) => (at += p.length) > offset) ?? "";
    return { body: { over: offset + piece.length === whole.length }, out: [new DataView(new TextEncoder().encode(piece).buffer)] };
  };
});

afterEach(() => vi.unstubAllGlobals());

test("the pieces are taken in order, once each, and then it is ended", async () => {
  let film;
  playGrowing(wire, FILM, video, { onWhole: (blob) => (film = blob), onFail: () => expect.fail("it can be played") });
  await until(() => FakeSource.last.readyState === "ended");
  expect(FakeSource.last.type).toBe(FILM.mime_type);
  expect(FakeSource.last.duration).toBe(30);
  expect(FakeSource.last.taken).toEqual(PIECES);
  expect(await film.text()).toBe(PIECES.join(""));
});

test("a browser that takes its time is not flooded", async () => {
  const made = playGrowing(wire, FILM, video, { onWhole: () => {}, onFail: () => {} });
  FakeSource.last.step = () => {};
  await until(() => model.of("grow").length === 5);
  await soon(50);
  expect(model.of("grow").length).toBe(5);
  FakeSource.last.done();
  await until(() => model.of("grow").length === 6);
  made.close();
});

test("a browser that is full forgets what was seen long ago", async () => {
  video.currentTime = 20;
  playGrowing(wire, FILM, video, { onWhole: () => {}, onFail: () => {} });
  const source = FakeSource.last;
  source.full = () => {
    source.buffer.buffered = { length: 1, start: () => 0, end: () => 25 };
    return source.taken.length === 2;
  };
  await until(() => FakeSource.last.readyState === "ended");
  expect(FakeSource.last.buffer.removed).toEqual([[0, 15]]);
  expect(FakeSource.last.taken).toEqual(PIECES);
});

test("a browser that is full of what is still to be seen waits until some of it was", async () => {
  playGrowing(wire, FILM, video, { onWhole: () => {}, onFail: () => expect.fail("it waits") });
  let full = true;
  let refused = 0;
  FakeSource.last.full = () => full && FakeSource.last.taken.length === 2 && ++refused > 0;
  await until(() => refused > 0);
  await soon(30);
  expect(FakeSource.last.readyState).toBe("open");
  full = false;
  video.dispatchEvent(new Event("timeupdate"));
  await until(() => FakeSource.last.readyState === "ended");
});

test("what the kernel gives up stays as far as it came", async () => {
  model.answer = ({ offset }) => (offset > 12 ? { kind: "error", error: "ConfigurationError", text: "given up" } : undefined);
  let said = 0;
  playGrowing(wire, FILM, video, { onWhole: () => said++, onFail: () => said++ });
  await until(() => FakeSource.last.readyState === "ended");
  expect(FakeSource.last.taken).toEqual(["head,", "one,", "two,"]);
  expect(said).toBe(0);
});

test("a player that refuses the film says so, and one that is closed asks for no more", async () => {
  let failed = 0;
  const add = vi.spyOn(FakeSource.prototype, "addSourceBuffer").mockImplementation(() => {
    throw new DOMException("no", "NotSupportedError");
  });
  playGrowing(wire, FILM, video, { onWhole: () => {}, onFail: () => failed++ });
  await until(() => failed === 1);
  add.mockRestore();
  model.delay = 20;
  const made = playGrowing(wire, FILM, video, { onWhole: () => expect.fail("closed"), onFail: () => expect.fail("closed") });
  made.close();
  const asked = model.of("grow").length;
  await soon(60);
  expect(model.of("grow").length).toBe(asked);
});

test("a browser without MediaSource, or without the codec, is not asked", () => {
  expect(canStream(FILM.mime_type)).toBe(true);
  expect(canStream('video/mp4; codecs="hvc1"')).toBe(false);
  vi.stubGlobal("MediaSource", undefined);
  expect(canStream(FILM.mime_type)).toBe(false);
});
