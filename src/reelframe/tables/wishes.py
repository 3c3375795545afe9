"""Changed cells of a row as wishes: each is a few operations, and knows which cells it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from pydantic import ValidationError

from reelframe.edits import vocabulary as v
from reelframe.edits.families.audio import volume_of
from reelframe.errors import PlanError
from reelframe.tables.cells import CellError
from reelframe.tables.columns import BY_NAME, Cell, Sort
from reelframe.tables.tryout import Tryout

__all__ = ["Changed", "Phase", "Wish", "attempt", "effects_of", "number", "of_slots", "wanted_length", "wishes"]


class Phase(IntEnum):
    """When a wish is carried out: lengths before what must fit into them, places in time last of all."""

    LENGTHS = 1
    LOOKS = 2
    TIMES = 3
    CUTS = 4
    LEVELS = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What one or several changed cells of a row ask for.

    Attributes:
        phase: when.
        columns: the cells that it is about, the one that is to blame first.
        make: the operations, given the timeline so far and the segment's id there. May raise PlanError.
        slots: the operations' slots that have other names than their columns.
    """

    phase: Phase
    columns: tuple[str, ...]
    make: Callable[[Tryout, str], tuple[v.OpBase, ...]]
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that was changed: its cells before, and those that are new."""

    sort: Sort
    before: Mapping[str, Cell]
    new: Mapping[str, Cell]

    def __call__(self, name: str) -> Any:  # noqa: ANN401 -- checked by who asks
        """A cell as the table has it now."""
        return self.new[name] if name in self.new else self.before[name]

    def any(self, *names: str) -> tuple[str, ...]:
        """Those of the columns that changed."""
        return tuple(name for name in names if name in self.new)


def number(value: Cell) -> float | None:
    """A cell that holds a number, or nothing."""
    return None if value is None else float(value)


def attempt(tryout: Tryout, label: str, segment_id: str, wish: Wish, changed: Changed) -> list[CellError]:
    """Carry a wish out; what went wrong, per cell."""
    try:
        tryout.do(*wish.make(tryout, segment_id))
    except ValidationError as error:
        return of_slots(error, label, wish.slots, wish.columns[0], changed.new)
    except PlanError as error:
        column = wish.columns[0]
        return [CellError(label, column, changed.new.get(column), str(error), BY_NAME[column].accepted)]
    return []


def of_slots(
    error: ValidationError, label: str, slots: Mapping[str, str], first: str, cells: Mapping[str, Cell]
) -> list[CellError]:
    """One error per slot of an operation that has a value that it can't have."""
    out: dict[str, CellError] = {}
    for one in error.errors():
        slot = next((str(part) for part in one["loc"] if str(part) in slots or str(part) in BY_NAME), first)
        column = slots.get(slot, slot)
        why = f"{one['msg'].replace('Input', 'it', 1)}."
        accepted = BY_NAME[column].accepted if column in BY_NAME else ""
        out.setdefault(column, CellError(label, column, cells.get(column), why, accepted))
    return list(out.values())


def wishes(row: Changed) -> Iterator[Wish]:
    """What the changed cells of a row ask for; the cells are known to be allowed in such a row."""
    if row.sort in {"shot", "card"}:
        yield from _shot(row)
        yield from _grade(row)
    elif columns := row.any("start_s", "end_s", "duration_s"):
        yield Wish(
            Phase.TIMES, columns, lambda t, i: (_timing(t, i, row),), {"start_s": columns[0], "end_s": columns[-1]}
        )
    if row.sort in {"shot", "card", "overlay"}:
        yield from _frame(row)
    if row.sort in {"text", "overlay"}:
        yield from _placing(row)
    if row.sort == "text":
        yield from _text(row)
    if row.sort == "sound":
        yield from _sound(row)
    if row.sort != "text":
        yield from _levels(row)


# --- lengths -----------------------------------------------------------------------------------------------


def wanted_length(row: Changed) -> float | None:
    """How long a row is to last by its changed cells, in seconds; None when it is not about that."""
    if "duration_s" in row.new:
        return number(row("duration_s"))
    if "end_s" in row.new:
        return round(float(row("end_s")) - float(row("start_s")), 6)
    return None


