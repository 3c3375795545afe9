/** @import { Media, View } from "./types.js" */
/** @import { Upload } from "./uploads.js" */
/** @import { Wire } from "./wire.js" */
/** @import { Words } from "./words.js" */
import { clock, el, icon, keyed, problemOf, size } from "./dom.js";
import { bytesOf } from "./transfer.js";
import { makeUploads } from "./uploads.js";

const PICTURES = /** @type {Record<string, Parameters<typeof icon>[0]>} */ ({ audio: "sound", subtitles: "text" });
/** Milliseconds after the last step before a new order is told. */
const SETTLE = 200;
export const DRAG = "application/x-reelframe-media";

/**
 * The list with one entry at another place.
 *
 * @param {string[]} order
 * @param {string} id
 * @param {number} place
 */
export function moved(order, id, place) {
  const others = order.filter((other) => other !== id);
  const at = Math.max(0, Math.min(place, others.length));
  return [...others.slice(0, at), id, ...others.slice(at)];
}

/**
 * @param {Media[]} media
 * @param {string[]} order
 */
const inOrder = (media, order) => [...media].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));

/**
 * The files of the session as tiles, and the ways to add more.
 *
 * @param {Wire} wire
 * @param {Words} words
 * @param {(problem: string) => void} onProblem
 * @param {string} accept what the file dialog offers
 */
