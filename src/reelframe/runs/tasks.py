"""Recipes and tasks: what a batch makes of each row, as frozen values with a key. Pure.

A *recipe* is what all rows share. A *task* is one video: one row, one variant, one preset. Its key is a hash of
all that decides the video, media by content, so that a run that is repeated knows what it has made already.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final

from reelframe.draft import Brand
from reelframe.media.model import Media

__all__ = ["Task", "file_stem", "key_of"]

# Raised whenever the same task gives another video: what was made before is then made anew.
RECIPE_VERSION: Final = 1
_LONGEST_PART: Final = 60
# Of a whole name in UTF-8: file systems take 255, and an extension, a number and a temporary sign come on top.
_LONGEST_BYTES: Final = 200
# Names that Windows keeps for devices, whatever their extension.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Task:
    """One video to make.

    Attributes:
        row: the row's position in the table, from 0.
        name: what the product is called: in the file's name and in progress.
        variant: which of several prompts, "" when there is one.
        preset: what to export for, "" for the prompt's own shape.
        prompt: the words.
        project: what the video is about; names a title that the prompt asks for without words.
        media: what is shown, in order: intro, the row's own, outro.
        logo: for the corner.
        music: instead of composed music.
        brand: shared looks.
        output: further options of the export: width, height, fps, quality, format.
        links: URLs that the server is to fetch itself, in order (hosted backend).
        links_at: how many of ``media`` stand before them.
        stem: the video's file name without extension.
    """

    row: int
    name: str
    variant: str
    preset: str
    prompt: str
    project: str
    media: tuple[Media, ...]
    logo: Media | None = None
    music: Media | None = None
    brand: Brand = field(default_factory=Brand)
    output: tuple[tuple[str, Any], ...] = ()
    links: tuple[str, ...] = ()
    links_at: int = 0
    stem: str = ""

    @property
    def files(self) -> tuple[Media, ...]:
        """All files, shared ones included, each with its role."""
        logo = (self.logo.model_copy(update={"role": "logo"}),) if self.logo else ()
        music = (self.music.model_copy(update={"role": "music"}),) if self.music else ()
        return (*self.media, *logo, *music)

    @property
    def options(self) -> dict[str, Any]:
        """The export's options, the preset included."""
        return {**dict(self.output), **({"preset": self.preset} if self.preset else {})}


def key_of(task: Task, backend: str) -> str:
    """The task's key: SHA-256 of all that decides its video and its place, 64 hexadecimal digits.

    The row's position is no part of it: a table may be sorted, or grow, between two runs.
    """
    facts = {
        "version": RECIPE_VERSION,
        "backend": backend,
        "name": task.name,
        "variant": task.variant,
        "prompt": task.prompt,
        "project": task.project,
        "files": [(m.id, m.name, m.role) for m in task.files],
        "links": task.links,
        "brand": task.brand.as_dict(),
        "options": task.options,
        "stem": task.stem,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_stem(*parts: str) -> str:
    """A file's name without extension: letters and digits of any script, joined with dashes."""
    words = [
        re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", part)).strip("-_")[:_LONGEST_PART] for part in parts if part
    ]
    stem = "-".join(word for word in words if word) or "video"
    stem = stem.encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip("-_")
    return f"{stem}_" if _DEVICES.fullmatch(stem) else stem
