"""What the widget shows, as one immutable value, and how events change it: pure functions.

``View.as_dict()`` is what travels to the browser: names, numbers and texts, never bytes, tokens or paths of media.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from reelframe.draft import Draft, Track
from reelframe.draft.summary import name_of, track_labels
from reelframe.jobs import Event, Progress
from reelframe.media import Media

__all__ = ["Film", "Growing", "Line", "Preset", "View", "heard", "said", "with_draft", "working"]

Who = Literal["you", "studio", "note", "error"]
# Older lines leave the view; the session itself keeps everything.
_LINES: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the log. ``open`` while pieces of its text still come."""

    n: int
    who: Who
    text: str
    choices: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Film:
    """A file that can be played. ``revision`` changes whenever its bytes do."""

    revision: int
    name: str
    size: int
    duration_s: float
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Growing:
    """A film that can be played while it is made; with its last part it becomes the ``Film`` of the same revision.

    ``silent``: its sound comes with the sharper one.
    """

    revision: int
    mime_type: str
    duration_s: float
    width: int
    height: int
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """An export's name and size in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is on the screen.

    ``job`` is what works now and ``waiting`` how many jobs stand behind it. ``selected`` are ids of segments: what
    "this" means. ``credits`` is the balance where work costs something, else "".
    """

    lines: tuple[Line, ...] = ()
    media: tuple[Media, ...] = ()
    job: str = ""
    waiting: int = 0
    progress: Progress | None = None
    timeline: tuple[Mapping[str, Any], ...] = ()
    summary: str = ""
    duration_ms: int = 0
    growing: Growing | None = None
    preview: Film | None = None
    exported: Film | None = None
    can_undo: bool = False
    can_redo: bool = False
    language: str = ""
    presets: tuple[Preset, ...] = ()
    suggestions: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    credits: str = ""
    logos: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()

    def progress_dict(self) -> dict[str, Any] | None:
        """How far the work is, as JSON: apart, because it changes often and the rest seldom."""
        if self.progress is None:
            return None
        return {"stage": self.progress.stage, "fraction": self.progress.fraction, "text": self.progress.text}

    def as_dict(self) -> dict[str, Any]:
        """The view as JSON, all but the progress."""
        return {
            "lines": [
                {"n": x.n, "who": x.who, "text": x.text, "choices": list(x.choices), "open": x.open} for x in self.lines
            ],
            "media": [
                {
                    "id": m.id,
                    "name": m.name,
                    "kind": m.kind,
                    "role": m.role,
                    "logo": m.id in self.logos,
                    "alpha": m.has_alpha,
                    "size": m.size_bytes,
                    "duration_s": m.duration_s,
                    "width": m.width,
                    "height": m.height,
                }
                for m in self.media
            ],
            "job": self.job,
            "waiting": self.waiting,
            "timeline": [dict(track) for track in self.timeline],
            "summary": self.summary,
            "duration_ms": self.duration_ms,
            "growing": None if self.growing is None else asdict(self.growing),
            "preview": _film(self.preview),
            "exported": _film(self.exported),
            "can_undo": self.can_undo,
            "can_redo": self.can_redo,
            "language": self.language,
            "presets": [{"name": p.name, "width": p.width, "height": p.height} for p in self.presets],
            "suggestions": list(self.suggestions),
            "selected": list(self.selected),
            "credits": self.credits,
            "formats": list(self.formats),
        }


def _film(film: Film | None) -> dict[str, Any] | None:
    return None if film is None else asdict(film)


def _next(view: View) -> int:
    return view.lines[-1].n + 1 if view.lines else 1


def said(view: View, who: Who, text: str, choices: tuple[str, ...] = ()) -> View:
    """The view with one more line; a line that was still open is closed."""
    closed = _closed(view.lines)
    return replace(view, lines=(*closed, Line(_next(view), who, text, choices))[-_LINES:])


def _closed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (*lines[:-1], replace(lines[-1], open=False)) if lines and lines[-1].open else lines


def heard(view: View, event: Event) -> View:
    """The view after an event of the session. Pieces of the agent's answer grow one line."""
    if isinstance(event, Progress):
        return replace(view, progress=event)
    if event.kind == "text":
        last = view.lines[-1] if view.lines else None
        if last is not None and last.open:
            return replace(view, lines=(*view.lines[:-1], replace(last, text=last.text + event.text)))
        return replace(view, lines=(*view.lines, Line(_next(view), "studio", event.text, open=True))[-_LINES:])
    if not event.text:
        return view
    if event.kind == "asked":
        return said(view, "studio", event.text, tuple(getattr(event, "choices", ())))
    return said(view, "note" if event.kind in {"working", "notice"} else "studio", event.text)


def working(view: View, job: str, *, waiting: int = 0) -> View:
    """The view while a job runs ("" when it has ended), and so many others wait behind it."""
    return replace(view, job=job, waiting=waiting, progress=None, lines=_closed(view.lines))


def with_draft(view: View, draft: Draft) -> View:
    """The view with another timeline; of the selection stays what is still there.

    A segment without an id of its own is called "track.place", as in the timeline's table.
    """
    main = next((n for n, track in enumerate(draft.tracks) if track.kind == "video"), None)
    tracks: tuple[dict[str, Any], ...] = tuple(
        {
            "label": _label(label, track, main=number == main),
            "kind": track.kind,
            "main": number == main,
            "segments": [
                {
                    "id": p.segment.id or f"{number}.{place}",
                    "name": p.segment.name,
                    "names": {"zh": name_of(p.segment, "zh")},
                    "start_ms": p.start,
                    "end_ms": p.end,
                    "media": p.segment.media,
                }
                for place, p in enumerate(track.placed)
            ],
        }
        for number, (label, track) in enumerate(zip(track_labels(draft), draft.tracks, strict=True))
    )
    known = {segment["id"] for track in tracks for segment in track["segments"]}
    return replace(
        view,
        timeline=tracks,
        summary=draft.summary() if draft.tracks else "",
        duration_ms=draft.duration_ms,
        logos=frozenset(s.media for t in draft.tracks for s in t.segments if s.role == "logo" and s.media),
        selected=tuple(s for s in view.selected if s in known),
    )


def _label(label: str, track: Track, *, main: bool) -> str:
    """What a row is called: pictures over the shots are told from the shots."""
    if main or track.kind != "video":
        return label
    return "Logo" if all(segment.role == "logo" for segment in track.segments) else "Overlay"
