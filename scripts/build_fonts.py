"""Makes the font files that reelframe carries, in ``src/reelframe/fonts``.

Run it only to move to a newer release of the fonts; the result is committed. It needs ``npm`` (to fetch
the published packages) and the development dependencies ``fonttools`` and ``brotli``::

    python scripts/build_fonts.py

Two steps make the files small enough to ship (under 1 MB in the wheel, all together): only the characters of
the Latin, Greek and Cyrillic scripts, punctuation, currency, arrows and a few symbols are kept of Inter, and
only emoji that are common in marketing texts are kept of Noto Color Emoji. HarfBuzz reads no WOFF2,
so that both become plain TrueType. Time stamps are kept, so that the same input gives the same bytes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

INTER = "inter-ui@4.1.1"
EMOJI = "@fontsource/noto-color-emoji@5.3.2"
TARGET = Path(__file__).resolve().parent.parent / "src" / "reelframe" / "fonts"

# Blocks of Unicode that stay in Inter, first and last code point.
INTER_RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x02AF),  # Latin supplement, extended, IPA
    (0x02B0, 0x036F),  # modifiers, combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1FFF),  # Latin extended additional (Vietnamese), polytonic Greek
    (0x2000, 0x209F),  # punctuation, superscripts
    (0x20A0, 0x20CF),  # currency
    (0x2100, 0x218F),  # letter-like, number forms
    (0x2190, 0x22FF),  # arrows, mathematics
    (0x2300, 0x23FF),  # technical
    (0x2460, 0x24FF),  # circled
    (0x25A0, 0x27BF),  # shapes, dingbats
    (0xFB00, 0xFB06),  # ligatures
)
INTER_FEATURES = [
    "kern",
    "mark",
    "mkmk",
    "ccmp",
    "locl",
    "calt",
    "liga",
    "case",
    "tnum",
    "frac",
    "numr",
    "dnom",
    "ordn",
    "sups",
    "subs",
    "zero",
]
EMOJI_CHARACTERS = (
    "🔥✨🎉😍❤🚀⭐🌟💥💯✅❌⚡🎁🛒🛍💰💸🏆🥇👍👏🙌💪😀😂😊😎🤩🥳😮😢🙏👉👇👆👈➡⬇🌱🌿🍃🌍🌎☀🌈🌸🌹🍀🍕🍔☕🍷🎂🍎"
    "🏠🏡🚗✈🎵🎶📸🎬🎥📱💻🎧📦📍📅⏰🔔💡🔑🔒❗❓‼💎👑🎯📣🆕🆓♻🐶🐱🤝💖💕💙💚💛🧡💜🖤🤍😋🤔😱🥰😘🎈🎊🎄🎃❄⛄🌊🏖🧘⚽"
    "🏀🎮🎨👗👟👜💄💍⌚🧴🧼🪴🛋🛏🍽🥗🥑🍓🍰🍦🍫🍺🥂👋💬🎓💼📈🏋🚲🍳🌶🍋🍇🌻🌙☁☔🎤💐"
)


def fetch(package: str, folder: Path) -> Path:
    """Unpack the npm package ``package`` below ``folder``; its content's folder."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the fonts.")
    folder.mkdir()
    subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def cut(source: Path, target: Path, wanted: set[int], features: list[str]) -> None:
    """Write ``source`` with only the characters ``wanted`` and the layout ``features`` to ``target``."""
    font = TTFont(source, recalcTimestamp=False)
    if "SVG " in font:
        del font["SVG "]  # the same pictures again; COLR is what HarfBuzz paints
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted & set(font.getBestCmap())))
    subsetter.subset(font)
    font.flavor = None
    font.save(target)
    sys.stdout.write(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes\n")


def main() -> None:
    """Fetch, cut and write all three fonts and their licences."""
    TARGET.mkdir(exist_ok=True)
    letters = {point for first, last in INTER_RANGES for point in range(first, last + 1)}
    pictures = {ord(character) for character in EMOJI_CHARACTERS} | {0x200D, 0xFE0F}
    with tempfile.TemporaryDirectory() as scratch:
        inter = fetch(INTER, Path(scratch) / "inter")
        emoji = fetch(EMOJI, Path(scratch) / "emoji")
        variable = inter / "variable"
        cut(variable / "InterVariable.woff2", TARGET / "Inter.ttf", letters, INTER_FEATURES)
        cut(
            variable / "InterVariable-Italic.woff2",
            TARGET / "Inter-Italic.ttf",
            letters,
            INTER_FEATURES,
        )
        whole = emoji / "files" / "noto-color-emoji-emoji-400-normal.woff2"
        cut(whole, TARGET / "NotoColorEmoji-Common.ttf", pictures, [])
        shutil.copy(inter / "LICENSE.txt", TARGET / "OFL-Inter.txt")
        shutil.copy(emoji / "LICENSE", TARGET / "OFL-NotoColorEmoji.txt")


if __name__ == "__main__":
    main()
