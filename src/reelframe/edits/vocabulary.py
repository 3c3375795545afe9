"""The edit vocabulary: every change that a request can be turned into, as frozen, typed, strict values.

Every planner emits these and only these; docs/edit-vocabulary.md says what they mean. Times are seconds,
levels 0 to 1 (2 for a volume), sizes relative to the frame's height, angles degrees, colours ``#rrggbb`` or
CSS names. A slot that the request did not set is None, so that "said by the user" and "chosen by us" stay
apart. ``pydantic`` gives the JSON schema that a language model is handed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

__all__ = [
    "CONTROL",
    "OP_NAMES",
    "Op",
    "OpBase",
    "Position",
    "Role",
    "Target",
    "TargetKind",
    "TransitionType",
    "op_from_dict",
    "op_schema",
]

TargetKind = Literal[
    "clip", "title", "caption", "text", "subtitle", "logo", "bgm", "voice", "sfx", "audio", "video",
    "transition", "all", "selection",
]  # fmt: skip
Position = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]
Role = Literal["title", "caption", "lower_third", "credits", "cta", "text", "subtitle"]
TransitionType = Literal[
    "cut", "crossfade", "fade_black", "fade_white", "wipe", "slide", "push", "zoom", "whip", "flash", "blur",
    "circle",
]  # fmt: skip
Fit = Literal["fill", "fit", "blur"]
UpDown = Literal["up", "down"]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Length = Annotated[float, Field(gt=0, le=86_400)]
Span = tuple[Seconds, Seconds]
Unit = Annotated[float, Field(ge=0, le=1)]
# A number is a setting, "up" and "down" are a step from where things stand.
Amount = UpDown | Annotated[float, Field(ge=-1, le=1)]
Aspect = Annotated[str, Field(pattern=r"^\d{1,2}(\.\d{1,2})?:\d{1,2}(\.\d{1,2})?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=5000)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(_Frozen):
    """What an operation is about: a kind, and which of it (1-based, -1 is the last; None: all, or the only one)."""

    kind: TargetKind
    index: int | None = None
    name: str | None = None
    at_s: Seconds | None = None


class OpBase(_Frozen):
    """The base of all operations. ``op`` is the name on the wire."""

    op: str

    def as_dict(self) -> dict[str, Any]:
        """The operation as JSON, without the slots that were not set."""
        return self.model_dump(mode="json", exclude_none=True)


class TextStyle(_Frozen):
    """The style slots that adding and styling a text share."""

    color: str | None = None
    size: UpDown | Annotated[float, Field(gt=0, le=1)] | None = None
    bold: bool | None = None
    italic: bool | None = None
    font: str | None = None
    case: Literal["upper", "lower", "title"] | None = None
    outline: bool | None = None
    shadow: bool | None = None
    box: bool | None = None
    align: Literal["left", "center", "right"] | None = None
    opacity: Unit | None = None


# --- compose ---------------------------------------------------------------------------------------------


class Compose(OpBase):
    """A first cut from media: all, or those named, or those of a kind."""

    op: Literal["compose"] = "compose"
    media: Literal["all"] | tuple[Name, ...] = "all"
    duration_s: Length | None = None
    per_item_s: Length | None = None
    aspect: Aspect | None = None
    title: str | None = None


class SetDuration(OpBase):
    """The whole video's length, exact or at most; ``range`` is which window of the source."""

    op: Literal["set_duration"] = "set_duration"
    duration_s: Length | None = None
    max_duration_s: Length | None = None
    range: Span | None = None


class SetAspect(OpBase):
    """The frame's shape, and how pictures of another shape are fitted into it."""

    op: Literal["set_aspect"] = "set_aspect"
    aspect: Aspect
    fit: Fit | None = None


class SetOutput(OpBase):
    """What the file is to be: height in px, frames per second, container, size limit."""

    op: Literal["set_output"] = "set_output"
    height: Annotated[int, Field(ge=16, le=4320)] | None = None
    fps: Annotated[float, Field(gt=0, le=240)] | None = None
    format: Literal["mp4", "webm", "gif", "mov"] | None = None
    max_bytes: Annotated[int, Field(gt=0)] | None = None


class SetBackground(OpBase):
    """What is behind pictures that do not fill the frame."""

    op: Literal["set_background"] = "set_background"
    color: str | None = None
    blur: bool | None = None
    media: Name | None = None


