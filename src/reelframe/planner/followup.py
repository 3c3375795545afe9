"""What the next request may lean on, after this one was carried out."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft
from reelframe.media.model import Library
from reelframe.planner.context import Context
from reelframe.planner.engine import plan_open
from reelframe.planner.text import detect_language

__all__ = ["next_context"]

_KEPT: Final = 20
_LONGEST: Final = 500


def next_context(context: Context | None, text: str, before: Draft, after: Draft, library: Library) -> Context:
    """The context for the request after this one.

    Args:
        context: what this request was planned with.
        text: this request.
        before: the timeline it was planned on.
        after: the timeline now.
        library: the session's media.

    Returns:
        The same project, the open question (if one was asked), what the edit touched, and one more line of history.
    """
    context = context or Context()
    planned = plan_open(text, before, library, context)
    old = {s.id: s for s in before.segments}
    touched = tuple(s.id for s in after.segments if s.id and old.get(s.id) != s)
    return Context(
        selection=tuple(i for i in context.selection if after.find(i)),
        touched=touched or tuple(i for i in context.touched if after.find(i)),
        question=planned.open[0] if planned.open else None,
        history=(*context.history, text[:_LONGEST])[-_KEPT:],
        language=context.language or detect_language(text),
        project=context.project,
    )
