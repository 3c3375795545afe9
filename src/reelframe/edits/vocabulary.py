"""The edit vocabulary: every change that a request can be turned into, as frozen, typed, strict values.

Every planner emits these and only these; docs/edit-vocabulary.md says what they mean. Times are seconds,
levels 0 to 1 (2 for a volume), sizes relative to the frame's height, angles degrees, colours ``#rrggbb`` or
CSS names. A slot that the request did not set is None, so that "said by the user" and "chosen by us" stay
apart. ``pydantic`` gives the JSON schema that a language model is handed.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter

from reelframe.edits.ops.audio import (
    AddMusic,
    AddSfx,
    ChangeMusic,
    Duck,
    ExtractAudio,
    FadeAudio,
    Mute,
    Normalize,
    SetVolume,
)
from reelframe.edits.ops.base import OpBase, Position, Role, Target, TargetKind, TextStyle, TransitionType
from reelframe.edits.ops.compose import Compose, IntroOutro, SetAspect, SetBackground, SetDuration, SetOutput
from reelframe.edits.ops.control import Credits, Export, Help, Redo, Status, Undo, Upload
from reelframe.edits.ops.picture import AddLogo, Adjust, Effect, FadeVideo, KenBurns, Look, Overlay, Pace, Transition
from reelframe.edits.ops.segments import (
    BeatSync,
    CloseGaps,
    Crop,
    CutRange,
    Duplicate,
    Flip,
    Freeze,
    InsertMedia,
    Loop,
    Merge,
    Remove,
    Reorder,
    ReplaceMedia,
    Reverse,
    Rotate,
    SetSegmentDuration,
    Speed,
    Split,
    Trim,
    Zoom,
)
from reelframe.edits.ops.text import (
    AddSubtitles,
    AddText,
    Anim,
    Animate,
    Move,
    SetText,
    SetTiming,
    StyleText,
    SubtitleLine,
)

__all__ = [
    "CONTROL",
    "OP_NAMES",
    "AddLogo",
    "AddMusic",
    "AddSfx",
    "AddSubtitles",
    "AddText",
    "Adjust",
    "Anim",
    "Animate",
    "BeatSync",
    "ChangeMusic",
    "CloseGaps",
    "Compose",
    "Credits",
    "Crop",
    "CutRange",
    "Duck",
    "Duplicate",
    "Effect",
    "Export",
    "ExtractAudio",
    "FadeAudio",
    "FadeVideo",
    "Flip",
    "Freeze",
    "Help",
    "InsertMedia",
    "IntroOutro",
    "KenBurns",
    "Look",
    "Loop",
    "Merge",
    "Move",
    "Mute",
    "Normalize",
    "Op",
    "OpBase",
    "Overlay",
    "Pace",
    "Position",
    "Redo",
    "Remove",
    "Reorder",
    "ReplaceMedia",
    "Reverse",
    "Role",
    "Rotate",
    "SetAspect",
    "SetBackground",
    "SetDuration",
    "SetOutput",
    "SetSegmentDuration",
    "SetText",
    "SetTiming",
    "SetVolume",
    "Speed",
    "Split",
    "Status",
    "StyleText",
    "SubtitleLine",
    "Target",
    "TargetKind",
    "TextStyle",
    "Transition",
    "TransitionType",
    "Trim",
    "Undo",
    "Upload",
    "Zoom",
    "op_from_dict",
    "op_schema",
]

Op = Annotated[
    Compose | SetDuration | SetAspect | SetOutput | SetBackground | IntroOutro
    | Trim | CutRange | Split | Remove | Reorder | Duplicate | InsertMedia | ReplaceMedia | Merge
    | SetSegmentDuration | Speed | Reverse
    | Loop | Freeze | Crop | Zoom | Rotate | Flip | CloseGaps | BeatSync
    | AddText | SetText | StyleText | Move | SetTiming | Animate | AddSubtitles
    | AddMusic | ChangeMusic | SetVolume | Mute | FadeAudio | Duck | Normalize | AddSfx | ExtractAudio
    | Look | Adjust | Effect | KenBurns | Transition | FadeVideo | Pace
    | AddLogo | Overlay
    | Undo | Redo | Export | Status | Credits | Upload | Help,
    Field(discriminator="op"),
]  # fmt: skip

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Op)
OP_NAMES: tuple[str, ...] = tuple(cls.model_fields["op"].default for cls in get_args(get_args(Op)[0]))
# Operations that change no timeline: whoever runs the session carries them out.
CONTROL: frozenset[str] = frozenset({"undo", "redo", "export", "status", "credits", "upload", "help", "extract_audio"})


def op_from_dict(data: Any) -> OpBase:  # noqa: ANN401 -- it comes from outside
    """Read one operation strictly.

    Raises:
        pydantic.ValidationError: unknown operation or slot, or a value out of range.
    """
    op: OpBase = _ADAPTER.validate_python(data)
    return op


def op_schema() -> dict[str, Any]:
    """The JSON schema of one operation, for a language model's tool."""
    return _ADAPTER.json_schema()