class IntroOutro(OpBase):
    """An inserted card (it takes time of its own; it is not an overlay)."""

    op: Literal["intro_outro"] = "intro_outro"
    where: Literal["start", "end"] = "start"
    text: Text | None = None
    media: Name | None = None
    duration_s: Length | None = None


# --- segments --------------------------------------------------------------------------------------------


class Trim(OpBase):
    """Seconds taken off the head and the tail."""

    op: Literal["trim"] = "trim"
    target: Target | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


class CutRange(OpBase):
    """A range of the timeline taken out, or kept alone."""

    op: Literal["cut_range"] = "cut_range"
    target: Target | None = None
    range: Span | None = None
    keep_range: Span | None = None


class Split(OpBase):
    """Cuts without removing anything."""

    op: Literal["split"] = "split"
    target: Target | None = None
    at_s: tuple[Seconds, ...] | None = None
    every_s: Length | None = None


class Remove(OpBase):
    """Takes segments out; what follows closes up."""

    op: Literal["remove"] = "remove"
    target: Target


class Reorder(OpBase):
    """Another order of the shots. Numbers are 1-based, -1 is the last."""

    op: Literal["reorder"] = "reorder"
    move: tuple[int, int] | None = None
    swap: tuple[int, int] | None = None
    order: tuple[Name | int, ...] | None = None
    reverse: bool | None = None


class Duplicate(OpBase):
    """A copy of a shot, at position ``to`` (else right after it)."""

    op: Literal["duplicate"] = "duplicate"
    target: Target
    to: int | None = None


class Merge(OpBase):
    """Joins neighbouring shots into one."""

    op: Literal["merge"] = "merge"
    targets: tuple[Target, ...] | None = None


class SetSegmentDuration(OpBase):
    """How long a shot is on screen."""

    op: Literal["set_segment_duration"] = "set_segment_duration"
    target: Target
    duration_s: Length


class Speed(OpBase):
    """Faster (factor above 1) or slower."""

    op: Literal["speed"] = "speed"
    target: Target | None = None
    factor: Annotated[float, Field(ge=0.05, le=100)] | None = None
    direction: UpDown | None = None
    range: Span | None = None


class Reverse(OpBase):
    """Plays backwards."""

    op: Literal["reverse"] = "reverse"
    target: Target | None = None


class Loop(OpBase):
    """Plays several times, or until the shot is full."""

    op: Literal["loop"] = "loop"
    target: Target | None = None
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Freeze(OpBase):
    """Holds a frame."""

    op: Literal["freeze"] = "freeze"
    target: Target | None = None
    at_s: Seconds | None = None
    duration_s: Length | None = None


class Crop(OpBase):
    """Cuts the picture's edges off."""

    op: Literal["crop"] = "crop"
    target: Target | None = None
    aspect: Aspect | None = None


class Zoom(OpBase):
    """A fixed scale: 1.2 shows 1/1.2 of the picture."""

    op: Literal["zoom"] = "zoom"
    target: Target | None = None
    scale: Annotated[float, Field(gt=0, le=20)] | None = None
    direction: Literal["in", "out"] | None = None


class Rotate(OpBase):
    """Clockwise degrees."""

    op: Literal["rotate"] = "rotate"
    target: Target | None = None
    degrees: Annotated[float, Field(ge=-360, le=360)]


class Flip(OpBase):
    """Mirrors left to right (horizontal) or upside down (vertical)."""

    op: Literal["flip"] = "flip"
    target: Target | None = None
    axis: Literal["horizontal", "vertical"] = "horizontal"


class CloseGaps(OpBase):
    """Moves shots together."""

    op: Literal["close_gaps"] = "close_gaps"


class BeatSync(OpBase):
    """Moves the cuts to the music's beats."""

    op: Literal["beat_sync"] = "beat_sync"


# --- text ------------------------------------------------------------------------------------------------


class AddText(TextStyle, OpBase):
    """A text over the picture."""

    op: Literal["add_text"] = "add_text"
    text: Text | None = None
    role: Role = "text"
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    duration_s: Length | None = None
    position: Position | None = None
    target: Target | None = None


class SetText(OpBase):
    """Other words in the same place."""

    op: Literal["set_text"] = "set_text"
    target: Target
    text: Text


