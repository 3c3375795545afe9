"""What the embedded backend serves beyond the published protocol, under /api/ext."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

import reelframe
from reelframe.backend import answers, editing, thumbnails
from reelframe.backend import storage as kept
from reelframe.backend.core import Backend
from reelframe.backend.output import FORMATS, MAX_SIDE, read_output
from reelframe.backend.presets import PRESETS
from reelframe.backend.routes.common import in_thread
from reelframe.backend.state import media_wire, project_name, state_wire
from reelframe.backend.store import Connection, media, messages, renders, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.store.sessions import Session
from reelframe.backend.uploads import read_role
from reelframe.backend.wire import Body, bad_request, json_body, not_found, ok
from reelframe.draft import Draft
from reelframe.edits.plan import Plan

__all__ = [
    "apply",
    "cancel",
    "capabilities",
    "check",
    "claim",
    "media_changes",
    "presets",
    "project",
    "redo",
    "selection",
    "storage",
    "suggestions",
    "thumbnail",
    "undo",
]

_FEATURES: Final = (
    "undo", "redo", "apply", "selection", "preview", "cancel", "roles", "media", "thumbnails", "suggestions",
    "presets", "storage", "check", "preview_stream", "otio",
)  # fmt: skip
# How a client that asks this machine may wait: nothing is rationed here, and nobody else is kept waiting.
_TIMING: Final = {
    "poll_interval": 0.2,
    "rate_limit_wait": 1,
    "heartbeat_notice": 120,
    "silence_timeout": 600,
    "stream_timeout": 900,
    "recovery": [0.2, 0.5, 1, 2, 5],
}
_LONGEST_STEP: Final = 1000
# Characters. An hour of cuts takes about two million.
_LONGEST_OTIO: Final = 20_000_000
_THUMBNAIL: Final = (32, 320, 1024)


async def capabilities(request: Request, backend: Backend, account: Account) -> Response:  # noqa: ARG001
    """GET /api/ext/capabilities."""
    return ok(
        {
            "server": "reelframe",
            "version": reelframe.__version__,
            "features": list(_FEATURES),
            "formats": list(FORMATS),
            "presets": list(PRESETS),
            "max_height": MAX_SIDE,
            "credits_enforced": backend.options.credits,
            "timing": _TIMING,
        }
    )


async def undo(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/undo."""
    body = await json_body(request)
    count = body.whole("count", 1, low=1, high=_LONGEST_STEP)
    return await _changed(request, backend, lambda: editing.step(backend, account, _session(body), -count))


