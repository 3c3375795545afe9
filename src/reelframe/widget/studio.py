"""``VideoStudio``: the studio as an anywidget.

Two synced traits, ``view`` and ``progress``, are what the browser shows; everything else travels as custom messages
(``messages``). Bytes are buffers of such messages, never traits, so a saved notebook stays small.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget
import traitlets

from reelframe import connect, settings
from reelframe.client import Reply
from reelframe.draft import Brand, Draft
from reelframe.errors import ReelframeError
from reelframe.jobs import Job, background
from reelframe.media import Media, Video
from reelframe.media.formats import ACCEPTED
from reelframe.widget.cells import after_this_cell
from reelframe.widget.core import Source, Studio
from reelframe.widget.fallback import Fallback
from reelframe.widget.messages import Messages
from reelframe.widget.transfer import desk_of
from reelframe.widget.view import View

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["VideoStudio"]

_STATIC: Final = Path(__file__).parent / "static"
# Seconds between two changes of the trait: a Jupyter server drops messages that come too fast.
_PACE: Final = 0.1
# Seconds that a table of the timeline waits for its pictures.
_PICTURES_S: Final = 5.0
# What a notebook that is run without a page (nbclient, papermill) keeps of a widget: nothing that works without a
# kernel. The static output beside it has the poster and the tracks.
_KEPT: Final[dict[str, Any]] = {"_esm": "export default { render() {} };", "_css": "", "view": {}, "progress": None}


class VideoStudio(anywidget.AnyWidget):
    """A video studio in a notebook cell: drop media, type what you want, watch, refine, export.

    Args:
        backend: "local" (this machine), "nemo" (the hosted service), or a server's URL.
        project: the project's name; exports are called after it.
        brand: colours, font, the logo's place, the texts' look, for all that is made: an ``rf.Brand`` or a mapping.
        options: as ``rf.AsyncClient`` takes them: token, language, timing, …

    Everything that the widget does can be done from a cell, and shows in the widget's log:

    >>> studio = VideoStudio()
    >>> media = studio.upload("mug.jpg", "vase.jpg", "logo.png").result()
    >>> job = studio.send("a 4-second video with calm music")  # at once; job.result() waits
    >>> job.result().text.splitlines()[0]
    '- Made a video of 2 photos: 4 s, 1920x1080 (16:9).'
    >>> float(studio.timeline["duration_s"].max())
    4.0
    >>> studio.undo().result().text.splitlines()[0]
    'Undid "a 4-second video with calm music".'
    >>> studio.close()
    """

    _esm = _STATIC / "widget.js"
    _css = _STATIC / "widget.css"
    view = traitlets.Dict().tag(sync=True)
    # Apart from the view, because it changes often: the log need not travel with each percent.
    progress: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    # The class of the static output that a live page hides.
    fallback = traitlets.Unicode().tag(sync=True)
    # What the browser's file dialog offers.
    accept = traitlets.Unicode(",".join(f".{e}" for f in ACCEPTED.values() for e in f.extensions)).tag(sync=True)

    def __init__(
        self,
        backend: str = "local",
        *,
        project: str = "project",
        brand: Brand | Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401 -- passed on
    ) -> None:
        self._lock = threading.RLock()
        self._waiting: View | None = None
        self._paced = False
        self._studio = Studio(backend, project=project, brand=brand, on_change=self._changed, **options)
        self._messages = Messages(self._studio, desk_of(settings.home() / "widget" / "uploads"))
        # After all that can fail: a widget that is half made would still be closed by its own __del__.
        super().__init__()
        self.view = self._studio.view.as_dict()
        self._fallback = Fallback()
        self.fallback = self._fallback.css_class
        self._free_the_cancel_button()
        self._keep_notebooks_small()
        self.on_msg(self._received)
        if backend == "local":
            # Not before: the cell that shows the widget should end at once.
            after_this_cell(connect.warm_up)

    # -- from a cell --------------------------------------------------------------------------------

    def upload(self, *sources: Source, role: str | None = None) -> Job[tuple[Media, ...]]:
        """Hand files over: paths, folders, http(s) URLs, or (name, bytes) pairs. Returns a ``Job`` at once."""
        return self._studio.upload(*sources, role=role)

    def send(self, text: Any, buffers: Any = None) -> Any:  # noqa: ANN401 -- see below
        """Say what you want, as if typed into the widget. Returns a ``Job`` of a ``Reply`` at once.

        (``ipywidgets.Widget.send`` has the same name; what is no text is passed on to it.)
        """
        if not isinstance(text, str):
            return super().send(text, buffers)
        return self._studio.send(text)

    def undo(self, count: int = 1) -> Job[Reply]:
        """Take the last request back."""
        return self._studio.undo(count)

    def redo(self, count: int = 1) -> Job[Reply]:
        """Take the undo back."""
        return self._studio.redo(count)

    def export(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        preset: str | None = None,
        quality: str = "high",
        **output: Any,  # noqa: ANN401 -- width, height, fps, format
    ) -> Job[Video]:
        """Write the file; ``./<project>-<n>.mp4`` without a path. Returns a ``Job`` of a ``Video``."""
        return self._studio.export(path, preset=preset, quality=quality, **output)

    def cancel(self) -> bool:
        """Stop what is running."""
        return self._studio.cancel()

    @property
    def draft(self) -> Draft:
        """The timeline, as of the last answer."""
        return self._studio.draft

    @property
    def timeline(self) -> pd.DataFrame:
        """The timeline as a table, a row per segment, as of the last answer: edit a copy, then ``apply`` it."""
        from reelframe.tables import timeline_frame  # noqa: PLC0415 -- pandas

        pictures = dict(self._studio.thumbnails)
        if threading.current_thread() is not background().thread:
            # A table without pictures is better than none.
            with contextlib.suppress(ReelframeError, TimeoutError):
                pictures = background().run(self._studio.pictures(), _PICTURES_S)
        return timeline_frame(self._studio.draft, pictures)

    def apply(self, edited: pd.DataFrame) -> Job[Reply]:
        """Make the timeline what an edited copy of ``timeline`` says, in one step of undo. Returns a ``Job``.

        Cells that can't be applied are told all at once, and then nothing is changed (``TableError``).
        """
        return self._studio.apply(edited)

    @property
    def media(self) -> tuple[Media, ...]:
        """The files of the session, in order."""
        return self._studio.view.media

    # ipywidgets 7 would show the widget in a way of its own, and ask for no mimebundle.
    _ipython_display_ = None

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401 -- anywidget's own
        # A saved notebook that nobody runs shows an ordinary output; while the widget lives, its page hides that.
        self._fallback.show()
        return super()._repr_mimebundle_(**kwargs)

    def close(self) -> None:
        """Stop everything, and take the widget off the page."""
        # ipywidgets calls this from ``__del__`` as well; when Python ends, the loop's thread is gone before that.
        if hasattr(self, "_studio") and not sys.is_finalizing():
            self._studio.close()
            super().close()

    def __repr__(self) -> str:
        return f"<VideoStudio {self._studio.project}: {self._studio.view.summary or 'empty'}>"

    # -- the trait ----------------------------------------------------------------------------------

    def _changed(self, view: View) -> None:
        # On the background loop: at once when nothing was shown lately, else with the next beat.
        self._waiting = view
        if not self._paced:
            self._paced = True
            self._flush()
            background().loop.call_later(_PACE, self._beat)

    def _beat(self) -> None:
        if self._waiting is None:
            self._paced = False
        else:
            self._flush()
            background().loop.call_later(_PACE, self._beat)

    def _flush(self) -> None:
        view, self._waiting = self._waiting, None
        if view is not None:
            # Two threads that set traits at a time have been seen to leave stale state in the browser.
            with self._lock:
                self.view = view.as_dict()
                self.progress = view.progress_dict()
                self._keep_notebooks_small()
            self._fallback.changed(view, self._studio)

    def _keep_notebooks_small(self) -> None:
        """Tell what is to be saved with a notebook that nobody looks at.

        nbclient keeps whatever "state" the messages to a page have; a page takes it from updates only, and not from
        custom messages. So this one reaches the file and leaves the page alone.
        """
        self._send({"method": "custom", "content": {"v": 1, "id": "", "kind": "kept"}, "state": _KEPT})

    def _free_the_cancel_button(self) -> None:
        # ipykernel 7.4 sends an answer to the shell that published last, which may be the one that is busy
        # with a cell; then nothing would be heard until the cell ends. Private, so it is looked for first.
        if hasattr(self.comm, "_reply_subshell_for"):
            self.comm._reply_subshell_for = lambda _data, default: default  # noqa: SLF001 -- see above

    # -- messages -----------------------------------------------------------------------------------

    def _received(self, _widget: Any, content: Any, buffers: Sequence[Any]) -> None:  # noqa: ANN401 -- from outside
        if isinstance(content, dict) and content.get("v") == 1:
            background().submit(self._answer(content, list(buffers)))

    async def _answer(self, content: dict[str, Any], buffers: list[Any]) -> None:
        if (answer := await self._messages.answer(content, buffers)) is not None:
            self.send_message(*answer)

    def send_message(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        """Send one custom message to the browser; ``send`` is for people."""
        super().send(content, buffers)