def _timing(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    start, end = float(row("start_s")), float(row("end_s"))
    if "end_s" not in row.new:
        # Moved as a whole, or given another length from where it begins.
        end = round(start + float(row("duration_s")), 6)
    return v.SetTiming(target=tryout.target(segment_id), start_s=start, end_s=end)


def _shot(row: Changed) -> Iterator[Wish]:
    if columns := row.any("speed"):
        factor = 1.0 if row("speed") is None else row("speed")
        yield Wish(
            Phase.LENGTHS, columns, lambda t, i: (v.Speed(target=t.target(i), factor=factor),), {"factor": "speed"}
        )
    if columns := row.any("reverse"):
        yield Wish(Phase.LENGTHS, columns, lambda t, i: (v.Reverse(target=t.target(i)),))
    if columns := row.any("source_in_s"):
        yield Wish(Phase.LENGTHS, columns, lambda t, i: (_later_in(t, i, row),))
    length = wanted_length(row)
    if length is None and "source_in_s" in row.new:
        length = number(row("duration_s"))
    if length is not None:
        columns = row.any("duration_s", "end_s", "source_in_s")
        yield Wish(Phase.LENGTHS, columns, lambda t, i: _lasting(t, i, length), {"duration_s": columns[0]})
    if columns := row.any("transition", "transition_s"):
        yield Wish(
            Phase.CUTS,
            columns,
            lambda t, i: (_transition(t, i, row),),
            {"type": "transition", "duration_s": "transition_s"},
        )


def _lasting(tryout: Tryout, segment_id: str, length: float) -> tuple[v.OpBase, ...]:
    now = number(tryout.cells(segment_id)["duration_s"]) or 0.0
    if round(now * 1000) == round(length * 1000):
        return ()
    return (v.SetSegmentDuration(target=tryout.target(segment_id), duration_s=length),)


def _later_in(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    cells = tryout.cells(segment_id)
    more = (number(row("source_in_s")) or 0.0) - (number(cells["source_in_s"]) or 0.0)
    if more < 0 or cells["reverse"]:
        message = "A clip can only be made to begin later in its file, played forwards."
        raise PlanError(message, hint="Drop the row and add the file anew to have its head back.")
    speed = number(cells["speed"]) or 1.0
    return v.Trim(target=tryout.target(segment_id), start_s=round(more / speed, 6))


def _transition(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    kind, lasts = row("transition"), row("transition_s")
    every = tryout.shots()
    place = next((n for n, p in enumerate(every) if p.segment.id == segment_id), 0)
    if place == 0:
        message = "The first shot comes after nothing, so it has no transition."
        raise PlanError(message, hint="fade_in_s makes it fade in.")
    if kind in {None, "cut"}:
        kind = "cut"
        if "transition_s" in row.new and lasts is not None:
            message = "A cut takes no time: there is no transition to last."
            raise PlanError(message, hint="Choose a transition.")
        lasts = None
    numbers = tryout.clip_numbers()
    before, own = numbers.get(every[place - 1].segment.id), numbers.get(segment_id)
    if before is not None and own is not None:
        return v.Transition(between=(before, own), type=kind, duration_s=lasts)
    return v.Transition(at_s=every[place].start / 1000, type=kind, duration_s=lasts)


# --- looks -------------------------------------------------------------------------------------------------


_CONTROLS: Final = ("brightness", "contrast", "saturation", "temperature", "sharpness")
_STYLE: Final[Mapping[str, str]] = {
    "size_frac": "size", "opacity": "opacity", "color": "color", "bold": "bold", "italic": "italic", "font": "font",
    "case": "case", "outline": "outline", "shadow": "shadow", "box": "box", "align": "align",
}  # fmt: skip


def _grade(row: Changed) -> Iterator[Wish]:
    if columns := row.any("look"):
        name = row("look") or "none"
        yield Wish(Phase.LOOKS, columns, lambda t, i: (v.Look(target=t.target(i), name=name),))
    if columns := row.any(*_CONTROLS):
        said = {name: row(name) or 0.0 for name in columns}
        yield Wish(Phase.LOOKS, columns, lambda t, i: (v.Adjust(target=t.target(i), **said),))
    if columns := row.any("effects"):
        yield Wish(Phase.LOOKS, columns, lambda t, i: _effects(t, i, row))
    if columns := row.any("move", "move_amount"):
        yield Wish(
            Phase.LOOKS, columns, lambda t, i: (_camera(t, i, row),), {"direction": "move", "amount": "move_amount"}
        )


def effects_of(text: str | None) -> list[tuple[str, float | None]]:
    """Effects as a cell spells them.

    Raises:
        PlanError: a part is neither a name nor a name and a number.
    """
    out: list[tuple[str, float | None]] = []
    for part in filter(None, (one.strip() for one in (text or "").split(","))):
        name, *rest = part.split()
        try:
            (amount,) = map(float, rest) if rest else (None,)
        except ValueError:
            message = f"{part!r} is no effect."
            raise PlanError(message, hint='Spell effects so: "blur 0.5, grain 0.2".') from None
        out.append((name, amount))
    return out


def _effects(tryout: Tryout, segment_id: str, row: Changed) -> tuple[v.OpBase, ...]:
    target = tryout.target(segment_id)
    off = (v.Effect(target=target, name="none"),) if tryout.segment(segment_id).get("effects") else ()
    return (*off, *(v.Effect(target=target, name=name, amount=amount) for name, amount in effects_of(row("effects"))))


def _camera(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    target, direction = tryout.target(segment_id), row("move")
    if direction in {None, "none"}:
        if row("move_amount") is not None and "move_amount" in row.new:
            message = "There is no camera move that could go further."
            raise PlanError(message, hint="Choose one in the column move.")
        return v.KenBurns(target=target, direction="none")
    return v.KenBurns(target=target, direction=direction, amount=row("move_amount"))


def _frame(row: Changed) -> Iterator[Wish]:
    if columns := row.any("zoom"):
        scale = 1.0 if row("zoom") is None else row("zoom")
        yield Wish(Phase.LOOKS, columns, lambda t, i: (v.Zoom(target=t.target(i), scale=scale),), {"scale": "zoom"})
    if columns := row.any("rotate_deg"):
        yield Wish(Phase.LOOKS, columns, lambda t, i: (_turned(t, i, row),), {"degrees": "rotate_deg"})
    if columns := row.any("flip"):
        yield Wish(Phase.LOOKS, columns, lambda t, i: _mirrored(t, i, row))


def _turned(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    now = number(tryout.cells(segment_id)["rotate_deg"]) or 0.0
    return v.Rotate(target=tryout.target(segment_id), degrees=(number(row("rotate_deg")) or 0.0) - now)


def _mirrored(tryout: Tryout, segment_id: str, row: Changed) -> tuple[v.OpBase, ...]:
    now = str(tryout.cells(segment_id)["flip"] or "")
    turned = set(now) ^ set(row("flip") or "")
    target = tryout.target(segment_id)
    across = (v.Flip(target=target, axis="horizontal"),) if "h" in turned else ()
    return (*across, *((v.Flip(target=target, axis="vertical"),) if "v" in turned else ()))


# --- places and texts --------------------------------------------------------------------------------------


def _placing(row: Changed) -> Iterator[Wish]:
    if columns := row.any("position", "dx_frac", "dy_frac"):
        yield Wish(Phase.LOOKS, columns, lambda t, i: (_moved(t, i, row),), {"dx": "dx_frac", "dy": "dy_frac"})
    if columns := row.any(*_STYLE):
        said = {_STYLE[name]: row(name) for name in columns}
        slots = {slot: name for name, slot in _STYLE.items()}
        yield Wish(Phase.LOOKS, columns, lambda t, i: (v.StyleText(target=t.target(i), **said),), slots)


def _moved(tryout: Tryout, segment_id: str, row: Changed) -> v.OpBase:
    target, cells = tryout.target(segment_id), tryout.cells(segment_id)
    if "position" in row.new:
        return v.Move(target=target, position=row("position"), dx=row("dx_frac") or None, dy=row("dy_frac") or None)
    steps = {}
    for name in row.any("dx_frac", "dy_frac"):
        steps[name[:2]] = round((number(row(name)) or 0.0) - (number(cells[name]) or 0.0), 4)
    return v.Move(target=target, **steps)


def _text(row: Changed) -> Iterator[Wish]:
    if columns := row.any("text"):
        yield Wish(Phase.LOOKS, columns, lambda t, i: (v.SetText(target=t.target(i), text=row("text")),))
    for side in ("anim_in", "anim_out"):
        if columns := row.any(side, f"{side}_s"):
            slots = {"duration_s": f"{side}_s"}
            yield Wish(Phase.LEVELS, columns, _animating(row, side), slots)


def _animating(row: Changed, side: str) -> Callable[[Tryout, str], tuple[v.OpBase, ...]]:
    return lambda t, i: (_animated(t, i, row, side),)


def _animated(tryout: Tryout, segment_id: str, row: Changed, side: str) -> v.OpBase:
    kind, lasts = row(side), row(f"{side}_s")
    if kind is None:
        message = "There is no animation that could last."
        raise PlanError(message, hint=f"Choose one in the column {side}.")
    said = {side: kind, "duration_s": None if kind == "none" else lasts}
    return v.Animate(target=tryout.target(segment_id), **said)


# --- sound -------------------------------------------------------------------------------------------------


def _sound(row: Changed) -> Iterator[Wish]:
    if columns := row.any("source"):
        yield Wish(Phase.LOOKS, columns, lambda t, _: (_other_music(t, row),), {"mood": "source", "media": "source"})
    if columns := row.any("source_in_s"):
        yield Wish(Phase.LENGTHS, columns, lambda t, i: _later_sound(t, i, row))


def _later_sound(tryout: Tryout, segment_id: str, row: Changed) -> tuple[v.OpBase, ...]:
    cells = tryout.cells(segment_id)
    trim = _later_in(tryout, segment_id, row)
    # Its head goes, and it stays where it was.
    back = v.SetTiming(target=tryout.target(segment_id), start_s=cells["start_s"], end_s=cells["end_s"])
    return trim, back


def _other_music(tryout: Tryout, row: Changed) -> v.OpBase:
    if row("role") in {"voice", "sfx"}:
        message = "Only background music can be exchanged in its place."
        raise PlanError(message, hint="Drop the row and add another.")
    name = row("source")
    file = tryout.library.get(name) or tryout.library.by_name(name)
    return v.ChangeMusic(media=name) if file is not None else v.ChangeMusic(mood=name)


def _levels(row: Changed) -> Iterator[Wish]:
    if columns := row.any("volume", "muted"):
        yield Wish(Phase.LEVELS, columns, lambda t, i: _level(t, i, row), {"level": "volume"})
    fades = row.any("fade_in_s", "fade_out_s")
    if fades and row.sort == "overlay":
        yield Wish(Phase.LEVELS, fades, lambda t, i: _shown(t, i, row))
    elif fades:
        make = v.FadeAudio if row.sort == "sound" else v.FadeVideo
        yield _fades(row, make, "fade")
    if row.any("sound_fade_in_s", "sound_fade_out_s"):
        yield _fades(row, v.FadeAudio, "sound_fade")


def _fades(row: Changed, op: type[v.FadeAudio | v.FadeVideo], name: str) -> Wish:
    slots = {"in_s": f"{name}_in_s", "out_s": f"{name}_out_s"}
    said = {slot: row(column) or 0.0 for slot, column in slots.items() if column in row.new}
    return Wish(Phase.LEVELS, row.any(*slots.values()), lambda t, i: (op(target=t.target(i), **said),), slots)


def _shown(tryout: Tryout, segment_id: str, row: Changed) -> tuple[v.OpBase, ...]:
    target = tryout.target(segment_id)
    out: list[v.OpBase] = []
    for column, side in (("fade_in_s", "anim_in"), ("fade_out_s", "anim_out")):
        if column in row.new:
            lasts = row(column) or None
            said = {side: "fade" if lasts else "none", "duration_s": lasts}
            out.append(v.Animate(target=target, **said))
    return tuple(out)


def _level(tryout: Tryout, segment_id: str, row: Changed) -> tuple[v.OpBase, ...]:
    target = tryout.target(segment_id)
    segment = tryout.segment(segment_id)
    level, silent = row("volume"), bool(row("muted"))
    out: list[v.OpBase] = []
    if "volume" in row.new or not silent:
        # Saying a level is how a silence ends.
        out.append(
            v.SetVolume(target=target, level=volume_of(segment, sound=row.sort == "sound") if level is None else level)
        )
    if silent:
        out.append(v.Mute(target=target))
    return tuple(out)
