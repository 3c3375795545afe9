/** @import { Model } from "./types.js" */
import { DRAG, makeAssets } from "./assets.js";
import { el, icon, problemOf } from "./dom.js";
import { filesOf, urlsOf } from "./drops.js";
import { makeLog } from "./log.js";
import { makePlayer } from "./player.js";
import { makePrompt } from "./prompt.js";
import { saveLittle } from "./saved.js";
import { makeStrip } from "./strip.js";
import { followTheme } from "./theme.js";
import { Wire } from "./wire.js";
import { formatName, presetName, wordsFor } from "./words.js";

/**
 * The anywidget's render: builds the studio into `host`, keeps it up to date, and cleans up after itself.
 *
 * @param {{model: Model, el: HTMLElement}} place
 */
export function render({ model, el: host }) {
  const words = wordsFor(navigator.language);
  const wire = new Wire(model);
  const problems = el("div", { class: "rf-problems", role: "alert", hidden: true });
  const onProblem = (/** @type {string} */ text) => {
    problems.replaceChildren(text);
    problems.hidden = false;
  };
  const ask = (/** @type {string} */ kind, body = {}, prompt = true) => {
    problems.hidden = true;
    assets.settle();
    strip.settle();
    return wire.ask(kind, body, { prompt }).catch((error) => onProblem(problemOf(error, words)));
  };
  const say = (/** @type {string} */ text) => ask("send", { text });

  const assets = makeAssets(wire, words, onProblem, model.get("accept"));
  const log = makeLog(words, say);
  const prompt = makePrompt(words, say);
  const player = makePlayer(wire, words, onProblem, (peaks) => strip.setPeaks(peaks));
  const strip = makeStrip(wire, words, player.video, assets, onProblem);

  const button = (/** @type {Parameters<typeof icon>[0]} */ picture, /** @type {string} */ label, /** @type {() => void} */ onclick, more = {}) =>
    el("button", { type: "button", class: "rf-button", "aria-label": label, title: label, onclick, ...more }, icon(picture), el("span", {}, label));
  const cancel = button("stop", words.cancel, () => ask("cancel"));
  const undo = button("undo", words.undo, () => ask("undo"), { class: "rf-button rf-quiet", disabled: true });
  const redo = button("redo", words.redo, () => ask("redo"), { class: "rf-button rf-quiet", disabled: true });
  const preset = el("select", { "aria-label": words.preset });
  const quality = el("select", { "aria-label": words.quality }, ...Object.entries(words.qualities).map(([value, name]) => el("option", { value }, name)));
  const format = el("select", { "aria-label": words.format, hidden: true });
  const exporting = button("share", words.export, () => {
    // The answer comes when the file is there; that the kernel hears is asked apart.
    ask("ping");
    wire.ask("export", { preset: preset.value, quality: quality.value, format: format.value }).catch(() => {}); // the log tells what went wrong
  }, { disabled: true });
  const chips = el("div", { class: "rf-chips", role: "group", "aria-label": words.suggestions });
  const bar = el("progress", { max: "1" });
  const stage = el("span", { class: "rf-stage" });
  const progress = el("div", { class: "rf-progress", hidden: true }, el("div", { class: "rf-going" }, stage, bar), cancel);
  const busy = el("div", { class: "rf-busy", role: "status" });
  wire.onBusy = (is) => (busy.textContent = is ? words.busy : "");
  const credits = el("div", { class: "rf-credits", role: "status", "aria-label": words.credits, hidden: true });
  const chosen = el("span", { class: "rf-chosen-name" });
  const selection = el("div", { class: "rf-chosen", hidden: true }, el("span", {}, words.selected), chosen,
    el("button", { type: "button", class: "rf-icon-button", "aria-label": words.unselect, title: words.unselect, onclick: () => strip.select([]) }, icon("close")));

  const left = el("div", { class: "rf-left" }, assets.node, log.node, problems, busy, progress, selection, prompt.node, chips);
  const right = el("div", { class: "rf-right" }, player.node, strip.node,
    el("div", { class: "rf-row rf-tools" }, undo, redo, credits, el("div", { class: "rf-exporting" }, preset, format, quality, exporting)));
  const root = el(
    "section",
    // Without the attribute JupyterLab takes single keys for its own commands.
    { class: "rf", role: "region", "aria-label": words.studio, "data-lm-suppress-shortcuts": "true", "data-drop": words.dropNow, lang: words.lang },
    el("div", { class: "rf-grid" }, left, right),
  );
  const fallback = model.get("fallback");
  // The static output that a saved notebook shows is not needed while this lives.
  if (/^[\w-]+$/.test(fallback ?? "")) root.append(el("style", {}, `.${fallback} { display: none !important; }`));

  listenForDrops(root, assets);

  const update = () => {
    const view = model.get("view");
    if (!view?.lines) return;
    const working = view.job !== "" && view.job !== "preview";
    assets.update(view);
    log.update(view.lines);
    prompt.update(view);
    player.update(view);
    player.poster(view, assets.thumbnail);
    strip.update(view);
    undo.disabled = !view.can_undo || working;
    redo.disabled = !view.can_redo || working;
    exporting.disabled = view.timeline.length === 0 || working;
    credits.hidden = !view.credits;
    credits.textContent = `${words.credits} ${view.credits}`;
    const names = strip.names();
    selection.hidden = names.length === 0;
    chosen.textContent = names.join(", ");
    const options = ["", ...view.presets.map((p) => p.name)].join();
    if (preset.dataset.of !== options) {
      preset.dataset.of = options;
      preset.replaceChildren(el("option", { value: "" }, words.asIs), ...view.presets.map((p) => el("option", { value: p.name }, presetName(p))));
    }
    const kinds = view.formats.join();
    if (format.dataset.of !== kinds) {
      format.dataset.of = kinds;
      // What the preset or the words ask for, unless something else is chosen.
      format.replaceChildren(...view.formats.map((name, n) => el("option", { value: n ? name : "" }, formatName(name))));
    }
    format.hidden = view.formats.length < 2;
    const offered = working ? [] : view.suggestions;
    if (chips.dataset.of !== offered.join("\n")) {
      chips.dataset.of = offered.join("\n");
      chips.replaceChildren(...offered.map((text) => el("button", { type: "button", class: "rf-chip", onclick: () => say(text) }, text)));
    }
    chips.hidden = offered.length === 0;
    advance();
  };
  const advance = () => {
    const view = model.get("view");
    const now = model.get("progress");
    progress.hidden = !view?.job;
    if (!view?.job) return;
    const known = /** @type {Record<string, string>} */ (words.stages);
    const name = known[now?.stage ?? view.job] ?? known[view.job] ?? view.job;
    bar.setAttribute("aria-label", name);
    const parts = [name];
    if (now?.fraction == null) bar.removeAttribute("value");
    else {
      bar.value = now.fraction;
      parts.push(`${Math.floor(now.fraction * 100)}%`);
    }
    if (view.waiting) parts.push(words.waiting(view.waiting));
    stage.textContent = parts.join(" · ");
  };

  host.append(root);
  saveLittle(model);
  const unfollow = followTheme(root);
  model.on("change:view", update);
  model.on("change:progress", advance);
  update();
  return () => {
    model.off("change:view", update);
    model.off("change:progress", advance);
    unfollow();
    wire.close();
    player.close();
    assets.close();
    root.remove();
  };
}