export function makeAssets(wire, words, onProblem, accept) {
  /** @type {Map<string, string>} */
  const thumbnails = new Map();
  /** @type {Map<string, ((url: string) => void)[]>} */
  const asked = new Map();
  const input = el("input", { type: "file", multiple: true, accept, class: "rf-sr", tabindex: "-1", "aria-hidden": "true" });
  const choose = () => input.click();
  const add = el("button", { type: "button", class: "rf-button rf-add", "aria-label": words.add, onclick: choose }, icon("add"), words.add);
  const byUrl = el("button", { type: "button", class: "rf-button rf-quiet", "aria-expanded": "false" }, icon("link"), words.url);
  const address = el("input", { type: "url", "aria-label": words.urlAsk, placeholder: "https://…", class: "rf-input" });
  const form = el("form", { class: "rf-url", hidden: true }, address, el("button", { class: "rf-button" }, words.urlAdd));
  const tiles = el("div", { class: "rf-tiles", role: "list", "aria-label": words.media });
  const coming = el("div", { class: "rf-uploads" });
  const said = el("div", { class: "rf-sr", role: "status" });
  const hint = el(
    "div", { class: "rf-hint" }, icon("picture"), el("strong", {}, words.drop), el("span", {}, `${words.dropHint} `,
      el("button", { type: "button", class: "rf-link", onclick: choose }, words.choose)),
  );
  const node = el("div", { class: "rf-assets" }, hint, tiles, coming, el("div", { class: "rf-row" }, add, byUrl), form, said, input);

  const ask = (/** @type {string} */ kind, /** @type {Record<string, any>} */ body, prompt = true) =>
    wire.ask(kind, body, { prompt }).catch((error) => onProblem(problemOf(error, words)));

  // -- on their way -------------------------------------------------------------------------------

  const uploads = makeUploads(wire, () => drawUploads());
  /** @type {Map<number, {node: HTMLElement, draw: () => void}>} */
  const rows = new Map();

  /** @param {Upload} upload */
  const row = (upload) => {
    const { name } = upload.file;
    const bar = el("progress", { max: "1", value: "0", "aria-label": `${words.upload} ${name}` });
    const state = el("span", { class: "rf-state" });
    const problem = el("div", { class: "rf-problem", role: "alert" });
    const cancel = el("button", { type: "button", class: "rf-icon-button", "aria-label": `${words.cancel} ${name}`, onclick: () => uploads.cancel(upload) }, icon("close"));
    const again = el("button", { type: "button", class: "rf-button rf-small", "aria-label": `${words.retry} ${name}`, onclick: () => uploads.retry(upload) }, icon("retry"), words.retry);
    const dismiss = el("button", { type: "button", class: "rf-icon-button", "aria-label": `${words.dismiss} ${name}`, onclick: () => uploads.forget(upload) }, icon("close"));
    const picture = el("div", { class: "rf-thumb" }, upload.picture ? el("img", { src: upload.picture, alt: "" }) : icon(upload.file.type.startsWith("audio/") ? "sound" : "film"));
    const node = el("div", { class: "rf-upload" }, picture, el("div", { class: "rf-going" }, el("span", { class: "rf-name" }, name), bar, state, problem), again, cancel, dismiss);
    const draw = () => {
      const failed = upload.state === "failed";
      const [percent, whole] = [Math.floor(upload.fraction * 100), size(upload.file.size)];
      bar.hidden = failed;
      if (upload.state === "checking") bar.removeAttribute("value");
      else bar.value = upload.fraction;
      state.hidden = failed;
      state.textContent = upload.state === "checking" ? words.checking : `${whole}${upload.state === "sending" ? ` · ${percent}%` : ""}`;
      cancel.hidden = failed;
      dismiss.hidden = !failed;
      again.hidden = !failed || !upload.again;
      problem.hidden = !failed;
      const text = failed ? problemOf(upload.problem, words) : "";
      if (problem.textContent !== text) problem.textContent = text;
      node.classList.toggle("rf-failed", failed);
    };
    return { node, draw };
  };

  function drawUploads() {
    const present = new Set(uploads.all.map(({ id }) => id));
    for (const [id, { node }] of rows) {
      if (present.has(id)) continue;
      node.remove();
      rows.delete(id);
    }
    for (const upload of uploads.all) {
      let known = rows.get(upload.id);
      if (!known) {
        known = row(upload);
        rows.set(upload.id, known);
        coming.append(known.node);
      }
      known.draw();
    }
    drawHint();
  }

  /** @param {string[]} urls */
  const takeUrls = async (urls) => {
    for (const url of urls) await ask("url", { url }, false);
  };

  input.addEventListener("change", () => {
    uploads.add([...(input.files ?? [])]);
    input.value = "";
  });
  const openForm = (/** @type {boolean} */ is) => {
    form.hidden = !is;
    byUrl.setAttribute("aria-expanded", String(is));
    (is ? address : byUrl).focus();
  };
  byUrl.addEventListener("click", () => openForm(form.hidden));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    openForm(false);
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!address.value.trim()) return;
    takeUrls([address.value.trim()]);
    address.value = "";
  });

  // -- there ---------------------------------------------------------------------------------------

  /** @type {Media[]} */
  let media = [];
  const order = () => media.map(({ id }) => id);
  /** The order that was asked for, until the kernel's view has it too. @type {string[] | null} */
  let wished = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let telling;

  const tellOrder = () => {
    clearTimeout(telling);
    telling = undefined;
    const now = wished;
    if (!now) return;
    wire.ask("media", { order: now }, { prompt: true }).catch((error) => {
      if (wished === now) wished = null;
      onProblem(problemOf(error, words));
    });
  };

  /**
   * @param {string} id
   * @param {number} place
   */
  const move = (id, place) => {
    const now = moved(order(), id, place);
    if (now.join() === order().join()) return;
    const one = media.find((m) => m.id === id);
    said.textContent = words.movedTo(one?.name ?? "", now.indexOf(id) + 1, now.length);
    // Shown at once; several steps in a row are told as one.
    wished = now;
    media = inOrder(media, now);
    drawTiles();
    clearTimeout(telling);
    telling = setTimeout(tellOrder, SETTLE);
  };

  /** @param {Media} one */
  const tile = (one) => {
    const picture = el("div", { class: "rf-thumb" }, icon(PICTURES[one.kind] ?? "film"));
    const facts = one.duration_s ? clock(one.duration_s) : size(one.size);
    const buttons = el("div", { class: "rf-tile-tools" });
    const role = one.kind === "image" ? "logo" : one.kind === "audio" ? "music" : "";
    if (role) {
      const [mark, label] = role === "logo" ? [/** @type {const} */ ("star"), words.asLogo] : [/** @type {const} */ ("music"), words.asMusic];
      const is = one.role === role || (role === "logo" && one.logo);
      buttons.append(el("button", {
        type: "button", class: "rf-icon-button", "aria-label": `${label}: ${one.name}`, title: label, "aria-pressed": String(is),
        onclick: () => ask("media", { roles: { [one.id]: is ? null : role } }),
      }, icon(mark)));
    }
    buttons.append(el("button", {
      type: "button", class: "rf-icon-button", "aria-label": `${words.remove} ${one.name}`, title: words.remove,
      onclick: () => ask("media", { remove: [one.id] }),
    }, icon("close")));
    const badge = one.role === "logo" || one.logo ? words.logo : one.role === "music" ? words.music : "";
    const node = el(
      "div", {
        class: one.alpha ? "rf-tile rf-alpha" : "rf-tile", role: "listitem", tabindex: "0", draggable: "true",
        "aria-label": [one.name, facts, badge].filter(Boolean).join(", "), "aria-description": words.mediaKeys, title: `${one.name} · ${facts}`,
      },
      picture, el("span", { class: "rf-name" }, one.name), badge ? el("span", { class: "rf-badge" }, badge) : null, buttons,
    );
    node.addEventListener("keydown", (event) => {
      if (event.target !== node) return;
      const step = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 })[event.key];
      if (step && event.altKey) move(one.id, order().indexOf(one.id) + step);
      else if (step) /** @type {HTMLElement | undefined} */ (tiles.children[order().indexOf(one.id) + step])?.focus();
      else if (event.key === "Delete" || event.key === "Backspace") ask("media", { remove: [one.id] });
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    node.addEventListener("dragstart", (event) => {
      event.dataTransfer?.setData(DRAG, one.id);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
      node.classList.add("rf-dragged");
    });
    node.addEventListener("dragend", () => node.classList.remove("rf-dragged"));
    const side = (/** @type {DragEvent} */ event) => {
      const box = node.getBoundingClientRect();
      return event.clientX > box.left + box.width / 2 ? 1 : 0;
    };
    node.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes(DRAG)) return;
      event.preventDefault();
      event.stopPropagation();
      node.dataset.drop = side(event) ? "after" : "before";
    });
    node.addEventListener("dragleave", () => delete node.dataset.drop);
    node.addEventListener("drop", (event) => {
      const id = event.dataTransfer?.getData(DRAG);
      delete node.dataset.drop;
      if (!id) return;
      event.preventDefault();
      event.stopPropagation();
      const target = order().indexOf(one.id) + side(event);
      move(id, order().indexOf(id) < target ? target - 1 : target);
    });
    thumbnail(one.id, one.kind, (url) => picture.replaceChildren(el("img", { src: url, alt: "", draggable: "false" })));
    return node;
  };

  /**
   * Give a small picture of a file, now or when it has come.
   *
   * @param {string} id
   * @param {string} kind
   * @param {(url: string) => void} show
   */
  function thumbnail(id, kind, show) {
    const known = thumbnails.get(id);
    if (known) return show(known);
    if (kind !== "image" && kind !== "video") return;
    const others = asked.get(id);
    if (others) return void others.push(show);
    asked.set(id, [show]);
    wire.ask("thumbnail", { media: id }, { timeout: 30_000 }).then(({ buffers }) => {
      // In the address itself: there are hosts (VS Code) whose pages may show no picture of a blob.
      const url = `data:image/jpeg;base64,${btoa(Array.from(new Uint8Array(bytesOf(buffers[0])), (byte) => String.fromCharCode(byte)).join(""))}`;
      thumbnails.set(id, url);
      for (const tell of asked.get(id) ?? []) tell(url);
    }).catch(() => {}) // a tile without a picture still has its name
      .finally(() => asked.delete(id));
  }

  const drawTiles = () => {
    keyed(tiles, media, ({ id }) => id, tile);
    tiles.hidden = media.length === 0;
    drawHint();
  };
  const drawHint = () => (hint.hidden = media.length > 0 || uploads.all.length > 0);

  return {
    node,
    thumbnail,
    takeUrls,
    take: (/** @type {File[]} */ files) => (files.length ? uploads.add(files) : undefined),
    /** @param {View} view */
    update(view) {
      const same = wished && view.media.length === wished.length && view.media.every(({ id }) => wished?.includes(id));
      if (!same || view.media.map(({ id }) => id).join() === wished?.join()) wished = null;
      media = wished ? inOrder(view.media, wished) : view.media;
      drawTiles();
    },
    /** Tell at once what would be told in a moment: what is said next is about the new order. */
    settle: () => telling && tellOrder(),
    close() {
      clearTimeout(telling);
      uploads.close();
    },
  };
}
