// src/dom.js
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === void 0 || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((c) => c !== null && c !== void 0));
  return node;
}
var PATHS = {
  add: "M10 4v12M4 10h12",
  send: "M4 10h11M10.5 5.5 15 10l-4.5 4.5",
  stop: "M6 6h8v8H6z",
  undo: "M7 5 4 8l3 3M4 8h7a4 4 0 0 1 0 8H8",
  redo: "M13 5l3 3-3 3M16 8H9a4 4 0 0 0 0 8h3",
  down: "M10 4v8M6.5 9 10 12.5 13.5 9M4 16h12",
  film: "M3.5 5h13v10h-13zM7 5v10M13 5v10M3.5 8.3H7M3.5 11.7H7M13 8.3h3.5M13 11.7h3.5",
  sound: "M7 14V6l8-1.5v8M7 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0ZM15 12.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0Z",
  close: "M5.500 5.500l9 9M14.500 5.500l-9 9",
  star: "M10 3.500l2 4.300 4.600.6-3.400 3.200.9 4.600-4.100-2.300-4.100 2.300.9-4.600-3.400-3.200 4.600-.6z"
};
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "rf-icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// src/transfer.js
var PIECE = 2 << 20;
var WINDOW = 4;
var LOST = 2e4;
var TRIES = 4;
async function sendFile(wire, file, { onProgress = () => {
}, signal } = {}) {
  const begun = await wire.ask("upload.begin", { name: file.name, size: file.size }, { timeout: LOST });
  const key = begun.content.upload;
  let next = 0;
  let acknowledged = 0;
  const lane = async () => {
    while (next < file.size) {
      const offset = next;
      next += PIECE;
      const bytes = await file.slice(offset, offset + PIECE).arrayBuffer();
      for (let tries = 0; ; ) {
        signal?.throwIfAborted();
        let received = -1;
        try {
          const answer = await wire.ask("upload.piece", { upload: key, offset }, { buffers: [bytes], timeout: LOST });
          received = answer.content.received;
        } catch (error) {
          if (++tries >= TRIES) throw error;
          continue;
        }
        if (received >= offset + bytes.byteLength) break;
        await new Promise((go) => setTimeout(go, 20));
      }
      acknowledged += bytes.byteLength;
      onProgress(acknowledged / file.size);
    }
  };
  try {
    await Promise.all(Array.from({ length: WINDOW }, lane));
  } catch (error) {
    wire.ask("upload.drop", { upload: key }).catch(() => {
    });
    throw error;
  }
  return key;
}
async function piece(wire, body) {
  for (let tries = 1; ; tries++) {
    try {
      return (await wire.ask("read", body, { timeout: LOST })).buffers[0];
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error) || error.message !== "timeout") throw error;
    }
  }
}
async function fetchFilm(wire, which, film) {
  const parts = new Array(Math.ceil(film.size / PIECE));
  let next = 0;
  const lane = async () => {
    while (next < parts.length) {
      const index = next++;
      const body = { which, offset: index * PIECE, length: PIECE };
      const view = await piece(wire, body);
      parts[index] = /** @type {ArrayBuffer} */
      view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, lane));
  return new Blob(parts, { type: "video/mp4" });
}

