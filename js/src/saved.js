/** @import { Model } from "./types.js" */

/** As the kernel has it for notebooks that are run without a page (`_KEPT` in widget/studio.py). */
const KEPT = { _esm: "export default { render() {} };", _css: "", view: {}, progress: null };

/**
 * Keep a notebook small whose reader has "Save Jupyter widget state" on: without a kernel the studio can do nothing,
 * and the static output beside it shows how things stood. What is saved of a widget is its model's `get_state()`,
 * and nothing else asks for that. Hosts whose models have none save nothing.
 *
 * @param {Model} model
 */
export function saveLittle(model) {
  // A model's own `set` returns the model itself, which anywidget's face of it does not show.
  const own = model.set("view", model.get("view"));
  if (typeof own?.get_state !== "function" || Object.hasOwn(own, "get_state")) return;
  const whole = own.get_state;
  own.get_state = (/** @type {any[]} */ ...options) => ({ ...whole.apply(own, options), ...KEPT });
}
