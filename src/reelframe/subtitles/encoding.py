"""Bytes of unknown encoding become text."""

from __future__ import annotations

import codecs
from typing import Final

__all__ = ["decoded"]

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32's mark begins with UTF-16's, so it is asked first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Single-byte code pages that subtitles are kept in: guesses outside of these (EBCDIC fits any bytes) are not wanted.
_PAGES: Final = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "cp866",
    "cp874", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_9",
)  # fmt: skip
# Letters that only Hungarian has where Western Europe's page has "õ" and "û", and those that come with the latter.
_HUNGARIAN: Final = frozenset("õûÕÛ")
_WESTERN: Final = frozenset("ãêôàèçñîâåæøìò")
# A share of a text's characters from which it is taken for East Asian.
_EVERYDAY: Final = 0.85
_SAMPLE: Final = 64 * 1024
# Two guesses this close (of 1) are alike.
_NEAR: Final = 0.05


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding (Python's).

    A byte order mark is believed; then UTF-8, which other encodings are hardly ever by chance; then UTF-16 without a
    mark; then the likeliest of the usual ones by how their letters occur in languages. Never fails: what fits nothing
    is read as Windows' Western European.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # One broken byte in a long file that is UTF-8 otherwise.
        if error.start > 1000 and any(byte > 0x7F for byte in data[: error.start]):
            return data.decode("utf-8", "replace"), "utf-8"
    if wide := _utf_16(data):
        return data.decode(wide, "replace"), wide
    name = _likeliest(data)
    return data.decode(name, "replace"), name


def _utf_16(data: bytes) -> str:
    """Every second byte of Western text in UTF-16 is zero; times and line numbers are Western in any language."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 6 < len(head) // 2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _likeliest(data: bytes) -> str:
    return _east_asian(data) or _page(data)


def _everyday(data: bytes, name: str) -> float:
    """The share of the characters outside ASCII that people use every day, by where the encoding keeps those.

    The national standards put the common characters first (GB 2312 and Big5 level 1, JIS X 0208 level 1 behind the
    kana, the Hangul of KS X 1001), so the lead byte tells.
    """
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return 0.0
    pairs = [c.encode(name) for c in text if ord(c) > 0x7F]  # ASCII ends here
    low, high, trail = _ROWS[name]
    kept = sum(1 for p in pairs if len(p) == 2 and low <= p[0] <= high and p[1] >= trail)
    kept += sum(1 for p in pairs if len(p) == 2 and p[0] in _SIGNS[name])
    return kept / len(pairs) if pairs else 0.0


# Lead bytes of the everyday characters, and the least second byte; then lead bytes of punctuation and kana.
_ROWS: Final = {
    "cp949": (0xB0, 0xC8, 0xA1),
    "gb18030": (0xB0, 0xD7, 0xA1),
    "big5": (0xA4, 0xC6, 0x40),
    "cp932": (0x88, 0x97, 0x40),
    "euc_jp": (0xB0, 0xCF, 0xA1),
}
_SIGNS: Final = {
    "cp949": b"\xa1\xa3",
    "gb18030": b"\xa1\xa3",
    "big5": b"\xa1",
    "cp932": b"\x81\x82\x83",
    "euc_jp": b"\xa1\xa3\xa4\xa5",
}


def _east_asian(data: bytes) -> str:
    """The East Asian encoding that the bytes are in, "" when in none."""
    shares = {name: _everyday(data, name) for name in _ROWS}
    # Korean uses few lead bytes, all of which Chinese has too: what fits Korean entirely is Korean by all likelihood.
    if shares["cp949"] > 0.99:
        return "cp949"
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _EVERYDAY else ""


def _page(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 -- heavy, and hardly ever needed

    # Only the words are asked: times and numbers say nothing of the language.
    words = b"\n".join(line for line in data.splitlines() if any(byte > 0x7F for byte in line))
    matches = list(from_bytes(words[:_SAMPLE], cp_isolation=list(_PAGES), preemptive_behaviour=False))
    if not matches:
        return "cp1252"
    best = matches[0]
    if data.decode(best.encoding, "replace") == data.decode("cp1252", "replace"):
        return "cp1252"
    western = next((m for m in matches if m.encoding == "cp1252"), None)
    near = western is not None and western.chaos <= best.chaos + _NEAR and western.coherence >= best.coherence - _NEAR
    # The pages of Central and Western Europe share most letters; of two that fit alike, the more common one.
    if near and best.encoding in {"cp1250", "cp1257"}:
        letters = set(words.decode("cp1252", "replace"))
        return best.encoding if letters & _HUNGARIAN and not letters & _WESTERN else "cp1252"
    return best.encoding
