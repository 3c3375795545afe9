import { expect, test, vi } from "vitest";
import { Sha256 } from "../src/sha256.js";
import { LARGEST, SMALLEST, WINDOW, fetchFilm, nextSize, sendFile } from "../src/transfer.js";
import { StudioError, Wire } from "../src/wire.js";
import { FakeModel, randomFile, sha256 } from "./fake.js";

test.each([0, 1, 55, 56, 63, 64, 65, 1000, 70_001])("SHA-256 of %i bytes, in pieces of any length", (size) => {
  const { bytes } = randomFile("a", size);
  for (const step of [1, 37, 64, 100_000]) {
    const hash = new Sha256();
    for (let at = 0; at < size; at += step) {
      hash.update(bytes.subarray(at, at + step));
      if (at < 3 * step) expect(hash.hex()).toBe(sha256(bytes.subarray(0, at + step)));
    }
    expect(hash.hex()).toBe(sha256(bytes));
  }
});

test.each([
  [1 << 20, 10, 2 << 20],
  [LARGEST, 10, LARGEST],
  [1 << 20, 800, 1 << 20],
  [1 << 20, 3000, 512 << 10],
  [SMALLEST, 3000, SMALLEST],
])("a piece of %i bytes that took %i ms is followed by one of %i", (size, ms, next) => {
  expect(nextSize(size, ms)).toBe(next);
});

test("a file arrives whole, in pieces that grow, never more than the window under way", async () => {
  const model = new FakeModel();
  const { file, bytes } = randomFile("a.mp4", 17 << 20);
  // Every answer comes at once, however busy the machine is.
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  let most = 0;
  let flying = 0;
  const send = model.send.bind(model);
  model.send = (content, callbacks, buffers) => {
    if (content.kind === "upload.piece") most = Math.max(most, ++flying);
    send(content, callbacks, buffers);
  };
  model.on("msg:custom", (content) => "received" in content && content.upload === undefined && flying--);
  const progress = [];
  const { key, sha256: sum } = await sendFile(new Wire(model), file, { onProgress: (f) => progress.push(f) });
  clock.mockRestore();
  expect(Buffer.compare(model.files.get(key).bytes, Buffer.from(bytes))).toBe(0);
  expect(sum).toBe(sha256(bytes));
  expect(most).toBeLessThanOrEqual(WINDOW);
  const sizes = model.of("upload.piece").map(({ buffers }) => buffers[0].byteLength);
  expect(sizes[0]).toBe(1 << 20);
  expect(Math.max(...sizes)).toBe(LARGEST);
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
});

test.each([
  ["the message", (_, n) => (n === 2 ? null : undefined)],
  // The kernel has written the piece, and nobody heard of it.
  ["the acknowledgement", (model, n, content, buffers) => (n === 2 ? (model.usual(content, buffers), null) : undefined)],
])("when %s of a piece gets lost, sending goes on from the gap", async (_name, lose) => {
  vi.useFakeTimers();
  try {
    const model = new FakeModel();
    const { file, bytes } = randomFile("a.mp4", 9 << 20);
    let n = 0;
    model.answer = (content, buffers) => (content.kind === "upload.piece" ? lose(model, ++n, content, buffers) : undefined);
    const done = sendFile(new Wire(model), file);
    await vi.advanceTimersByTimeAsync(60_000);
    const { key, sha256: sum } = await done;
    expect(sha256(model.files.get(key).bytes)).toBe(sha256(bytes));
    expect(sum).toBe(sha256(bytes));
    // Go back to the gap, not to the beginning.
    expect(model.of("upload.piece").length).toBeLessThan(20);
  } finally {
    vi.useRealTimers();
  }
});

