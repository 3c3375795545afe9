"""A server that behaves as the published protocol says the hosted one does, with every fault on demand.

It keeps what it was sent, so that a test can assert on it, and answers from queues that a test fills:
``faults[endpoint]`` gives the next answers of one call, ``replies`` what the next messages stream.
"""

from __future__ import annotations

import asyncio
import collections
import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 400


def ok(data: Any = None) -> JSONResponse:
    return JSONResponse({"code": 0, "message": "ok", "data": data})


def refusal(code: int, status: int = 200, message: str = "refused", **headers: str) -> JSONResponse:
    body = {"code": code, "message": message, "data": None}
    return JSONResponse(body, status, headers={"X-Request-Id": "req-1", **headers})


def sse(*events: Any) -> bytes:
    return b"".join(
        e if isinstance(e, bytes) else b"data: " + json.dumps(e, ensure_ascii=False).encode() + b"\n\n" for e in events
    )


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [{"text": words}]}, "author": "nemo_agent", **more}


def call(name: str, **args: Any) -> dict[str, Any]:
    return {"content": {"parts": [{"functionCall": {"name": name, "args": args}}]}, "author": "nemo_agent"}


def clip(name: str, seconds: float, **m: Any) -> dict[str, Any]:
    return {"d": seconds * 1000, "m": {"id": name, "name": name, **m}}


DRAFT = {
    "t": [
        {"tt": 0, "sg": [clip("city", 10)]},
        {"tt": 7, "sg": [clip("Title", 3, text="Urban Dreams")]},
    ],
    "d": 10000,
    "vendor_key": {"kept": True},
}