class StyleText(TextStyle, OpBase):
    """How a text looks."""

    op: Literal["style_text"] = "style_text"
    target: Target


class Move(OpBase):
    """Where a text, a logo or an overlay stands; ``dx`` and ``dy`` are steps relative to the frame's height."""

    op: Literal["move"] = "move"
    target: Target
    position: Position | None = None
    dx: Annotated[float, Field(ge=-4, le=4)] | None = None
    dy: Annotated[float, Field(ge=-4, le=4)] | None = None


class SetTiming(OpBase):
    """When something is on screen."""

    op: Literal["set_timing"] = "set_timing"
    target: Target
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    duration_s: Length | None = None


Anim = Literal[
    "none", "fade", "slide_up", "slide_down", "slide_left", "slide_right", "pop", "scale", "typewriter",
    "word_by_word", "karaoke", "blur_in",
]  # fmt: skip


class Animate(OpBase):
    """How something comes and goes."""

    op: Literal["animate"] = "animate"
    target: Target
    anim_in: Anim | None = None
    anim_out: Anim | None = None
    duration_s: Length | None = None


class SubtitleLine(_Frozen):
    """One subtitle with its times."""

    start_s: Seconds
    end_s: Seconds
    text: Text


class AddSubtitles(OpBase):
    """Subtitles from a file (its name in the library) or from lines with times."""

    op: Literal["add_subtitles"] = "add_subtitles"
    source: Name | None = None
    lines: tuple[SubtitleLine, ...] | None = None


# --- audio -----------------------------------------------------------------------------------------------


class AddMusic(OpBase):
    """Background music: composed in a mood, or a file of the library."""

    op: Literal["add_music"] = "add_music"
    mood: Name | None = None
    media: Name | None = None
    volume: Annotated[float, Field(ge=0, le=2)] | None = None
    fade_in_s: Seconds | None = None
    fade_out_s: Seconds | None = None


class ChangeMusic(OpBase):
    """Other music, everything else about it kept."""

    op: Literal["change_music"] = "change_music"
    mood: Name | None = None
    media: Name | None = None


class SetVolume(OpBase):
    """A level, or a step in decibels."""

    op: Literal["set_volume"] = "set_volume"
    target: Target
    level: Annotated[float, Field(ge=0, le=2)] | None = None
    delta_db: Annotated[float, Field(ge=-60, le=24)] | None = None


class Mute(OpBase):
    """Silence, all the time or for a range."""

    op: Literal["mute"] = "mute"
    target: Target
    range: Span | None = None


class FadeAudio(OpBase):
    """The sound comes up and goes down."""

    op: Literal["fade_audio"] = "fade_audio"
    target: Target | None = None
    in_s: Seconds | None = None
    out_s: Seconds | None = None


class Duck(OpBase):
    """Music goes down while somebody speaks; negative decibels."""

    op: Literal["duck"] = "duck"
    amount_db: Annotated[float, Field(ge=-60, le=0)] | None = None


class Normalize(OpBase):
    """Loudness of the whole, in LUFS."""

    op: Literal["normalize"] = "normalize"
    lufs: Annotated[float, Field(ge=-60, le=0)] | None = None


class AddSfx(OpBase):
    """A sound effect."""

    op: Literal["add_sfx"] = "add_sfx"
    name: Name | None = None
    at_s: Seconds | None = None


class ExtractAudio(OpBase):
    """The sound as a file of its own."""

    op: Literal["extract_audio"] = "extract_audio"
    target: Target | None = None
    format: Literal["mp3", "wav", "m4a", "aac"] | None = None


# --- look ------------------------------------------------------------------------------------------------


class Look(OpBase):
    """A named grade: warm, cool, cinematic, vibrant, vintage, bw, sepia, teal_orange, …; "none" takes it off."""

    op: Literal["look"] = "look"
    target: Target | None = None
    name: Name


class Adjust(OpBase):
    """Single controls, -1 to 1, or a step."""

    op: Literal["adjust"] = "adjust"
    target: Target | None = None
    brightness: Amount | None = None
    contrast: Amount | None = None
    saturation: Amount | None = None
    temperature: Amount | None = None
    sharpness: Amount | None = None


