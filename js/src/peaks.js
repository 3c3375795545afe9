/** Samples a second that the loudness is drawn from; a picture of it needs no more. */
const RATE = 8000;
/** Values a second that are kept. */
export const PER_SECOND = 20;
/** Bytes of a film above which its sound is not drawn: it would have to be in memory as a whole. */
const MOST = 64 << 20;

/**
 * How loud a film is over its time, 0 to 1, `PER_SECOND` values a second; empty when the browser can't tell.
 *
 * @param {Blob} film
 * @returns {Promise<Float32Array>}
 */
export async function peaksOf(film) {
  if (film.size > MOST || typeof OfflineAudioContext === "undefined") return new Float32Array(0);
  try {
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await film.arrayBuffer());
    return peaks(sound.getChannelData(0), RATE / PER_SECOND);
  } catch {
    return new Float32Array(0); // no sound, or no decoder for it
  }
}

/**
 * The largest value of each stretch of samples, relative to the largest of all.
 *
 * @param {Float32Array} samples
 * @param {number} stretch
 */
export function peaks(samples, stretch) {
  const out = new Float32Array(Math.ceil(samples.length / stretch));
  let top = 0;
  for (let i = 0; i < samples.length; i++) {
    const at = Math.floor(i / stretch);
    const value = Math.abs(samples[i]);
    if (value > out[at]) out[at] = value;
    if (value > top) top = value;
  }
  return top ? out.map((value) => value / top) : out;
}

/**
 * A part of the loudness as an SVG path in a box of 100 x 100, symmetric about its middle.
 *
 * @param {Float32Array} values
 * @param {number} from in values
 * @param {number} to
 */
export function pathOf(values, from, to) {
  const part = values.subarray(Math.max(0, Math.floor(from)), Math.max(0, Math.ceil(to)));
  if (part.length < 2) return "";
  const x = (/** @type {number} */ i) => ((i / (part.length - 1)) * 100).toFixed(2);
  const upper = Array.from(part, (v, i) => `${x(i)} ${(50 - v * 42).toFixed(1)}`);
  const lower = Array.from(part, (v, i) => `${x(i)} ${(50 + v * 42).toFixed(1)}`).reverse();
  return `M${upper.join("L")}L${lower.join("L")}Z`;
}
