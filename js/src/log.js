/** @import { Line } from "./types.js" */
/** @import { Words } from "./words.js" */
import { el } from "./dom.js";

/**
 * The log: one entry per line, kept between updates, so that a screen reader hears only what is new. It follows the
 * newest line unless the person has scrolled up.
 *
 * @param {Words} words
 * @param {(choice: string) => void} onChoice
 */
export function makeLog(words, onChoice) {
  const list = el("div", { class: "rf-log", hidden: true, role: "log", "aria-label": words.activity, "aria-live": "polite", tabindex: "0" });
  /** @type {Map<number, {node: HTMLElement, text: string}>} */
  const shown = new Map();

  const showEdges = () => {
    list.classList.toggle("rf-above", list.scrollTop > 4);
    list.classList.toggle("rf-below", list.scrollHeight - list.scrollTop - list.clientHeight > 4);
  };
  list.addEventListener("scroll", showEdges, { passive: true });

  /** @param {Line} line */
  const make = (line) => {
    const node = el("div", { class: `rf-line rf-${line.who}` });
    const body = el("div", { class: "rf-text" }, line.text);
    if (line.who === "you" || line.who === "error") node.append(el("span", { class: "rf-sr" }, `${words[line.who]}: `));
    node.append(body);
    if (line.choices.length) {
      const buttons = line.choices.map((choice) => el("button", { class: "rf-chip", onclick: () => onChoice(choice) }, choice));
      node.append(el("div", { class: "rf-choices" }, ...buttons));
    }
    return node;
  };

  /** @param {Line[]} lines */
  const update = (lines) => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
    const present = new Set(lines.map((line) => line.n));
    for (const [n, { node }] of shown) {
      if (!present.has(n)) {
        node.remove();
        shown.delete(n);
      }
    }
    for (const line of lines) {
      const known = shown.get(line.n);
      if (!known) {
        const node = make(line);
        list.append(node);
        shown.set(line.n, { node, text: line.text });
      } else if (known.text !== line.text) {
        /** @type {HTMLElement} */ (known.node.querySelector(".rf-text")).textContent = line.text;
        known.text = line.text;
      }
    }
    list.hidden = lines.length === 0;
    const newest = /** @type {HTMLElement | null} */ (list.lastElementChild);
    // Of one that is longer than the log the beginning is to be read first.
    if (atEnd && newest) list.scrollTop = newest.offsetHeight > list.clientHeight ? newest.offsetTop - list.offsetTop : list.scrollHeight;
    showEdges();
  };
  return { node: list, update };
}
