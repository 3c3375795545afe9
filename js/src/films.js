/** @import { Film } from "./types.js" */
/** @import { Wire } from "./wire.js" */
import { fetchFilm } from "./transfer.js";

/** @typedef {"preview" | "exported"} Which */

/**
 * The address of a file under a Jupyter server's own `files/`, when the file is below the server's root folder.
 *
 * @param {{baseUrl?: string, serverRoot?: string}} config the page's, as JupyterLab and Notebook write it
 * @param {string} path absolute
 * @param {string} home the kernel's home folder, which the server writes as "~"
 */
export function serverUrl({ baseUrl, serverRoot }, path, home) {
  if (!baseUrl || !serverRoot) return "";
  const root = serverRoot.replace(/^~(?=\/|$)/, home).replace(/\/*$/, "/");
  if (!path.startsWith(root)) return "";
  const inside = path.slice(root.length).split("/");
  // The server refuses what is hidden.
  if (inside.some((part) => part.startsWith("."))) return "";
  return `${baseUrl.replace(/\/*$/, "/")}files/${inside.map(encodeURIComponent).join("/")}`;
}

/** What the page says about the server that it came from; {} where that is no Jupyter server. */
export function pageConfig() {
  try {
    return JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  } catch {
    return {};
  }
}

/**
 * A film as something that a video element can play: from the server's own files where the page can reach them
 * (it begins at once, and seeks by ranges), else as a Blob that came from the kernel in pieces.
 *
 * @param {Wire} wire
 * @param {Which} which
 * @param {Film} film
 * @param {(fraction: number) => void} [onProgress]
 * @returns {Promise<{url: string, blob: Blob | null}>} a Blob's address is to be revoked
 */
export async function playable(wire, which, film, onProgress = () => {}) {
  const config = pageConfig();
  if (config.serverRoot) {
    try {
      const { path, home } = (await wire.ask("where", { which }, { timeout: 3000 })).content;
      const url = serverUrl(config, path, home);
      // The kernel may be on another machine, with another file of that name, or none.
      if (url) {
        const head = await fetch(url, { method: "HEAD", cache: "no-store", credentials: "same-origin" });
        // The revision keeps the browser from playing what it had under this address before.
        if (head.ok && Number(head.headers.get("Content-Length")) === film.size) return { url: `${url}?v=${film.revision}-${film.size}`, blob: null };
      }
    } catch {
      // The next rung carries everywhere.
    }
  }
  const blob = await fetchFilm(wire, which, film, onProgress);
  return { url: URL.createObjectURL(blob), blob };
}
