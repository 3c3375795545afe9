"""What a planner hands over: operations, what was assumed, what must be asked, what can't be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from reelframe.edits.vocabulary import OpBase, op_from_dict

__all__ = ["Plan", "Reason", "Refusal"]

Reason = Literal[
    "generate_video", "generate_image", "avatar", "voiceover", "transcription", "translation",
    "background_removal", "object_removal", "restoration", "content_understanding", "out_of_scope",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish that can't be fulfilled: what was asked, why not here, and the nearest thing that can be done."""

    what: str
    reason: Reason
    nearest: str

    def __post_init__(self) -> None:
        if self.reason not in get_args(Reason):
            message = f"{self.reason!r} is not a reason for a refusal: {', '.join(get_args(Reason))}."
            raise ValueError(message)

    def as_dict(self) -> dict[str, str]:
        """The refusal as JSON."""
        return {"what": self.what, "reason": self.reason, "nearest": self.nearest}


@dataclass(frozen=True, slots=True)
class Plan:
    """One request, understood. It is applied as a whole or not at all, and is one step of undo.

    Attributes:
        ops: what to do, in this order.
        assumptions: what was chosen by us, a sentence each, in the user's language.
        questions: what must be known first, in the user's language; each may end in choices after a colon.
        refused: what can't be done here.
    """

    ops: tuple[OpBase, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ops or self.assumptions or self.questions or self.refused)

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON; slots that were not set are absent."""
        return {
            "ops": [op.as_dict() for op in self.ops],
            "assumptions": list(self.assumptions),
            "questions": list(self.questions),
            "refused": [refusal.as_dict() for refusal in self.refused],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Plan:
        """Read a plan strictly.

        Raises:
            ValueError: an unknown operation, slot or reason, or a value out of range
                (``pydantic.ValidationError`` is one).
        """
        return cls(
            ops=tuple(op_from_dict(op) for op in data.get("ops", ())),
            assumptions=tuple(str(a) for a in data.get("assumptions", ())),
            questions=tuple(str(q) for q in data.get("questions", ())),
            refused=tuple(Refusal(**refusal) for refusal in data.get("refused", ())),
        )