// src/assets.js
var ACCEPT = ".mp4,.mov,.avi,.webm,.mkv,.jpg,.jpeg,.png,.gif,.webp,.mp3,.wav,.m4a,.aac";
async function filesOf(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((e) => e !== null && e !== void 0);
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) files.push(await new Promise((done, fail) => entry.file(done, fail)));
    else {
      const reader = entry.createReader();
      for (let batch; (batch = await new Promise((done, fail) => reader.readEntries(done, fail))).length; ) {
        batch.sort((a, b) => a.name.localeCompare(b.name, void 0, { numeric: true }));
        for (const child of batch) if (!child.name.startsWith(".")) await walk(child);
      }
    }
  };
  for (const entry of entries) await walk(entry);
  return files;
}
function makeAssets(wire, words, onProblem) {
  const thumbnails = /* @__PURE__ */ new Map();
  const input = el("input", { type: "file", multiple: true, accept: ACCEPT, class: "rf-sr", tabindex: "-1", "aria-hidden": "true" });
  const add = el("button", { class: "rf-button rf-add", "aria-label": words.add, onclick: () => input.click() }, icon("add"), words.add);
  const tiles = el("div", { class: "rf-tiles", role: "list" });
  const waiting = el("div", { class: "rf-uploads" });
  const hint = el(
    "div",
    { class: "rf-hint" },
    el("strong", {}, words.drop),
    ` ${words.dropHint} `,
    el("button", { class: "rf-link", onclick: () => input.click() }, words.choose),
    "."
  );
  const node = el("section", { class: "rf-assets" }, hint, tiles, waiting, el("div", { class: "rf-row" }, add), input);
  const take = async (files) => {
    if (!files.length) return;
    const stop = new AbortController();
    const jobs = files.map((file) => {
      const bar = el("progress", { max: "1", value: "0", "aria-label": `${words.upload} ${file.name}` });
      const cancel = el("button", { class: "rf-icon-button", "aria-label": `${words.cancel} ${file.name}`, onclick: () => stop.abort() }, icon("close"));
      const row = el("div", { class: "rf-upload" }, el("span", { class: "rf-name" }, file.name), bar, cancel);
      waiting.append(row);
      return { file, bar, row };
    });
    const keys = [];
    for (const { file, bar, row } of jobs) {
      try {
        keys.push(await sendFile(wire, file, { onProgress: (f) => bar.value = f, signal: stop.signal }));
      } catch (error) {
        if (!stop.signal.aborted) onProblem(problem(error));
      }
      row.remove();
    }
    if (keys.length) await wire.ask("upload.end", { uploads: keys }).catch(() => {
    });
  };
  const problem = (error) => {
    const text = error instanceof Error ? error.message : String(error);
    return text === "timeout" ? words.timeout : text;
  };
  input.addEventListener("change", () => {
    take([...input.files ?? []]);
    input.value = "";
  });
  const tile = (media) => {
    const picture = el("div", { class: "rf-thumb" });
    if (media.kind === "audio") picture.append(icon("sound"));
    else picture.append(icon("film"));
    const label = media.duration_s ? `${media.name} · ${clock(media.duration_s)}` : `${media.name} · ${size(media.size)}`;
    const node2 = el(
      "div",
      { class: media.alpha ? "rf-tile rf-alpha" : "rf-tile", role: "listitem", title: label },
      picture,
      el("span", { class: "rf-name" }, media.name),
      media.role === "logo" ? el("span", { class: "rf-badge" }, words.logo) : null,
      el("button", {
        class: "rf-icon-button rf-remove",
        "aria-label": `${words.remove} ${media.name}`,
        onclick: () => wire.ask("media", { remove: [media.id] }).catch((e) => onProblem(problem(e)))
      }, icon("close"))
    );
    if (media.kind === "image" && media.role !== "logo") {
      node2.append(el("button", {
        class: "rf-icon-button rf-mark",
        "aria-label": `${words.markLogo}: ${media.name}`,
        onclick: () => wire.ask("media", { roles: { [media.id]: "logo" } }).catch((e) => onProblem(problem(e)))
      }, icon("star")));
    }
    if (media.kind !== "audio") {
      const show = (url) => picture.replaceChildren(el("img", { src: url, alt: "" }));
      const known = thumbnails.get(media.id);
      if (known) show(known);
      else {
        wire.ask("thumbnail", { media: media.id }).then(({ buffers }) => {
          const url = URL.createObjectURL(new Blob([
            /** @type {any} */
            buffers[0]
          ], { type: "image/jpeg" }));
          thumbnails.set(media.id, url);
          show(url);
        }).catch(() => {
        });
      }
    }
    return node2;
  };
  let last = "";
  return {
    node,
    take,
    /** @param {Media[]} media */
    update(media) {
      const now = JSON.stringify(media);
      if (now === last) return;
      last = now;
      tiles.replaceChildren(...media.map(tile));
      hint.hidden = media.length > 0;
    },
    close() {
      for (const url of thumbnails.values()) URL.revokeObjectURL(url);
    }
  };
}

