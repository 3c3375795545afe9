/** What a file is, by its name: its MIME type, and how the studio can show it. */
const TYPES = /** @type {Record<string, string>} */ ({
  mp4: "video/mp4", m4v: "video/mp4", mov: "video/quicktime", webm: "video/webm", gif: "image/gif", png: "image/png", jpg: "image/jpeg",
  wav: "audio/wav", mp3: "audio/mpeg", srt: "application/x-subrip", vtt: "text/vtt", otio: "application/json",
});

/** @param {string} name */
export const typeOf = (name) => TYPES[name.toLowerCase().split(".").at(-1) ?? ""] ?? "application/octet-stream";

/**
 * "video" and "audio" go into the player, an "image" is shown in its place, anything else is only there to be saved.
 *
 * @param {string} name
 * @returns {"video" | "audio" | "image" | "file"}
 */
export function kindOf(name) {
  const [kind] = typeOf(name).split("/");
  return kind === "video" || kind === "audio" || kind === "image" ? kind : "file";
}
