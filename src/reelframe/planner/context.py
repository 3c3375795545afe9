"""What a request may lean on besides the timeline: the selection, what was touched last, the open question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reelframe.edits.plan import Plan

__all__ = ["Choice", "Context", "Question"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: its label, and the operations (as JSON) that it stands for."""

    label: str
    ops: tuple[dict[str, Any], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The choice as JSON."""
        return {"label": self.label, "ops": list(self.ops)}


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for its answer.

    Attributes:
        text: the question as it was put to the user.
        choices: what may be answered; the number, the label or a part of it are understood.
        half: an operation (JSON) with one slot missing, for a question that is answered with a value.
        slot: the missing slot; dots lead inside (``target.index``).
        kind: what the value is: text, seconds, color, name, index.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    half: dict[str, Any] | None = None
    slot: str = ""
    kind: str = "text"

    def as_dict(self) -> dict[str, Any]:
        """The question as JSON."""
        return {
            "text": self.text, "choices": [c.as_dict() for c in self.choices],
            "half": self.half, "slot": self.slot, "kind": self.kind,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Question:
        """Read what ``as_dict`` wrote."""
        choices = tuple(Choice(str(c["label"]), tuple(c.get("ops", ()))) for c in data.get("choices", ()))
        return cls(
            str(data["text"]), choices, data.get("half"), str(data.get("slot", "")), str(data.get("kind", "text"))
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What came before this request.

    Attributes:
        selection: ids of the segments that are selected.
        touched: ids of the segments that the last edit changed or added.
        question: the question that was asked last and not answered yet.
        history: recent requests, oldest first.
        language: "en" or "zh"; "" is told from the request.
        project: the project's name, for a title when none was given.
    """

    selection: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    question: Question | None = None
    history: tuple[str, ...] = ()
    language: str = ""
    project: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The context as JSON."""
        return {
            "selection": list(self.selection), "touched": list(self.touched),
            "question": self.question.as_dict() if self.question else None,
            "history": list(self.history), "language": self.language, "project": self.project,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Context:
        """Read what ``as_dict`` wrote; missing keys are empty."""
        question = data.get("question")
        return cls(
            tuple(data.get("selection", ())), tuple(data.get("touched", ())),
            Question.from_dict(question) if question else None,
            tuple(data.get("history", ())), str(data.get("language", "")), str(data.get("project", "")),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the questions of it in the form that an answer can be matched against."""

    plan: Plan
    open: tuple[Question, ...] = field(default=())
