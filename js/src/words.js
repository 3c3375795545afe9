/** The words of the interface, in the browser's language. */
const EN = {
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
  timeout: "The kernel does not answer. Is a cell running? Press stop, then try again.",
};

/** @type {typeof EN} */
const ZH = {
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
  timeout: "内核没有响应。是否有单元格正在运行?请先停止,再试一次。",
};

/** @typedef {typeof EN} Words */

/**
 * @param {string} language a language tag, as `navigator.language` gives it
 * @returns {Words}
 */
export function wordsFor(language) {
  return language.toLowerCase().startsWith("zh") ? ZH : EN;
}
