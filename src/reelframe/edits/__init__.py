"""The edit vocabulary, and what it does to a timeline."""

from reelframe.edits.apply import Step, apply, step, steps
from reelframe.edits.describe import describe, describe_steps
from reelframe.edits.plan import Plan, Reason, Refusal
from reelframe.edits.targets import Found, count, resolve
from reelframe.edits.vocabulary import CONTROL, OP_NAMES, Op, OpBase, Target, op_from_dict, op_schema

__all__ = [
    "CONTROL",
    "OP_NAMES",
    "Found",
    "Op",
    "OpBase",
    "Plan",
    "Reason",
    "Refusal",
    "Step",
    "Target",
    "apply",
    "count",
    "describe",
    "describe_steps",
    "op_from_dict",
    "op_schema",
    "resolve",
    "step",
    "steps",
]
