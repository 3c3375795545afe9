/** The words of the interface, in the browser's language. */
const EN = {
  lang: "en",
  studio: "Video studio",
  add: "Add media",
  drop: "Drop photos, clips, a logo or music here",
  dropHint: "or paste a picture, or",
  dropNow: "Drop to add",
  choose: "choose files",
  url: "Add by URL",
  urlAsk: "Address of a file",
  urlAdd: "Add",
  describe: "Describe your video",
  example: "e.g. combine these into a 30-second video with music and a title",
  send: "Send",
  cancel: "Cancel",
  retry: "Try again",
  dismiss: "Dismiss",
  activity: "Activity",
  preview: "Preview",
  timeline: "Timeline",
  export: "Export",
  download: "Download",
  undo: "Undo",
  redo: "Redo",
  remove: "Remove",
  logo: "Logo",
  music: "Music",
  asLogo: "Use as logo",
  asMusic: "Use as music",
  media: "Media",
  mediaKeys: "Alt and the arrow keys move it, Delete removes it.",
  movedTo: (/** @type {string} */ name, /** @type {number} */ n, /** @type {number} */ of) => `${name} is now number ${n} of ${of}.`,
  segmentKeys: "Enter selects it, Alt and the arrow keys move it, Shift and the arrow keys move its end, Delete removes it.",
  selected: "This:",
  unselect: "Select nothing",
  suggestions: "Suggestions",
  empty: "Your video appears here.",
  previewNote: "preview",
  smallNote: "small preview",
  growingNote: "small preview, still being made",
  soundLater: "sound follows",
  exportNote: "exported",
  preset: "Format",
  format: "File type",
  quality: "Quality",
  qualities: { high: "High quality", medium: "Medium", low: "Small file" },
  asIs: "As it is",
  credits: "Credits",
  loading: "Loading the video",
  upload: "Uploading",
  checking: "Checking",
  you: "You",
  error: "Problem",
  waiting: (/** @type {number} */ n) => `${n} waiting`,
  stages: {
    upload: "Uploading", plan: "Planning", render: "Rendering", preview: "Rendering a preview", sharpen: "Making it sharper", download: "Saving", export: "Exporting",
    send: "Working", apply: "Changing", undo: "Undoing", redo: "Redoing", media: "Changing", done: "Done",
  },
  tracks: { Video: "Video", Logo: "Logo", Overlay: "Overlay", BGM: "Music", Title: "Title", Text: "Text", Track: "Track" },
  busy: "Kernel busy: press stop (■) in the notebook, or wait for its cell to end. What you asked for comes next.",
  timeout: "The kernel does not answer. Is a cell running? Press stop, then try again.",
  closed: "This page has lost its kernel. Run the cell again.",
  noSound: "This app can't play the sound (AAC). It is in the file: download it to hear it.",
  noPlay: "This app can't play the video. Download it to watch it.",
  savedAs: (/** @type {string} */ name) => `Saved as ${name}`,
};

/** @type {typeof EN} */
const ZH = {
  lang: "zh",
  studio: "视频工作室",
  add: "添加素材",
  drop: "把照片、视频、标志或音乐拖到这里",
  dropHint: "或粘贴图片，或",
  dropNow: "松开即可添加",
  choose: "选择文件",
  url: "通过网址添加",
  urlAsk: "文件网址",
  urlAdd: "添加",
  describe: "描述你的视频",
  example: "例如：把这些照片做成 30 秒的视频，加上音乐和标题",
  send: "发送",
  cancel: "取消",
  retry: "重试",
  dismiss: "关闭",
  activity: "动态",
  preview: "预览",
  timeline: "时间线",
  export: "导出",
  download: "下载",
  undo: "撤销",
  redo: "重做",
  remove: "移除",
  logo: "标志",
  music: "音乐",
  asLogo: "用作标志",
  asMusic: "用作音乐",
  media: "素材",
  mediaKeys: "按 Alt 加方向键移动，按 Delete 移除。",
  movedTo: (name, n, of) => `${name} 现在是第 ${n} 个，共 ${of} 个。`,
  segmentKeys: "按 Enter 选中，按 Alt 加方向键移动，按 Shift 加方向键调整结尾，按 Delete 移除。",
  selected: "选中：",
  unselect: "取消选中",
  suggestions: "建议",
  empty: "视频会显示在这里。",
  previewNote: "预览",
  smallNote: "小尺寸预览",
  growingNote: "小尺寸预览，正在生成",
  soundLater: "声音随后就到",
  exportNote: "已导出",
  preset: "格式",
  format: "文件类型",
  quality: "画质",
  qualities: { high: "高画质", medium: "中等", low: "小文件" },
  asIs: "保持原样",
  credits: "积分",
  loading: "正在载入视频",
  upload: "正在上传",
  checking: "正在检查",
  you: "你",
  error: "出错了",
  waiting: (n) => `还有 ${n} 项等待`,
  stages: {
    upload: "上传中", plan: "规划中", render: "渲染中", preview: "渲染预览", sharpen: "提高清晰度", download: "保存中", export: "导出中",
    send: "处理中", apply: "修改中", undo: "撤销中", redo: "重做中", media: "修改中", done: "完成",
  },
  tracks: { Video: "视频", Logo: "标志", Overlay: "叠加", BGM: "音乐", Title: "标题", Text: "文字", Track: "轨道" },
  busy: "内核正忙：请在笔记本中按停止（■），或等待单元格运行结束。你的请求会随后处理。",
  timeout: "内核没有响应。是否有单元格正在运行？请先停止，再试一次。",
  closed: "页面与内核的连接已断开。请重新运行单元格。",
  noSound: "此应用无法播放声音（AAC）。声音在文件里：下载后即可收听。",
  noPlay: "此应用无法播放视频。请下载后观看。",
  savedAs: (name) => `已保存为 ${name}`,
};

/** @typedef {typeof EN} Words */

/**
 * @param {string} language a language tag, as `navigator.language` gives it
 * @returns {Words}
 */
export function wordsFor(language) {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}

/** Ready-made outputs as people call them; one that is not here goes by its own name. */
const PRESETS = /** @type {Record<string, string>} */ ({
  youtube: "YouTube", youtube_shorts: "YouTube Shorts", tiktok: "TikTok", instagram_reels: "Instagram Reels", instagram_story: "Instagram Story",
  instagram_feed: "Instagram feed", square: "Square", facebook: "Facebook", linkedin: "LinkedIn", x: "X", douyin: "抖音", xiaohongshu: "小红书", bilibili: "哔哩哔哩",
});

/** @param {{name: string, width: number, height: number}} preset */
export function presetName(preset) {
  return `${PRESETS[preset.name] ?? preset.name} · ${preset.width}×${preset.height}`;
}

const FORMATS = /** @type {Record<string, string>} */ ({ webm: "WebM" });

/** @param {string} format a file's extension */
export const formatName = (format) => FORMATS[format] ?? format.toUpperCase();
