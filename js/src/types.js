/**
 * What travels from the kernel: the shapes of `View.as_dict()` and `View.progress_dict()` (widget/view.py).
 *
 * @typedef {{n: number, who: "you" | "studio" | "note" | "error", text: string, choices: string[], open: boolean}} Line
 * @typedef {{id: string, name: string, kind: "image" | "video" | "audio" | "subtitles", role: string | null, logo: boolean, alpha: boolean, size: number,
 *   duration_s: number | null, width: number | null, height: number | null}} Media
 * @typedef {{stage: string, fraction: number | null, text: string}} Progress
 * @typedef {{id: string, name: string, names?: Record<string, string>, start_ms: number, end_ms: number, media: string | null}} Segment
 * @typedef {{label: string, kind: "video" | "audio" | "text" | "other", main: boolean, segments: Segment[]}} Track
 * @typedef {{revision: number, name: string, size: number, duration_s: number, width: number, height: number}} Film
 * @typedef {{revision: number, mime_type: string, duration_s: number, width: number, height: number, silent: boolean}} Growing
 * @typedef {{name: string, width: number, height: number}} Preset
 * @typedef {{lines: Line[], media: Media[], job: string, waiting: number, timeline: Track[], summary: string,
 *   duration_ms: number, growing: Growing | null, preview: Film | null, exported: Film | null, can_undo: boolean, can_redo: boolean,
 *   language: string, presets: Preset[], suggestions: string[], selected: string[], credits: string, formats: string[]}} View
 *
 * anywidget's model, as far as it is used here.
 *
 * @typedef {{
 *   get(key: "view"): View,
 *   get(key: "progress"): Progress | null,
 *   get(key: "fallback" | "accept"): string,
 * }} Getter
 * @typedef {{
 *   get: Getter["get"],
 *   set(key: string, value: any): any,
 *   on(event: string, callback: (...args: any[]) => void): void,
 *   off(event: string, callback: (...args: any[]) => void): void,
 *   send(content: any, callbacks?: any, buffers?: (ArrayBuffer | ArrayBufferView)[]): void,
 * }} Model
 */
export {};
