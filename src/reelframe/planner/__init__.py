"""Words to plans: a request in English or Chinese becomes operations of the edit vocabulary, by rules and tables.

``plan`` is pure and deterministic, asks no model and no network. Words live in ``words/<language>/*.toml``.
``LLMPlanner`` asks a language model that you plug in, holds it to the same vocabulary, and falls back to the rules.

>>> draft, library = sample_context()                   # three clips of 30 s, a title, music, a logo
>>> made = plan("remove the second clip, and no music", draft, library)
>>> [op.as_dict() for op in made.ops]
[{'op': 'remove', 'target': {'kind': 'clip', 'index': 2}}, {'op': 'remove', 'target': {'kind': 'bgm'}}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reelframe.planner.context import Choice, Context, Question
from reelframe.planner.engine import plan
from reelframe.planner.followup import next_context
from reelframe.planner.sample import sample_context
from reelframe.planner.suggest import help_text, suggestions
from reelframe.planner.text import detect_language

if TYPE_CHECKING:
    from reelframe.edits import apply
    from reelframe.planner.llm import LLMPlanner

__all__ = [
    "Choice", "Context", "LLMPlanner", "Question", "apply", "detect_language", "help_text", "next_context", "plan",
    "sample_context", "suggestions",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- what a module attribute can be
    """``apply`` and ``LLMPlanner`` are fetched when they are first used: reading words needs neither."""
    if name == "apply":
        from reelframe.edits import apply as apply_plan  # noqa: PLC0415

        return apply_plan
    if name == "LLMPlanner":
        from reelframe.planner.llm import LLMPlanner as Planner  # noqa: PLC0415

        return Planner
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
