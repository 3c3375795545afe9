/**
 * Whether the page around is dark, and whether it asks for high contrast: as the host says, where it says it in a way
 * that is known (JupyterLab, VS Code), else measured on what is painted.
 *
 * @param {HTMLElement} node
 * @returns {{dark: boolean, contrast: boolean}}
 */
export function themeOf(node) {
  const { jpThemeLight, jpThemeName = "", vscodeThemeKind = "" } = document.body.dataset;
  const asked = matchMedia("(prefers-contrast: more)").matches;
  const contrast = asked || /contrast/i.test(jpThemeName) || vscodeThemeKind.includes("high-contrast");
  if (jpThemeLight) return { dark: jpThemeLight === "false", contrast };
  if (vscodeThemeKind) return { dark: !vscodeThemeKind.includes("light"), contrast };
  for (let at = parentOf(node); at; at = parentOf(at)) {
    const [r, g, b, opacity] = colorOf(getComputedStyle(at).backgroundColor);
    if (opacity > 0.5) return { dark: 0.2126 * r + 0.7152 * g + 0.0722 * b < 128, contrast };
  }
  return { dark: matchMedia("(prefers-color-scheme: dark)").matches, contrast };
}

/**
 * Red, green, blue from 0 to 255 and opacity from 0 to 1 of a colour as CSS writes it.
 *
 * @param {string} css
 * @returns {number[]}
 */
function colorOf(css) {
  const plain = css.startsWith("rgb") && css.match(/[\d.]+/g)?.map(Number);
  if (plain) return [plain[0], plain[1], plain[2], plain[3] ?? 1];
  // color(), oklch() and the like: painted, and looked at.
  const paper = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!css || !paper) return [0, 0, 0, 0];
  paper.fillStyle = css;
  paper.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = paper.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}

/**
 * @param {HTMLElement} node
 * @returns {HTMLElement | null}
 */
function parentOf(node) {
  // A host may show widgets inside of a shadow tree.
  const root = node.getRootNode();
  return node.parentElement ?? (root instanceof ShadowRoot ? /** @type {HTMLElement} */ (root.host) : null);
}

/**
 * Keep classes of `root` at the theme of the page, as it changes.
 *
 * @param {HTMLElement} root
 * @returns {() => void} ends it
 */
export function followTheme(root) {
  const measure = () => {
    const { dark, contrast } = themeOf(root);
    root.classList.toggle("rf-dark", dark);
    root.classList.toggle("rf-contrast", contrast);
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const changed = () => {
    measure();
    // A host announces a theme before its style sheets are there.
    clearTimeout(later);
    later = setTimeout(measure, 500);
  };
  const watcher = new MutationObserver(changed);
  const attributes = { attributes: true, attributeFilter: ["class", "style", "theme", "data-theme", "data-jp-theme-light", "data-jp-theme-name", "data-vscode-theme-kind"] };
  watcher.observe(document.body, attributes);
  watcher.observe(document.documentElement, attributes);
  const asks = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"].map((query) => matchMedia(query));
  for (const ask of asks) ask.addEventListener("change", changed);
  changed();
  return () => {
    clearTimeout(later);
    watcher.disconnect();
    for (const ask of asks) ask.removeEventListener("change", changed);
  };
}
