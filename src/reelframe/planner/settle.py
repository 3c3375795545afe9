"""What several wishes of one request come to together: one export, one shape, one rhythm, a possible length."""

from __future__ import annotations

from typing import Final

from reelframe.planner.state import State

__all__ = ["settle"]

# The longest that one photo stands without being asked about.
_STILL_S: Final = 60


def settle(state: State) -> None:
    """What was said of one thing in several places becomes one operation, and what can't be meant is asked about."""
    _every_export(state)
    _one_export(state)
    _one_shape(state)
    _one_rhythm(state)
    _too_long(state)


def _every_export(state: State) -> None:
    """``export it as mp4, and also a gif``: the second file is one more, and not what the video is from now on."""
    if state.composed or not any(op.op == "export" for op in state.ops):
        return
    for op in [op for op in state.ops if op.op == "set_output" and getattr(op, "format", None) is not None]:
        state.ops.remove(op)
        state.add("export", **{k: v for k, v in op.as_dict().items() if k in {"format", "height", "fps"}})


def _one_export(state: State) -> None:
    """``export it, with chapters``: what is said about one file in two places is one export."""
    exports = [op for op in state.ops if op.op == "export"]
    if len(exports) < 2:  # nothing to join
        return
    bare = [op for op in exports if set(op.as_dict()) <= {"op", "chapters"}]
    rest = [op for op in exports if op not in bare]
    chapters = True if any(op.as_dict().get("chapters") for op in bare) else None
    first = rest[0] if rest else bare[0]
    joined = first.model_copy(update={"chapters": chapters}) if chapters else first
    state.ops[:] = [op for op in state.ops if op.op != "export"] + [joined, *rest[1:]]


def _one_shape(state: State) -> None:
    """``one vertical and one square``: this is one video; the other shape is an export, or the next wish."""
    shapes = [op for op in state.ops if op.op == "set_aspect"]
    if len(shapes) > 1 and getattr(shapes[0], "fit", None) is not None:
        # "fill the frame, crop it square": how the new shape is filled.
        state.ops.remove(shapes[0])
        blurred = any(getattr(op, "blur", None) for op in state.ops if op.op == "set_background")
        filled = shapes[1].model_copy(update={"fit": "blur" if blurred else shapes[0].fit})  # type: ignore[attr-defined]
        state.ops[state.ops.index(shapes[1])] = filled
        shapes = [filled, *shapes[2:]]
    if len(shapes) > 1:
        state.ops[:] = [op for op in state.ops if op not in shapes[1:]]
        state.assume(
            "one_shape", aspect=str(getattr(shapes[0], "aspect", "")), other=str(getattr(shapes[1], "aspect", ""))
        )


def _one_rhythm(state: State) -> None:
    """``make it a tad faster, it drags``: of photos that is said once, by how long they stand."""
    quick = [op for op in state.ops if op.op == "speed" and getattr(op, "target", None) is None]
    if quick and any(op.op == "pace" for op in state.ops):
        state.ops[:] = [op for op in state.ops if op not in quick]
        for op in quick:
            state.forget("speed_default", factor=f"{getattr(op, 'factor', 1):g}")


def _too_long(state: State) -> None:
    """Photos that would stand still for minutes are asked about: a slip of the unit is likelier than the wish."""
    shots = [m for m in state.view.library.shots if m not in state.view.logo_files]
    if any(m.kind != "image" for m in shots):
        return
    for op in list(state.ops):
        seconds = getattr(op, "duration_s", None) if op.op in {"compose", "set_duration"} else None
        named = getattr(op, "media", None)
        chosen = len(named) if isinstance(named, tuple) else len(shots)
        count = chosen if op.op == "compose" or state.composed else len(state.view.shots)
        if seconds is None or not count or seconds / count <= _STILL_S:
            continue
        # Nothing of a video of the wrong length is of use.
        state.ops.clear()
        state.assumptions.clear()
        half = {"op": "set_duration"} if not state.view.empty else {"op": "compose", "media": "all"}
        state.ask(
            "too_long", total=f"{seconds:g}", each=f"{seconds / count:g}", half=half, slot="duration_s", kind="seconds"
        )
        return
