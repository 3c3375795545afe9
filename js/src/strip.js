/** @import { View } from "./types.js" */
/** @import { Words } from "./words.js" */
import { clock, el } from "./dom.js";

/**
 * The timeline, drawn to scale: a row per track, a playhead tied to the video. A click on a segment seeks to it.
 *
 * @param {Words} words
 * @param {HTMLVideoElement} video
 */
export function makeStrip(words, video) {
  const rows = el("div", { class: "rf-tracks" });
  const head = el("div", { class: "rf-playhead", "aria-hidden": "true" });
  const node = el("section", { class: "rf-strip", role: "region", "aria-label": words.timeline }, rows, head);
  let seconds = 0;
  const move = () => {
    const part = seconds ? Math.min(1, video.currentTime / seconds) : 0;
    node.style.setProperty("--rf-at", String(part));
  };
  video.addEventListener("timeupdate", move);
  video.addEventListener("seeked", move);

  let last = "";
  return {
    node,
    /** @param {View} view */
    update(view) {
      const now = JSON.stringify([view.timeline, view.duration_ms]);
      if (now === last) return;
      last = now;
      seconds = view.duration_ms / 1000;
      node.hidden = view.timeline.length === 0;
      const total = Math.max(1, view.duration_ms);
      rows.replaceChildren(...view.timeline.map((track) => {
        const segments = track.segments.map((segment) => {
          const times = `${clock(segment.start_ms / 1000)}–${clock(segment.end_ms / 1000)}`;
          const block = el("button", {
            class: `rf-segment rf-${track.kind}`, role: "option", "aria-selected": "false", title: `${segment.name} · ${times}`,
            "aria-label": `${segment.name}, ${times}`, onclick: () => (video.currentTime = segment.start_ms / 1000 + 0.05),
          }, segment.name);
          block.style.left = `${(segment.start_ms / total) * 100}%`;
          block.style.width = `${((segment.end_ms - segment.start_ms) / total) * 100}%`;
          return block;
        });
        return el("div", { class: "rf-track" }, el("span", { class: "rf-label" }, track.label),
          el("div", { class: "rf-lane", role: "listbox", "aria-label": track.label }, ...segments));
      }));
      move();
    },
  };
}