async def redo(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/redo."""
    body = await json_body(request)
    count = body.whole("count", 1, low=1, high=_LONGEST_STEP)
    return await _changed(request, backend, lambda: editing.step(backend, account, _session(body), count))


async def apply(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/apply: a plan, a draft, or what an .otio file holds."""
    body = await json_body(request)
    plan_data, draft_data, otio = body.mapping("plan"), body.mapping("draft"), body.data.get("otio")
    if sum(given is not None for given in (plan_data, draft_data, otio)) != 1:
        message = 'Give one of "plan", "draft" and "otio".'
        raise bad_request(message)
    if otio is not None:
        text = body.text("otio", longest=_LONGEST_OTIO)
        return await _changed(request, backend, lambda: editing.apply_otio(backend, account, _session(body), text))
    if draft_data is not None:
        draft = Draft.from_wire(draft_data)
        return await _changed(request, backend, lambda: editing.apply_draft(backend, account, _session(body), draft))
    try:
        plan = Plan.from_dict(plan_data or {})
    except (ValueError, TypeError) as error:
        message = f"The plan can't be read: {error}"
        raise bad_request(message) from None
    return await _changed(request, backend, lambda: editing.apply_plan(backend, account, _session(body), plan))


async def selection(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/selection: which segments the user has selected."""
    body = await json_body(request)
    chosen = body.strings("segments")
    if chosen is None:
        message = '"segments" must be a list of segment ids.'
        raise bad_request(message)

    def store() -> list[str]:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, _session(body))
            draft = sessions.draft_at(tx, session.id, session.head)
            known = [one for one in chosen if draft.find(one) is not None]
            sessions.set_selection(tx, session.id, tuple(known))
            return known

    return ok({"segments": await in_thread(store)})


async def cancel(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/cancel: the session's running request, or a render."""
    body = await json_body(request)
    if (render_id := body.text("render_id", "")) != "":

        def stop() -> str:
            with backend.db.write() as tx:
                render = renders.find(tx, account.id, render_id)
                if render is None:
                    message = f"There is no render {render_id}."
                    raise not_found(message)
                renders.cancel(tx, account.id, render_id)
            return render.key

        backend.workers.cancel(await in_thread(stop))
        return ok({"cancelled": True})

    def stop_message() -> int:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, _session(body))
            return len(messages.cancel_running(tx, session.id))

    return ok({"cancelled": await in_thread(stop_message) > 0})


async def media_changes(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/media: order, remove and mark files."""
    body = await json_body(request)
    order, gone = body.strings("order"), body.strings("remove") or ()
    roles = {key: read_role(value) for key, value in (body.mapping("roles") or {}).items()}

    def change() -> list[dict[str, Any]]:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, _session(body))
            _known(tx, session, backend, [*gone, *roles])
            for media_id, role in roles.items():
                media.set_role(tx, session.id, media_id, role)
            for media_id in gone:
                media.remove(tx, session.id, media_id)
            library = media.library(tx, session.id, backend.files.media_path)
            if order is not None:
                if sorted(order) != sorted(library.ids):
                    message = '"order" must name every file of the session once.'
                    raise bad_request(message)
                media.reorder(tx, session.id, order)
                library = media.library(tx, session.id, backend.files.media_path)
            sessions.touch(tx, session.id)
        return [media_wire(one) for one in library]

    return ok({"files": await in_thread(change)})


async def claim(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/claim: take a session over whose claim token one was given."""
    body = await json_body(request)
    token = body.text("claim_token")

    def redeem() -> str:
        with backend.db.write() as tx:
            session_id = sessions.redeem_claim(tx, token, account.id)
        if session_id is None:
            message = "The claim token is not valid, has expired, or was used."
            raise not_found(message, "Ask for a new one.")
        return session_id

    return ok({"session_id": await in_thread(redeem)})


async def thumbnail(request: Request, backend: Backend, account: Account) -> Response:
    """GET /api/ext/thumbnail/<media id>?side=320."""
    low, usual, high = _THUMBNAIL
    text = request.query_params.get("side", str(usual))
    side = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0  # no number that long is a side
    if not low <= side <= high:
        message = f'"side" must be a whole number from {low} to {high}.'
        raise bad_request(message)
    media_id = request.path_params["media_id"]
    picture = await in_thread(thumbnails.thumbnail, backend, account, media_id, side)
    # Named by its content, so it never changes.
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(picture, media_type="image/jpeg", headers=headers)


async def suggestions(request: Request, backend: Backend, account: Account) -> Response:
    """GET /api/ext/suggestions/<sid>."""

    def suggest() -> list[str]:
        from reelframe import planner  # noqa: PLC0415 -- its tables of words take a moment to load

        with backend.db.read() as tx:
            session = sessions.own(tx, account.id, request.path_params["session_id"])
            draft = sessions.draft_at(tx, session.id, session.head)
            library = media.library(tx, session.id, backend.files.media_path)
        return list(planner.suggestions(draft, library, answers.speaks(session.language)))

    return ok({"suggestions": await in_thread(suggest)})


async def presets(request: Request, backend: Backend, account: Account) -> Response:  # noqa: ARG001
    """GET /api/ext/presets."""
    return ok({"presets": [one.as_dict() for one in PRESETS.values()]})


async def check(request: Request, backend: Backend, account: Account) -> Response:  # noqa: ARG001
    """POST /api/ext/check: whether an export could be made so, and what its options come to."""
    body = await json_body(request)
    return ok({"output": read_output(body.mapping("output") or {})})


async def storage(request: Request, backend: Backend, account: Account) -> Response:  # noqa: ARG001
    """GET /api/ext/storage: what the data folder holds, and for how long."""
    now = await in_thread(kept.report, backend.home, backend.quota_bytes)
    return ok(
        {
            "uploads": now.uploads,
            "videos": now.videos,
            "cache": now.cache,
            "timelines": now.timelines,
            "unfinished": now.unfinished,
            "total": now.total,
            "quota": now.quota,
            "kept": kept.KEPT,
        }
    )


async def project(request: Request, backend: Backend, account: Account) -> Response:
    """GET and POST /api/ext/project/<sid>: the project's name."""
    session_id = request.path_params["session_id"]
    name = (await json_body(request)).text("name", longest=200).strip() if request.method == "POST" else None

    def read_or_set() -> str:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, session_id)
            if name is not None:
                sessions.set_name(tx, session.id, name)
                return name
            return project_name(session, sessions.draft_at(tx, session.id, session.head))

    return ok({"name": await in_thread(read_or_set)})


async def _changed(request: Request, backend: Backend, change: Callable[[], tuple[Session, str]]) -> Response:
    base_url = str(request.base_url)

    def work() -> dict[str, Any]:
        session, text = change()
        with backend.db.read() as tx:
            return {"state": state_wire(backend, tx, session, base_url), "text": text}

    return ok(await in_thread(work))


def _session(body: Body) -> str:
    return body.text("session_id", longest=100)


def _known(tx: Connection, session: Session, backend: Backend, ids: list[str]) -> None:
    library = media.library(tx, session.id, backend.files.media_path, removed=True)
    for media_id in ids:
        if media_id not in library:
            message = f"The session has no file {media_id[:100]!r}."
            raise not_found(message)
