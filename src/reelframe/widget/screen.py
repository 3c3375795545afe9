"""What is on the screen now, and who is told when that changes."""

from __future__ import annotations

from collections.abc import Callable

from reelframe.errors import MediaError
from reelframe.jobs import background
from reelframe.media import Video
from reelframe.widget import view as views
from reelframe.widget.view import Film, View, Who

__all__ = ["Screen", "soon"]


class Screen:
    """The view of one studio. Only the background loop changes it.

    Args:
        on_change: called on the background thread whenever the view has changed; must not block.
    """

    def __init__(self, on_change: Callable[[View], None]) -> None:
        self.view = View()
        self.on_change = on_change
        self._revision = 0

    def show(self, view: View) -> None:
        """Show this from now on."""
        self.view = view
        self.on_change(view)

    def say(self, who: Who, text: str) -> None:
        """One more line of the log."""
        self.show(views.said(self.view, who, text))

    def next_revision(self) -> int:
        """The number of the next film; each is greater than all before it."""
        self._revision += 1
        return self._revision

    def film(self, video: Video, name: str = "") -> Film:
        """A finished file as the page is told of it, under this name or its own. Reads the file's head."""
        called = name or (video.path.name if video.path is not None else "")
        try:
            shape = video.duration_s, video.width, video.height
        except MediaError:
            # Subtitles, or a timeline for another editor: a file all the same.
            shape = 0.0, 0, 0
        return Film(self.next_revision(), called, video.size_bytes, *shape)


def soon(action: Callable[[], None]) -> None:
    """Have this done on the background loop, from any thread."""
    background().loop.call_soon_threadsafe(action)
