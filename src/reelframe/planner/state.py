"""What the rules share while one request is planned: the timeline, what was emitted, what must be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from reelframe.edits.plan import Plan, Reason, Refusal
from reelframe.edits.vocabulary import OpBase, Reorder, Target, Transition, op_from_dict
from reelframe.planner.context import Choice, Context, Planned, Question
from reelframe.planner.grammar import Ref
from reelframe.planner.say import say, spoken
from reelframe.planner.view import View

__all__ = ["State"]

_MOST: Final = 60
# What must go before or after the rest, whatever the order of the words: the rest keeps theirs.
_PLACE: Final = {
    "undo": 0,
    "redo": 0,
    "compose": 1,
    "beat_sync": 7,
    "duck": 7,
    "normalize": 7,
    "export": 9,
    "extract_audio": 8,
    # Numbers speak of the timeline as the user sees it: what is done to single shots goes first.
    "reorder": 6,
}


@dataclass(slots=True)
class State:
    """The work on one request.

    Attributes:
        view: the timeline before the request.
        context: what came before.
        language: of the answers.
        ops: what was planned so far.
        last: the target of the wish before.
        avoid: what was asked to stay out: music, title, logo, subtitle, transition, …
        composed: a compose is among the operations: the timeline will be new.
        beginning: the request is to be read as one for a first cut.
        blind: nobody said what is selected; "this clip" is left to whoever knows.
        later: subtitles were asked for that can't be had yet: how they are to look is kept for them.
        stepped: what was said of a length that was chosen by us: a length that follows takes its place.
        whole: what kind of request it was, when it left no operation: greeting, negated, kept.
        nothing: a video was asked for, and there is nothing to make it of.
        missing: what was to be removed and is not there.
        vague: a part of it said only that something should be better.
        subject: a name in the request that can be a title.
        added: where among the operations those texts stand that the last such wish added; style words that follow are
            about them.
        logo_closes: the logo of a first cut is to stand at its end alone.
        said_already: the clause at hand asked for what was planned before.
        mentioned: the one shot that the clause before named, if it did.
        meant: the texts that the clause at hand names, where it names them by numbers or by shots.
        meant_before: the same of the clause before, or of one further back.
        added_names: each shot got its file's name as a caption.
    """

    view: View
    context: Context
    language: str
    ops: list[OpBase] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    last: Target | None = None
    avoid: set[str] = field(default_factory=set)
    composed: bool = False
    added: tuple[int, ...] = ()
    logo_closes: bool = False
    said_already: bool = False
    mentioned: Target | None = None
    meant: tuple[Target, ...] = ()
    meant_before: tuple[Target, ...] = ()
    added_names: bool = False
    whole: str = ""
    subject: str | None = None
    vague: bool = False
    nothing: bool = False
    missing: Target | None = None
    beginning: bool = False
    stepped: str = ""
    later: bool = False
    blind: bool = False

    def add(self, op: str, **slots: Any) -> bool:  # noqa: ANN401 -- slots of every type
        """Plan an operation; slots that are None stay out. A value out of range becomes a question."""
        data = {"op": op, **{k: v for k, v in slots.items() if v is not None}}
        try:
            made = op_from_dict(data)
        except ValidationError as error:
            where = str(error.errors()[0]["loc"][-1]) if error.errors() else op
            self.ask("out_of_range", what=where.replace("_", " "), value=str(data.get(where, "")))
            return True
        target = getattr(made, "target", None)
        if target is not None:
            self.last = target
        if op == "set_text" and target is not None and target.name:
            # What is said of it next finds it by what it says then.
            self.last = Target(kind="text", name=str(data["text"]))
        elif op == "add_logo":
            self.last = Target(kind="logo")
        if self._joined(made):
            return True
        self.said_already = made in self.ops
        if not self.said_already and len(self.ops) < _MOST:
            self.ops.append(made)
        return True

    def _joined(self, made: OpBase) -> bool:
        """``red and bold``: two styles, or two controls, of one thing are one operation."""
        if made.op == "set_text":
            # "change the title, to 'X'": the question of the first half has been answered by the second.
            self.questions[:] = [q for q in self.questions if not (q.half and q.half.get("op") == "set_text")]
        if made.op == "style_text" and getattr(made, "font", None) is not None:
            # "a different font, something handwritten"
            self.questions[:] = [q for q in self.questions if q.slot != "font"]
        if made.op == "set_duration":
            # "It is too long, cut it to 40 s": one wish about the length, the later word counts.
            self.ops[:] = [op for op in self.ops if op.op != "set_duration"]
            if self.stepped in self.assumptions:
                self.assumptions.remove(self.stepped)
        last = self.ops[-1] if self.ops else None
        if made.op == "set_volume" and last is not None and last.op == made.op and made.target == last.target:  # type: ignore[attr-defined]
            # How loud it is to be was said after that it is too loud.
            self.ops[-1] = made
            return True
        if last is None or made.op != last.op or made.op not in {"style_text", "adjust"}:
            return False
        a, b = last.as_dict(), made.as_dict()
        if a.get("target") != b.get("target") or any(a[k] != b[k] for k in a.keys() & b.keys()):
            return False
        self.said_already = a | b == a
        self.ops[-1] = op_from_dict(a | b)
        return True

    def texts_added(self, count: int = 1) -> None:
        """The last operations were texts of one wish: what follows may be about them."""
        self.added = tuple(range(max(0, len(self.ops) - count), len(self.ops)))

    @property
    def added_targets(self) -> tuple[Target, ...]:
        """Those texts as they are found when they are there: by their words, unless others say the same."""
        texts = [op for op in self.ops if op.op == "add_text"]
        words = [t.text for t in self.view.texts] + [getattr(op, "text", None) for op in texts]
        out = []
        for op in (self.ops[i] for i in self.added if i < len(self.ops) and self.ops[i].op == "add_text"):
            text = str(getattr(op, "text", ""))
            last = len(texts) == 1 and not self.view.texts
            by_words = not last and words.count(text) == 1
            out.append(Target(kind="text", name=text) if by_words else Target(kind="text", index=-1))
        return tuple(out)

    def assume(self, key: str, **values: object) -> None:
        """Say what was chosen by us."""
        known = {k: spoken(self.language, k, str(v)) if k in {"mood", "look"} else v for k, v in values.items()}
        text = say(self.language, key, **known)
        if text not in self.assumptions:
            self.assumptions.append(text)
        if key == "length_step":
            self.stepped = text

    def forget(self, key: str, **values: object) -> None:
        """Take back what was said to have been chosen: it was told after all."""
        text = say(self.language, key, **values)
        self.assumptions[:] = [said for said in self.assumptions if said != text]

    def ask(
        self,
        key: str,
        choices: tuple[Choice, ...] = (),
        half: dict[str, Any] | None = None,
        slot: str = "",
        kind: str = "text",
        **values: object,
    ) -> bool:
        """Put a question; choices are spelled after a colon."""
        text = say(self.language, key, **values)
        if choices:
            text = f"{text.rstrip('?')}: {say(self.language, 'or').join(c.label for c in choices)}?"
        if all(q.text != text for q in self.questions):
            self.questions.append(Question(text, choices, half, slot, kind))
        return True

    def refuse(self, what: str, reason: Reason, nearest: str | None = None) -> bool:
        """Say that something can't be done here, and what can."""
        near = nearest or say(self.language, f"nearest_{reason}")
        shown = what if len(what) <= 80 else what[:77] + "…"
        if all(r.reason != reason for r in self.refused) or (
            reason == "out_of_scope" and all(r.what != shown for r in self.refused)
        ):
            self.refused.append(Refusal(shown, reason, near))
        return True

    def _place(self, op: OpBase) -> int:
        # The music of a first cut is there when it is made quieter.
        if op.op == "transition" and any(other.op == "reorder" for other in self.ops):
            # Between which shots is said of the new order.
            return _PLACE["reorder"] + 1
        heard = self.composed and op.op in {"set_volume", "fade_audio", "mute", "set_timing", "animate", "move"}
        return 6 if heard else _PLACE.get(op.op, 5)

    def clip_range_ok(self, ref: Ref) -> bool:
        """Whether the timeline has all the shots of a reference."""
        count = len(self.view.shots)
        return all(1 <= abs(i) <= count for i in ref.indexes)

    def planned(self) -> Planned:
        """Everything as a plan."""
        ordered = _later_removals(_general_first(sorted(self.ops, key=self._place)))
        ordered = _renumbered(ordered, len(self.view.shots))
        plan = Plan(tuple(ordered), tuple(self.assumptions), tuple(q.text for q in self.questions), tuple(self.refused))
        return Planned(plan, tuple(self.questions))


