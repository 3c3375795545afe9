"""What each operation does, one module for each family of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reelframe.draft import Draft
from reelframe.edits import vocabulary as v
from reelframe.edits.families import (
    ahead,
    arrivals,
    audio,
    compose,
    duration,
    frame,
    look,
    overlay,
    segments,
    text,
)
from reelframe.edits.timeline import Context

__all__ = ["HANDLERS", "Handler"]

# Any: each handler takes its own operation, and the table pairs them.
Handler = Callable[[Draft, Any, Context], Draft]

HANDLERS: Final[Mapping[type[v.OpBase], Handler]] = {
    v.Compose: compose.compose,
    v.SetDuration: duration.set_duration,
    v.SetAspect: frame.set_aspect,
    v.SetOutput: frame.set_output,
    v.SetBackground: frame.set_background,
    v.IntroOutro: frame.intro_outro,
    v.Trim: segments.trim,
    v.CutRange: segments.cut_range,
    v.Split: segments.split,
    v.Remove: segments.remove,
    v.Reorder: segments.reorder,
    v.Duplicate: segments.duplicate,
    v.InsertMedia: arrivals.insert_media,
    v.ReplaceMedia: arrivals.replace_media,
    v.Merge: segments.merge,
    v.SetSegmentDuration: duration.set_segment_duration,
    v.Speed: duration.speed,
    v.Reverse: segments.reverse,
    v.Loop: segments.loop,
    v.Freeze: segments.freeze,
    v.Crop: look.crop,
    v.Zoom: look.zoom,
    v.Rotate: look.rotate,
    v.Flip: look.flip,
    v.CloseGaps: segments.close_gaps,
    v.BeatSync: segments.beat_sync,
    v.AddText: text.add_text,
    v.SetText: text.set_text,
    v.StyleText: ahead.kept(text.style_text),
    v.Move: ahead.kept(text.move),
    v.SetTiming: text.set_timing,
    v.Animate: ahead.kept(text.animate),
    v.AddSubtitles: text.add_subtitles,
    v.AddMusic: audio.add_music,
    v.ChangeMusic: audio.change_music,
    v.SetVolume: audio.set_volume,
    v.Mute: audio.mute,
    v.FadeAudio: audio.fade_audio,
    v.Duck: audio.duck,
    v.Normalize: audio.normalize,
    v.AddSfx: audio.add_sfx,
    v.Look: look.look,
    v.Adjust: look.adjust,
    v.Effect: look.effect,
    v.KenBurns: look.ken_burns,
    v.Transition: look.transition,
    v.FadeVideo: look.fade_video,
    v.Pace: duration.pace,
    v.AddLogo: overlay.add_logo,
    v.Overlay: overlay.overlay,
}
