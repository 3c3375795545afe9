"""What a session tells its listener: frozen values, each with ``kind`` and ``text``.

``text`` is what to show a person, in the session's language, and "" when there is nothing to say. No event
holds the name or the arguments of a tool that the agent called, its repr included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reelframe.client.values import Credits
from reelframe.draft import Change, Draft
from reelframe.jobs import Progress
from reelframe.media.model import Media

if TYPE_CHECKING:
    from reelframe.media.video import Video

__all__ = [
    "Action",
    "Asked",
    "Changed",
    "CreditsShown",
    "Event",
    "Exported",
    "Notice",
    "Progress",
    "Text",
    "TimelineShown",
    "Uploaded",
    "Working",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the agent's answer; pieces follow one another and are simply joined."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Working:
    """Work goes on: a tool was called (``text`` is ""), or nothing was heard for a while."""

    text: str = ""
    kind: Literal["working"] = "working"


@dataclass(frozen=True, slots=True)
class Changed:
    """The timeline is another one than before the message.

    ``text`` describes the changes when the agent itself said nothing, and is "" when it did.
    """

    changes: tuple[Change, ...]
    text: str = ""
    draft: Draft = field(default_factory=Draft, repr=False)
    kind: Literal["changed"] = "changed"


@dataclass(frozen=True, slots=True)
class Asked:
    """The agent needs an answer before it goes on; send it as the next message."""

    text: str
    choices: tuple[str, ...] = ()
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the client does, because the agent told its user to.

    Attributes:
        action: export, credits, timeline, state, undo, redo, upload or message.
        args: what the action is done with: export options, or ``{"message": …}``.
        text: what is being done, for a person.
    """

    action: str
    args: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    kind: Literal["action"] = "action"


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished video is on the disk."""

    video: Video
    text: str
    kind: Literal["exported"] = "exported"


@dataclass(frozen=True, slots=True)
class CreditsShown:
    """The balance that was asked for."""

    credits: Credits
    text: str
    kind: Literal["credits"] = "credits"


@dataclass(frozen=True, slots=True)
class TimelineShown:
    """The timeline that was asked for; ``text`` is its one-line summary."""

    draft: Draft
    text: str
    kind: Literal["timeline"] = "timeline"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files that the session now has."""

    media: tuple[Media, ...]
    text: str
    kind: Literal["uploaded"] = "uploaded"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user should know about the session itself."""

    text: str
    kind: Literal["notice"] = "notice"


Event: TypeAlias = (
    Text | Working | Progress | Changed | Asked | Action | Exported | CreditsShown | TimelineShown | Uploaded | Notice
)
