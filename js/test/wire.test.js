import { expect, test, vi } from "vitest";
import { AGAIN, PATIENCE, StudioError, Wire } from "../src/wire.js";
import { FakeModel } from "./fake.js";

test("an answer comes to the one who asked", async () => {
  const model = new FakeModel();
  model.answer = ({ n }) => ({ n });
  const wire = new Wire(model);
  const answers = await Promise.all([wire.ask("a", { n: 1 }), wire.ask("a", { n: 2 })]);
  expect(answers.map(({ content }) => content.n)).toEqual([1, 2]);
  expect(wire.open.size).toBe(0);
});

test("what the kernel refuses is an error in its words, with its kind", async () => {
  const model = new FakeModel();
  model.answer = () => ({ kind: "error", text: "no room", error: "StorageError" });
  const error = await new Wire(model).ask("a").catch((e) => e);
  expect(error).toBeInstanceOf(StudioError);
  expect([error.message, error.kind]).toEqual(["no room", "StorageError"]);
});

test("no answer in time is an error, and a late one does no harm", async () => {
  const model = new FakeModel();
  model.answer = () => null;
  const wire = new Wire(model);
  await expect(wire.ask("a", {}, { timeout: 10 })).rejects.toThrow("timeout");
  model.say({ v: 1, id: model.sent[0].id, kind: "result" });
  expect(wire.open.size).toBe(0);
});

test("a person hears within a second that the kernel is busy, and when it is not any more", async () => {
  expect(PATIENCE).toBeLessThan(1000);
  vi.useFakeTimers();
  try {
    const model = new FakeModel();
    model.answer = () => null;
    const wire = new Wire(model);
    const heard = [];
    wire.onBusy = (busy) => heard.push(busy);
    const asked = [wire.ask("cancel", {}, { prompt: true }), wire.ask("undo", {}, { prompt: true }), wire.ask("read")];
    await vi.advanceTimersByTimeAsync(PATIENCE + 1);
    expect(heard).toEqual([true, true]);
    model.say({ v: 1, id: model.sent[0].id, kind: "result" });
    expect(heard).toEqual([true, true]);
    model.say({ v: 1, id: model.sent[1].id, kind: "result" });
    expect(heard).toEqual([true, true, false]);
    wire.close();
    await expect(asked[2]).rejects.toThrow("closed");
  } finally {
    vi.useRealTimers();
  }
});

test("a message that got lost is said again, with the same id, until it is answered", async () => {
  vi.useFakeTimers();
  try {
    const model = new FakeModel();
    model.answer = () => (model.sent.length < 3 ? null : undefined);
    const asked = new Wire(model).ask("send", { text: "x" }, { prompt: true });
    await vi.advanceTimersByTimeAsync(AGAIN * 10);
    await asked;
    expect(model.sent.length).toBe(3);
    expect(new Set(model.sent.map(({ id }) => id)).size).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a page that has lost its kernel is told so at once", async () => {
  const model = new FakeModel();
  model.send = () => {
    throw new Error("comm is closed");
  };
  await expect(new Wire(model).ask("a")).rejects.toThrow("comm is closed");
});

test.each([[{ v: 2, id: "x" }], [null], ["text"], [{ v: 1, id: "foreign", kind: "result" }]])("what is not for us is left alone: %j", (content) => {
  const model = new FakeModel();
  new Wire(model);
  expect(() => model.say(content)).not.toThrow();
});
