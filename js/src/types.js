/**
 * What travels from the kernel: the shapes of `View.as_dict()` (widget/view.py).
 *
 * @typedef {{n: number, who: "you" | "studio" | "note" | "error", text: string, choices: string[], open: boolean}} Line
 * @typedef {{id: string, name: string, kind: "image" | "video" | "audio", role: string | null, alpha: boolean, size: number,
 *   duration_s: number | null, width: number | null, height: number | null}} Media
 * @typedef {{stage: string, fraction: number | null, text: string}} Progress
 * @typedef {{id: string, name: string, start_ms: number, end_ms: number, media: string | null}} Segment
 * @typedef {{label: string, kind: "video" | "audio" | "text" | "other", segments: Segment[]}} Track
 * @typedef {{revision: number, name: string, size: number, duration_s: number, width: number, height: number}} Film
 * @typedef {{lines: Line[], media: Media[], job: string, progress: Progress | null, timeline: Track[], summary: string,
 *   duration_ms: number, preview: Film | null, exported: Film | null, can_undo: boolean, can_redo: boolean,
 *   language: string, presets: string[], suggestions: string[]}} View
 *
 * anywidget's model, as far as it is used here.
 *
 * @typedef {{
 *   get(key: "view"): View,
 *   on(event: string, callback: (...args: any[]) => void): void,
 *   off(event: string, callback: (...args: any[]) => void): void,
 *   send(content: any, callbacks?: any, buffers?: (ArrayBuffer | ArrayBufferView)[]): void,
 * }} Model
 */
export {};
