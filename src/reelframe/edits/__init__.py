"""The edit vocabulary, and what it does to a timeline.

>>> draft, library = sample_context()                   # three clips of 30 s, a title, music, a logo
>>> shorter = apply(draft, Plan(ops=(op_from_dict({"op": "trim", "end_s": 2}),)), library)
>>> draft.duration_ms, shorter.duration_ms
(90000, 88000)
"""

from reelframe.edits.apply import Step, apply, possible, step, steps
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
    "possible",
    "resolve",
    "step",
    "steps",
]
