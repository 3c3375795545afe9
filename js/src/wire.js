/** @import { Model } from "./types.js" */

/** What the kernel answered when it could not: its own words, and which kind of failure it was. */
export class StudioError extends Error {
  /**
   * @param {string} text
   * @param {string} [kind]
   */
  constructor(text, kind = "") {
    super(text);
    this.kind = kind;
  }
}

/** Milliseconds after which a person is told that the kernel does not answer. */
export const PATIENCE = 700;
/** Milliseconds after which a prompt request is said again, and how often: the kernel does each only once. */
export const AGAIN = 3000;
const AGAINS = 5;

/**
 * Requests over custom messages. Each has an id and is answered by one message with the same id. A message can be
 * lost without a word (a websocket that closes on a large one, a kernel that restarts), so each may have a deadline;
 * and one that a person waits for is `prompt`: when no answer comes at once, `onBusy` is told, and told again when
 * the last of them was answered. It is also said again, since a kernel drops what comes just after a cell has failed.
 */
export class Wire {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    /** @type {Map<string, {done: (answer: {content: any, buffers: DataView[]}) => void, fail: (error: Error) => void}>} */
    this.open = new Map();
    /** @type {Set<string>} */
    this.late = new Set();
    /** @type {(busy: boolean) => void} */
    this.onBusy = () => {};
    this.prefix = Math.random().toString(36).slice(2);
    this.count = 0;
    this.listener = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) => this.heard(content, buffers ?? []);
    model.on("msg:custom", this.listener);
  }

  /**
   * @param {any} content
   * @param {DataView[]} buffers
   */
  heard(content, buffers) {
    const waiting = this.open.get(content?.id);
    if (content?.v !== 1 || !waiting) return;
    if (content.kind === "error") waiting.fail(new StudioError(content.text, content.error));
    else waiting.done({ content, buffers });
  }

  /**
   * Ask the kernel for something.
   *
   * @param {string} kind
   * @param {Record<string, any>} [body]
   * @param {{buffers?: (ArrayBuffer | ArrayBufferView)[], timeout?: number, prompt?: boolean}} [options] timeout in
   *   ms, 0 is none; prompt: the kernel answers at once, unless it is busy
   * @returns {Promise<{content: any, buffers: DataView[]}>}
   */
  ask(kind, body = {}, { buffers = [], timeout = 0, prompt = false } = {}) {
    const id = `${this.prefix}-${++this.count}`;
    return new Promise((resolve, reject) => {
      /** @type {ReturnType<typeof setTimeout>[]} */
      const timers = [];
      const over = () => {
        timers.forEach(clearTimeout);
        this.open.delete(id);
        if (this.late.delete(id) && !this.late.size) this.onBusy(false);
      };
      const fail = (/** @type {Error} */ error) => (over(), reject(error));
      const send = () => {
        try {
          this.model.send({ v: 1, id, kind, ...body }, undefined, buffers);
        } catch (error) {
          fail(error instanceof Error ? error : new StudioError(String(error))); // a page that has lost its kernel
        }
      };
      if (timeout) timers.push(setTimeout(() => fail(new StudioError("timeout", "timeout")), timeout));
      if (prompt) {
        timers.push(setTimeout(() => (this.late.add(id), this.onBusy(true)), PATIENCE));
        for (let n = 1; n <= AGAINS; n++) timers.push(setTimeout(send, n * AGAIN));
      }
      this.open.set(id, { done: (answer) => (over(), resolve(answer)), fail });
      send();
    });
  }

  /** Stop listening; what is still open fails. */
  close() {
    this.onBusy = () => {};
    this.model.off("msg:custom", this.listener);
    for (const { fail } of [...this.open.values()]) fail(new StudioError("closed", "closed"));
  }
}
