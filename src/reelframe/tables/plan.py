"""The way back: an edited table as one plan in the edit vocabulary.

Every changed cell becomes an operation that is tried at once, so that all that is wrong is known together. At the
end the table of the new timeline is held against the edited one: what was changed must be there, what was
not changed must be as before. The vocabulary's own consequences are the exception (texts move with their shots,
a transition gets shorter with its shot); a row that would go in consequence is an error, for it is still there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from reelframe.draft import Draft
from reelframe.edits import Plan, apply
from reelframe.edits import vocabulary as v
from reelframe.errors import PlanError
from reelframe.media.model import Library
from reelframe.tables.adding import SLOTS, assumed, file_of, operation, sort_of
from reelframe.tables.cells import CellError, SheetRow, is_color, read_sheet, same, table_error
from reelframe.tables.columns import BY_NAME, COLUMNS, Cell, Sort
from reelframe.tables.rows import rows_of
from reelframe.tables.tryout import Tryout, same_but_for_tracks, workable
from reelframe.tables.wishes import Changed, Phase, attempt, of_slots, wishes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["apply_frame", "plan_frame"]

_TIMES: Final = ("start_s", "end_s", "duration_s")
# Cells that may be emptied beside those that have a meaning when empty: the operation then chooses.
_CHOSEN: Final = frozenset({"transition_s", "anim_in_s", "anim_out_s", "move_amount"})
# In a new row they are told by what is added.
_TOLD: Final = frozenset({"track", "kind", "role", "name", "other", "loop"})
_ONE_MS: Final = 0.0015


def apply_frame(draft: Draft, edited: pd.DataFrame, library: Library | None = None) -> Draft:
    """The timeline that an edited table means; ``draft`` itself when the table says what the timeline says.

    Changed cells, dropped rows, new rows, repeated rows (a shot once more) and another order of the rows of the
    main track are applied. Times of texts, sounds and overlays are set as they stand in the row; a shot has a
    length, and begins where the one before it ends. Columns that are not there are not changed.

    Args:
        draft: the timeline that the table was made of.
        edited: what `timeline_frame` gave, changed; also when it has been in a CSV file.
        library: the media, for rows that name new ones; without it files are known as far as ``draft`` knows them.

    Raises:
        TableError: (a PlanError) cells that can't be applied, all of them: row, column, value, why, and what is
            accepted. Nothing was changed.

    >>> from reelframe import timeline_frame
    >>> draft, library = sample_context()
    >>> table = timeline_frame(draft)
    >>> table.loc["t1", ["text", "end_s"]] = ["Spring sale", 6]
    >>> edited = apply_frame(draft, table)
    >>> edited.find("t1").text
    'Spring sale'
    """
    work = _Work(draft, edited, _known(draft, library))
    work.plan()
    if work.errors:
        raise table_error(work.errors)
    return work.after


def plan_frame(draft: Draft, edited: pd.DataFrame, library: Library | None = None) -> Plan:
    """The one plan that an edited table means: applied as a whole or not at all, one step of undo.

    Args:
        draft: as for `apply_frame`.
        edited: as for `apply_frame`.
        library: as for `apply_frame`.

    Raises:
        TableError: as `apply_frame`.
    """
    work = _Work(draft, edited, _known(draft, library))
    plan = work.plan()
    if work.errors:
        raise table_error(work.errors)
    return plan


def _known(draft: Draft, library: Library | None) -> Library:
    return assumed(draft) if library is None else library


class _Work:
    """One edited table on its way to a plan."""

    def __init__(self, draft: Draft, edited: pd.DataFrame, library: Library) -> None:
        self.draft = draft
        self.after = draft
        self.library = library
        self.tryout = Tryout(draft, library)
        self.sheet, self.errors = read_sheet(edited, rows_of(draft))
        # The segment that each row of the sheet stands for; None as long as there is none.
        self.ids: list[str | None] = [
            self.tryout.ids[row.row.key] if row.row is not None and not row.copy else None for row in self.sheet
        ]
        self.sorts: list[Sort] = [row.row.sort if row.row is not None else sort_of(row, library) for row in self.sheet]
        self.changed: dict[int, Changed] = {}
        self.asked: dict[int, Mapping[str, Cell]] = {}
        self.extra: set[str] = set()

    def plan(self) -> Plan:
        """Try everything; errors are in ``errors``."""
        self._drop()
        self._first_cut()
        self._add(main=True)
        kept = [n for n, row in enumerate(self.sheet) if row.row is not None]
        for n in kept:
            self._compare(n)
        self._carry_out(Phase.LENGTHS)
        self._reorder()
        self._add(main=False)
        for phase in (Phase.LOOKS, Phase.TIMES, Phase.CUTS, Phase.LEVELS):
            self._carry_out(phase)
        plan = Plan(ops=tuple(self.tryout.ops))
        self._verify()
        if self.tryout.ops and not self.errors:
            self._prove(plan)
        return plan

    # -- rows ---------------------------------------------------------------------------------------------

    def _drop(self) -> None:
        left = {row.row.key for row in self.sheet if row.row is not None}
        for key, segment_id in self.tryout.ids.items():
            if key in left or self.tryout.place(segment_id) is None:
                # One that went with what it belonged to need not be dropped any more.
                continue
            try:
                self.tryout.do(v.Remove(target=self.tryout.target(segment_id)))
            except PlanError as error:
                self._wrong(key, "(row)", None, str(error))

    def _first_cut(self) -> None:
        """Rows of shots where there is no timeline yet: all of them are one operation."""
        mine = [n for n, sort in enumerate(self.sorts) if sort == "shot" and self.ids[n] is None]
        if not mine or self.tryout.sorts():
            return
        first: dict[str, int] = {}
        for n in mine:
            try:
                first.setdefault(file_of(self.sheet[n], self.library).name, n)
            except PlanError as error:
                self._wrong(self.sheet[n].label, "source", self.sheet[n].cells.get("source"), str(error))
        try:
            self.tryout.do(v.Compose(media=tuple(first)))
        except PlanError as error:
            self._wrong(self.sheet[mine[0]].label, "(row)", None, str(error))
            return
        for placed in self.tryout.shots():
            place = first.get(placed.segment.name)
            if place is not None:
                self._added(place, placed.segment.id, self.tryout.cells(placed.segment.id))

    def _add(self, *, main: bool) -> None:
        """New rows, and copies of shots; those of the main track go first, for the others stand over them."""
        mine = [n for n, sort in enumerate(self.sorts) if sort in {"shot", "card"}]
        for n, row in enumerate(self.sheet):
            if self.ids[n] is not None or (self.sorts[n] in {"shot", "card"}) != main:
                continue
            place = "start" if n in mine[:1] else "end" if n in mine[-1:] else ""
            self._add_one(n, row, place)

    def _add_one(self, n: int, row: SheetRow, place: str) -> None:
        sort = self.sorts[n]
        before = set(self.tryout.sorts())
        try:
            if row.row is not None and sort == "shot":
                op: v.OpBase = v.Duplicate(target=self.tryout.target(self.tryout.ids[row.row.key]))
            else:
                op = operation(self.tryout, row, sort, place)
            new = self.tryout.do(op)
        except ValidationError as error:
            self.errors += of_slots(error, row.label, SLOTS, "(row)", row.cells)
            return
        except PlanError as error:
            self._wrong(row.label, "(row)", None, str(error))
            return
        sorts = self.tryout.sorts()
        own = sorted(i for i in new if sorts[i] == sort)
        gone = before - set(sorts)
        if not own or gone & {i for i in self.ids if i is not None}:
            self._wrong(row.label, "(row)", None, "it would take the place of another row.", "drop that row as well")
            return
        self.extra |= new - {own[0]}
        if row.row is not None and sort == "shot":
            # A copy is like its original, but for what the table says of it.
            self.ids[n] = own[0]
            self._differences(n, row.row.cells, row.cells)
            return
        self._added(n, own[0], self.tryout.cells(own[0]))

    def _added(self, n: int, segment_id: str, cells: Mapping[str, Cell]) -> None:
        """A new row is there: what the operation that added it left open is done as in any other row."""
        self.ids[n] = segment_id
        row, sort = self.sheet[n], self.sorts[n]
        told = _TOLD | ({"source"} if sort != "sound" else set()) | ({"text"} if sort == "card" else set())
        given = {name: cell for name, cell in row.cells.items() if cell is not None and name not in told}
        self._differences(n, cells, given)

    def _reorder(self) -> None:
        wanted = [i for n, i in enumerate(self.ids) if i is not None and self.sorts[n] in {"shot", "card"}]
        numbers = self.tryout.clip_numbers()
        order = [numbers[i] for i in wanted if i in numbers]
        if all(a < b for a, b in pairwise(order)):
            return
        try:
            self.tryout.do(v.Reorder(order=tuple(order)))
        except PlanError as error:
            self._wrong("(all)", "(order)", None, str(error))

    # -- cells --------------------------------------------------------------------------------------------

    def _compare(self, n: int) -> None:
        row = self.sheet[n]
        if row.row is None or self.ids[n] is None or n in self.changed:
            return
        self._differences(n, row.row.cells, row.cells)

    def _differences(self, n: int, base: Mapping[str, Cell], cells: Mapping[str, Cell]) -> None:
        new = {name: cell for name, cell in cells.items() if not same(BY_NAME[name], base[name], cell)}
        if any(new.get(name) is not None for name in _TIMES):
            # An empty time follows from the other two.
            new = {name: cell for name, cell in new.items() if cell is not None or name not in _TIMES}
        fine = {name: cell for name, cell in new.items() if self._allowed(n, name, cell)}
        changed = Changed(self.sorts[n], base, fine)
        self.asked[n] = fine
        self.changed[n] = changed
        self._agreeing(n, changed)

    def _allowed(self, n: int, name: str, cell: Cell) -> bool:
        column, label, sort = BY_NAME[name], self.sheet[n].label, self.sorts[n]
        if not column.of:
            self._wrong(label, name, cell, "this column is told by the timeline; it can't be set.")
        elif sort not in column.of:
            rows = ", ".join(sorted(column.of))
            self._wrong(label, name, cell, f"a row of this kind ({sort}) has no {name}; rows that have: {rows}.")
        elif cell is None and column.empty is None and name not in _CHOSEN:
            self._wrong(label, name, cell, "it can't be taken back, only changed.", column.accepted)
        elif cell is not None and column.choices and not _chosen(cell, column.choices) and cell != column.empty:
            self._wrong(label, name, cell, "there is no such choice.", column.accepted)
        elif isinstance(cell, float) and not math.isfinite(cell):
            self._wrong(label, name, cell, "it is not a finite number.", column.accepted)
        elif name == "color" and not is_color(str(cell)):
            self._wrong(label, name, cell, "it is not a colour.", column.accepted)
        else:
            return True
        return False

    def _agreeing(self, n: int, row: Changed) -> None:
        """Times that are said twice must be the same."""
        start, end, lasts = (float(row(name) or 0) for name in _TIMES)
        both = "end_s" in row.new and "duration_s" in row.new
        if both and abs(start + lasts - end) > _ONE_MS:
            why = f"from {start:g} s to {end:g} s are {end - start:g} s, not {lasts:g} s."
            self._wrong(
                self.sheet[n].label, "duration_s", lasts, why, "change one of end_s and duration_s, or both alike"
            )
            self.changed[n] = Changed(row.sort, row.before, {k: x for k, x in row.new.items() if k not in _TIMES})

    def _carry_out(self, phase: Phase) -> None:
        for n, changed in self.changed.items():
            segment_id = self.ids[n]
            if segment_id is None or not changed.new:
                continue
            for wish in wishes(changed):
                if wish.phase == phase:
                    self.errors += attempt(self.tryout, self.sheet[n].label, segment_id, wish, changed)

    def _wrong(self, row: str, column: str, value: object, why: str, accepted: str = "") -> None:
        self.errors.append(CellError(row, column, value, why, accepted))

    # -- the second look ----------------------------------------------------------------------------------

    def _verify(self) -> None:
        faulty = {error.row for error in self.errors}
        # A table that asks for nothing is what it was; one that asks, and led to nothing, is told so.
        found = list(self._unlike(faulty)) if self.tryout.ops or any(self.asked.values()) else []
        expected = {i for i in self.ids if i is not None} | self.extra
        if not faulty:
            why = "it would be there though the table does not have it."
            found += [CellError(surplus, "(row)", None, why) for surplus in sorted(set(self.tryout.sorts()) - expected)]
            found += self._misplaced()
        self.errors += found

    def _unlike(self, faulty: set[str]) -> Iterator[CellError]:
        rows = {self.tryout.draft.tracks[r.track].segments[r.index].id: r for r in rows_of(self.tryout.draft)}
        for n, segment_id in enumerate(self.ids):
            label = self.sheet[n].label
            if segment_id is None or label in faulty:
                continue
            row = rows.get(segment_id)
            if row is None:
                hint = "drop its row too, or leave what it is shown over"
                yield CellError(label, "(row)", None, "it would go with the shot that it is shown over.", hint)
                continue
            asked = self.asked.get(n, {})
            before = self.changed[n].before if n in self.changed else row.cells
            for column in COLUMNS:
                name = column.name
                if name in asked:
                    if not (faulty and column.follows) and not _became(name, asked, row.cells):
                        yield self._not_so(n, name, asked[name], row.cells)
                elif (
                    not column.follows
                    and not _may_differ(name, asked)
                    and not same(column, before[name], row.cells[name])
                ):
                    why = f"it would become {row.cells[name]!r}, though the table does not say so."
                    yield CellError(label, name, before[name], why)

    def _not_so(self, n: int, name: str, value: Cell, cells: Mapping[str, Cell]) -> CellError:
        got = cells[name]
        why = f"it would be {'empty' if got is None else repr(got)}."
        if self.sorts[n] in {"shot", "card"} and name in {"start_s", "end_s"}:
            why += " Shots follow one another: change duration_s, or the order of the rows."
        elif name == "transition_s":
            why += " A transition lasts half of the shorter of its two shots at most."
        return CellError(self.sheet[n].label, name, value, why, BY_NAME[name].accepted)

    def _misplaced(self) -> Iterator[CellError]:
        wanted = [n for n, i in enumerate(self.ids) if i is not None and self.sorts[n] in {"shot", "card"}]
        now = [p.segment.id for p in self.tryout.shots()]
        for n, segment_id in zip(wanted, now, strict=False):
            if self.ids[n] != segment_id:
                why = "it can't be put there: cards keep their places before and after the shots."
                yield CellError(self.sheet[n].label, "(order)", None, why)
                return

    def _prove(self, plan: Plan) -> None:
        """The plan on the timeline itself must give what the trial gave."""
        try:
            with workable():
                after = apply(self.draft, plan, self.library)
        except PlanError as error:
            self._wrong("(all)", "(row)", None, str(error))
            return
        self.after = after
        if (
            self.tryout.lent
            and after != self.tryout.returned()
            and not same_but_for_tracks(after, self.tryout.returned())
        ):
            why = "its segments have no ids of their own, so these changes can't be told apart. Make them one by one."
            self._wrong("(all)", "(row)", None, why)


def _chosen(cell: Cell, choices: tuple[str, ...]) -> bool:
    return cell in choices or any(set(str(cell)) == set(one) for one in choices if set(one) <= set("hv"))


def _became(name: str, asked: Mapping[str, Cell], cells: Mapping[str, Cell]) -> bool:
    if asked[name] is None and name in _CHOSEN:
        return True
    return same(BY_NAME[name], asked[name], cells[name])


def _may_differ(name: str, asked: Mapping[str, Cell]) -> bool:
    """Whether a cell may change because of what was asked for in others of its row."""
    return (
        (name == "other" and bool({"source", "move", "move_amount", "effects", "reverse"} & set(asked)))
        or (name == "volume" and "muted" in asked)
        or (name == "muted" and "volume" in asked)
        or (name == "source" and "name" in asked)
        or (name in {"dx_frac", "dy_frac"} and "position" in asked)
        or (name == "anim_in_s" and "anim_in" in asked)
        or (name == "anim_out_s" and "anim_out" in asked)
        or (name == "move_amount" and "move" in asked)
        or (name == "source_in_s" and "reverse" in asked)
    )