def _general_first(ops: list[OpBase]) -> list[OpBase]:
    """``a wipe between 2 and 3, and crossfades``: what was said of one stays, whatever is said of all after it."""
    out = list(ops)
    for op in ops:
        if not _is_general(op):
            continue
        at = out.index(op)
        first = next((n for n, other in enumerate(out[:at]) if other.op == op.op and not _is_general(other)), at)
        out.insert(first, out.pop(at))
    return out


def _is_general(op: OpBase) -> bool:
    if isinstance(op, Transition):
        return op.between == "all" and op.at_s is None
    return op.op in {"set_segment_duration", "ken_burns"} and getattr(op, "target", None) in {None, Target(kind="clip")}


def _numbered(op: OpBase) -> int | None:
    target = getattr(op, "target", None)
    return target.index if isinstance(target, Target) and target.kind == "clip" else None


def _renumbered(ops: list[OpBase], count: int) -> list[OpBase]:
    """``delete the vase and move the cactus to the front``: by then the cactus has another number."""
    gone = {i if i > 0 else count + 1 + i for op in ops if op.op == "remove" and (i := _numbered(op)) is not None}
    left = count - len(gone)
    if not gone or left < 1:
        return ops

    def now(number: int) -> int:
        return number if number < 0 else min(left, max(1, number - sum(i < number for i in gone)))

    return [
        op.model_copy(
            update={
                "move": op.move and (now(op.move[0]), now(op.move[1])),
                "swap": op.swap and (now(op.swap[0]), now(op.swap[1])),
                "order": op.order and tuple(i if isinstance(i, str) else now(i) for i in op.order if i not in gone),
            }
        )
        if isinstance(op, Reorder)
        else op
        for op in ops
    ]


def _later_removals(ops: list[OpBase]) -> list[OpBase]:
    """Numbers speak of the timeline as the user sees it: shots go after the other numbers were used, last first."""
    out = list(ops)
    for op in ops:
        number = _numbered(op) if op.op == "remove" else None
        if number is None:
            continue
        at = out.index(op)
        while at + 1 < len(out) and (other := _numbered(out[at + 1])) is not None:
            if out[at + 1].op == "remove" and not (number > 0 and other > number):
                break
            out[at], out[at + 1] = out[at + 1], out[at]
            at += 1
    return out