// src/log.js
function makeLog(words, onChoice) {
  const list = el("div", { class: "rf-log", role: "log", "aria-label": words.activity, "aria-live": "polite", tabindex: "0" });
  const shown = /* @__PURE__ */ new Map();
  const make = (line) => {
    const node = el("div", { class: `rf-line rf-${line.who}` });
    const body = el("div", { class: "rf-text" }, line.text);
    if (line.who === "you" || line.who === "error") node.append(el("span", { class: "rf-sr" }, `${words[line.who]}: `));
    node.append(body);
    if (line.choices.length) {
      const buttons = line.choices.map((choice) => el("button", { class: "rf-chip", onclick: () => onChoice(choice) }, choice));
      node.append(el("div", { class: "rf-choices" }, ...buttons));
    }
    return node;
  };
  const update = (lines) => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
    const present = new Set(lines.map((line) => line.n));
    for (const [n, { node }] of shown) {
      if (!present.has(n)) {
        node.remove();
        shown.delete(n);
      }
    }
    for (const line of lines) {
      const known = shown.get(line.n);
      if (!known) {
        const node = make(line);
        list.append(node);
        shown.set(line.n, { node, text: line.text });
      } else if (known.text !== line.text) {
        known.node.querySelector(".rf-text").textContent = line.text;
        known.text = line.text;
      }
    }
    list.hidden = lines.length === 0;
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  return { node: list, update };
}

