"""What is accepted, and what a file is: told by its content, never by its name.

``check_name_and_size`` is asked before any byte is read or sent, in the protocol's order: extension, then
size. ``sniff`` looks at the first bytes afterwards. A file whose name and content disagree is taken as what
it is when both are accepted; anything else is refused with a word about what it looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, Final

from reelframe.errors import FileTooLargeError, MediaError, UnsupportedMediaError

if TYPE_CHECKING:
    from reelframe.media.model import Kind

__all__ = [
    "ACCEPTED",
    "EXTENSIONS",
    "HEAD_BYTES",
    "MAX_BYTES",
    "Format",
    "check_name_and_size",
    "human_size",
    "sniff",
    "sniff_file",
]

MAX_BYTES: Final = 500 * 1024 * 1024
HEAD_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """One accepted kind of content.

    Attributes:
        name: as ``Media.format`` has it.
        kind: what such a file usually is; probing may find that a GIF moves or an MP4 has sound only.
        demuxer: the one FFmpeg demuxer that may open it; "" for stills, which Pillow decodes.
        extensions: the names that it usually goes by, without the dot.
        mime: its media type.
    """

    name: str
    kind: Kind
    demuxer: str
    extensions: tuple[str, ...]
    mime: str


ACCEPTED: Final[dict[str, Format]] = {
    f.name: f
    for f in (
        Format("mp4", "video", "mov", ("mp4",), "video/mp4"),
        Format("mov", "video", "mov", ("mov",), "video/quicktime"),
        Format("avi", "video", "avi", ("avi",), "video/x-msvideo"),
        Format("webm", "video", "matroska", ("webm",), "video/webm"),
        Format("mkv", "video", "matroska", ("mkv",), "video/x-matroska"),
        Format("jpeg", "image", "", ("jpg", "jpeg"), "image/jpeg"),
        Format("png", "image", "", ("png",), "image/png"),
        Format("gif", "image", "", ("gif",), "image/gif"),
        Format("webp", "image", "", ("webp",), "image/webp"),
        Format("mp3", "audio", "mp3", ("mp3",), "audio/mpeg"),
        Format("wav", "audio", "wav", ("wav",), "audio/wav"),
        Format("m4a", "audio", "mov", ("m4a",), "audio/mp4"),
        Format("aac", "audio", "aac", ("aac",), "audio/aac"),
        Format("srt", "subtitles", "", ("srt",), "application/x-subrip"),
        Format("vtt", "subtitles", "", ("vtt",), "text/vtt"),
    )
}
# Those of media; a folder that is handed over is searched for these alone.
EXTENSIONS: Final[tuple[str, ...]] = tuple(e for f in ACCEPTED.values() if f.kind != "subtitles" for e in f.extensions)
_SUBTITLES: Final[tuple[str, ...]] = tuple(f.name for f in ACCEPTED.values() if f.kind == "subtitles")


def human_size(size: int) -> str:
    """``1536`` as ``"1.5 KB"``: powers of 1024, at most one decimal."""
    value = float(size)
    for unit in ("bytes", "KB", "MB"):
        if value < 1024:  # the unit's step
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def check_name_and_size(name: str, size: int) -> None:
    """Refuse what can be refused without opening the file: first by extension, then by size.

    Args:
        name: the file's name, with or without folders.
        size: its length in bytes.

    Raises:
        UnsupportedMediaError: the extension is not among the accepted ones.
        FileTooLargeError: the file is over 500 MB.
    """
    short = PurePath(name).name or name
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in (*EXTENSIONS, *_SUBTITLES):
        what = f"files of type .{extension} are" if extension else "a file without extension is"
        raise _unsupported(short, f"{what} not accepted")
    if size > MAX_BYTES:
        reason = f"is {human_size(size)}, over the limit of {human_size(MAX_BYTES)}"
        hint = "Compress it or trim it to the part that you need, then try again."
        raise FileTooLargeError.of(short, reason, hint)


def sniff(head: bytes, name: str) -> Format:
    """The format of a file, by its first bytes.

    Args:
        head: the first ``HEAD_BYTES`` (or all, when there are fewer).
        name: for messages, and to tell MP3 from AAC behind an ID3 tag that is longer than ``head``.

    Raises:
        MediaError: the file is empty.
        UnsupportedMediaError: the content is not accepted; ``reason`` says what it looks like.
    """
    short = PurePath(name).name or name
    if not head:
        raise MediaError.of(short, "is empty (0 bytes)", "Save or export it again.")
    extension = PurePath(name).suffix.lower()
    found = _accepted(head, extension) or _subtitles(head, extension)
    if found:
        return ACCEPTED[found]
    guess = _looks_like(head)
    raise _unsupported(short, f"its content is not accepted media: it looks like {guess}")


def sniff_file(file: BinaryIO, name: str) -> Format:
    """``sniff`` for an open binary file, which is read from its start and left there.

    An ID3 tag (with cover art it can be megabytes long) is stepped over, to see what it stands before.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    tag = _id3_length(head)
    if tag > len(head) - 4:
        file.seek(tag)
        behind = file.read(HEAD_BYTES)
        head = behind if _mpeg_audio(behind) else head
    file.seek(0)
    return sniff(head, name)


