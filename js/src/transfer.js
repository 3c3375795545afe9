/** @import { Film } from "./types.js" */
/** @import { Wire } from "./wire.js" */

/** Bytes of a piece; a message of 10 MiB would close the websocket. */
export const PIECE = 2 << 20;
/** Pieces on their way at a time: enough to hide the round trip, few enough to stop quickly. */
export const WINDOW = 4;
/** Milliseconds after which a piece counts as lost. */
const LOST = 20_000;
const TRIES = 4;

/**
 * Send a file in pieces; each is acknowledged, a lost one is sent again.
 *
 * @param {Wire} wire
 * @param {File} file
 * @param {{onProgress?: (fraction: number) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<string>} the upload's key, for "upload.end"
 */
export async function sendFile(wire, file, { onProgress = () => {}, signal } = {}) {
  const begun = await wire.ask("upload.begin", { name: file.name, size: file.size }, { timeout: LOST });
  const key = begun.content.upload;
  let next = 0;
  let acknowledged = 0;
  const lane = async () => {
    while (next < file.size) {
      const offset = next;
      next += PIECE;
      const bytes = await file.slice(offset, offset + PIECE).arrayBuffer();
      // Pieces are written in order; one that overtakes another is told where the file ends, and tries again.
      for (let tries = 0; ; ) {
        signal?.throwIfAborted();
        let received = -1;
        try {
          const answer = await wire.ask("upload.piece", { upload: key, offset }, { buffers: [bytes], timeout: LOST });
          received = answer.content.received;
        } catch (error) {
          if (++tries >= TRIES) throw error;
          continue;
        }
        if (received >= offset + bytes.byteLength) break;
        await new Promise((go) => setTimeout(go, 20));
      }
      acknowledged += bytes.byteLength;
      onProgress(acknowledged / file.size);
    }
  };
  try {
    await Promise.all(Array.from({ length: WINDOW }, lane));
  } catch (error) {
    wire.ask("upload.drop", { upload: key }).catch(() => {});
    throw error;
  }
  return key;
}

/**
 * One piece of a film; reading it again does no harm, so a lost answer is asked for again.
 *
 * @param {Wire} wire
 * @param {Record<string, any>} body
 * @returns {Promise<DataView>}
 */
async function piece(wire, body) {
  for (let tries = 1; ; tries++) {
    try {
      return (await wire.ask("read", body, { timeout: LOST })).buffers[0];
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error) || error.message !== "timeout") throw error;
    }
  }
}

/**
 * Fetch a film from the kernel in pieces.
 *
 * @param {Wire} wire
 * @param {"preview" | "exported"} which
 * @param {Film} film
 * @returns {Promise<Blob>}
 */
export async function fetchFilm(wire, which, film) {
  /** @type {BlobPart[]} */
  const parts = new Array(Math.ceil(film.size / PIECE));
  let next = 0;
  const lane = async () => {
    while (next < parts.length) {
      const index = next++;
      const body = { which, offset: index * PIECE, length: PIECE };
      const view = await piece(wire, body);
      parts[index] = /** @type {ArrayBuffer} */ (view.buffer).slice(view.byteOffset, view.byteOffset + view.byteLength);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  return new Blob(parts, { type: "video/mp4" });
}
