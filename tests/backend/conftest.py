"""A backend per test over a folder of its own, and a thin caller that speaks the protocol to it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json

import httpx
import pytest
from PIL import Image

from reelframe.backend.app import app_of
from reelframe.backend.core import Backend, Limits, Options

ATTRIBUTION = {"X-Skill-Source": "tests", "X-Skill-Version": "1", "X-Skill-Platform": "unknown"}


def photo(color="red", size=(64, 48), kind="JPEG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind)
    return buffer.getvalue()


def text_draft(text="Hello", ms=500, width=160, height=90, fps=10):
    segment = {"d": ms, "m": {"id": "s1", "text": text, "role": "title", "start": 0}}
    return {"t": [{"tt": 7, "sg": [segment]}], "d": ms, "m": {"width": width, "height": height, "fps": fps}}


class Api:
    """The protocol's calls; each gives the httpx response, `data` the envelope's data of a success."""

    def __init__(self, backend, token, app=None):
        self.backend = backend
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app or app_of(backend), raise_app_exceptions=False),
            base_url="http://reelframe.localhost",
            headers={"Authorization": f"Bearer {token}", **ATTRIBUTION},
        )

    async def get(self, path, **kw):
        return await self.http.get(path, **kw)

    async def post(self, path, body=None, **kw):
        return await self.http.post(path, json={} if body is None else body, **kw)

    async def session(self, **body):
        return data(await self.post("/api/tasks/me/with-session/nemo_agent", body))["session_id"]

    async def upload(self, sid, *files, role=None):
        parts = [("files", (name, content)) for name, content in files]
        return await self.http.post(
            f"/api/upload-video/nemo_agent/me/{sid}", files=parts, data={"role": role} if role else {}
        )

    async def state(self, sid):
        return data(await self.get(f"/api/state/nemo_agent/me/{sid}/latest"))["state"]

    async def apply(self, sid, draft):
        return await self.post("/api/ext/apply", {"session_id": sid, "draft": draft})

    async def render(self, sid, render_id="render_1", draft=None, **output):
        body = {"id": render_id, "sessionId": sid, "draft": draft or text_draft(), "output": output}
        return await self.post("/api/render/proxy/lambda", body)

    async def rendered(self, render_id="render_1", seconds=60):
        async with asyncio.timeout(seconds):
            while True:
                answer = (await self.get(f"/api/render/proxy/lambda/{render_id}")).json()
                if answer["status"] in {"completed", "failed"}:
                    return answer
                await asyncio.sleep(0.05)

    async def say(self, sid, text):
        """The events of one message."""
        body = {
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": sid,
            "new_message": {"parts": [{"text": text}]},
        }
        answer = await self.post("/run_sse", body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/event-stream")
        return events(answer.text)

    async def told(self, sid, text):
        """Everything that the user reads in answer to a message."""
        return said(await self.say(sid, text))


def events(stream):
    return [json.loads(line[6:]) for line in stream.split("\n") if line.startswith("data: ")]


def said(all_events):
    parts = [p for e in all_events for p in e.get("content", {}).get("parts", [])]
    return "\n".join(p["text"] for p in parts if "text" in p)


def data(response):
    body = response.json()
    assert response.status_code == 200, body
    assert body["code"] == 0
    return body["data"]


def refusal(response):
    """The code of a refusal, which must have words, a request id and no data."""
    body = response.json()
    assert body["data"] is None
    assert body["message"]
    assert body["request_id"] == response.headers["x-request-id"]
    return response.status_code, body["code"]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
async def make_api(home):
    """Build backends over the test's folder; all are closed at the end."""
    async with contextlib.AsyncExitStack() as stack:

        def make(token=None, folder=home, **options):
            limits = options.pop("limits", Limits())
            backend = Backend(folder, Options(token=token, limits=limits, **options))
            stack.callback(backend.close)
            return caller(backend, backend.auth.token)

        def caller(backend, token):
            api = Api(backend, token)
            stack.push_async_callback(api.http.aclose)
            return api

        make.caller = caller
        yield make


@pytest.fixture
async def api(make_api):
    return make_api()