def _unsupported(name: str, reason: str) -> UnsupportedMediaError:
    hint = f"Accepted formats: {', '.join(EXTENSIONS)}; for subtitles {' and '.join(_SUBTITLES)}."
    return UnsupportedMediaError(f"{name}: {reason}.", hint=hint, name=name, reason=reason)


def _accepted(head: bytes, extension: str) -> str:
    """The name of the accepted format that ``head`` begins, or ""."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] in {b"RIFF", b"RF64", b"BW64", b"RIFX"}:
        return {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head[:256] else "mkv" if b"matroska" in head[:256] else ""
    return _iso_media(head) or _tagged_audio(head, extension)


def _subtitles(head: bytes, extension: str) -> str:
    """The format of a subtitle file, or "". Only asked of files that are named so: any text could hold times."""
    if extension.lstrip(".") not in _SUBTITLES:
        return ""
    from reelframe.subtitles import looks_like_subtitles  # noqa: PLC0415 -- hardly ever needed

    if not looks_like_subtitles(head):
        return ""
    return "vtt" if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") else "srt"


# Brands of the ISO media family that hold stills or raw photos: no demuxer here plays them.
_STILL_BRANDS: Final = {
    b"heic": "a HEIC photo", b"heix": "a HEIC photo", b"hevc": "a HEIC image sequence",
    b"heim": "a HEIC photo", b"heis": "a HEIC photo", b"mif1": "a HEIF photo",
    b"msf1": "a HEIF image sequence", b"avif": "an AVIF image", b"avis": "an AVIF image sequence",
    b"crx ": "a Canon raw photo", b"jp2 ": "a JPEG 2000 image",
}  # fmt: skip
_BOXES: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def _iso_media(head: bytes) -> str:
    box = head[4:8]
    if box == b"ftyp":
        brand = head[8:12]
        if brand in _STILL_BRANDS:
            return ""
        return {b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a"}.get(brand, "mp4")
    size = int.from_bytes(head[:4], "big")
    # QuickTime files of before 2001 have no ftyp; a box is 8 bytes or longer, or of size 0 or 1 (64 bits).
    return "mov" if box in _BOXES and (size <= 1 or size >= 8) else ""


def _id3_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag at the start, 0 when there is none (id3.org, ID3v2.4 section 3.1)."""
    if not head.startswith(b"ID3") or len(head) < 10:  # the header's length
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | (byte & 0x7F)
    return size + 10 + (10 if head[5] & 0x10 else 0)


