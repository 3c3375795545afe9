"""Where the beats of a timeline's music lie: what ``edits.apply`` asks when shots are to follow them."""

from __future__ import annotations

from collections.abc import Sequence

from reelframe.draft import Draft, Segment
from reelframe.edits.timeline import BeatFinder
from reelframe.media.model import Library

__all__ = ["beat_finder"]


def beat_finder(draft: Draft, library: Library) -> BeatFinder:
    """A function that tells the beats of a music segment in seconds from its start; empty where there are none.

    Composed music knows its own beats; those of a file are listened for, which takes a moment.
    """

    def beats(segment: Segment) -> Sequence[float]:
        from reelframe.render import sound  # noqa: PLC0415 -- numerics, when somebody asks for beats

        seconds = segment.duration_ms / 1000
        said = segment.get("music")
        if isinstance(said, dict):
            seed = int(said.get("seed", draft.get("seed", 0)))
            grid = sound.beat_grid(str(said.get("mood") or "upbeat"), seconds, seed)
            return [float(t) for t in grid]
        media = library.get(segment.media) if segment.media else None
        if media is None or media.path is None or not media.path.exists():
            return []
        from reelframe.media import load_audio  # noqa: PLC0415 -- codecs
        from reelframe.render.resolve import keeps_to_bars  # noqa: PLC0415 -- as above

        if keeps_to_bars(segment, media):
            whole = load_audio(media.path, duration_s=seconds + sound.CONTEXT_S)
            return sound.cut_at_bar(whole, seconds).beats
        start_s = float(segment.get("in", 0)) / 1000
        heard = sound.track_beats(load_audio(media.path, start_s=start_s, duration_s=seconds))
        return [] if heard is None else [float(t) for t in heard.times]

    return beats