test("a connection that is gone for good is given up, and the next try goes on where it ended", async () => {
  vi.useFakeTimers();
  try {
    const model = new FakeModel();
    const { file, bytes } = randomFile("a.mp4", 9 << 20);
    let gone = false;
    model.answer = (content) => {
      if (content.kind === "upload.piece" && content.offset >= 3 << 20) gone = true;
      return gone ? null : undefined;
    };
    const wire = new Wire(model);
    const failed = sendFile(wire, file).catch((e) => e);
    await vi.advanceTimersByTimeAsync(120_000);
    expect((await failed).message).toBe("timeout");
    expect(model.of("upload.drop")).toEqual([]);
    const [[key, half]] = [...model.files];
    const had = half.bytes.length;
    expect(had).toBeGreaterThan(1 << 20);
    model.sent = [];
    model.answer = (content) => (content.kind === "upload.begin" ? { upload: key, received: had, sha256: sha256(half.bytes) } : undefined);
    const done = sendFile(wire, file);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await done).sha256).toBe(sha256(bytes));
    expect(sha256(model.files.get(key).bytes)).toBe(sha256(bytes));
    expect(model.of("upload.piece")[0].offset).toBe(had);
    expect(model.of("upload.begin")[0].mark).toContain("a.mp4|");
  } finally {
    vi.useRealTimers();
  }
});

test("what the kernel has of another file of the same name, size and time is forgotten", async () => {
  const model = new FakeModel();
  const { file, bytes } = randomFile("a.mp4", 3 << 20);
  let begun = 0;
  model.answer = ({ kind }) => (kind === "upload.begin" && !begun++ ? { upload: "left", received: 1 << 20, sha256: sha256(Buffer.alloc(1 << 20)) } : undefined);
  const { key, sha256: sum } = await sendFile(new Wire(model), file);
  expect(model.of("upload.drop").map(({ upload }) => upload)).toEqual(["left"]);
  expect(model.of("upload.piece")[0].offset).toBe(0);
  expect(sum).toBe(sha256(bytes));
  expect(sha256(model.files.get(key).bytes)).toBe(sum);
});

test("a file that the kernel has whole already is not sent again", async () => {
  const model = new FakeModel();
  const { file, bytes } = randomFile("a.mp4", 1000);
  model.answer = ({ kind }) => (kind === "upload.begin" ? { upload: "left", received: 1000, sha256: sha256(bytes) } : undefined);
  expect(await sendFile(new Wire(model), file)).toEqual({ key: "left", sha256: sha256(bytes) });
  expect(model.of("upload.piece")).toEqual([]);
});

test("a refusal in words is not asked for again", async () => {
  const model = new FakeModel();
  model.answer = ({ kind }) => (kind === "upload.piece" ? { kind: "error", error: "StorageError", text: "no room on the disk" } : undefined);
  await expect(sendFile(new Wire(model), randomFile("a.mp4", 100).file)).rejects.toThrow("no room");
  expect(model.of("upload.piece").length).toBe(1);
});

test("cancelling ends it and is told", async () => {
  const model = new FakeModel();
  model.answer = ({ kind }) => (kind === "upload.piece" ? null : undefined);
  const stop = new AbortController();
  const sending = sendFile(new Wire(model), randomFile("a.mp4", 9 << 20).file, { signal: stop.signal });
  setTimeout(() => stop.abort(), 20);
  await expect(sending).rejects.toThrow();
  expect(model.of("upload.drop").length).toBe(1);
});

test("a film comes in pieces, and a lost answer is asked for again", async () => {
  vi.useFakeTimers();
  try {
    const model = new FakeModel();
    model.film = randomFile("f", 5 << 20).bytes;
    let lost = 1;
    model.answer = ({ kind }) => (kind === "read" && lost-- > 0 ? null : undefined);
    const parts = [];
    const coming = fetchFilm(new Wire(model), "preview", { name: "a.mp4", size: model.film.length }, (f) => parts.push(f));
    await vi.advanceTimersByTimeAsync(30_000);
    const blob = await coming;
    expect(sha256(new Uint8Array(await blob.arrayBuffer()))).toBe(sha256(model.film));
    expect(parts.at(-1)).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test("what a film's read refuses is an error", async () => {
  const model = new FakeModel();
  model.answer = () => ({ kind: "error", text: "There is no video yet." });
  await expect(fetchFilm(new Wire(model), "preview", { name: "a.mp4", size: 10 })).rejects.toBeInstanceOf(StudioError);
});