def _tagged_audio(head: bytes, extension: str) -> str:
    tag = _id3_length(head)
    if tag and tag > len(head) - 4:
        return "aac" if extension == ".aac" else "mp3"
    found = _mpeg_audio(head[tag:])
    if not found and extension == ".mp3":
        # Some encoders put zeros or a broken tag in front: two frames in a row are no accident.
        found = next(
            (
                "mp3"
                for m in re.finditer(rb"\xff[\xe2-\xff]", head)
                if _mp3_frame(head, m.start()) and _mp3_frame(head, m.start() + _mp3_frame(head, m.start()))
            ),
            "",
        )
    return found


def _mpeg_audio(data: bytes) -> str:
    if len(data) < 4 or data[0] != 0xFF:  # a frame header's length and first byte
        return ""
    if data[1] & 0xF6 == 0xF0:  # ADTS: twelve sync bits, layer 0
        return "aac"
    length = _mp3_frame(data, 0)
    if not length:
        return ""
    return "mp3" if len(data) < length + 4 or _mp3_frame(data, length) else ""


_KBPS_V1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_KBPS_V2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_RATES: Final = (44100, 48000, 32000, 0)


def _mp3_frame(data: bytes, at: int) -> int:
    """Length of the layer III frame whose header stands at ``at``; 0 when none does (ISO/IEC 11172-3)."""
    header = data[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version = header[1] >> 3 & 3
    first = version == 3  # MPEG-1; 2 is MPEG-2, 0 MPEG-2.5, 1 reserved
    kbps = (_KBPS_V1 if first else _KBPS_V2)[header[2] >> 4]
    rate = _RATES[header[2] >> 2 & 3] >> {3: 0, 2: 1, 0: 2}.get(version, 99)
    if not kbps or not rate:
        return 0
    return (144000 if first else 72000) * kbps // rate + (header[2] >> 1 & 1)


_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"#EXTM3U", "a playlist (M3U8), which only points at other files"),
    (b"ffconcat", "a playlist (FFmpeg concat), which only points at other files"),
    (b"[playlist]", "a playlist (PLS), which only points at other files"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"%PDF", "a PDF document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image or raw photo"),
    (b"MM\x00*", "a TIFF image or raw photo"),
    (b"8BPS", "a Photoshop document"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"FORM", "an AIFF file"),
    (b"FLV\x01", "a Flash video"),
    (b"\x30\x26\xb2\x75", "a Windows Media file"),
    (b"\x00\x00\x01\xba", "an MPEG programme stream"),
    (b"\x00\x00\x01\xb3", "an MPEG video stream"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"ADIF", "an AAC file with an ADIF header"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP: Final[tuple[tuple[str, str], ...]] = (
    ("<svg", "an SVG drawing (export it as PNG)"),
    ("<mpd", "a playlist (DASH), which only points at other files"),
    ("<smil", "a playlist (SMIL), which only points at other files"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("<?xml", "an XML document"),
)


def _looks_like(head: bytes) -> str:
    """What a file that is not accepted seems to be, in words for its owner."""
    if head[4:8] == b"ftyp":
        return _STILL_BRANDS.get(head[8:12], "a media file of an unknown kind") + (" (export it as JPEG)")
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, what in _SIGNATURES:
        if head.startswith(magic) or (len(magic) > 6 and bare.startswith(magic)):
            return what
    if not head.strip(b"\x00"):
        return "nothing but zero bytes (an unfinished download?)"
    if len(head) > 188 and head[0] == head[188] == 0x47:  # TS packets and their sync byte
        return "an MPEG transport stream"
    return _text_kind(bare)


def _text_kind(bare: bytes) -> str:
    text = bare[:2048].decode("utf-8", "ignore").lower()
    for tag, what in _MARKUP:
        if tag in text[:1024]:
            return what
    odd = sum(1 for b in bare[:2048] if b < 9 or 13 < b < 32)  # control characters
    readable = len(text) >= 0.7 * len(bare[:2048])
    if text and readable and odd == 0:
        return "JSON" if text.startswith(("{", "[")) else "text"
    return "a file of an unknown kind"
