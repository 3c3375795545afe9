"""Words to plans: a request in English or Chinese becomes operations of the edit vocabulary, by rules and tables.

``plan`` is pure and deterministic, asks no model and no network. Words live in ``words/<language>/*.toml``.
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

__all__ = [
    "Choice", "Context", "Question", "apply", "detect_language", "help_text", "next_context", "plan", "sample_context",
    "suggestions",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- what a module attribute can be
    """``apply`` is fetched when it is first used: reading words needs no applying."""
    if name == "apply":
        from reelframe.edits import apply as apply_plan  # noqa: PLC0415

        return apply_plan
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
