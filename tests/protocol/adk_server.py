"""A real server of Google's Agent Development Kit, with an agent that calls no model: run as a script.

The hosted service is such a server with more calls around it. Here too: ``/run_sse`` and the agent's sessions are
google-adk's own, everything else is the fake's. The agent does what the message says (see ``DOES``), and edits
the fake's timeline as the hosted agent's tools do. Prints its address; ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import copy
import sys
import threading
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "client")]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import uvicorn
    from google.adk.agents import BaseAgent
    from google.adk.cli.fast_api import get_fast_api_app
    from google.adk.cli.utils.base_agent_loader import BaseAgentLoader
    from google.adk.events import Event
    from google.genai import types

import httpx
from adk_words import ODD
from fake_hosted import DRAFT, Hosted
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Scripted(BaseAgent):
    """Says and does what the words of the message name."""

    async def _run_async_impl(self, ctx: Any) -> AsyncIterator[Event]:
        words = "".join(part.text or "" for part in ctx.user_content.parts)
        draft = FAKE.sessions[ctx.session.id]["draft"]

        def event(*parts: types.Part, **more: Any) -> Event:
            content = types.Content(role="model", parts=list(parts)) if parts else None
            return Event(author=self.name, invocation_id=ctx.invocation_id, content=content, **more)

        def said(text: str, **more: Any) -> Event:
            return event(types.Part(text=text), **more)

        if "combine" in words:
            yield event(types.Part.from_function_call(name="secret_tool", args={"hidden": "argument"}))
            draft.update(copy.deepcopy(DRAFT))
            yield event(types.Part.from_function_response(name="secret_tool", response={"hidden": "result"}))
            yield said("I made ", partial=True)
            yield said("a video.", partial=True)
            yield said("I made a video.")
        elif "retitle" in words:
            yield event(types.Part.from_function_call(name="secret_tool", args={}))
            draft["t"][1]["sg"][0]["m"]["text"] = "Night"
        elif "think" in words:
            yield event(types.Part(text="They want it darker.", thought=True), types.Part(text="Darker now."))
        elif "overload" in words:
            yield said("A moment. ")
            yield event(error_code="RESOURCE_EXHAUSTED", error_message="the model is overloaded")
        elif "crash" in words:
            yield said("A moment. ")
            raise RuntimeError("the agent has a bug")
        elif "long" in words:
            yield said(ODD + "x" * 3_000_000)
        elif "wait" in words:
            yield said("One. ")
            await asyncio.sleep(0.5)
            yield said("Two.")
        elif "apologise" in words:
            yield said("The title is blue.")
            yield said("I encountered a temporary issue. Please try again.")
        elif "silent" not in words:
            yield said(f"Heard: {words}")


class OneAgent(BaseAgentLoader):
    def load_agent(self, agent_name: str) -> BaseAgent:
        assert agent_name == AGENT.name
        return AGENT

    def list_agents(self) -> list[str]:
        return [AGENT.name]


class AroundAdk(Hosted):
    """The fake's calls; a session that it makes is one of the agent server's too."""

    messages = 0

    async def session(self, request: Request) -> Response:
        answer = await super().session(request)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(ADK), base_url="http://adk") as inner:
            made = await inner.post(f"/apps/nemo_agent/users/me/sessions/s{len(self.sessions)}", json={})
            made.raise_for_status()
        return answer


AGENT = Scripted(name="nemo_agent")
FAKE = AroundAdk()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    ADK = get_fast_api_app(
        agents_dir="/nonexistent",
        agent_loader=OneAgent(),
        web=False,
        session_service_uri="memory://",
        artifact_service_uri="memory://",
        use_local_storage=False,
    )


async def app(scope: Any, receive: Any, send: Any) -> None:
    """One address for both."""
    if scope["type"] == "http" and scope["path"] == "/messages":
        await JSONResponse(FAKE.messages)(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] != "/run_sse":
        await FAKE.app(scope, receive, send)
    else:
        FAKE.messages += scope["type"] == "http"
        await ADK(scope, receive, send)


def main() -> None:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", ws="none"))

    def watch() -> None:
        while not server.started:
            threading.Event().wait(0.01)
        print(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", flush=True)
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run()


if __name__ == "__main__":
    main()