// src/player.js
function makePlayer(wire, words, onProblem) {
  const video = el("video", { controls: true, playsinline: true, preload: "metadata", "aria-label": words.preview });
  const note = el("div", { class: "rf-note" });
  const empty = el("div", { class: "rf-empty" }, icon("film"), el("span", {}, words.empty));
  const download = el("button", { class: "rf-button", "aria-label": words.download, hidden: true }, icon("down"), words.download);
  const node = el("div", { class: "rf-player" }, el("div", { class: "rf-screen" }, video, empty), el("div", { class: "rf-row" }, note, download));
  video.hidden = true;
  let revision = 0;
  let url = "";
  let exported = null;
  const blobs = /* @__PURE__ */ new Map();
  const load = async (which, film) => {
    const known = blobs.get(film.revision);
    if (known) return known;
    const blob = await fetchFilm(wire, which, film);
    blobs.clear();
    blobs.set(film.revision, blob);
    return blob;
  };
  const show = async (which, film) => {
    revision = film.revision;
    note.textContent = words.loading;
    let blob;
    try {
      blob = await load(which, film);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
      return;
    }
    if (revision !== film.revision) return;
    const at = video.currentTime;
    const playing = !video.paused && !video.ended;
    const old = url;
    url = URL.createObjectURL(blob);
    video.src = url;
    video.hidden = false;
    empty.hidden = true;
    video.style.aspectRatio = `${film.width} / ${film.height}`;
    if (at > 0 && at < film.duration_s) video.currentTime = at;
    if (playing) video.play().catch(() => {
    });
    if (old) URL.revokeObjectURL(old);
    const kind = which === "preview" ? words.previewNote : words.exportNote;
    note.textContent = `${film.width}×${film.height} · ${clock(film.duration_s)} · ${size(film.size)} · ${kind}`;
  };
  download.addEventListener("click", async () => {
    if (!exported) return;
    try {
      const link = el("a", { href: URL.createObjectURL(await load("exported", exported)), download: exported.name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  });
  return {
    node,
    video,
    /** @param {View} view */
    update(view) {
      exported = view.exported;
      download.hidden = !exported;
      const [which, film] = (view.exported?.revision ?? 0) > (view.preview?.revision ?? 0) ? (
        /** @type {const} */
        ["exported", view.exported]
      ) : (
        /** @type {const} */
        ["preview", view.preview]
      );
      if (film && film.revision !== revision) show(which, film);
    },
    close() {
      if (url) URL.revokeObjectURL(url);
    }
  };
}

// src/strip.js
function makeStrip(words, video) {
  const rows = el("div", { class: "rf-tracks" });
  const head = el("div", { class: "rf-playhead", "aria-hidden": "true" });
  const node = el("section", { class: "rf-strip", role: "region", "aria-label": words.timeline }, rows, head);
  let seconds = 0;
  const move = () => {
    const part = seconds ? Math.min(1, video.currentTime / seconds) : 0;
    node.style.setProperty("--rf-at", String(part));
  };
  video.addEventListener("timeupdate", move);
  video.addEventListener("seeked", move);
  let last = "";
  return {
    node,
    /** @param {View} view */
    update(view) {
      const now = JSON.stringify([view.timeline, view.duration_ms]);
      if (now === last) return;
      last = now;
      seconds = view.duration_ms / 1e3;
      node.hidden = view.timeline.length === 0;
      const total = Math.max(1, view.duration_ms);
      rows.replaceChildren(...view.timeline.map((track) => {
        const segments = track.segments.map((segment) => {
          const times = `${clock(segment.start_ms / 1e3)}–${clock(segment.end_ms / 1e3)}`;
          const block = el("button", {
            class: `rf-segment rf-${track.kind}`,
            role: "option",
            "aria-selected": "false",
            title: `${segment.name} · ${times}`,
            "aria-label": `${segment.name}, ${times}`,
            onclick: () => video.currentTime = segment.start_ms / 1e3 + 0.05
          }, segment.name);
          block.style.left = `${segment.start_ms / total * 100}%`;
          block.style.width = `${(segment.end_ms - segment.start_ms) / total * 100}%`;
          return block;
        });
        return el(
          "div",
          { class: "rf-track" },
          el("span", { class: "rf-label" }, track.label),
          el("div", { class: "rf-lane", role: "listbox", "aria-label": track.label }, ...segments)
        );
      }));
      move();
    }
  };
}

// src/wire.js
var StudioError = class extends Error {
};
var Wire = class {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.open = /* @__PURE__ */ new Map();
    this.prefix = Math.random().toString(36).slice(2);
    this.count = 0;
    this.listener = (content, buffers) => this.heard(content, buffers ?? []);
    model.on("msg:custom", this.listener);
  }
  /**
   * @param {any} content
   * @param {DataView[]} buffers
   */
  heard(content, buffers) {
    const waiting = this.open.get(content?.id);
    if (content?.v !== 1 || !waiting) return;
    this.open.delete(content.id);
    if (content.kind === "error") waiting.fail(new StudioError(content.text));
    else waiting.done({ content, buffers });
  }
  /**
   * Ask the kernel for something.
   *
   * @param {string} kind
   * @param {Record<string, any>} [body]
   * @param {{buffers?: (ArrayBuffer | ArrayBufferView)[], timeout?: number}} [options] timeout in ms; 0 is none
   * @returns {Promise<{content: any, buffers: DataView[]}>}
   */
  ask(kind, body = {}, { buffers = [], timeout = 0 } = {}) {
    const id = `${this.prefix}-${++this.count}`;
    return new Promise((done, reject) => {
      let timer;
      const fail = (error) => {
        clearTimeout(timer);
        this.open.delete(id);
        reject(error);
      };
      if (timeout) timer = setTimeout(() => fail(new StudioError("timeout")), timeout);
      this.open.set(id, { done: (answer) => (clearTimeout(timer), done(answer)), fail });
      try {
        this.model.send({ v: 1, id, kind, ...body }, void 0, buffers);
      } catch (error) {
        fail(error instanceof Error ? error : new StudioError(String(error)));
      }
    });
  }
  /** Stop listening; what is still open fails. */
  close() {
    this.model.off("msg:custom", this.listener);
    for (const { fail } of [...this.open.values()]) fail(new StudioError("closed"));
  }
};

// src/words.js
var EN = {
  studio: "Video studio",
  add: "Add media",
  drop: "Drop photos, clips, a logo or music here",
  dropHint: "or paste a picture, or",
  choose: "choose files",
  url: "Add by URL",
  describe: "Describe your video",
  example: "e.g. combine these into a 30-second video with music and a title",
  send: "Send",
  cancel: "Cancel",
  activity: "Activity",
  preview: "Preview",
  timeline: "Timeline",
  export: "Export",
  download: "Download",
  undo: "Undo",
  redo: "Redo",
  remove: "Remove",
  logo: "Logo",
  markLogo: "Use as logo",
  empty: "Your video appears here.",
  previewNote: "small preview",
  exportNote: "exported",
  preset: "Format",
  asIs: "As it is",
  loading: "Loading the video …",
  upload: "Uploading",
  you: "You",
  error: "Problem",
  stages: { upload: "Uploading", plan: "Planning", render: "Rendering", preview: "Rendering a preview", download: "Saving", export: "Exporting", send: "Working" },
  timeout: "The kernel does not answer. Is a cell running? Press stop, then try again."
};
var ZH = {
  studio: "视频工作室",
  add: "添加素材",
  drop: "把照片、视频、标志或音乐拖到这里",
  dropHint: "或粘贴图片,或",
  choose: "选择文件",
  url: "通过网址添加",
  describe: "描述你的视频",
  example: "例如:把这些照片做成30秒的视频,加上音乐和标题",
  send: "发送",
  cancel: "取消",
  activity: "动态",
  preview: "预览",
  timeline: "时间线",
  export: "导出",
  download: "下载",
  undo: "撤销",
  redo: "重做",
  remove: "移除",
  logo: "标志",
  markLogo: "用作标志",
  empty: "视频会显示在这里。",
  previewNote: "小尺寸预览",
  exportNote: "已导出",
  preset: "格式",
  asIs: "保持原样",
  loading: "正在载入视频……",
  upload: "正在上传",
  you: "你",
  error: "出错了",
  stages: { upload: "上传中", plan: "规划中", render: "渲染中", preview: "渲染预览", download: "保存中", export: "导出中", send: "处理中" },
  timeout: "内核没有响应。是否有单元格正在运行?请先停止,再试一次。"
};
function wordsFor(language) {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}

// src/index.js
function isDark(node) {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  if (vscodeThemeKind) return !vscodeThemeKind.includes("light");
  for (let at = (
    /** @type {HTMLElement | null} */
    node.parentElement
  ); at; at = at.parentElement) {
    const parts = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number);
    if (parts && parts.length >= 3 && (parts[3] ?? 1) > 0.5) return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
function render({ model, el: host }) {
  const words = wordsFor(navigator.language);
  const wire = new Wire(model);
  const problems = el("div", { class: "rf-problems", role: "alert" });
  const onProblem = (text) => {
    problems.replaceChildren(text);
    problems.hidden = false;
  };
  problems.hidden = true;
  const say = (text) => {
    problems.hidden = true;
    wire.ask("send", { text }, { timeout: 1e4 }).catch((error) => onProblem(error.message === "timeout" ? words.timeout : error.message));
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
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && prompt.selectionStart === 0 || event.key === "ArrowDown" && back > 0) {
      const next = back + (event.key === "ArrowUp" ? 1 : -1);
      if (next < 0 || next > earlier.length) return;
      event.preventDefault();
      back = next;
      prompt.value = back ? earlier[earlier.length - back] : "";
      prompt.setSelectionRange(0, 0);
    }
  });
  const ask = (kind, body = {}) => wire.ask(kind, body).catch(() => {
  });
  send.addEventListener("click", submit);
  cancel.addEventListener("click", () => ask("cancel"));
  undo.addEventListener("click", () => ask("undo"));
  redo.addEventListener("click", () => ask("redo"));
  exporting.addEventListener("click", () => ask("export", { preset: preset.value }));
  const root = el(
    "section",
    // Without the attribute JupyterLab takes single keys for its own commands.
    { class: "rf", role: "region", "aria-label": words.studio, "data-lm-suppress-shortcuts": "true" },
    el(
      "div",
      { class: "rf-left" },
      assets.node,
      log.node,
      problems,
      progress,
      el("div", { class: "rf-ask" }, prompt, send),
      chips
    ),
    el(
      "div",
      { class: "rf-right" },
      player.node,
      strip.node,
      el("div", { class: "rf-row rf-tools" }, undo, redo, el("span", { class: "rf-space" }), preset, exporting)
    )
  );
  for (const kind of ["dragenter", "dragover"]) {
    root.addEventListener(kind, (event) => {
      event.preventDefault();
      event.stopPropagation();
      root.classList.add("rf-over");
    });
  }
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(
      /** @type {Node | null} */
      event.relatedTarget
    )) root.classList.remove("rf-over");
  });
  root.addEventListener("drop", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.classList.remove("rf-over");
    if (event.dataTransfer) assets.take(await filesOf(event.dataTransfer));
  });
  root.addEventListener("paste", (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length) {
      event.preventDefault();
      assets.take(files);
    }
  });
  const update = () => {
    const view = model.get("view");
    if (!view?.lines) return;
    const busy = view.job !== "";
    assets.update(view.media);
    log.update(view.lines);
    player.update(view);
    strip.update(view);
    undo.disabled = !view.can_undo || busy && view.job !== "preview";
    redo.disabled = !view.can_redo || busy && view.job !== "preview";
    exporting.disabled = view.timeline.length === 0 || busy && view.job !== "preview";
    progress.hidden = !busy;
    cancel.hidden = !busy;
    const name = view.progress?.stage ?? view.job;
    const known = (
      /** @type {Record<string, string>} */
      words.stages
    );
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
var index_default = { render };
export {
  index_default as default,
  isDark
};
// sources: 0a2bff0e7ed1bd790b1ca3165eda26553fc0dfc04ea1eea0cf06f98e7000fe5a
