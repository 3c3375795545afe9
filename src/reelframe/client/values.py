"""The values that the client hands out: ``Server``, ``Credits``, ``State``, ``Capabilities``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from reelframe.client.policy import Timing
from reelframe.draft import Draft
from reelframe.media.model import Media

if TYPE_CHECKING:
    from reelframe.client.inprocess import InProcessTransport

__all__ = ["Capabilities", "Credits", "Server", "State", "media_of"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that speaks the protocol, and how it is reached.

    Attributes:
        base_url: ``scheme://host[:port]``, without a trailing slash.
        transport: how requests travel; None is the network.
        name: what a person calls it: "hosted", "local", …
        timing: its pace, when it is known beforehand.
        token: a bearer token that goes with the server; never shown.
        local: it runs on this machine for this user: no anonymous token is asked for or stored.
    """

    base_url: str
    transport: InProcessTransport | None = field(default=None, repr=False)
    name: str = "hosted"
    timing: Timing | None = None
    token: str | None = field(default=None, repr=False)
    local: bool = False


@dataclass(frozen=True, slots=True)
class Credits:
    """The balance: ``frozen`` credits are held by work in progress."""

    available: float
    frozen: float
    total: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do beyond the published protocol.

    Attributes:
        server: "reelframe" for an embedded backend, "" for a server without extensions.
        features: undo, redo, apply, selection, preview, cancel, roles, media, thumbnails, suggestions, presets, …
        formats: file formats that it can export.
        presets: names of the export presets that it knows.
        max_height: of an export, in pixels; None when the published limit (1080x1920) holds.
        timing: the pace that it asks for.
    """

    server: str = ""
    version: str = ""
    features: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ("mp4",)
    presets: tuple[str, ...] = ()
    max_height: int | None = None
    credits_enforced: bool = True
    timing: Timing | None = None

    @property
    def embedded(self) -> bool:
        """Whether it is one of reelframe's own backends."""
        return self.server == "reelframe"

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Self:
        """Read the answer of ``GET /api/ext/capabilities``; what is missing or odd keeps its default."""

        def names(key: str) -> tuple[str, ...]:
            value = data.get(key)
            return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()

        timing, height = data.get("timing"), data.get("max_height")
        return cls(
            server=str(data.get("server") or ""),
            version=str(data.get("version") or ""),
            features=frozenset(names("features")),
            formats=names("formats") or ("mp4",),
            presets=names("presets"),
            max_height=height if isinstance(height, int) else None,
            credits_enforced=bool(data.get("credits_enforced", True)),
            timing=Timing.from_wire(timing) if isinstance(timing, dict) else None,
        )


@dataclass(frozen=True, slots=True)
class State:
    """Where a session stands.

    Attributes:
        draft: the timeline.
        video_infos: what the server knows of the media, as it spells it.
        generated_media: what it has made: renders, generated clips.
        canvas_config: width, height, fps, as far as the server says.
        media: the media of ``video_infos`` that are spelled in full (the embedded backend's are).
        project: the project's name, "" when the server does not say.
        can_undo: how many steps can be taken back; 0 when the server does not say.
        can_redo: how many can be taken forward again.
    """

    draft: Draft = field(default_factory=Draft)
    video_infos: tuple[Mapping[str, Any], ...] = ()
    generated_media: tuple[Mapping[str, Any], ...] = ()
    canvas_config: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[Media, ...] = ()
    project: str = ""
    can_undo: int = 0
    can_redo: int = 0

    @classmethod
    def from_wire(cls, data: Mapping[str, Any]) -> Self:
        """Read ``data.state``, or ``data`` where the server puts the keys right there.

        Raises:
            DraftError: the timeline itself can't be read.
        """
        inner = data.get("state")
        state: Mapping[str, Any] = inner if isinstance(inner, Mapping) else data
        infos = _dicts(state.get("video_infos"))
        canvas, project = state.get("canvas_config"), state.get("project")
        return cls(
            draft=Draft.from_wire(state.get("draft")),
            video_infos=infos,
            generated_media=_dicts(state.get("generated_media")),
            canvas_config=dict(canvas) if isinstance(canvas, Mapping) else {},
            media=tuple(m for info in infos if (m := media_of(info)) is not None),
            project=project if isinstance(project, str) else "",
            can_undo=_count(state.get("can_undo")),
            can_redo=_count(state.get("can_redo")),
        )


def media_of(info: Any) -> Media | None:  # noqa: ANN401 -- it comes from outside
    """A ``Media`` as the embedded backend spells it, None for anything else."""
    try:
        return Media.model_validate(info)
    except ValidationError:
        return None


def _count(value: Any) -> int:  # noqa: ANN401 -- it comes from outside
    return value if isinstance(value, int) and value > 0 else 0


def _dicts(value: Any) -> tuple[Mapping[str, Any], ...]:  # noqa: ANN401 -- it comes from outside
    # The hosted service gives lists; a mapping by id has been seen in the wild too.
    if isinstance(value, Mapping):
        value = list(value.values())
    return tuple(v for v in value if isinstance(v, Mapping)) if isinstance(value, list) else ()
