/** @import { Film } from "./types.js" */
/** @import { Wire } from "./wire.js" */
import { typeOf } from "./kinds.js";
import { Sha256 } from "./sha256.js";

/** Bytes of a piece of a film; a message of 10 MiB would close the websocket. */
export const PIECE = 2 << 20;
/** Bytes of a piece of an upload: between these, as fast as the way there is. */
export const SMALLEST = 256 << 10;
export const LARGEST = 4 << 20;
/** Pieces on their way at a time: enough to hide the round trip, few enough to stop quickly. */
export const WINDOW = 4;
/** Milliseconds after which a piece counts as lost. */
const LOST = 20_000;
const TRIES = 4;

/**
 * The size of the next piece, after one took so long there and back: larger while that is quick, smaller when it
 * drags or gets lost.
 *
 * @param {number} size
 * @param {number} ms
 */
export function nextSize(size, ms) {
  if (ms < 250) return Math.min(LARGEST, size * 2);
  if (ms > 1500) return Math.max(SMALLEST, size / 2);
  return size;
}

/**
 * What tells a file from another one of the same name, so that an upload that broke off can be gone on with.
 *
 * @param {File} file
 */
const markOf = (file) => `${file.name}|${file.size}|${file.lastModified}`;

/**
 * Reads a file in pieces, and puts each byte into its SHA-256 once.
 *
 * @param {File} file
 */
function reading(file) {
  const hash = new Sha256();
  return {
    async read(/** @type {number} */ offset, /** @type {number} */ length) {
      const bytes = await file.slice(offset, offset + length).arrayBuffer();
      if (offset <= hash.length && offset + bytes.byteLength > hash.length) hash.update(new Uint8Array(bytes, hash.length - offset));
      return bytes;
    },
    /** @returns {number} bytes that the digest is of */
    get length() {
      return hash.length;
    },
    hex: () => hash.hex(),
  };
}

/**
 * Announce a file. What the kernel has of an earlier try is only read here; if it is the same, it is gone on with.
 *
 * @param {Wire} wire
 * @param {File} file
 * @param {AbortSignal} [signal]
 */
async function begin(wire, file, signal) {
  for (;;) {
    const { content } = await wire.ask("upload.begin", { name: file.name, size: file.size, mark: markOf(file) }, { timeout: LOST });
    /** @type {{upload: string, received: number, sha256: string}} */
    const { upload, received, sha256 } = content;
    const source = reading(file);
    while (source.length < received && !signal?.aborted) await source.read(source.length, Math.min(LARGEST, received - source.length));
    if (!received || source.hex() === sha256) return { upload, start: received, source };
    await wire.ask("upload.drop", { upload }, { timeout: LOST });
    signal?.throwIfAborted();
  }
}

/**
 * Send a file in pieces, `WINDOW` of them on their way at a time. The kernel acknowledges each with the number of
 * bytes that it has without a gap; after a piece that was lost, sending goes back to there. The SHA-256 of what was
 * read here is told at the end.
 *
 * @param {Wire} wire
 * @param {File} file
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<{key: string, sha256: string}>} for "upload.end"
 */
export async function sendFile(wire, file, { onProgress = () => {}, signal } = {}) {
  const { upload, start, source } = await begin(wire, file, signal);
  let size = 1 << 20;
  let base = start;
  let next = start;
  let flying = 0;
  let failures = 0;
  // Pieces of before a gap was found say nothing about what is sent after it.
  let round = 0;
  /** @type {unknown} */
  let problem = null;
  /** @type {() => void} */
  let wake = () => {};

  const send = async (/** @type {number} */ offset, /** @type {ArrayBuffer} */ bytes, /** @type {number} */ mine) => {
    const began = performance.now();
    const end = offset + bytes.byteLength;
    /** @type {unknown} */
    let failed = null;
    try {
      const answer = await wire.ask("upload.piece", { upload, offset }, { buffers: [bytes], timeout: LOST });
      const got = answer.content.received;
      if (got > base) {
        base = got;
        failures = 0;
        onProgress(base / file.size);
      }
      if (got < end) failed = new Error("a piece was lost");
      else if (mine === round) size = nextSize(size, performance.now() - began);
    } catch (error) {
      failed = error;
    }
    if (mine !== round) return;
    flying -= 1;
    if (failed) {
      round += 1;
      flying = 0;
      next = base;
      size = Math.max(SMALLEST, size / 2);
      // An error in words is an answer: the same question would have it again.
      const final = failed instanceof Error && "kind" in failed && failed.kind !== "timeout";
      if (final || ++failures >= TRIES) problem = failed;
    }
    wake();
  };

  try {
    while (base < file.size) {
      signal?.throwIfAborted();
      if (problem) throw problem;
      if (flying < WINDOW && next < file.size) {
        const [offset, mine] = [next, round];
        const bytes = await source.read(offset, Math.min(size, file.size - offset));
        if (mine !== round) continue;
        next = offset + bytes.byteLength;
        flying += 1;
        send(offset, bytes, mine);
      } else {
        await new Promise((go) => {
          wake = () => go(undefined);
          signal?.addEventListener("abort", wake, { once: true });
        });
      }
    }
  } catch (error) {
    // One that somebody gave up is forgotten; one that broke off may be gone on with.
    if (signal?.aborted) wire.ask("upload.drop", { upload }).catch(() => {});
    throw error;
  }
  return { key: upload, sha256: source.hex() };
}

/**
 * One piece of a film; reading it again does no harm, so a lost answer is asked for again.
 *
 * @param {Wire} wire
 * @param {"read" | "grow"} kind
 * @param {Record<string, any>} body
 * @returns {Promise<{content: any, buffers: DataView[]}>}
 */
export async function piece(wire, kind, body) {
  for (let tries = 1; ; tries++) {
    try {
      return await wire.ask(kind, body, { timeout: LOST });
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error) || error.message !== "timeout") throw error;
    }
  }
}

/**
 * The bytes of a buffer that came with a message, and no others of what it is a view of.
 *
 * @param {DataView} view
 * @returns {ArrayBuffer}
 */
export const bytesOf = (view) => /** @type {ArrayBuffer} */ (view.buffer).slice(view.byteOffset, view.byteOffset + view.byteLength);

/**
 * Fetch a film from the kernel in pieces.
 *
 * @param {Wire} wire
 * @param {"preview" | "exported"} which
 * @param {Film} film
 * @param {(fraction: number) => void} [onProgress]
 * @returns {Promise<Blob>}
 */
export async function fetchFilm(wire, which, film, onProgress = () => {}) {
  /** @type {BlobPart[]} */
  const parts = new Array(Math.ceil(film.size / PIECE));
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < parts.length) {
      const index = next++;
      const body = { which, offset: index * PIECE, length: PIECE };
      parts[index] = bytesOf((await piece(wire, "read", body)).buffers[0]);
      onProgress(++done / parts.length);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  return new Blob(parts, { type: typeOf(film.name) });
}
