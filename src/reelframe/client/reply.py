"""``Reply``: what came of a message, collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelframe.client.events import (
    Action,
    Asked,
    Changed,
    CreditsShown,
    Event,
    Exported,
    Notice,
    Text,
    TimelineShown,
    Uploaded,
)
from reelframe.draft import Change

if TYPE_CHECKING:
    from reelframe.media.video import Video

__all__ = ["Reply"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, collected.

    Attributes:
        text: what the user should read, all of it.
        changes: what changed on the timeline.
        events: everything that happened, in order.
        actions: what the agent told its user to do: done already, unless ``follow_gui`` is off.

    >>> with Client() as c:
    ...     session = c.create_session()
    ...     media = session.upload("mug.jpg", "vase.jpg")
    ...     reply = session.ask("a 4-second video, no text")
    >>> print(reply.changes[0])
    the video now lasts 4s (was 0s)
    """

    text: str = ""
    changes: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def question(self) -> Asked | None:
        """The question that the agent ended with, if it asked one."""
        return next((e for e in reversed(self.events) if isinstance(e, Asked)), None)

    @property
    def videos(self) -> tuple[Video, ...]:
        """The videos that were exported on the way."""
        return tuple(e.video for e in self.events if isinstance(e, Exported))

    @classmethod
    def of(cls, events: Iterable[Event]) -> Reply:
        """Collect events: pieces of text are joined as they are, everything else gets a line."""
        seen = tuple(events)
        text = ""
        for event in seen:
            if isinstance(event, Text):
                text += event.text
            elif event.text and isinstance(
                event, (Asked, Changed, CreditsShown, Exported, Notice, TimelineShown, Uploaded)
            ):
                text = f"{text.rstrip()}\n{event.text}\n"
        changes = tuple(c for e in seen if isinstance(e, Changed) for c in e.changes)
        actions = tuple(e for e in seen if isinstance(e, Action))
        return cls(text.strip(), changes, seen, actions)

    def __str__(self) -> str:
        return self.text
