"""Recipes and tasks: what a batch makes of each row, as frozen values with a key. Pure.

A *recipe* is what all rows share. A *task* is one video: one row, one variant, one preset. Its key is a hash of
all that decides the video, media by content, so that a run that is repeated knows what it has made already.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from reelframe.edits.plan import Plan
from reelframe.errors import ConfigurationError
from reelframe.media.model import Media

__all__ = ["Brand", "Task", "file_stem", "key_of"]

# Raised whenever the same task gives another video: what was made before is then made anew.
RECIPE_VERSION: Final = 1
_BRAND: Final = ("color", "font", "position", "background", "logo_position", "logo_size")
_LONGEST_STEM: Final = 60


@dataclass(frozen=True, slots=True)
class Brand:
    """What all videos of a batch share in looks.

    Attributes:
        color: of all texts, ``#rrggbb`` or a CSS name.
        font: a font family for all texts.
        position: of all texts, one of the nine places.
        background: what is behind pictures that do not fill the frame.
        logo_position: of the logo, one of the nine places.
        logo_size: its height, relative to the frame's.
    """

    color: str | None = None
    font: str | None = None
    position: str | None = None
    background: str | None = None
    logo_position: str | None = None
    logo_size: float | None = None

    @classmethod
    def of(cls, given: Brand | Mapping[str, Any] | None) -> Brand:
        """Read what the user gave.

        Raises:
            ConfigurationError: an unknown key, or a value that the edit vocabulary does not take.
        """
        if given is None:
            return cls()
        if isinstance(given, Brand):
            brand = given
        else:
            unknown = [str(key) for key in given if key not in _BRAND]
            if unknown:
                message = f"brand has no {', '.join(unknown)}."
                raise ConfigurationError(message, hint=f"It has: {', '.join(_BRAND)}.")
            brand = cls(**given)
        brand.plan(texts=True, logo=True)
        return brand

    def plan(self, *, texts: bool, logo: bool) -> Plan:
        """The edits that put the brand onto a timeline that has (or has not) texts and a logo."""
        ops: list[dict[str, Any]] = []
        style = {name: value for name in ("color", "font") if (value := getattr(self, name)) is not None}
        if texts and style:
            ops.append({"op": "style_text", "target": {"kind": "text"}, **style})
        if texts and self.position is not None:
            ops.append({"op": "move", "target": {"kind": "text"}, "position": self.position})
        if self.background is not None:
            ops.append({"op": "set_background", "color": self.background})
        if logo and (self.logo_position is not None or self.logo_size is not None):
            # The planner's own corner, where only the size was said.
            size = {} if self.logo_size is None else {"size": self.logo_size}
            ops.append({"op": "add_logo", "position": self.logo_position or "bottom_right", **size})
        try:
            return Plan.from_dict({"ops": ops})
        except ValueError as error:
            problems = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in _errors(error))
            message = f"The brand can't be used: {problems}."
            raise ConfigurationError(message, hint=f"It has: {', '.join(_BRAND)}.") from None

    def words(self) -> str:
        """The same as a wish in words, for a server that takes nothing else; "" when there is none."""
        wishes = []
        if self.color is not None:
            wishes.append(f"make all texts {self.color}")
        if self.font is not None:
            wishes.append(f'use the font "{self.font}" for all texts')
        if self.position is not None:
            wishes.append(f"put all texts at the {self.position.replace('_', ' ')}")
        if self.background is not None:
            wishes.append(f"use {self.background} as the background colour")
        if self.logo_position is not None:
            wishes.append(f"put the logo at the {self.logo_position.replace('_', ' ')}")
        if self.logo_size is not None:
            wishes.append(f"make the logo {self.logo_size:.0%} of the height")
        return ", ".join(wishes)


def _errors(error: ValueError) -> list[Any]:
    told = getattr(error, "errors", None)
    return list(told()) if callable(told) else [{"loc": (), "msg": str(error)}]


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
    brand: Brand = Brand()
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
        "brand": asdict(task.brand),
        "options": task.options,
        "stem": task.stem,
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def file_stem(*parts: str) -> str:
    """A file's name without extension: letters and digits of any script, joined with dashes."""
    words = [
        re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", part)).strip("-_")[:_LONGEST_STEM] for part in parts if part
    ]
    return "-".join(word for word in words if word) or "video"
