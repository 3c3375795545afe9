"""The rules, in the order in which they look at a clause; each takes the words that it understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.rules import (
    amend,
    arrivals,
    audio,
    captions,
    cards,
    compose,
    control,
    lengths,
    look,
    order,
    output,
    overlay,
    pace,
    refuse,
    segments,
    shape,
    text,
    transitions,
    ways_out,
    whole_length,
)
from reelframe.planner.state import State

__all__ = ["RULES", "Rule"]

# A rule says whether it understood something in the clause.
Rule = Callable[[Clause, State], bool]

RULES: Final[tuple[Rule, ...]] = (
    lengths.lengths_to_come,
    whole_length.length_of_all,
    amend.rule,
    control.rule,
    ways_out.rule,
    captions.captions_of_files,
    captions.captions_in_pairs,
    refuse.rule,
    order.leads,
    arrivals.rule,
    compose.rule,
    audio.sync,
    audio.extract,
    output.rule,
    cards.completed,
    overlay.rule,
    audio.rule,
    transitions.rule,
    text.rule,
    segments.rule,
    look.rule,
    shape.shape,
    whole_length.length,
    pace.pace,
)
