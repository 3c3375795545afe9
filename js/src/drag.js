/** @import { Segment, Track } from "./types.js" */

/** The shortest that a hand may make a segment, ms. */
export const SHORTEST = 200;

/** @typedef {"move" | "start" | "end"} Grip what of a segment is held */

/**
 * Where a segment is after a drag. Edges that come near to a mark snap to it.
 *
 * @param {Grip} grip
 * @param {{start_ms: number, end_ms: number}} segment
 * @param {number} delta ms that the hand has gone
 * @param {{total: number, marks?: number[], near?: number, open?: boolean}} place total length; marks to snap to, and
 *   within how many ms; open: the end may go beyond the total (a shot makes the video longer)
 * @returns {{start_ms: number, end_ms: number}}
 */
export function dragged(grip, { start_ms, end_ms }, delta, { total, marks = [], near = 0, open = false }) {
  const snap = (/** @type {number} */ at) => marks.reduce((best, mark) => (Math.abs(mark - at) < Math.abs(best - at) && Math.abs(mark - at) <= near ? mark : best), at + near + 1);
  const snapped = (/** @type {number} */ at) => {
    const to = snap(at);
    return to === at + near + 1 ? at : to;
  };
  const last = open ? Infinity : Math.max(total, end_ms);
  if (grip === "start") return { start_ms: Math.round(Math.max(0, Math.min(snapped(start_ms + delta), end_ms - SHORTEST))), end_ms };
  if (grip === "end") return { start_ms, end_ms: Math.round(Math.min(last, Math.max(snapped(end_ms + delta), start_ms + SHORTEST))) };
  const length = end_ms - start_ms;
  const [a, b] = [start_ms + delta, end_ms + delta];
  // Whichever edge is nearer to a mark takes the other one along.
  const [sa, sb] = [snapped(a) - a, snapped(b) - b];
  const shift = sa && (!sb || Math.abs(sa) <= Math.abs(sb)) ? sa : sb;
  const start = Math.round(Math.max(0, Math.min(a + shift, last - length)));
  return { start_ms: start, end_ms: start + length };
}

/**
 * The place that a shot takes among the shots when it is put somewhere: its leading edge passes the others' middles, so
 * that the first and the last place can be reached within the row, whatever the lengths.
 *
 * @param {Segment[]} shots
 * @param {string} id
 * @param {{start_ms: number, end_ms: number}} to
 */
export function placeOf(shots, id, to) {
  const from = shots.findIndex((shot) => shot.id === id);
  return shots.filter((shot, n) => n !== from && (shot.start_ms + shot.end_ms) / 2 < (n < from ? to.start_ms : to.end_ms)).length;
}

/**
 * What edges snap to: those of all other segments, the playhead, the beginning and the end.
 *
 * @param {Track[]} timeline
 * @param {string} id
 * @param {number} playhead ms
 * @param {number} total ms
 */
export function marksFor(timeline, id, playhead, total) {
  const others = timeline.flatMap((track) => track.segments).filter((segment) => segment.id !== id);
  return [0, total, playhead, ...others.flatMap((segment) => [segment.start_ms, segment.end_ms])];
}

/**
 * Marks for a ruler: a round step that gives at most `most` of them, in ms.
 *
 * @param {number} total
 * @param {number} [most]
 */
export function ticks(total, most = 10) {
  const step = [500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000].find((s) => total / s <= most) ?? 3_600_000;
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, i) => i * step);
}
