/** @import { Model, View } from "./types.js" */
import { filesOf, makeAssets } from "./assets.js";
import { el, icon } from "./dom.js";
import { makeLog } from "./log.js";
import { makePlayer } from "./player.js";
import { makeStrip } from "./strip.js";
import { Wire } from "./wire.js";
import { wordsFor } from "./words.js";

/**
 * Whether the page around is dark: as the host says, where it says it in a way that is known (JupyterLab, VS Code),
 * else measured on what is painted.
 *
 * @param {HTMLElement} node
 */
export function isDark(node) {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  if (vscodeThemeKind) return !vscodeThemeKind.includes("light");
  for (let at = /** @type {HTMLElement | null} */ (node.parentElement); at; at = at.parentElement) {
    const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number);
    if (parts && parts.length >= 3 && (parts[3] ?? 1) > 0.5) return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/**
 * The anywidget's render: builds the studio into `host`, keeps it up to date, and cleans up after itself.
 *
 * @param {{model: Model, el: HTMLElement}} place
 */
function render({ model, el: host }) {
  const words = wordsFor(navigator.language);
  const wire = new Wire(model);
  const problems = el("div", { class: "rf-problems", role: "alert" });
  const onProblem = (/** @type {string} */ text) => {
    problems.replaceChildren(text);
    problems.hidden = false;
  };
  problems.hidden = true;

  const say = (/** @type {string} */ text) => {
    problems.hidden = true;
    wire.ask("send", { text }, { timeout: 10_000 }).catch((error) => onProblem(error.message === "timeout" ? words.timeout : error.message));
  };
  const assets = makeAssets(wire, words, onProblem);
  const log = makeLog(words, say);
  const player = makePlayer(wire, words, onProblem);
  const strip = makeStrip(words, player.video);

  const prompt = el("textarea", { rows: "2", "aria-label": words.describe, placeholder: words.example, enterkeyhint: "send" });
  const send = el("button", { class: "rf-button rf-primary", "aria-label": words.send }, icon("send"), words.send);
  const cancel = el("button", { class: "rf-button", "aria-label": words.cancel, hidden: true }, icon("stop"), words.cancel);
  const undo = el("button", { class: "rf-button", "aria-label": words.undo, disabled: true }, icon("undo"), words.undo);
  const redo = el("button", { class: "rf-button", "aria-label": words.redo, disabled: true }, icon("redo"), words.redo);
  const preset = el("select", { "aria-label": words.preset });
  const exporting = el("button", { class: "rf-button", "aria-label": words.export, disabled: true }, words.export);
  const chips = el("div", { class: "rf-chips" });
  const bar = el("progress", { max: "1" });
  const stage = el("span", { class: "rf-stage" });
  const progress = el("div", { class: "rf-progress" }, stage, bar, cancel);

  /** @type {string[]} */
  const earlier = [];
  let back = 0;
  const submit = () => {
    const text = prompt.value.trim();
    if (!text) return;
    earlier.push(text);
    back = 0;
    prompt.value = "";
    say(text);
  };
  prompt.addEventListener("keydown", (event) => {
    // A composing input method uses Enter for itself.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if ((event.key === "ArrowUp" && prompt.selectionStart === 0) || (event.key === "ArrowDown" && back > 0)) {
      const next = back + (event.key === "ArrowUp" ? 1 : -1);
      if (next < 0 || next > earlier.length) return;
      event.preventDefault();
      back = next;
      prompt.value = back ? earlier[earlier.length - back] : "";
      prompt.setSelectionRange(0, 0);
    }
  });
  const ask = (/** @type {string} */ kind, body = {}) => wire.ask(kind, body).catch(() => {}); // the log tells
  send.addEventListener("click", submit);
  cancel.addEventListener("click", () => ask("cancel"));
  undo.addEventListener("click", () => ask("undo"));
  redo.addEventListener("click", () => ask("redo"));
  exporting.addEventListener("click", () => ask("export", { preset: preset.value }));

  const root = el(
    "section",
    // Without the attribute JupyterLab takes single keys for its own commands.
    { class: "rf", role: "region", "aria-label": words.studio, "data-lm-suppress-shortcuts": "true" },
    el("div", { class: "rf-left" }, assets.node, log.node, problems, progress,
      el("div", { class: "rf-ask" }, prompt, send), chips),
    el("div", { class: "rf-right" }, player.node, strip.node,
      el("div", { class: "rf-row rf-tools" }, undo, redo, el("span", { class: "rf-space" }), preset, exporting)),
  );

  for (const kind of ["dragenter", "dragover"]) {
    root.addEventListener(kind, (event) => {
      event.preventDefault();
      event.stopPropagation();
      root.classList.add("rf-over");
    });
  }
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) root.classList.remove("rf-over");
  });
  root.addEventListener("drop", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.classList.remove("rf-over");
    if (event.dataTransfer) assets.take(await filesOf(event.dataTransfer));
  });
  root.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      assets.take(files);
    }
  });

  const update = () => {
    /** @type {View} */
    const view = model.get("view");
    if (!view?.lines) return;
    const busy = view.job !== "";
    assets.update(view.media);
    log.update(view.lines);
    player.update(view);
    strip.update(view);
    undo.disabled = !view.can_undo || (busy && view.job !== "preview");
    redo.disabled = !view.can_redo || (busy && view.job !== "preview");
    exporting.disabled = view.timeline.length === 0 || (busy && view.job !== "preview");
    progress.hidden = !busy;
    cancel.hidden = !busy;
    const name = view.progress?.stage ?? view.job;
    const known = /** @type {Record<string, string>} */ (words.stages);
    stage.textContent = known[name] ?? known[view.job] ?? name;
    bar.setAttribute("aria-label", stage.textContent);
    if (view.progress?.fraction == null) bar.removeAttribute("value");
    else bar.value = view.progress.fraction;
    const options = ["", ...view.presets];
    if (preset.options.length !== options.length) {
      preset.replaceChildren(...options.map((value) => el("option", { value }, value || words.asIs)));
    }
    const offered = busy && view.job !== "preview" ? [] : view.suggestions;
    if (chips.dataset.of !== offered.join("\n")) {
      chips.dataset.of = offered.join("\n");
      chips.replaceChildren(...offered.map((text) => el("button", { class: "rf-chip", onclick: () => say(text) }, text)));
    }
  };
  const measure = () => root.classList.toggle("rf-dark", isDark(root));
  const theme = () => {
    measure();
    // A host announces a theme before its style sheets are there.
    setTimeout(measure, 500);
  };
  const watcher = new MutationObserver(theme);
  watcher.observe(document.body, { attributes: true });
  watcher.observe(document.documentElement, { attributes: true });

  host.append(root);
  theme();
  model.on("change:view", update);
  update();
  return () => {
    model.off("change:view", update);
    watcher.disconnect();
    wire.close();
    player.close();
    assets.close();
  };
}

export default { render };
