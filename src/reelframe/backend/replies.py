"""A message's answer: put into words, and into events as the agent protocol spells them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from reelframe.backend import answers
from reelframe.backend.editing import told_changes
from reelframe.backend.output import FORMATS, apply_output
from reelframe.backend.state import canvas
from reelframe.backend.store.accounts import Balance
from reelframe.backend.voice import Voice
from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import CONTROL, Export, ExtractAudio, OpBase, Redo, SetOutput, Undo
from reelframe.media.model import Library
from reelframe.planner import Question, help_text

__all__ = ["Facts", "Reply", "call", "failed", "feasible", "response", "said", "worded"]

_AUTHOR: Final = "reelframe"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer may speak of.

    Attributes:
        before: the timeline before the message.
        based_on: the timeline after the message's undos and redos.
        after: the timeline after all of it.
        done: what was done about it, in words.
        language: of the answer: "en" or "zh".
        library: the session's files.
        can_undo: steps that could be undone before the message.
        balance: the account's credits.
        charged: whether credits are charged here.
    """

    before: Draft
    based_on: Draft
    after: Draft
    done: str
    language: str
    library: Library
    can_undo: int
    balance: Balance
    charged: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: what is said, what is asked, what the client is to do."""

    text: str
    questions: tuple[Question, ...] = ()
    actions: tuple[dict[str, Any], ...] = ()

    @property
    def whole(self) -> str:
        """Everything that the user reads."""
        return "\n".join(filter(None, [self.text, *(q.text for q in self.questions)]))

    def events(self) -> Iterator[dict[str, Any]]:
        """The answer as events, in the order in which they are to be read."""
        if self.text:
            yield said(self.text)
        for question in self.questions:
            meta = {"kind": "question", "choices": [choice.label for choice in question.choices]}
            yield {**said(question.text), "customMetadata": {"reelframe": meta}}
        for action in self.actions:
            yield {"author": _AUTHOR, "customMetadata": {"reelframe": {"kind": "action", **action}}}


def feasible(plan: Plan, language: str) -> tuple[Plan, list[str]]:
    """The plan without what the renderer can't give, and what has to be said about that."""
    ops: list[OpBase] = []
    notes: list[str] = []
    for op in plan.ops:
        kept = op
        if isinstance(kept, ExtractAudio):
            # The sound alone is one more way to export.
            kept = Export(format=kept.format or "mp3")
            if kept.format not in FORMATS:
                notes.append(answers.phrase("no_sound_format", language, name=str(kept.format).upper()))
                kept = Export(format="mp3")
        if isinstance(kept, (SetOutput, Export)) and kept.format and kept.format.lower() not in FORMATS:
            known = ", ".join(name.upper() for name in FORMATS)
            notes.append(answers.phrase("no_format", language, name=kept.format.upper(), known=known))
            kept = kept.model_copy(update={"format": None})
        if not isinstance(kept, SetOutput) or len(kept.as_dict()) > 1:
            ops.append(kept)
    return replace(plan, ops=tuple(ops)), notes


def worded(plan: Plan, questions: tuple[Question, ...], facts: Facts, lines: list[str], notes: list[str]) -> Reply:
    """The answer to a plan that was carried out.

    Args:
        plan: what was carried out.
        questions: what it leaves open.
        facts: what came of it.
        lines: what is said about undo and redo, at the beginning.
        notes: what is said about wishes that could not be fulfilled.
    """
    language = facts.language
    voice = Voice.of(language, facts.library, facts.before, facts.based_on, facts.after)
    paragraphs = [*lines, voice.about_shots(told_changes(facts.before, facts.based_on, language))]
    if facts.after != facts.based_on:
        paragraphs.append(facts.done)
    elif any(op.op not in CONTROL for op in plan.ops):
        paragraphs.append(answers.phrase("unchanged", language, summary=facts.after.summary(language)))
    paragraphs += [
        _control(op, facts) for op in plan.ops if op.op in CONTROL and not isinstance(op, (Undo, Redo, Export))
    ]
    paragraphs += notes
    paragraphs += answers.refused(plan.refused, language)
    looks = answers.text_look(facts.based_on, facts.after, language)
    paragraphs.append(answers.assumed((*plan.assumptions, *looks), language))
    text = voice.finish("\n".join(filter(None, paragraphs)))
    asked = tuple(_voiced(question, voice) for question in questions)
    exports = tuple(_export(op, facts.after) for op in plan.ops if isinstance(op, Export))
    if not text and not questions and not exports:
        text = voice.finish(answers.phrase("not_understood", language, help=help_text(language)))
    return Reply(text, asked, exports)


def _voiced(question: Question, voice: Voice) -> Question:
    choices = tuple(replace(one, label=voice.finish(one.label)) for one in question.choices)
    return replace(question, text=voice.finish(question.text), choices=choices)


def call(name: str) -> dict[str, Any]:
    """A step of the work has begun."""
    part = {"functionCall": {"name": name, "args": {}}}
    return {"author": _AUTHOR, "content": {"role": "model", "parts": [part]}}


def response(name: str) -> dict[str, Any]:
    """A step of the work is done."""
    part = {"functionResponse": {"name": name, "response": {"status": "ok"}}}
    return {"author": _AUTHOR, "content": {"role": "user", "parts": [part]}}


def said(text: str) -> dict[str, Any]:
    """A text for the user."""
    return {"author": _AUTHOR, "content": {"role": "model", "parts": [{"text": text}]}}


def failed(text: str) -> dict[str, Any]:
    """The message could not be carried out."""
    return {"author": _AUTHOR, "error": text, "errorCode": 500}


def _control(op: OpBase, facts: Facts) -> str:
    language = facts.language
    match op.op:
        case "status":
            size = canvas(facts.after)
            return answers.phrase(
                "status",
                language,
                summary=facts.after.summary(language),
                canvas=f"{size['width']}x{size['height']}",
                fps=f"{size['fps']:g}",
                media=len(facts.library),
                undo=facts.can_undo,
            )
        case "credits":
            now = facts.balance
            text = answers.phrase("credits", language, available=now.available, frozen=now.frozen, total=now.total)
            return text if facts.charged else text + answers.phrase("credits_free", language)
        case "help":
            return help_text(language)
        case name:
            return answers.phrase(name, language)


def _export(op: Export, draft: Draft) -> dict[str, Any]:
    """What the client is to export. A height in words is the p of "1080p": the shorter side."""
    args = op.model_dump(mode="json", exclude_none=True, exclude={"op", "height", "at_s"})
    if op.at_s is not None:
        args["at"] = op.at_s
    if op.height is not None:
        sized = apply_output(draft, {"short_side": op.height})
        args |= {"width": sized.get("width"), "height": sized.get("height")}
    return {"action": "export", "args": args}
