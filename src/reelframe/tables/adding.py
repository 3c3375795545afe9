"""Rows that are new in a table: what they are, and the operation that adds each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final, get_args

from reelframe.draft import Draft
from reelframe.edits import vocabulary as v
from reelframe.edits.names import SOUNDS
from reelframe.edits.targets import candidates
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media
from reelframe.tables.cells import SheetRow
from reelframe.tables.columns import Cell, Sort
from reelframe.tables.tryout import Tryout

__all__ = ["SLOTS", "assumed", "file_of", "operation", "sort_of"]

_TEXT_ROLES: Final = frozenset(get_args(v.Role))
_SOUND_ROLES: Final = frozenset({"bgm", "voice", "sfx"})
_STYLE: Final = ("color", "bold", "italic", "font", "case", "outline", "shadow", "box", "align", "opacity")
_PHOTOS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".heic"})
_ID_LENGTH: Final = 64

# Slots of the adding operations that have other names than the columns they are filled from.
SLOTS: Final[Mapping[str, str]] = {
    "mood": "source", "media": "source", "name": "source", "level": "volume", "size": "size_frac", "at_s": "start_s",
    "in_s": "fade_in_s", "out_s": "fade_out_s",
}  # fmt: skip


def assumed(draft: Draft) -> Library:
    """The files of a timeline as far as their names tell: photos stay photos when nobody hands the library over."""
    out = Library()
    for segment in draft.segments:
        media, name = segment.media or "", str(segment.get("name", ""))
        if len(media) != _ID_LENGTH or set(media) - set("0123456789abcdef"):
            continue
        photo = PurePath(name).suffix.lower() in _PHOTOS
        kind: Any = "image" if photo else "video"
        if any(segment in track.segments for track in draft.of_kind("audio")):
            kind = "audio"
        size = {"width": 0, "height": 0, "has_audio": kind != "image"}
        out = out.add(Media(id=media, name=name or media, kind=kind, format="", size_bytes=0, **size))
    return out


def file_of(sheet: SheetRow, library: Library) -> Media:
    """The file that a new row names.

    Raises:
        PlanError: it names none, or none that is there.
    """
    name = _named({key: cell for key, cell in sheet.cells.items() if cell is not None})
    file = library.get(name) or library.by_name(name)
    if file is None:
        message = f'There is no file called "{name}".'
        raise PlanError(message, hint=f"Files: {', '.join(m.name for m in library) or 'none'}.")
    return file


def sort_of(sheet: SheetRow, library: Library) -> Sort:
    """What a new row is to be, by its kind, its role, or what it names."""
    kind, role = sheet.cells.get("kind"), sheet.cells.get("role")
    text, source = sheet.cells.get("text"), sheet.cells.get("source")
    if kind == "text" or (kind is None and (role in _TEXT_ROLES or (text and not source and role != "card"))):
        return "text"
    file = library.by_name(str(source)) if source else None
    sounds = role in _SOUND_ROLES or (file is not None and file.kind == "audio")
    if kind == "audio" or (kind is None and sounds):
        return "sound"
    if kind in {None, "video"}:
        return "overlay" if role in {"logo", "overlay"} else "card" if role == "card" else "shot"
    return "other"


def operation(tryout: Tryout, sheet: SheetRow, sort: Sort, place: str) -> v.OpBase:
    """What adds a row, or most of it.

    Args:
        tryout: the timeline so far.
        sheet: the new row.
        sort: what it is to be.
        place: "start", "end" or "" (between shots): where it stands among the rows of the main track.

    Raises:
        PlanError: no operation can.
        pydantic.ValidationError: a cell has a value that the operation does not take.
    """
    cells = {name: value for name, value in sheet.cells.items() if value is not None}
    match sort:
        case "text":
            return _text(cells)
        case "sound":
            return _sound(tryout, cells)
        case "overlay":
            return _overlay(cells)
        case "card":
            return _card(cells, place)
        case "shot":
            return _shot(tryout, cells)
        case _:
            message = "Nothing can be added to such a track."
            raise PlanError(message, hint="kind can be video, audio or text.")


def _times(cells: Mapping[str, Cell]) -> dict[str, Any]:
    start, end, lasts = (cells.get(name) for name in ("start_s", "end_s", "duration_s"))
    if end is None and start is not None and lasts is not None:
        end = round(float(start) + float(lasts), 6)
    if start is None and end is not None and lasts is not None:
        start = round(float(end) - float(lasts), 6)
    return {"start_s": start, "end_s": end}


def _text(cells: Mapping[str, Cell]) -> v.OpBase:
    said: dict[str, Any] = {name: cells[name] for name in _STYLE if name in cells}
    said |= _times(cells)
    if said["start_s"] is None and said["end_s"] is None:
        said["duration_s"] = cells.get("duration_s")
    if "text" not in cells:
        message = "A text needs words."
        raise PlanError(message, hint="Fill in the column text.")
    role: Any = cells.get("role", "text")
    return v.AddText(text=cells["text"], role=role, position=cells.get("position"), size=cells.get("size_frac"), **said)


def _named(cells: Mapping[str, Cell]) -> str:
    source = cells.get("source", cells.get("name"))
    if not source:
        message = "It names no file."
        raise PlanError(message, hint="Write the name of an uploaded file into the column source.")
    return str(source)


def _sound(tryout: Tryout, cells: Mapping[str, Cell]) -> v.OpBase:
    role = cells.get("role", "bgm")
    name = _named(cells)
    if role == "sfx" or (name in SOUNDS and "role" not in cells):
        return v.AddSfx(name=name, at_s=cells.get("start_s"))
    if role == "voice":
        message = "No operation adds a voice."
        raise PlanError(message, hint="Music (role bgm) and effects (role sfx) can be added.")
    if candidates(tryout.draft, "bgm"):
        message = "There is background music already, and there is only one."
        raise PlanError(message, hint="Drop its row, or change its source.")
    file = tryout.library.get(name) or tryout.library.by_name(name)
    said: dict[str, Any] = {"mood": name} if file is None else {"media": name}
    for slot, column in (("volume", "volume"), ("fade_in_s", "fade_in_s"), ("fade_out_s", "fade_out_s")):
        said[slot] = cells.get(column)
    return v.AddMusic(**said)


def _overlay(cells: Mapping[str, Cell]) -> v.OpBase:
    said: dict[str, Any] = {"media": _named(cells), "position": cells.get("position"), "size": cells.get("size_frac")}
    said |= _times(cells)
    if cells["role"] == "logo":
        return v.AddLogo(**said, opacity=cells.get("opacity"))
    return v.Overlay(**said)


def _card(cells: Mapping[str, Cell], place: str) -> v.OpBase:
    if not place:
        message = "A card comes before all shots or after them."
        raise PlanError(message, hint="Make it the first or the last row of its track.")
    said: dict[str, Any] = {"text": cells.get("text"), "media": cells.get("source"), "where": place}
    return v.IntroOutro(**said, duration_s=cells.get("duration_s"))


def _shot(tryout: Tryout, cells: Mapping[str, Cell]) -> v.OpBase:
    name = _named(cells)
    file = tryout.library.get(name) or tryout.library.by_name(name)
    every = tryout.shots()
    same = [p.segment for p in every if p.segment.role != "card" and (
        (file is not None and p.segment.media == file.id) or (file is None and p.segment.get("name") == name)
    )]  # fmt: skip
    if same:
        return v.Duplicate(target=tryout.target(same[0].id))
    if file is None:
        known = ", ".join(media.name for media in tryout.library if media.kind != "audio") or "none"
        message = f'There is no file called "{name}" ({known}).'
        raise PlanError(message, hint="Upload it first; rf.apply_frame is handed the media as library=….")
    # At the end for now: the order of the rows is made when all of them are there.
    return v.InsertMedia(media=(file.name,), duration_s=cells.get("duration_s"))
