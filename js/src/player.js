/** @import { Film, Growing, View } from "./types.js" */
/** @import { Which } from "./films.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
import { clock, el, icon, problemOf, size } from "./dom.js";
import { playable } from "./films.js";
import { kindOf } from "./kinds.js";
import { peaksOf } from "./peaks.js";
import { posterOf } from "./poster.js";
import { canStream, playGrowing } from "./stream.js";
import { fetchFilm } from "./transfer.js";

const FULL = 'video/mp4; codecs="avc1.640028, mp4a.40.2"';
const SILENT = 'video/mp4; codecs="avc1.640028"';

/** Milliseconds that the last picture stands in for a film that is being opened. */
const HELD = 8000;

/**
 * The video, in place. The newest film wins: a preview after a change (while it is still being made, where the browser
 * can do that), the sharper one when it is there, the export when there is one. The place in the video, and whether it
 * plays, are kept when one film follows another.
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
  const still = el("img", { class: "rf-still", alt: words.preview, hidden: true });
  const screen = el("div", { class: "rf-screen" }, video, still, empty, bar);
  const node = el("div", { class: "rf-player" }, screen, warning, el("div", { class: "rf-row" }, note, download));
  video.hidden = true;
  let revision = 0;
  /** Seconds: the middle of the first shot, where neither a fade nor a transition is. */
  let opening = 0;
  /** What is said of the sound of a film that has grown without it. */
  let later = "";
  let shown = { url: "", blob: /** @type {Blob | null} */ (null), own: false };
  /** @type {{close: () => void} | null} */
  let stream = null;
  /** Growing films that could not be played as such: their whole is waited for. */
  const unplayable = new Set();
  /** @type {{which: Which, film: Film} | null} */
  let best = null;

  const release = () => {
    stream?.close();
    stream = null;
    if (shown.own) URL.revokeObjectURL(shown.url);
  };

  /** Between two films the last picture stays, so that nothing flickers. */
  const hold = () => {
    if (video.hidden || video.readyState < 2 || !video.videoWidth) return;
    const picture = el("canvas", { class: "rf-hold", width: video.videoWidth, height: video.videoHeight, "aria-hidden": "true" });
    try {
      picture.getContext("2d")?.drawImage(video, 0, 0);
    } catch {
      return;
    }
    screen.append(picture);
    const letGo = () => {
      clearTimeout(late);
      video.removeEventListener("loadeddata", letGo);
      picture.remove();
    };
    const late = setTimeout(letGo, HELD);
    video.addEventListener("loadeddata", letGo);
  };

  /**
   * Give the player another source, at the same place.
   *
   * @param {typeof shown} next
   * @param {{duration_s: number, width: number, height: number}} film
   */
  const swap = (next, film) => {
    const at = video.currentTime;
    const playing = !video.paused && !video.ended;
    const rate = video.playbackRate;
    hold();
    release();
    shown = next;
    video.removeAttribute("poster");
    video.src = next.url;
    video.hidden = false;
    still.hidden = true;
    empty.hidden = true;
    bar.hidden = true;
    if (film.width && film.height) video.style.aspectRatio = `${film.width} / ${film.height}`;
    if (at > 0 && at < film.duration_s) video.currentTime = at;
    video.playbackRate = rate;
    if (playing) video.play().catch(() => {});
    const silent = video.canPlayType(FULL) === "" && video.canPlayType(SILENT) !== "";
    warning.hidden = !silent;
    warning.textContent = silent ? words.noSound : "";
  };

  /**
   * @param {{width: number, height: number, duration_s: number}} film
   * @param {...string} more
   */
  const tell = (film, ...more) => {
    const parts = [film.width ? `${film.width}×${film.height}` : "", film.duration_s ? clock(film.duration_s) : "", ...more];
    note.textContent = parts.filter(Boolean).join(" · ");
  };

  /**
   * @param {Blob} bytes
   * @param {number} of
   */
  const draw = async (bytes, of) => {
    const peaks = await peaksOf(bytes);
    if (revision === of && peaks.length) onPeaks(peaks);
  };

  /**
   * @param {string} url
   * @param {number} of
   */
  const pose = async (url, of) => {
    const picture = await posterOf(url, opening);
    if (revision === of && picture) video.poster = picture;
  };

  /** @param {Growing} film */
  const grow = (film) => {
    revision = film.revision;
    const opened = playGrowing(wire, film, video, {
      onWhole: (whole) => {
        if (revision !== film.revision) return;
        shown.blob = whole;
        draw(whole, film.revision);
        const url = URL.createObjectURL(whole);
        pose(url, film.revision).finally(() => URL.revokeObjectURL(url));
      },
      onFail: () => {
        unplayable.add(film.revision);
        if (revision === film.revision) revision = 0; // its whole is shown when it is there
      },
    });
    swap({ url: opened.url, blob: null, own: true }, film);
    stream = opened;
    later = film.silent ? words.soundLater : "";
    tell(film, words.growingNote, later);
  };

  /**
   * @param {Which} which
   * @param {Film} film
   */
  const show = async (which, film) => {
    revision = film.revision;
    const kind = kindOf(film.name);
    const saved = which === "preview" ? (Math.min(film.width, film.height) > 360 ? words.previewNote : words.smallNote) : words.savedAs(film.name);
    if (kind === "file") return tell(film, size(film.size), saved);
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
    const next = { ...found, own: found.blob !== null };
    if (kind === "image") {
      video.pause();
      release();
      shown = next;
      still.src = next.url;
      still.hidden = false;
      video.hidden = empty.hidden = bar.hidden = true;
    } else swap(next, film);
    tell(film, size(film.size), saved);
    if (kind === "image") return;
    pose(next.url, film.revision);
    const bytes = found.blob ?? (film.size < 64 << 20 ? await fetch(found.url).then((r) => r.blob(), () => null) : null);
    if (bytes) draw(bytes, film.revision);
  };

  video.addEventListener("error", () => {
    if (!video.src || !video.error) return;
    if (stream) {
      // What can't be played while it grows may be playable when it is whole.
      unplayable.add(revision);
      revision = 0;
      return;
    }
    warning.hidden = false;
    warning.textContent = words.noPlay;
    download.hidden = false;
  });

  download.addEventListener("click", async () => {
    if (!best) return;
    const { which, film } = best;
    download.disabled = true;
    try {
      const same = revision === film.revision && shown.url && kindOf(film.name) !== "file";
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
      if (!video.hidden || !still.hidden || pictured === first) return;
      pictured = first;
      screen.classList.toggle("rf-soon", first !== "");
      if (first) thumbnail(first, "image", (url) => screen.style.setProperty("--rf-picture", `url("${url}")`));
    },
    /** @param {View} view */
    update(view) {
      opening = (view.timeline.find((track) => track.main)?.segments[0]?.end_ms ?? 0) / 2000;
      const exported = (view.exported?.revision ?? 0) > (view.preview?.revision ?? 0);
      const film = exported ? view.exported : view.preview;
      text.textContent = !film && view.timeline.length ? `${words.stages.preview} …` : words.empty;
      best = view.exported ? { which: "exported", film: view.exported } : view.preview ? { which: "preview", film: view.preview } : null;
      download.hidden = !view.exported && !(best && warning.textContent === words.noPlay);
      const { growing } = view;
      if (growing && growing.revision > (film?.revision ?? 0)) {
        if (growing.revision !== revision && !unplayable.has(growing.revision) && canStream(growing.mime_type)) grow(growing);
        // Never back to what was seen before: a preview that is given up is followed by another one.
      } else if (film && film.revision > revision) show(exported ? "exported" : "preview", film);
      else if (film && stream) tell(film, size(film.size), words.smallNote, later); // grown up: it is what plays already
    },
    close() {
      revision = -1;
      release();
      video.removeAttribute("src");
      video.load();
    },
  };
}
