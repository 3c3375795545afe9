/** @import { Growing } from "./types.js" */
/** @import { Wire } from "./wire.js" */
import { bytesOf, piece } from "./transfer.js";

/** Pieces that may wait to be taken by the browser before the next one is asked for. */
const WINDOW = 4;
/** Seconds before the playhead that are kept when the browser has no more room. */
const KEPT = 5;

/**
 * Whether this browser can play a film while it grows.
 *
 * @param {string} type with its codecs
 */
export const canStream = (type) => typeof MediaSource !== "undefined" && MediaSource.isTypeSupported(type);

/**
 * Play a film that the kernel is still making. Its pieces are asked for one after the other, each when the one before
 * it has come; the browser gets them in order, and while it has `WINDOW` of them to take, no further one is asked for.
 *
 * @param {Wire} wire
 * @param {Growing} film
 * @param {HTMLVideoElement} video whose source it becomes
 * @param {{onWhole: (film: Blob) => void, onFail: () => void}} tell whole: all of it is there; fail: it can't be
 *   played so, and the film has to be waited for. One that the kernel gave up is neither: what there is stays.
 * @returns {{url: string, close: () => void}} the address is to be revoked
 */
export function playGrowing(wire, film, video, { onWhole, onFail }) {
  const source = new MediaSource();
  const url = URL.createObjectURL(source);
  /** @type {ArrayBuffer[]} */
  const waiting = [];
  /** @type {ArrayBuffer[]} */
  const all = [];
  /** @type {SourceBuffer | null} */
  let buffer = null;
  let over = false;
  let closed = false;
  let wake = () => {};

  const fail = () => {
    if (closed) return;
    closed = true;
    wake();
    onFail();
  };
  /** The browser's room is full: what was seen long ago goes. False when there is nothing of that kind. */
  const makeRoom = () => {
    if (!buffer?.buffered.length) return false;
    const [start, end] = [buffer.buffered.start(0), Math.min(buffer.buffered.end(0), video.currentTime - KEPT)];
    if (end <= start) return false;
    buffer.remove(start, end);
    return true;
  };
  const drain = () => {
    if (closed || !buffer || buffer.updating || source.readyState !== "open") return;
    if (!waiting.length) {
      if (over) source.endOfStream();
      return;
    }
    try {
      buffer.appendBuffer(waiting[0]);
      waiting.shift();
      wake();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "QuotaExceededError") return fail();
      // Nothing to be thrown away yet: it goes on when more of it has been seen.
      if (!makeRoom()) video.addEventListener("timeupdate", drain, { once: true });
    }
  };

  source.addEventListener("sourceopen", () => {
    if (closed || buffer) return;
    try {
      buffer = source.addSourceBuffer(film.mime_type);
      source.duration = film.duration_s;
    } catch {
      return fail();
    }
    buffer.addEventListener("updateend", drain);
    buffer.addEventListener("error", fail);
    drain();
  });

  const fetching = async () => {
    let offset = 0;
    while (!closed && !over) {
      if (waiting.length >= WINDOW) {
        await new Promise((go) => (wake = () => go(undefined)));
        continue;
      }
      const { content, buffers } = await piece(wire, "grow", { revision: film.revision, offset });
      if (closed) return;
      const bytes = buffers[0] ? bytesOf(buffers[0]) : new ArrayBuffer(0);
      offset += bytes.byteLength;
      over = content.over;
      if (bytes.byteLength) {
        waiting.push(bytes);
        all.push(bytes);
      }
      drain();
    }
    if (!closed) onWhole(new Blob(all, { type: "video/mp4" }));
  };
  fetching().catch(() => {
    // Given up by the kernel, or the kernel is gone: what has come can still be looked at.
    over = true;
    drain();
  });

  return {
    url,
    close() {
      closed = true;
      wake();
    },
  };
}
