/** @import { Media } from "./types.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
import { clock, el, icon, size } from "./dom.js";
import { sendFile } from "./transfer.js";

const ACCEPT = ".mp4,.mov,.avi,.webm,.mkv,.jpg,.jpeg,.png,.gif,.webp,.mp3,.wav,.m4a,.aac";

/**
 * Every file of a drop, those in folders included, in the order of their names.
 *
 * @param {DataTransfer} data
 * @returns {Promise<File[]>}
 */
export async function filesOf(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((e) => e !== null && e !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  /** @type {File[]} */
  const files = [];
  /** @param {any} entry */
  const walk = async (entry) => {
    if (entry.isFile) files.push(await new Promise((done, fail) => entry.file(done, fail)));
    else {
      const reader = entry.createReader();
      // readEntries gives at most a hundred at a time, and an empty list at the end.
      for (let batch; (batch = await new Promise((done, fail) => reader.readEntries(done, fail))).length; ) {
        batch.sort((/** @type {any} */ a, /** @type {any} */ b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
        for (const child of batch) if (!child.name.startsWith(".")) await walk(child);
      }
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
}

/**
 * The files of the session as tiles, and the ways to add more.
 *
 * @param {Wire} wire
 * @param {Words} words
 * @param {(problem: string) => void} onProblem
 */
export function makeAssets(wire, words, onProblem) {
  /** @type {Map<string, string>} */
  const thumbnails = new Map();
  const input = el("input", { type: "file", multiple: true, accept: ACCEPT, class: "rf-sr", tabindex: "-1", "aria-hidden": "true" });
  const add = el("button", { class: "rf-button rf-add", "aria-label": words.add, onclick: () => input.click() }, icon("add"), words.add);
  const tiles = el("div", { class: "rf-tiles", role: "list" });
  const waiting = el("div", { class: "rf-uploads" });
  const hint = el(
    "div", { class: "rf-hint" }, el("strong", {}, words.drop), ` ${words.dropHint} `,
    el("button", { class: "rf-link", onclick: () => input.click() }, words.choose), ".",
  );
  const node = el("section", { class: "rf-assets" }, hint, tiles, waiting, el("div", { class: "rf-row" }, add), input);

  /** @param {File[]} files */
  const take = async (files) => {
    if (!files.length) return;
    const stop = new AbortController();
    const jobs = files.map((file) => {
      const bar = el("progress", { max: "1", value: "0", "aria-label": `${words.upload} ${file.name}` });
      const cancel = el("button", { class: "rf-icon-button", "aria-label": `${words.cancel} ${file.name}`, onclick: () => stop.abort() }, icon("close"));
      const row = el("div", { class: "rf-upload" }, el("span", { class: "rf-name" }, file.name), bar, cancel);
      waiting.append(row);
      return { file, bar, row };
    });
    /** @type {string[]} */
    const keys = [];
    for (const { file, bar, row } of jobs) {
      try {
        keys.push(await sendFile(wire, file, { onProgress: (f) => (bar.value = f), signal: stop.signal }));
      } catch (error) {
        if (!stop.signal.aborted) onProblem(problem(error));
      }
      row.remove();
    }
    if (keys.length) await wire.ask("upload.end", { uploads: keys }).catch(() => {}); // the log tells what went wrong
  };

  /** @param {unknown} error */
  const problem = (error) => {
    const text = error instanceof Error ? error.message : String(error);
    return text === "timeout" ? words.timeout : text;
  };

  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    input.value = "";
  });

  /** @param {Media} media */
  const tile = (media) => {
    const picture = el("div", { class: "rf-thumb" });
    if (media.kind === "audio") picture.append(icon("sound"));
    else picture.append(icon("film"));
    const label = media.duration_s ? `${media.name} · ${clock(media.duration_s)}` : `${media.name} · ${size(media.size)}`;
    const node = el(
      "div", { class: media.alpha ? "rf-tile rf-alpha" : "rf-tile", role: "listitem", title: label }, picture, el("span", { class: "rf-name" }, media.name),
      media.role === "logo" ? el("span", { class: "rf-badge" }, words.logo) : null,
      el("button", {
        class: "rf-icon-button rf-remove", "aria-label": `${words.remove} ${media.name}`,
        onclick: () => wire.ask("media", { remove: [media.id] }).catch((e) => onProblem(problem(e))),
      }, icon("close")),
    );
    if (media.kind === "image" && media.role !== "logo") {
      node.append(el("button", {
        class: "rf-icon-button rf-mark", "aria-label": `${words.markLogo}: ${media.name}`,
        onclick: () => wire.ask("media", { roles: { [media.id]: "logo" } }).catch((e) => onProblem(problem(e))),
      }, icon("star")));
    }
    if (media.kind !== "audio") {
      const show = (/** @type {string} */ url) => picture.replaceChildren(el("img", { src: url, alt: "" }));
      const known = thumbnails.get(media.id);
      if (known) show(known);
      else {
        wire.ask("thumbnail", { media: media.id }).then(({ buffers }) => {
          const url = URL.createObjectURL(new Blob([/** @type {any} */ (buffers[0])], { type: "image/jpeg" }));
          thumbnails.set(media.id, url);
          show(url);
        }).catch(() => {}); // a tile without a picture still has its name
      }
    }
    return node;
  };

  let last = "";
  return {
    node,
    take,
    /** @param {Media[]} media */
    update(media) {
      const now = JSON.stringify(media);
      if (now === last) return;
      last = now;
      tiles.replaceChildren(...media.map(tile));
      hint.hidden = media.length > 0;
    },
    close() {
      for (const url of thumbnails.values()) URL.revokeObjectURL(url);
    },
  };
}
