/** @import { View } from "./types.js" */
/** @import { Words } from "./words.js" */
import { el, icon } from "./dom.js";

/**
 * Where one types. Enter sends, Shift+Enter breaks the line, the up arrow brings back what was said before, also in an
 * earlier life of the page.
 *
 * @param {Words} words
 * @param {(text: string) => void} say
 */
export function makePrompt(words, say) {
  const box = el("textarea", { rows: "2", "aria-label": words.describe, placeholder: words.example, enterkeyhint: "send" });
  const send = el("button", { type: "button", class: "rf-button rf-primary", "aria-label": words.send }, icon("send"), el("span", {}, words.send));
  const node = el("div", { class: "rf-ask" }, box, send);
  /** @type {string[]} */
  let earlier = [];
  let back = 0;
  let draft = "";

  const grow = () => {
    // Empty, it is as high as its example, which `scrollHeight` leaves out.
    box.style.height = box.value ? "auto" : "";
    if (box.value && box.scrollHeight) box.style.height = `${Math.min(180, box.scrollHeight + 2)}px`;
  };
  const submit = () => {
    const text = box.value.trim();
    if (!text) return;
    if (earlier.at(-1) !== text) earlier.push(text);
    back = 0;
    box.value = draft = "";
    grow();
    say(text);
  };
  const recall = (/** @type {number} */ step) => {
    const next = back + step;
    if (next < 0 || next > earlier.length) return false;
    if (back === 0) draft = box.value;
    back = next;
    box.value = back ? earlier[earlier.length - back] : draft;
    box.setSelectionRange(0, 0);
    grow();
    return true;
  };
  box.addEventListener("input", () => {
    back = 0;
    grow();
  });
  box.addEventListener("keydown", (event) => {
    // A composing input method uses Enter and the arrows for itself.
    if (event.isComposing) return;
    const atTop = box.selectionStart === 0 && box.selectionEnd === 0;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if ((event.key === "ArrowUp" && atTop) || (event.key === "ArrowDown" && back > 0)) {
      if (recall(event.key === "ArrowUp" ? 1 : -1)) event.preventDefault();
    }
  });
  send.addEventListener("click", submit);

  return {
    node,
    /** @param {View} view */
    update(view) {
      const said = view.lines.filter((line) => line.who === "you").map((line) => line.text);
      // What was typed and has not come back from the kernel yet stays.
      earlier = [...said, ...earlier.filter((text) => !said.includes(text))];
    },
  };
}
