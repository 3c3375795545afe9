/** @import { Model } from "./types.js" */

/** What the kernel answered when it could not: its own words. */
export class StudioError extends Error {}

/**
 * Requests over custom messages. Each has an id and is answered by one message with the same id. A message can be
 * lost without a word (a websocket that closes on a large one, a kernel that restarts), so each has a deadline.
 */
export class Wire {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    /** @type {Map<string, {done: (answer: {content: any, buffers: DataView[]}) => void, fail: (error: Error) => void}>} */
    this.open = new Map();
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
    this.open.delete(content.id);
    if (content.kind === "error") waiting.fail(new StudioError(content.text));
    else waiting.done({ content, buffers });
  }

  /**
   * Ask the kernel for something.
   *
   * @param {string} kind
   * @param {Record<string, any>} [body]
   * @param {{buffers?: (ArrayBuffer | ArrayBufferView)[], timeout?: number}} [options] timeout in ms; 0 is none
   * @returns {Promise<{content: any, buffers: DataView[]}>}
   */
  ask(kind, body = {}, { buffers = [], timeout = 0 } = {}) {
    const id = `${this.prefix}-${++this.count}`;
    return new Promise((done, reject) => {
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let timer;
      const fail = (/** @type {Error} */ error) => {
        clearTimeout(timer);
        this.open.delete(id);
        reject(error);
      };
      if (timeout) timer = setTimeout(() => fail(new StudioError("timeout")), timeout);
      this.open.set(id, { done: (answer) => (clearTimeout(timer), done(answer)), fail });
      try {
        this.model.send({ v: 1, id, kind, ...body }, undefined, buffers);
      } catch (error) {
        fail(error instanceof Error ? error : new StudioError(String(error))); // a page that has lost its kernel
      }
    });
  }

  /** Stop listening; what is still open fails. */
  close() {
    this.model.off("msg:custom", this.listener);
    for (const { fail } of [...this.open.values()]) fail(new StudioError("closed"));
  }
}
