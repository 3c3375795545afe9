"""Who plans a message: the built-in rules, or the language model that the user set up."""

from __future__ import annotations

from collections.abc import Callable

from reelframe.draft import Draft
from reelframe.media.model import Library
from reelframe.planner import Context
from reelframe.planner.context import Planned
from reelframe.planner.engine import plan_open
from reelframe.settings import LanguageModel

__all__ = ["Planning", "planning_with"]

Planning = Callable[[str, Draft, Library, Context], Planned]


def planning_with(model: LanguageModel | None) -> Planning:
    """What turns a request into a plan.

    Args:
        model: the language model; None for the rules, which ask nobody.

    Raises:
        ConfigurationError: the model's address is none.
    """
    if model is None:
        return plan_open
    # Only who set one up pays for its client.
    from reelframe.planner.llm import LLMPlanner  # noqa: PLC0415 -- see above

    return LLMPlanner(model.url, model.model, model.api_key, timeout_s=model.timeout_s).plan_open
