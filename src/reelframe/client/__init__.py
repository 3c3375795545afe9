"""Speaks the wire to a server, hosted or embedded: ``AsyncClient``, its blocking face ``Client``, and their values."""

from reelframe.client.aio import AsyncClient
from reelframe.client.blocking import Client
from reelframe.client.events import (
    Action,
    Asked,
    Changed,
    CreditsShown,
    Event,
    Exported,
    Notice,
    Progress,
    Text,
    TimelineShown,
    Uploaded,
    Working,
)
from reelframe.client.inprocess import InProcessTransport
from reelframe.client.policy import Timing
from reelframe.client.previews import PreviewPart
from reelframe.client.reply import Reply
from reelframe.client.session import Session
from reelframe.client.values import Capabilities, Credits, Server, State
from reelframe.client.words import detect_language

__all__ = [
    "Action",
    "Asked",
    "AsyncClient",
    "Capabilities",
    "Changed",
    "Client",
    "Credits",
    "CreditsShown",
    "Event",
    "Exported",
    "InProcessTransport",
    "Notice",
    "PreviewPart",
    "Progress",
    "Reply",
    "Server",
    "Session",
    "State",
    "Text",
    "TimelineShown",
    "Timing",
    "Uploaded",
    "Working",
    "detect_language",
]