/**
 * Files, folders, pictures and addresses may be dropped or pasted anywhere on the studio.
 *
 * @param {HTMLElement} root
 * @param {ReturnType<typeof makeAssets>} assets
 */
function listenForDrops(root, assets) {
  // A tile under way to another place carries its picture along, as a file; it is not one to add.
  const welcome = (/** @type {DataTransfer | null} */ data) => data !== null && !data.types.includes(DRAG) && ["Files", "text/uri-list"].some((type) => data.types.includes(type));
  for (const kind of /** @type {const} */ (["dragenter", "dragover"])) {
    root.addEventListener(kind, (event) => {
      if (!welcome(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      root.classList.add("rf-over");
    });
  }
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) root.classList.remove("rf-over");
  });
  root.addEventListener("drop", async (event) => {
    root.classList.remove("rf-over");
    if (!event.dataTransfer || !welcome(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    const urls = urlsOf(event.dataTransfer);
    const files = await filesOf(event.dataTransfer);
    if (files.length) assets.take(files);
    else assets.takeUrls(urls);
  });
  root.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data) return;
    const typing = /** @type {HTMLElement} */ (event.target).matches?.("textarea, input");
    const files = [...data.files];
    const urls = typing ? [] : urlsOf(data);
    if (!files.length && !urls.length) return;
    event.preventDefault();
    event.stopPropagation();
    if (files.length) assets.take(files);
    else assets.takeUrls(urls);
  });
}

export default { render };
