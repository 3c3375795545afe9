import { createHash } from "node:crypto";

/** A model with a kernel behind it that takes uploads and gives films: answers in order, and fails as it is told to. */
export class FakeModel {
  constructor(state = {}) {
    this.state = { view: emptyView(), progress: null, fallback: "rf-static-1", accept: ".jpg,.png", ...state };
    this.listeners = new Map();
    this.sent = [];
    this.files = new Map();
    this.film = new Uint8Array(0);
    /** Called with each message; what it returns is the answer, undefined is the usual one, null is none at all. */
    this.answer = () => undefined;
    this.delay = 0;
  }

  get(key) {
    return this.state[key];
  }

  set(key, value) {
    this.state[key] = value;
    for (const tell of this.listeners.get(`change:${key}`) ?? []) tell();
  }

  on(event, callback) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), callback]);
  }

  off(event, callback) {
    this.listeners.set(event, (this.listeners.get(event) ?? []).filter((other) => other !== callback));
  }

  send(content, _callbacks, buffers = []) {
    this.sent.push({ ...content, buffers });
    const own = this.answer(content, buffers);
    if (own === null) return;
    const { body = {}, out = [] } = own ? { body: own } : this.usual(content, buffers);
    setTimeout(() => this.say({ v: 1, id: content.id, kind: "result", ...body }, out), this.delay);
  }

  say(content, buffers = []) {
    for (const tell of this.listeners.get("msg:custom") ?? []) tell(content, buffers);
  }

  usual(content, buffers) {
    switch (content.kind) {
      case "upload.begin": {
        const upload = `u${this.files.size}`;
        this.files.set(upload, { name: content.name, bytes: Buffer.alloc(0) });
        return { body: { upload, received: 0 } };
      }
      case "upload.piece": {
        const file = this.files.get(content.upload);
        const data = Buffer.from(buffers[0]);
        if (content.offset <= file.bytes.length) file.bytes = Buffer.concat([file.bytes, data.subarray(file.bytes.length - content.offset)]);
        return { body: { received: file.bytes.length } };
      }
      case "read": {
        const part = this.film.slice(content.offset, content.offset + content.length);
        return { out: [new DataView(part.buffer)] };
      }
      default:
        return {};
    }
  }

  kinds() {
    return this.sent.map(({ kind }) => kind);
  }

  of(kind) {
    return this.sent.filter((message) => message.kind === kind);
  }
}

export function emptyView() {
  return {
    lines: [], media: [], job: "", waiting: 0, timeline: [], summary: "", duration_ms: 0, growing: null, preview: null, exported: null,
    can_undo: false, can_redo: false, language: "en", presets: [], suggestions: [], selected: [], credits: "", formats: [],
  };
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export function randomFile(name, size, type = "image/jpeg") {
  const bytes = new Uint8Array(size);
  for (let i = 0, x = 12345; i < size; i++) bytes[i] = x = (x * 1103515245 + 12345) & 255;
  return { file: new File([bytes], name, { type }), bytes };
}

export const soon = (ms = 0) => new Promise((go) => setTimeout(go, ms));

export async function until(holds, ms = 2000) {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`it did not happen: ${holds}`);
    await soon(5);
  }
}
