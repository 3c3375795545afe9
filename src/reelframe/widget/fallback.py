"""What a saved notebook shows in the widget's place when no kernel runs: a poster and the tracks, as ordinary HTML.

It is an output of its own beside the widget's. The live widget's page hides it (``Fallback.css_class``), and it is
renewed in place whenever the timeline has changed, so that what is saved is how things stood.
"""

from __future__ import annotations

import base64
import html
import uuid
from typing import TYPE_CHECKING, Any, Final

from IPython.display import display

from reelframe.errors import ReelframeError
from reelframe.jobs import background
from reelframe.widget.cells import after_each_cell, in_kernel
from reelframe.widget.view import View

if TYPE_CHECKING:
    from reelframe.widget.core import Studio

__all__ = ["Fallback", "fallback_html"]

# Bytes of a poster and of the list: with the HTML around them well under 20 KB.
_POSTER: Final = 9_000
_NAMES: Final = 12


def fallback_html(view: View, css_class: str, poster: bytes = b"") -> str:
    """The timeline as HTML without scripts: a poster, the length, and what each track holds.

    Args:
        view: what the widget shows.
        css_class: by which the live widget finds and hides it.
        poster: a small JPEG; a large one is left out.
    """
    if not view.timeline:
        inner = "<p>Video studio: nothing on the timeline yet. Run the cell to begin.</p>"
    else:
        picture = ""
        if 0 < len(poster) <= _POSTER:
            source = base64.b64encode(poster).decode()
            picture = f'<img alt="First picture of the video" width="160" src="data:image/jpeg;base64,{source}">'
        rows = "".join(_row(track) for track in view.timeline)
        seconds = view.duration_ms / 1000
        caption = f"Video studio: a video of {seconds:g} s. Run the cell to go on with it."
        inner = f"{picture}<p>{html.escape(caption)}</p><table>{rows}</table>"
    return f'<div class="rf-static {css_class}">{inner}</div>'


def _row(track: Any) -> str:  # noqa: ANN401 -- a mapping of the view
    names = [
        f"{s['name'][:60] or 'untitled'} ({s['start_ms'] / 1000:g}\N{EN DASH}{s['end_ms'] / 1000:g} s)"
        for s in track["segments"]
    ]
    more = [f"and {len(names) - _NAMES} more"] if len(names) > _NAMES else []
    text = ", ".join([*names[:_NAMES], *more])
    return f"<tr><th>{html.escape(track['label'])}</th><td>{html.escape(text)}</td></tr>"


class Fallback:
    """The second output of one widget: shown with it, renewed with it."""

    def __init__(self) -> None:
        self.css_class = f"rf-static-{uuid.uuid4().hex[:12]}"
        self._shown = False
        self._of: Any = None
        self._html = fallback_html(View(), self.css_class)
        self._published = ""

    def show(self) -> None:
        """Put it into the cell's output, where there is an IPython kernel that has outputs."""
        if in_kernel():
            _display(self._html, self.css_class, update=False)
            self._published = self._html
            if not self._shown:
                self._shown = True
                after_each_cell(self._cell_ended)

    def _cell_ended(self) -> None:
        # Who runs a notebook without a page hears only what belongs to a cell, and this does.
        if self._published != self._html:
            self._publish()

    def _publish(self) -> None:
        self._published = self._html
        _display(self._html, self.css_class, update=True)

    def changed(self, view: View, studio: Studio) -> None:
        """Renew it after a change of the timeline, once nothing is at work. On the background loop."""
        if view.job not in {"", "preview"} or view.timeline == self._of:
            return
        self._of = view.timeline
        background().submit(self._renew(view, studio))

    async def _renew(self, view: View, studio: Studio) -> None:
        poster = b""
        shots = [s["media"] for track in view.timeline if track["main"] for s in track["segments"] if s["media"]]
        if shots:
            try:
                poster = await studio.thumbnail(shots[0])
            except ReelframeError:
                poster = b""
        if view.timeline != self._of:
            return
        self._html = fallback_html(view, self.css_class, poster)
        if self._shown:
            # A page takes it at once, whatever cell it belongs to; the end of the cell tells it once more.
            _display(self._html, self.css_class, update=True)


def _display(text: str, display_id: str, *, update: bool) -> None:
    display(  # type: ignore[no-untyped-call]
        {"text/html": text, "text/plain": ""}, raw=True, display_id=display_id, update=update
    )
