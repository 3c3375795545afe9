import { el } from "./dom.js";

/** Pixels of a poster's longer side at most: as wide as a notebook's column on a dense screen. */
const LONGEST = 1280;
/** Pixels of the sides of what is judged, and levels of 255 between its lightest and its darkest that are a picture. */
const SMALL = 16;
const TELLING = 16;

/**
 * What a film shows of itself before it is played: its first picture, or the one at `later` where it begins with
 * nothing to be seen, as one that fades in from black does.
 *
 * @param {string} url of the film, of the page's own origin
 * @param {number} later seconds into it
 * @returns {Promise<string>} a JPEG as a data: address (there are hosts whose pages may show no picture of a blob);
 *   "" where this browser can't read the film's pictures
 */
export async function posterOf(url, later) {
  // One of its own: the player's own place is the user's.
  const film = el("video", { muted: true, playsinline: true, preload: "metadata", src: url });
  try {
    await once(film, "loadedmetadata");
    for (const at of [0, Math.min(later, film.duration / 2)]) {
      film.currentTime = at;
      await once(film, "seeked");
      if (isPicture(film)) break;
    }
    const scale = Math.min(1, LONGEST / Math.max(film.videoWidth, film.videoHeight));
    return drawn(film, Math.round(film.videoWidth * scale), Math.round(film.videoHeight * scale)).canvas.toDataURL("image/jpeg", 0.85);
  } catch {
    return "";
  } finally {
    film.removeAttribute("src");
    film.load();
  }
}

/**
 * @param {HTMLVideoElement} film
 * @param {string} event
 * @returns {Promise<void>} rejected when the film can't be read
 */
const once = (film, event) =>
  new Promise((done, fail) => {
    film.addEventListener(event, () => done(), { once: true });
    film.addEventListener("error", () => fail(film.error), { once: true });
  });

/**
 * @param {HTMLVideoElement} film
 * @param {number} width
 * @param {number} height
 */
function drawn(film, width, height) {
  const paper = el("canvas", { width, height }).getContext("2d", { willReadFrequently: true });
  if (!paper) throw new Error("no canvas");
  paper.drawImage(film, 0, 0, width, height);
  return paper;
}

/** @param {HTMLVideoElement} film */
function isPicture(film) {
  const { data } = drawn(film, SMALL, SMALL).getImageData(0, 0, SMALL, SMALL);
  const levels = Array.from({ length: SMALL * SMALL }, (_, i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3);
  return Math.max(...levels) - Math.min(...levels) >= TELLING;
}
