"""A timeline becomes the file that was asked for: rendered, or written down as subtitles or for other editors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from reelframe.backend.output import RENDERED, apply_output
from reelframe.backend.presets import PRESETS
from reelframe.draft import Draft
from reelframe.errors import ConfigurationError, PlanError
from reelframe.jobs import CancelToken, OnProgress
from reelframe.media.model import Library

if TYPE_CHECKING:
    from reelframe.render.cache import Cache
    from reelframe.render.composition import Composition
    from reelframe.render.outputs import Options

__all__ = ["Made", "make"]

_FILMS: Final = frozenset({"mp4", "mov", "webm"})


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file and what is known of it; ``composition`` is what was rendered, None where nothing was."""

    path: Path
    width: int
    height: int
    duration_s: float
    size_bytes: int
    warnings: tuple[str, ...] = ()
    composition: Composition | None = None


def make(
    draft: Draft,
    library: Library,
    path: Path,
    output: dict[str, Any],
    *,
    cache: Cache | None = None,
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    workers: int | None = None,
) -> Made:
    """Make one file of a timeline.

    Args:
        draft: the timeline as it is edited; the output's size is put onto it here.
        library: its media.
        path: where the file goes; its extension is the output's format.
        output: as ``read_output`` gives it.
        cache: of encoded pieces.
        on_progress: told how far it is.
        cancel: raise its flag to stop.
        workers: threads; by default one per core.

    Raises:
        ReelframeError: what can't be made, and why.
    """
    form = str(output.get("format", "mp4"))
    sized = apply_output(draft, output)
    if form not in RENDERED:
        data = _written(sized, library, form)
        path.write_bytes(data)
        width, height = int(sized.get("width", 1920)), int(sized.get("height", 1080))
        return Made(path, width, height, sized.duration_ms / 1000, len(data))
    from reelframe import render  # noqa: PLC0415 -- codecs, loaded when there is something to render
    from reelframe.render.outputs import export  # noqa: PLC0415

    composition = render.compose(sized, library)
    if cancel is not None:
        cancel.check()
    video = export(
        composition, path, _options(draft, composition, output, form),
        on_progress=on_progress, cancel=cancel, cache=cache, workers=workers,
    )  # fmt: skip
    size = path.stat().st_size
    facts = Made(path, composition.width, composition.height, composition.duration_s, size)
    warnings = (*video.warnings, *_over(facts, composition.fps, output, form))
    return Made(path, facts.width, facts.height, facts.duration_s, size, warnings, composition)


def _options(draft: Draft, composition: Composition, output: dict[str, Any], form: str) -> Options:
    from reelframe.render.outputs import Options, title_of  # noqa: PLC0415 -- as above

    kept = draft.get("output")
    said = kept.get("max_bytes") if isinstance(kept, dict) else None
    quality = output.get("quality", "high")
    preset = PRESETS.get(str(output.get("preset")))
    most = output.get("max_bytes")
    # "compress it to 8 MB" is about the video that is published, and not about what is looked at meanwhile.
    if most is None and quality != "preview" and form in {*_FILMS, "gif"} and isinstance(said, int):
        most = said
    project = str(draft.get("project") or "")
    return Options(
        quality=cast("Any", quality),
        max_bytes=most,
        at_s=output.get("at"),
        title=title_of(composition) or ("" if project in {"project", "untitled"} else project),
        chapters=bool(output.get("chapters")),
        silent_track=preset is not None and preset.silent_track,
        sized=bool(output.get("sized")),
    )


def _over(made: Made, fps: float, output: dict[str, Any], form: str) -> tuple[str, ...]:
    """What the place that the file is for does not take."""
    preset = PRESETS.get(str(output.get("preset")))
    if preset is None or preset.limits is None or form not in _FILMS:
        return ()
    return preset.limits.broken(
        duration_s=made.duration_s, size_bytes=made.size_bytes, width=made.width, height=made.height, fps=fps
    )


def _written(draft: Draft, library: Library, form: str) -> bytes:
    if form == "otio":
        try:
            from reelframe.otio import to_otio  # noqa: PLC0415 -- an extra
        except ImportError:
            message = "OpenTimelineIO is not installed, which .otio files are written with."
            raise ConfigurationError(message, hint='pip install "reelframe[otio]"') from None
        return to_otio(draft, library).encode()
    from reelframe.subtitles import cues_of, to_srt, to_vtt  # noqa: PLC0415 -- hardly ever needed

    cues = cues_of(draft)
    if not cues:
        message = "There are no texts in this video: there is nothing to put into a subtitle file."
        raise PlanError(message, hint="Add captions or subtitles first.")
    return (to_srt(cues) if form == "srt" else to_vtt(cues)).encode()