class Effect(OpBase):
    """blur, vignette, grain, pixelate, glow, …; "none" takes them off."""

    op: Literal["effect"] = "effect"
    target: Target | None = None
    name: Name
    amount: Amount | None = None
    range: Span | None = None


class KenBurns(OpBase):
    """A slow move over a still."""

    op: Literal["ken_burns"] = "ken_burns"
    target: Target | None = None
    direction: Literal["in", "out", "left", "right", "up", "down", "none"] | None = None
    amount: Annotated[float, Field(ge=0, le=2)] | None = None


class Transition(OpBase):
    """How one shot gives way to the next: between two shots, at all cuts, or at the cut nearest to a time."""

    op: Literal["transition"] = "transition"
    between: tuple[int, int] | Literal["all"] | None = None
    at_s: Seconds | None = None
    type: TransitionType = "crossfade"
    duration_s: Length | None = None


class FadeVideo(OpBase):
    """From and to a colour, at the two ends of the video."""

    op: Literal["fade_video"] = "fade_video"
    target: Target | None = None
    in_s: Seconds | None = None
    out_s: Seconds | None = None
    color: str | None = None


class Pace(OpBase):
    """Shorter (up) or longer (down) shots."""

    op: Literal["pace"] = "pace"
    direction: UpDown


# --- overlay ---------------------------------------------------------------------------------------------


class AddLogo(OpBase):
    """A logo over the whole video, or for a while."""

    op: Literal["add_logo"] = "add_logo"
    media: Name | None = None
    position: Position | None = None
    size: Annotated[float, Field(gt=0, le=1)] | None = None
    opacity: Unit | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


class Overlay(OpBase):
    """Picture in picture, a sticker, a watermark."""

    op: Literal["overlay"] = "overlay"
    media: Name | None = None
    position: Position | None = None
    size: Annotated[float, Field(gt=0, le=1)] | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


# --- control ---------------------------------------------------------------------------------------------


class Undo(OpBase):
    """Back by so many steps."""

    op: Literal["undo"] = "undo"
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Redo(OpBase):
    """Forward again by so many steps."""

    op: Literal["redo"] = "redo"
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Export(OpBase):
    """Write the file."""

    op: Literal["export"] = "export"
    height: Annotated[int, Field(ge=16, le=4320)] | None = None
    fps: Annotated[float, Field(gt=0, le=240)] | None = None
    format: Name | None = None
    preset: Name | None = None


class Status(OpBase):
    """Tell the timeline."""

    op: Literal["status"] = "status"


class Credits(OpBase):
    """Tell the balance."""

    op: Literal["credits"] = "credits"


class Upload(OpBase):
    """Take in files."""

    op: Literal["upload"] = "upload"


class Help(OpBase):
    """Tell what can be done."""

    op: Literal["help"] = "help"


Op = Annotated[
    Compose | SetDuration | SetAspect | SetOutput | SetBackground | IntroOutro
    | Trim | CutRange | Split | Remove | Reorder | Duplicate | Merge | SetSegmentDuration | Speed | Reverse
    | Loop | Freeze | Crop | Zoom | Rotate | Flip | CloseGaps | BeatSync
    | AddText | SetText | StyleText | Move | SetTiming | Animate | AddSubtitles
    | AddMusic | ChangeMusic | SetVolume | Mute | FadeAudio | Duck | Normalize | AddSfx | ExtractAudio
    | Look | Adjust | Effect | KenBurns | Transition | FadeVideo | Pace
    | AddLogo | Overlay
    | Undo | Redo | Export | Status | Credits | Upload | Help,
    Field(discriminator="op"),
]  # fmt: skip

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Op)
OP_NAMES: tuple[str, ...] = tuple(cls.model_fields["op"].default for cls in get_args(get_args(Op)[0]))
# Operations that change no timeline: whoever runs the session carries them out.
CONTROL: frozenset[str] = frozenset({"undo", "redo", "export", "status", "credits", "upload", "help", "extract_audio"})


def op_from_dict(data: Any) -> OpBase:  # noqa: ANN401 -- it comes from outside
    """Read one operation strictly.

    Raises:
        pydantic.ValidationError: unknown operation or slot, or a value out of range.
    """
    op: OpBase = _ADAPTER.validate_python(data)
    return op


def op_schema() -> dict[str, Any]:
    """The JSON schema of one operation, for a language model's tool."""
    return _ADAPTER.json_schema()
