/**
 * An element: `el("button", {class: "x", onclick: f}, "text", child)`. Strings become text nodes, so a file's name
 * is never read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes] `on…` are listeners; null and false are left out; true is the empty value
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((c) => c !== null && c !== undefined));
  return node;
}

/** Icons: 20 x 20 outlines, drawn here, so that nothing is loaded. */
const PATHS = {
  add: "M10 4v12M4 10h12",
  send: "M4 10h11M10.5 5.5 15 10l-4.5 4.5",
  stop: "M6 6h8v8H6z",
  undo: "M7 5 4 8l3 3M4 8h7a4 4 0 0 1 0 8H8",
  redo: "M13 5l3 3-3 3M16 8H9a4 4 0 0 0 0 8h3",
  down: "M10 4v8M6.5 9 10 12.5 13.5 9M4 16h12",
  film: "M3.5 5h13v10h-13zM7 5v10M13 5v10M3.5 8.3H7M3.5 11.7H7M13 8.3h3.5M13 11.7h3.5",
  sound: "M7 14V6l8-1.5v8M7 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM15 12.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  close: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  music: "M8 14.500V5l7-1.500V13M8 14.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM15 13a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  retry: "M15.500 10a5.500 5.500 0 1 1-1.700-4M14 3v3.200h-3.200",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.400-2.400a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.400 2.400a3 3 0 0 0 4.300 4.300l1-1",
  picture: "M3.500 5h13v10.500h-13zM3.500 13l3.800-3.600 3 2.800 2.400-2 3.800 3.300M12.800 7.800h.1",
  share: "M10 12.500V3.500M6.500 6.500 10 3l3.500 3.500M4.500 10.500v6h11v-6",
  text: "M4 5.500h12M4 9.500h12M4 13.500h7",
  star: "M10 3.500l2 4.300 4.600.6-3.400 3.200.9 4.600-4.100-2.300-4.100 2.300.9-4.600-3.400-3.200 4.600-.6z",
};

/**
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "rf-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/**
 * A number of bytes for a person.
 *
 * @param {number} bytes
 */
export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/**
 * Seconds as m:ss.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Milliseconds as m:ss, with tenths where they are not whole seconds.
 *
 * @param {number} ms
 */
export function exact(ms) {
  const tenths = Math.round(ms / 100);
  const whole = clock(Math.floor(tenths / 10));
  return tenths % 10 ? `${whole}.${tenths % 10}` : whole;
}

/**
 * Make the children of `parent` one per item, keeping those that are there and have not changed, the focus included.
 *
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make
 */
export function keyed(parent, items, key, make) {
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  for (const child of /** @type {HTMLElement[]} */ ([...parent.children])) known.set(child.dataset.key ?? "", child);
  const focus = /** @type {HTMLElement | null} */ (/** @type {Document | ShadowRoot} */ (parent.getRootNode()).activeElement ?? null);
  const held = focus && parent.contains(focus) ? [...parent.children].find((child) => child.contains(focus)) : undefined;
  const heldKey = /** @type {HTMLElement | undefined} */ (held)?.dataset.key;
  const nodes = items.map((item) => {
    const name = key(item);
    const state = JSON.stringify(item);
    let node = known.get(name);
    if (!node || node.dataset.state !== state) {
      node = make(item);
      node.dataset.key = name;
      node.dataset.state = state;
    }
    return node;
  });
  const same = nodes.length === parent.children.length && nodes.every((node, i) => parent.children[i] === node);
  if (same) return;
  parent.replaceChildren(...nodes);
  if (heldKey === undefined || !focus) return;
  const now = nodes.find((node) => node.dataset.key === heldKey);
  const label = focus.getAttribute("aria-label");
  const inner = now && focus !== held ? [...now.querySelectorAll("button")].find((b) => b.getAttribute("aria-label") === label) : undefined;
  (parent.contains(focus) ? focus : (inner ?? now ?? nodes.at(-1)))?.focus({ preventScroll: true });
}

/**
 * What went wrong, in words.
 *
 * @param {unknown} error
 * @param {{timeout: string, closed: string}} words
 */
export function problemOf(error, words) {
  const text = error instanceof Error ? error.message : String(error);
  return text === "timeout" ? words.timeout : text === "closed" ? words.closed : text;
}
