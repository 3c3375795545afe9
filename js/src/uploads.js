/** @import { Wire } from "./wire.js" */
import { sendFile } from "./transfer.js";
import { StudioError } from "./wire.js";

/**
 * A file on its way. `picture` is the address of the file itself, to be shown at once.
 *
 * @typedef {{id: number, file: File, picture: string, state: "waiting" | "sending" | "checking" | "failed",
 *   fraction: number, problem: unknown, again: boolean, stop: AbortController}} Upload
 */

/** What the kernel refused: the same file would be refused again. */
const REFUSED = new Set(["UnsupportedMediaError", "FileTooLargeError", "MediaError"]);

/**
 * Sends files one after another. What was dropped together is handed over together, in its order; one that fails or is
 * cancelled does not hold up the others, and can be tried again.
 *
 * @param {Wire} wire
 * @param {() => void} onChange
 */
export function makeUploads(wire, onChange) {
  /** @type {Upload[]} */
  let uploads = [];
  let count = 0;
  let line = Promise.resolve();

  /** @param {Upload} upload */
  const forget = (upload) => {
    URL.revokeObjectURL(upload.picture);
    uploads = uploads.filter((other) => other !== upload);
    onChange();
  };

  /** @param {Upload[]} batch */
  const send = async (batch) => {
    /** @type {{upload: Upload, key: string, sha256: string}[]} */
    const sent = [];
    for (const upload of batch) {
      if (upload.stop.signal.aborted) continue;
      upload.state = "sending";
      onChange();
      const onProgress = (/** @type {number} */ fraction) => {
        upload.fraction = fraction;
        onChange();
      };
      try {
        const { key, sha256 } = await sendFile(wire, upload.file, { onProgress, signal: upload.stop.signal });
        upload.state = "checking";
        sent.push({ upload, key, sha256 });
      } catch (error) {
        if (!upload.stop.signal.aborted) fail(upload, error);
      }
      onChange();
    }
    for (const one of sent.filter(({ upload }) => upload.stop.signal.aborted)) wire.ask("upload.drop", { upload: one.key }).catch(() => {});
    const whole = sent.filter(({ upload }) => !upload.stop.signal.aborted);
    if (!whole.length) return;
    try {
      wire.ask("ping", {}, { prompt: true }).catch(() => {});
      await wire.ask("upload.end", { uploads: whole.map(({ key }) => key), sha256: whole.map((one) => one.sha256) });
      for (const { upload } of whole) forget(upload);
    } catch (error) {
      // With one file the reason is its own; with several the log says which of them is to blame.
      for (const { upload } of whole) fail(upload, error);
    }
  };

  /**
   * @param {Upload} upload
   * @param {unknown} error
   */
  const fail = (upload, error) => {
    upload.state = "failed";
    upload.problem = error;
    upload.again = !(error instanceof StudioError && REFUSED.has(error.kind));
    onChange();
  };

  /** @param {Upload[]} batch */
  const queue = (batch) => {
    line = line.then(() => send(batch));
    return line;
  };

  return {
    /** @returns {Upload[]} */
    get all() {
      return uploads;
    },
    /** @param {File[]} files */
    add(files) {
      const batch = files.map((file) => {
        const picture = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
        return /** @type {Upload} */ ({ id: ++count, file, picture, state: "waiting", fraction: 0, problem: null, again: false, stop: new AbortController() });
      });
      uploads = [...uploads, ...batch];
      onChange();
      return queue(batch);
    },
    /** @param {Upload} upload */
    cancel(upload) {
      upload.stop.abort();
      forget(upload);
    },
    /** @param {Upload} upload */
    retry(upload) {
      Object.assign(upload, { state: "waiting", fraction: 0, problem: null, stop: new AbortController() });
      onChange();
      return queue([upload]);
    },
    forget,
    close() {
      for (const upload of uploads) upload.stop.abort();
      for (const upload of uploads) URL.revokeObjectURL(upload.picture);
    },
  };
}