class Hosted:
    def __init__(self) -> None:
        self.log: list[tuple[str, str, dict[str, str], Any]] = []
        self.faults: dict[str, collections.deque[Any]] = collections.defaultdict(collections.deque)
        self.replies: collections.deque[Any] = collections.deque()
        self.sessions: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = {"given-token-123"}
        self.granted = 0
        self.balance = {"available": 93, "frozen": 7, "total": 100}
        self.uploads: list[tuple[str, str, int]] = []
        self.renders: dict[str, dict[str, Any]] = {}
        self.statuses: collections.deque[list[str]] = collections.deque()
        self.file = MP4
        self.url: str | None = None
        self.capabilities: dict[str, Any] | None = None
        self.extensions: list[tuple[str, Any]] = []
        self.left_early = 0
        self.app = Starlette(
            routes=[
                Route("/api/auth/anonymous-token", self.token, methods=["POST"]),
                Route("/api/tasks/me/with-session/nemo_agent", self.session, methods=["POST"]),
                Route("/api/auth/claim-token", self.claim, methods=["POST"]),
                Route("/run_sse", self.message, methods=["POST"]),
                Route("/api/upload-video/nemo_agent/me/{sid}", self.upload, methods=["POST"]),
                Route("/api/credits/balance/simple", self.credits),
                Route("/api/state/nemo_agent/me/{sid}/latest", self.state),
                Route("/api/render/proxy/lambda", self.render, methods=["POST"]),
                Route("/api/render/proxy/lambda/{id}", self.status),
                Route("/api/render/proxy/{id}/download", self.download),
                Route("/files/{id}", self.download),
                Route("/api/ext/capabilities", self.caps),
                Route("/api/ext/{rest:path}", self.ext, methods=["GET", "POST"]),
            ]
        )

    # -- what tests ask -------------------------------------------------------------------------

    def sent(self, path: str) -> list[Any]:
        return [body for _, p, _, body in self.log if p.startswith(path)]

    def add_session(self, sid: str, draft: Any = None) -> None:
        self.sessions[sid] = {
            "draft": copy.deepcopy(draft if draft is not None else DRAFT),
            "video_infos": [], "generated_media": [], "canvas_config": {"width": 1920},
        }  # fmt: skip

    def edit(self, sid: str, change: Callable[[dict[str, Any]], None]) -> None:
        change(self.sessions[sid]["draft"])

    # -- the calls --------------------------------------------------------------------------------

    async def _begin(self, name: str, request: Request, *, auth: bool = True) -> Response | None:
        kind = request.headers.get("content-type", "")
        body: Any = None
        if kind.startswith("application/json"):
            body = await request.json()
        self.log.append((request.method, request.url.path, dict(request.headers), body))
        if self.faults[name]:
            fault = self.faults[name].popleft()
            answer = fault(request) if callable(fault) and not isinstance(fault, Response) else fault
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer is not None:
                return answer
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if auth and token not in self.tokens:
            return refusal(1001, message="token invalid")
        return None

    async def token(self, request: Request) -> Response:
        if (fault := await self._begin("token", request, auth=False)) is not None:
            return fault
        if not request.headers.get("x-client-id"):
            return refusal(400, 400, "X-Client-Id missing")
        self.granted += 1
        token = f"nmv_usr_secret{self.granted:04d}"
        self.tokens.add(token)
        return ok({"token": token, "credits": 100, "expires_in": 604800})

    async def session(self, request: Request) -> Response:
        if (fault := await self._begin("session", request)) is not None:
            return fault
        sid = f"s{len(self.sessions) + 1}"
        self.add_session(sid, {"t": []})
        return ok({"session_id": sid, "task_id": f"t-{sid}"})

    async def claim(self, request: Request) -> Response:
        if (fault := await self._begin("claim", request)) is not None:
            return fault
        return ok({"claim_token": "clm_abc def", "expires_in": 3600})

    async def message(self, request: Request) -> Response:
        if (fault := await self._begin("message", request)) is not None:
            return fault
        body = self.log[-1][3]
        sid = body["session_id"]
        if sid not in self.sessions:
            return refusal(1002, message="session not found")
        script = self.replies.popleft() if self.replies else [sse(text("Done."))]

        async def stream() -> Any:
            finished = False
            try:
                for step in script:
                    if isinstance(step, (int, float)):
                        await asyncio.sleep(step)
                    elif isinstance(step, BaseException):
                        raise step
                    elif callable(step):
                        self.edit(sid, step)
                    else:
                        yield step if isinstance(step, bytes) else sse(step)
                finished = True
            finally:
                self.left_early += not finished

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def upload(self, request: Request) -> Response:
        if (fault := await self._begin("upload", request)) is not None:
            return fault
        if request.path_params["sid"] not in self.sessions:
            return refusal(1002, message="session not found")
        body = self.log[-1][3]
        if body is not None:
            self.uploads += [("url", url, 0) for url in body["urls"]]
            return ok({"urls": body["urls"]})
        try:
            async with request.form() as form:
                for item in form.getlist("files"):
                    digest, size = hashlib.sha256(), 0
                    while piece := await item.read(1 << 20):
                        digest.update(piece)
                        size += len(piece)
                    self.uploads.append((item.filename, digest.hexdigest(), size))
        except ClientDisconnect:
            return refusal(400, 400, "left")
        return ok([{"url": "https://cdn.example/x"}])

    async def credits(self, request: Request) -> Response:
        if (fault := await self._begin("credits", request)) is not None:
            return fault
        return ok(self.balance)

    async def state(self, request: Request) -> Response:
        if (fault := await self._begin("state", request)) is not None:
            return fault
        state = self.sessions.get(request.path_params["sid"])
        if state is None:
            return refusal(1002, 404, "session not found")
        return ok({"state": state})

    async def render(self, request: Request) -> Response:
        if (fault := await self._begin("render", request)) is not None:
            return fault
        if not request.headers.get("x-skill-source"):
            return refusal(402, message="export blocked on the free plan")
        body = self.log[-1][3]
        if body["sessionId"] not in self.sessions:
            return refusal(1002, message="session not found")
        default = ["pending", "processing", "completed"]
        if body["id"] not in self.renders:
            self.renders[body["id"]] = {
                "body": body, "statuses": self.statuses.popleft() if self.statuses else default,
            }  # fmt: skip
        return JSONResponse({"id": body["id"], "status": "pending"})

    async def status(self, request: Request) -> Response:
        if (fault := await self._begin("render_status", request)) is not None:
            return fault
        render = self.renders.get(request.path_params["id"])
        if render is None:
            return refusal(404, 404, "no such render")
        statuses = render["statuses"]
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        answer: dict[str, Any] = {"id": request.path_params["id"], "status": status}
        if status == "completed" and self.url is not None:
            answer["output"] = {"url": self.url.replace("{id}", request.path_params["id"])}
        if status == "failed":
            answer["error"] = "codec exploded"
        return JSONResponse(answer)

    async def download(self, request: Request) -> Response:
        own = request.url.path.startswith("/api")
        if (fault := await self._begin("download" if own else "file", request, auth=own)) is not None:
            return fault
        start = 0
        asked = request.headers.get("range", "")
        headers = {"ETag": '"v1"', "Accept-Ranges": "bytes"}
        if asked.startswith("bytes=") and request.headers.get("if-range") == '"v1"':
            start = int(asked[6:].rstrip("-"))
            headers["Content-Range"] = f"bytes {start}-{len(self.file) - 1}/{len(self.file)}"
        return Response(self.file[start:], 206 if start else 200, headers, "video/mp4")

    async def caps(self, request: Request) -> Response:
        if (fault := await self._begin("capabilities", request)) is not None:
            return fault
        if self.capabilities is None:
            return PlainTextResponse("Not Found", 404)
        return ok(self.capabilities)

    async def ext(self, request: Request) -> Response:
        if (fault := await self._begin("ext", request)) is not None:
            return fault
        if self.capabilities is None:
            return PlainTextResponse("Not Found", 404)
        rest = request.path_params["rest"]
        body = self.log[-1][3]
        self.extensions.append((rest, body))
        if rest in {"undo", "redo", "apply"}:
            state = self.sessions[body["session_id"]]
            if rest == "apply" and "draft" in body:
                state["draft"] = body["draft"]
            else:
                state["draft"] = {"t": []}
            return ok({"state": state, "text": f"{rest} is done"})
        if rest.startswith("suggestions"):
            return ok({"suggestions": ["one", "two", "three"]})
        if rest == "presets":
            return ok({"presets": [{"name": "tiktok", "width": 1080, "height": 1920}]})
        return ok({})
