"""What the client itself says to the user, in English and in Chinese, and how it tells which of them to use."""

from __future__ import annotations

import locale
import os
import re
from typing import Final

__all__ = ["detect_language", "locale_language", "say"]

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_LETTER: Final = re.compile(r"[A-Za-z]")

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "setting_up": ("Setting up...", "正在准备..."),
    "working": ("⏳ Still working...", "⏳ 仍在处理中..."),
    "nothing": (
        "Nothing was said and nothing changed: the timeline is as it was. Try to put it in other words.",
        "没有任何回复，时间线也没有变化。请换一种说法再试一次。",
    ),
    "empty": ("The message is empty: nothing says what to do.", "消息是空的，没有说要做什么。"),
    "empty_hint": (
        'Say it in a sentence, for example "make it 20 seconds long".',
        "请用一句话说明，例如“做成 20 秒的视频”。",
    ),
    "unknown_change": (
        "The agent said nothing, and the timeline could not be read before and after to compare: {why}",
        "没有收到回复，也无法读取时间线进行比较：{why}",
    ),
    "changed": ("Done: {changes}.", "已完成：{changes}。"),
    "changed_broken": (
        "The connection broke, but the work went on: {changes}.",
        "连接中断了，但处理已经完成：{changes}。",
    ),
    "broken": (
        "The connection broke. The message is not sent again, as the work may be going on; watching the timeline...",
        "连接中断了。为避免重复处理，消息不会重发；正在查看时间线是否有变化...",
    ),
    "session_lost": (
        "The server had lost the session, and its timeline with it. A new one was created: upload the media again.",
        "服务器上的会话已失效，时间线也已丢失。已创建新的会话，请重新上传素材。",
    ),
    "exporting": ("Exporting...", "正在导出..."),
    "exported": ("Exported to {path}{size}.", "已导出到 {path}{size}。"),
    "again": ("The render failed ({why}). Trying once more...", "渲染失败（{why}），正在重试一次..."),
    "rendering": ("Rendering", "正在渲染"),
    "downloading": ("Downloading", "正在下载"),
    "credits": (
        "{available} credits available, {frozen} held by work in progress, {total} in all.",
        "可用积分 {available}，处理中占用 {frozen}，共 {total}。",
    ),
    "credits_local": (
        "Work on this machine is free. {available} credits available.",
        "在本机上处理是免费的。可用积分 {available}。",
    ),
    "uploaded": ("Uploaded {names}.", "已上传 {names}。"),
    "which_files": (
        "Which files? Give paths or URLs in the message, or hand them over with upload().",
        "要上传哪些文件？请在消息中写出路径或网址，或用 upload() 提供文件。",
    ),
    "action_export": ("Exporting, as the agent suggests.", "按照建议正在导出。"),
    "action_credits": ("Looking up the credits.", "正在查询积分。"),
    "action_timeline": ("Showing the timeline.", "正在显示时间线。"),
    "action_state": ("Showing where the session stands.", "正在显示会话状态。"),
    "action_undo": ("Undoing the last step.", "正在撤销上一步。"),
    "action_redo": ("Redoing the last step.", "正在重做上一步。"),
    "action_upload": ("Asking for files.", "请提供文件。"),
    "action_message": ("Asking the agent to do it itself: {message}", "请助手自行完成：{message}"),
    "please_do": (
        "Please do this yourself, I have no editor window: {message}",
        "我没有编辑界面，请直接帮我完成：{message}",
    ),
    "undo": ("Undo the last change.", "撤销上一步操作。"),
    "undo_n": ("Undo the last {count} changes.", "撤销最近 {count} 步操作。"),
    "redo": ("Redo the change that was undone.", "重做刚才撤销的操作。"),
    "redo_n": ("Redo the last {count} changes that were undone.", "重做最近撤销的 {count} 步操作。"),
    "by_message": (
        "This server has no call for that; it was sent as a message.",
        "该服务没有对应的接口，已作为消息发送。",
    ),
    "kept_draft": (
        "This server can't take the timeline over: it is kept here and used for the export.",
        "该服务无法接收修改后的时间线：已保留在本地，导出时使用。",
    ),
    "own_draft_gone": (
        "The timeline that was kept here is given up for the server's new one.",
        "本地保留的时间线已被服务端的新时间线取代。",
    ),
    "new_media": ("{count} new media", "新增 {count} 个素材"),
    "cancelled_hosted": (
        "We stopped listening; the service may finish the work and charge for it.",
        "已停止接收；服务端可能会继续完成并扣除积分。",
    ),
    "selection": ("In {what}: ", "针对{what}："),
    "role_logo": ("({name} is the logo.)", "（{name} 是标志。）"),
    "role_music": ("({name} is the background music.)", "（{name} 是背景音乐。）"),
    "list_sep": (", ", "、"),
    "change_sep": ("; ", "；"),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """A sentence in "zh" or, for every other language, in English."""
    english, chinese = _WORDS[key]
    return (chinese if language.startswith("zh") else english).format(**values)


def detect_language(text: str) -> str | None:
    """Gives "zh" for Chinese script, "en" for Latin letters, None where the text does not tell."""
    if _HAN.search(text) and not _KANA.search(text):
        return "zh"
    return "en" if _LETTER.search(text) else None


def locale_language() -> str:
    """The language of the user's locale, "en" when it has none."""
    name = (
        os.environ.get("LC_ALL")
        or os.environ.get("LC_MESSAGES")
        or os.environ.get("LANG")
        or locale.getlocale()[0]
        or ""
    )
    short = name.replace("-", "_").split("_")[0].split(".")[0].lower()
    return "zh" if short == "chinese" else short if re.fullmatch(r"[a-z]{2}", short) else "en"
