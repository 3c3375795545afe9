/** @import { Segment, Track, View } from "./types.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
/** @import { Grip } from "./drag.js" */
import { el, exact, problemOf } from "./dom.js";
import { dragged, marksFor, placeOf, ticks } from "./drag.js";
import { PER_SECOND, pathOf } from "./peaks.js";

/** Pixels that a hand may tremble before a press is a drag, and within which an edge snaps. */
const TREMBLE = 4;
const NEAR = 6;
/** Milliseconds of one step by keyboard, and how long to wait for the next one before all of them are one change. */
const STEP = 100;
const SETTLE = 450;

/**
 * The timeline, drawn to scale: a row per track, a playhead tied to the video. A click seeks and selects; drag or keys
 * move and trim.
 *
 * @param {Wire} wire
 * @param {Words} words
 * @param {HTMLVideoElement} video
 * @param {{thumbnail: (id: string, kind: string, show: (url: string) => void) => void}} assets
 * @param {(problem: string) => void} onProblem
 */
export function makeStrip(wire, words, video, assets, onProblem) {
  const ruler = el("div", { class: "rf-ruler", "aria-hidden": "true" });
  const rows = el("div", { class: "rf-tracks" });
  const head = el("div", { class: "rf-playhead", "aria-hidden": "true" });
  const area = el("div", { class: "rf-area" }, ruler, rows, head);
  const node = el("section", { class: "rf-strip", role: "region", "aria-label": words.timeline, hidden: true }, area);
  /** @type {Track[]} */
  let timeline = [];
  /** @type {string[]} */
  let selected = [];
  /** @type {Map<string, string>} */
  let kinds = new Map();
  let total = 1;
  let peaks = new Float32Array(0);
  let holding = false;

  const follow = () => node.style.setProperty("--rf-at", String(Math.min(1, (video.currentTime * 1000) / total)));
  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(event, follow);
  // "timeupdate" comes four times a second; a playhead that jumps is hard to read.
  const glide = () => {
    follow();
    if (!video.paused && node.isConnected) requestAnimationFrame(glide);
  };
  video.addEventListener("play", glide);

  const seek = (/** @type {number} */ ms) => (video.currentTime = Math.max(0, Math.min(ms, total - 1)) / 1000);
  const ask = (/** @type {string} */ kind, /** @type {Record<string, any>} */ body) =>
    wire.ask(kind, body, { prompt: true }).catch((error) => onProblem(problemOf(error, words)));

  /** @param {string[]} ids */
  const select = (ids) => {
    selected = ids;
    drawSelection();
    ask("select", { segments: ids });
  };

  ruler.addEventListener("pointerdown", (event) => {
    const box = ruler.getBoundingClientRect();
    const to = (/** @type {PointerEvent} */ e) => seek(((e.clientX - box.left) / box.width) * total);
    to(event);
    ruler.setPointerCapture(event.pointerId);
    ruler.onpointermove = to;
    ruler.onpointerup = ruler.onpointercancel = () => (ruler.onpointermove = null);
  });

  /**
   * @param {Track} track
   * @param {Segment} segment
   * @param {{start_ms: number, end_ms: number}} to
   * @param {Grip} grip
   */
  const change = (track, segment, to, grip) => {
    if (track.main && grip === "move") {
      const place = placeOf(track.segments, segment.id, to);
      if (place !== track.segments.indexOf(segment)) ask("arrange", { segment: segment.id, place });
    } else if (to.start_ms !== segment.start_ms || to.end_ms !== segment.end_ms) {
      ask("arrange", { segment: segment.id, ...to });
    }
  };

  /** @param {{start_ms: number, end_ms: number}} at */
  const timesOf = ({ start_ms, end_ms }) => `${exact(start_ms)}–${exact(end_ms)}`;

  /**
   * @param {HTMLElement} block
   * @param {{start_ms: number, end_ms: number}} at
   */
  const put = (block, { start_ms, end_ms }) => {
    block.style.left = `${(start_ms / total) * 100}%`;
    block.style.width = `${((end_ms - start_ms) / total) * 100}%`;
  };

  /** Its name in the interface's language, if it has one. @param {Segment} segment */
  const called = (segment) => segment.names?.[words.lang] ?? segment.name;

  /**
   * @param {Track} track
   * @param {Segment} segment
   */
  const make = (track, segment) => {
    const name = called(segment) || words.tracks.Track;
    const block = el("div", {
      class: `rf-segment rf-${track.kind}`, role: "option", "aria-selected": "false", tabindex: "-1",
      title: `${name} · ${timesOf(segment)}`, "aria-label": `${name}, ${timesOf(segment)}`, "aria-description": words.segmentKeys, "data-id": segment.id,
    });
    put(block, segment);
    if (track.kind === "video" && segment.media) {
      assets.thumbnail(segment.media, kinds.get(segment.media) ?? "image", (url) => (block.style.setProperty("--rf-picture", `url("${url}")`), block.classList.add("rf-pictured")));
    }
    block.append(el("span", { class: "rf-segment-name" }, name), el("span", { class: "rf-grip rf-grip-start", "data-grip": "start" }), el("span", { class: "rf-grip rf-grip-end", "data-grip": "end" }));
    block.addEventListener("pointerdown", (event) => press(event, block, track, segment));
    block.addEventListener("keydown", (event) => key(event, block, track, segment));
    return block;
  };

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} block
   * @param {Track} track
   * @param {Segment} segment
   */
  function press(event, block, track, segment) {
    if (event.button !== 0) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const grip = /** @type {Grip} */ (target.dataset.grip ?? "move");
    const scale = total / Math.max(1, rows.querySelector(".rf-lane")?.clientWidth ?? 1);
    const from = event.clientX;
    let to = { start_ms: segment.start_ms, end_ms: segment.end_ms };
    let moving = false;
    block.setPointerCapture(event.pointerId);
    const move = (/** @type {PointerEvent} */ e) => {
      if (!moving && Math.abs(e.clientX - from) < TREMBLE) return;
      moving = holding = true;
      block.classList.add("rf-held");
      const marks = track.main && grip === "move" ? [] : marksFor(timeline, segment.id, video.currentTime * 1000, total);
      to = dragged(grip, segment, (e.clientX - from) * scale, { total, marks, near: NEAR * scale, open: track.main && grip === "end" });
      put(block, to);
      block.dataset.times = timesOf(to);
    };
    const end = (/** @type {boolean} */ keep) => {
      block.removeEventListener("pointermove", move);
      block.removeEventListener("pointerup", up);
      block.removeEventListener("pointercancel", leave);
      document.removeEventListener("keydown", escape, true);
      block.classList.remove("rf-held");
      delete block.dataset.times;
      holding = false;
      put(block, segment);
      if (keep && moving) {
        change(track, segment, to, grip);
        // A shot lands in its row; everything else stays where the hand left it, until the kernel has said so.
        if (!(track.main && grip === "move")) put(block, to);
      }
    };
    const up = (/** @type {PointerEvent} */ e) => {
      const pressed = !moving;
      end(true);
      if (!pressed) return;
      block.focus({ preventScroll: true });
      const more = e.ctrlKey || e.metaKey;
      const had = selected.includes(segment.id);
      select(more ? (had ? selected.filter((id) => id !== segment.id) : [...selected, segment.id]) : [segment.id]);
      seek(segment.start_ms + 50);
    };
    const leave = () => end(false);
    const escape = (/** @type {KeyboardEvent} */ e) => {
      if (e.key === "Escape") end(false);
    };
    block.addEventListener("pointermove", move);
    block.addEventListener("pointerup", up);
    block.addEventListener("pointercancel", leave);
    document.addEventListener("keydown", escape, true);
  }

  /** Steps by keyboard that are not a change yet. @type {{id: string, to: {start_ms: number, end_ms: number}, timer: any, tell: () => void} | null} */
  let stepping = null;

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} block
   * @param {Track} track
   * @param {Segment} segment
   */
  function key(event, block, track, segment) {
    const side = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 })[event.key] ?? 0;
    const lanes = [...rows.querySelectorAll(".rf-lane")];
    const lane = /** @type {HTMLElement} */ (block.parentElement);
    if (event.key === "Enter" || event.key === " ") {
      select(selected.includes(segment.id) ? [] : [segment.id]);
      seek(segment.start_ms + 50);
    } else if (event.key === "Escape") select([]);
    else if (event.key === "Delete" || event.key === "Backspace") ask("arrange", { segment: segment.id, remove: true });
    else if (side && event.altKey && track.main) {
      const place = track.segments.indexOf(segment) + side;
      if (place >= 0 && place < track.segments.length) ask("arrange", { segment: segment.id, place });
    } else if (side && (event.altKey || event.shiftKey)) {
      const grip = event.altKey ? "move" : "end";
      const from = stepping?.id === segment.id ? stepping.to : segment;
      const to = dragged(grip, from, side * STEP, { total, open: track.main });
      clearTimeout(stepping?.timer);
      put(block, to);
      block.setAttribute("aria-label", `${called(segment)}, ${timesOf(to)}`);
      const tell = () => {
        stepping = null;
        change(track, segment, to, grip);
      };
      stepping = { id: segment.id, to, timer: setTimeout(tell, SETTLE), tell };
    } else if (side) focusOn(/** @type {HTMLElement | null} */ (side > 0 ? block.nextElementSibling : block.previousElementSibling));
    else if (event.key === "Home" || event.key === "End") focusOn(/** @type {HTMLElement | null} */ (event.key === "Home" ? lane.firstElementChild : lane.lastElementChild));
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = lanes[lanes.indexOf(lane) + (event.key === "ArrowUp" ? -1 : 1)];
      focusOn(/** @type {HTMLElement | null} */ (next?.firstElementChild ?? null));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {HTMLElement | null} block */
  const focusOn = (block) => {
    if (!block) return;
    for (const other of rows.querySelectorAll(".rf-segment")) /** @type {HTMLElement} */ (other).tabIndex = -1;
    block.tabIndex = 0;
    block.focus();
  };

  const drawSelection = () => {
    for (const block of rows.querySelectorAll(".rf-segment")) {
      const is = selected.includes(/** @type {HTMLElement} */ (block).dataset.id ?? "");
      block.setAttribute("aria-selected", String(is));
    }
  };

  const drawPeaks = () => {
    for (const old of rows.querySelectorAll(".rf-wave")) old.remove();
    for (const [n, track] of timeline.entries()) {
      if (track.kind !== "audio") continue;
      for (const [i, segment] of track.segments.entries()) {
        const path = pathOf(peaks, (segment.start_ms / 1000) * PER_SECOND, (segment.end_ms / 1000) * PER_SECOND);
        const block = rows.children[n]?.querySelectorAll(".rf-segment")[i];
        if (path && block) block.prepend(wave(path));
      }
    }
  };

  let last = "";
  const draw = () => {
    const focus = /** @type {HTMLElement | null} */ (/** @type {Document | ShadowRoot} */ (rows.getRootNode()).activeElement ?? null);
    const held = focus && rows.contains(focus) ? focus.dataset.id : undefined;
    const marks = ticks(total, 8);
    ruler.replaceChildren(...marks.map((at) => {
      const mark = el("span", { class: "rf-tick" }, exact(at));
      mark.style.left = `${(at / total) * 100}%`;
      return mark;
    }));
    rows.replaceChildren(...timeline.map((track) => {
      const label = /** @type {Record<string, string>} */ (words.tracks)[track.label] ?? track.label;
      const lane = el("div", { class: "rf-lane", role: "listbox", "aria-label": label, "aria-multiselectable": "true", "aria-orientation": "horizontal" },
        ...track.segments.map((segment) => make(track, segment)));
      return el("div", { class: track.main ? "rf-track rf-main" : "rf-track" }, el("span", { class: "rf-label", title: label }, label), lane);
    }));
    for (const lane of rows.querySelectorAll(".rf-lane")) {
      const first = /** @type {HTMLElement | null} */ (lane.firstElementChild);
      if (first) first.tabIndex = 0;
    }
    drawSelection();
    drawPeaks();
    follow();
    if (held) focusOn(/** @type {HTMLElement | undefined} */ ([...rows.querySelectorAll(".rf-segment")].find((b) => /** @type {HTMLElement} */ (b).dataset.id === held)) ?? null);
  };

  return {
    node,
    select,
    /** Tell at once what would be told in a moment: what is said next is about it. */
    settle() {
      clearTimeout(stepping?.timer);
      stepping?.tell();
    },
    /** @param {Float32Array} values */
    setPeaks(values) {
      peaks = /** @type {any} */ (values);
      drawPeaks();
    },
    /** @param {View} view */
    update(view) {
      if (view.selected.join() !== selected.join()) {
        selected = view.selected;
        drawSelection();
      }
      const now = JSON.stringify([view.timeline, view.duration_ms]);
      // What is under the hand is not pulled away; the next change of the view brings what was missed.
      if (now === last || holding) return;
      last = now;
      timeline = view.timeline;
      kinds = new Map(view.media.map((m) => [m.id, m.kind]));
      total = Math.max(1, view.duration_ms);
      node.hidden = timeline.length === 0;
      draw();
    },
    /** The names of what is selected. @returns {string[]} */
    names() {
      return timeline.flatMap((track) => track.segments).filter((segment) => selected.includes(segment.id)).map(called);
    },
  };
}

/** @param {string} d */
function wave(d) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "rf-wave");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}
