/** @import { Film, View } from "./types.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
import { clock, el, icon, size } from "./dom.js";
import { fetchFilm } from "./transfer.js";

/**
 * The video, in place. The newest film wins: a preview after a change, the export when there is one. The place in the
 * video is kept when one film follows another.
 *
 * @param {Wire} wire
 * @param {Words} words
 * @param {(problem: string) => void} onProblem
 */
export function makePlayer(wire, words, onProblem) {
  const video = el("video", { controls: true, playsinline: true, preload: "metadata", "aria-label": words.preview });
  const note = el("div", { class: "rf-note" });
  const empty = el("div", { class: "rf-empty" }, icon("film"), el("span", {}, words.empty));
  const download = el("button", { class: "rf-button", "aria-label": words.download, hidden: true }, icon("down"), words.download);
  const node = el("div", { class: "rf-player" }, el("div", { class: "rf-screen" }, video, empty), el("div", { class: "rf-row" }, note, download));
  video.hidden = true;
  let revision = 0;
  let url = "";
  /** @type {Film | null} */
  let exported = null;
  /** @type {Map<number, Blob>} */
  const blobs = new Map();

  /**
   * @param {"preview" | "exported"} which
   * @param {Film} film
   */
  const load = async (which, film) => {
    const known = blobs.get(film.revision);
    if (known) return known;
    const blob = await fetchFilm(wire, which, film);
    blobs.clear();
    blobs.set(film.revision, blob);
    return blob;
  };

  /**
   * @param {"preview" | "exported"} which
   * @param {Film} film
   */
  const show = async (which, film) => {
    revision = film.revision;
    note.textContent = words.loading;
    let blob;
    try {
      blob = await load(which, film);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
      return;
    }
    if (revision !== film.revision) return;
    const at = video.currentTime;
    const playing = !video.paused && !video.ended;
    const old = url;
    url = URL.createObjectURL(blob);
    video.src = url;
    video.hidden = false;
    empty.hidden = true;
    video.style.aspectRatio = `${film.width} / ${film.height}`;
    if (at > 0 && at < film.duration_s) video.currentTime = at;
    if (playing) video.play().catch(() => {});
    if (old) URL.revokeObjectURL(old);
    const kind = which === "preview" ? words.previewNote : words.exportNote;
    note.textContent = `${film.width}×${film.height} · ${clock(film.duration_s)} · ${size(film.size)} · ${kind}`;
  };

  download.addEventListener("click", async () => {
    if (!exported) return;
    try {
      const link = el("a", { href: URL.createObjectURL(await load("exported", exported)), download: exported.name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  });

  return {
    node,
    video,
    /** @param {View} view */
    update(view) {
      exported = view.exported;
      download.hidden = !exported;
      const [which, film] = (view.exported?.revision ?? 0) > (view.preview?.revision ?? 0)
        ? /** @type {const} */ (["exported", view.exported]) : /** @type {const} */ (["preview", view.preview]);
      if (film && film.revision !== revision) show(which, film);
    },
    close() {
      if (url) URL.revokeObjectURL(url);
    },
  };
}
