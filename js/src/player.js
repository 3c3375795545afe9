/** @import { Film, View } from "./types.js" */
/** @import { Which } from "./films.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
import { clock, el, icon, problemOf, size } from "./dom.js";
import { playable } from "./films.js";
import { peaksOf } from "./peaks.js";
import { fetchFilm } from "./transfer.js";

const FULL = 'video/mp4; codecs="avc1.640028, mp4a.40.2"';
const SILENT = 'video/mp4; codecs="avc1.640028"';

/**
 * The video, in place. The newest film wins: a preview after a change, the export when there is one. The place in the
 * video is kept when one film follows another.
 *
 * @param {Wire} wire
 * @param {Words} words
 * @param {(problem: string) => void} onProblem
 * @param {(peaks: Float32Array) => void} onPeaks
 */
export function makePlayer(wire, words, onProblem, onPeaks) {
  const video = el("video", { controls: true, playsinline: true, preload: "auto", "aria-label": words.preview });
  const note = el("div", { class: "rf-facts" });
  const warning = el("div", { class: "rf-warning", role: "status", hidden: true });
  const text = el("span", {}, words.empty);
  const empty = el("div", { class: "rf-empty" }, icon("film"), text);
  const bar = el("progress", { max: "1", class: "rf-loading", "aria-label": words.loading, hidden: true });
  const download = el("button", { type: "button", class: "rf-button", "aria-label": words.download, hidden: true }, icon("down"), words.download);
  const screen = el("div", { class: "rf-screen" }, video, empty, bar);
  const node = el("div", { class: "rf-player" }, screen, warning, el("div", { class: "rf-row" }, note, download));
  video.hidden = true;
  let revision = 0;
  let shown = { url: "", blob: /** @type {Blob | null} */ (null) };
  /** @type {{which: Which, film: Film} | null} */
  let best = null;

  const release = () => {
    if (shown.blob) URL.revokeObjectURL(shown.url);
  };

  /**
   * @param {Which} which
   * @param {Film} film
   */
  const show = async (which, film) => {
    revision = film.revision;
    bar.hidden = false;
    bar.removeAttribute("value");
    let found;
    try {
      found = await playable(wire, which, film, (fraction) => (bar.value = fraction));
    } catch (error) {
      if (revision === film.revision) {
        bar.hidden = true;
        warning.hidden = false;
        warning.textContent = `${problemOf(error, words)} ${words.noPlay}`;
      }
      return;
    }
    if (revision !== film.revision) {
      if (found.blob) URL.revokeObjectURL(found.url);
      return;
    }
    const at = video.currentTime;
    const playing = !video.paused && !video.ended;
    release();
    shown = found;
    video.src = found.url;
    video.hidden = false;
    empty.hidden = true;
    bar.hidden = true;
    video.style.aspectRatio = `${film.width} / ${film.height}`;
    if (at > 0 && at < film.duration_s) video.currentTime = at;
    if (playing) video.play().catch(() => {});
    const kind = which === "preview" ? words.previewNote : words.savedAs(film.name);
    note.textContent = `${film.width}×${film.height} · ${clock(film.duration_s)} · ${size(film.size)} · ${kind}`;
    const silent = video.canPlayType(FULL) === "" && video.canPlayType(SILENT) !== "";
    warning.hidden = !silent;
    warning.textContent = silent ? words.noSound : "";
    const bytes = found.blob ?? (film.size < 64 << 20 ? await fetch(found.url).then((r) => r.blob(), () => null) : null);
    if (bytes && revision === film.revision) onPeaks(await peaksOf(bytes));
  };

  video.addEventListener("error", () => {
    if (!video.src || !video.error) return;
    warning.hidden = false;
    warning.textContent = words.noPlay;
    download.hidden = false;
  });

  download.addEventListener("click", async () => {
    if (!best) return;
    const { which, film } = best;
    download.disabled = true;
    try {
      const same = revision === film.revision && shown.url;
      const blob = same && !shown.blob ? null : ((same && shown.blob) || (await fetchFilm(wire, which, film)));
      const link = el("a", { href: blob ? URL.createObjectURL(blob) : shown.url, download: film.name });
      // Some hosts hear only clicks on links that are in the page.
      node.append(link);
      link.click();
      link.remove();
      if (blob) setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      onProblem(problemOf(error, words));
    } finally {
      download.disabled = false;
    }
  });

  let pictured = "";
  return {
    node,
    video,
    /**
     * What is to be seen before there is a film: the first shot's picture.
     *
     * @param {View} view
     * @param {(id: string, kind: string, show: (url: string) => void) => void} thumbnail
     */
    poster(view, thumbnail) {
      const first = view.timeline.find((track) => track.main)?.segments[0]?.media ?? "";
      if (!video.hidden || pictured === first) return;
      pictured = first;
      screen.classList.toggle("rf-soon", first !== "");
      if (first) thumbnail(first, "image", (url) => screen.style.setProperty("--rf-picture", `url("${url}")`));
    },
    /** @param {View} view */
    update(view) {
      const exported = (view.exported?.revision ?? 0) > (view.preview?.revision ?? 0);
      const film = exported ? view.exported : view.preview;
      text.textContent = !film && view.timeline.length ? `${words.stages.preview} …` : words.empty;
      best = view.exported ? { which: "exported", film: view.exported } : view.preview ? { which: "preview", film: view.preview } : null;
      download.hidden = !view.exported && !(best && warning.textContent === words.noPlay);
      if (film && film.revision !== revision) show(exported ? "exported" : "preview", film);
    },
    close() {
      revision = -1;
      release();
      video.removeAttribute("src");
      video.load();
    },
  };
}
