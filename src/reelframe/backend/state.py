"""What a session is at a moment: the timeline, the media, the finished renders, the canvas."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from reelframe.backend.core import Backend
from reelframe.backend.output import CONTENT_TYPES
from reelframe.backend.store import Connection, media, renders, sessions
from reelframe.backend.store.renders import Render
from reelframe.backend.store.sessions import Session
from reelframe.draft import Draft
from reelframe.media.model import Media

__all__ = [
    "canvas",
    "content_type",
    "download_url",
    "file_name",
    "generated_wire",
    "media_wire",
    "project_name",
    "render_wire",
    "state_wire",
]


def state_wire(backend: Backend, tx: Connection, session: Session, base_url: str) -> dict[str, Any]:
    """The state as the protocol spells it.

    Args:
        backend: the backend.
        tx: inside a transaction, so that all parts are of the same moment.
        session: which.
        base_url: of the request, with a trailing slash, for absolute URLs.
    """
    draft = sessions.draft_at(tx, session.id, session.head)
    library = media.library(tx, session.id, backend.files.media_path)
    can_undo, can_redo = sessions.steps(tx, session)
    finished = [r for r in renders.of_session(tx, session.id) if r.status == "completed"]
    return {
        "draft": draft.to_wire(),
        "video_infos": [media_wire(one) for one in library],
        "generated_media": [generated_wire(one, base_url) for one in finished],
        "canvas_config": canvas(draft),
        "project": project_name(session, draft),
        "language": session.language or "en",
        "can_undo": can_undo,
        "can_redo": can_redo,
    }


def canvas(draft: Draft) -> dict[str, Any]:
    """The frame: its size in pixels and its rate."""
    return {
        "width": draft.get("width", 1920),
        "height": draft.get("height", 1080),
        "fps": draft.get("fps", 30),
    }


def project_name(session: Session, draft: Draft) -> str:
    """What the project is called: as the user named it, else as the timeline is."""
    return session.name if session.name != "project" else str(draft.get("project", "project"))


def media_wire(one: Media) -> dict[str, Any]:
    """A file as the wire spells it, with where its thumbnail is."""
    data = one.model_dump(mode="json")
    data["thumbnail"] = None if not one.visible else f"/api/ext/thumbnail/{one.id}"
    if one.path is not None and not one.path.exists():
        data["cleared"] = True
    return data


def generated_wire(render: Render, base_url: str) -> dict[str, Any]:
    """A finished render as a list entry of the state."""
    return {
        "render_id": render.id,
        "url": download_url(render, base_url),
        "created": render.created,
        **_facts(render),
    }


def render_wire(render: Render, base_url: str, *, progress: float, stage: str, text: str) -> dict[str, Any]:
    """The answer about one render, which is not in the envelope.

    A cancelled job is a failed one to the protocol, and says that it was cancelled.
    """
    status = "failed" if render.status == "cancelled" else render.status
    data: dict[str, Any] = {"id": render.id, "status": status, "progress": progress, "stage": stage, "message": text}
    if status == "completed":
        data["output"] = {"url": download_url(render, base_url), **_facts(render)}
    if status == "failed":
        data["error"] = render.error
        data["cancelled"] = render.status == "cancelled"
    return data


def download_url(render: Render, base_url: str) -> str:
    """Where the finished file is."""
    return f"{base_url}api/render/proxy/{render.id}/download"


def file_name(project: str, render: Render, number: int) -> str:
    """What a downloaded file is called."""
    plain = "".join(c if c.isalnum() or c in " -_." else "_" for c in project).strip(" .") or "video"
    return f"{PurePath(plain).name}-{number}{render.result['extension']}"


def content_type(render: Render) -> str:
    """The media type of a finished file."""
    return CONTENT_TYPES[render.result["extension"].lstrip(".")]


def _facts(render: Render) -> dict[str, Any]:
    return {key: value for key, value in render.result.items() if key != "extension"}
