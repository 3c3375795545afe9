"""Opening a container with FFmpeg so that it can read that one file and nothing else (worker only)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn, cast

import av
import av.error
import av.logging
from av.container import InputContainer
from av.stream import Disposition

from reelframe.media.formats import ACCEPTED
from reelframe.media.framing import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from av.packet import Packet
    from av.stream import Stream
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

__all__ = ["MAX_STREAMS", "Source", "decoded", "open_source", "packets", "reopened", "seek"]

MAX_STREAMS: Final = 32
MAX_VIDEO_PIXELS: Final = 8192 * 4608
MAX_ERRORS: Final = 200

av.logging.set_level(None)


@dataclass(slots=True)
class Source:
    """An open container and the streams in it that matter.

    Attributes:
        file: the open file.
        fmt: its format's name.
        container: FFmpeg's view of the file.
        video: the first stream of moving pictures; cover art does not count.
        audio: the first stream of sound that there is a decoder for.
        zero_s: the container's time that is 0 for us: where its presentation starts.
        alpha_decoder: for VP8 and VP9 with alpha, which FFmpeg's own decoders leave out.
    """

    file: BinaryIO
    fmt: str
    container: InputContainer
    video: VideoStream | None
    audio: AudioStream | None
    zero_s: float
    alpha_decoder: VideoCodecContext | None = None


def open_source(file: BinaryIO, fmt: str) -> Source:
    """Open by the demuxer of the sniffed format; never by FFmpeg's own guess.

    The demuxer is handed an open file and no name, other protocols are switched off, and whatever else it
    asks to open is refused: a playlist inside a container leads nowhere.
    """
    try:
        container = av.open(
            file,
            "r",
            format=ACCEPTED[fmt].demuxer,
            options={"protocol_whitelist": "nothing", "max_streams": str(4 * MAX_STREAMS)},
            metadata_errors="replace",
            buffer_size=1 << 17,
            io_open=_refuse,
        )
    except (av.error.FFmpegError, ValueError) as error:
        index = " (the index that players need is missing)" if "mov" in ACCEPTED[fmt].demuxer else ""
        reason = f"is cut off or damaged: it begins like {fmt.upper()}, but can't be opened{index}"
        raise Fault(reason, "Export or download it again.") from error
    count = len(container.streams)
    if count > MAX_STREAMS:
        msg = f"has {count} streams, over the limit of {MAX_STREAMS}"
        raise Fault(msg, "Export it with one picture and one sound stream.")
    video = next((s for s in container.streams.video if _decodable(s) and not _is_cover(s)), None)
    audio = next((s for s in container.streams.audio if _decodable(s)), None)
    start = container.start_time
    zero_s = max(0.0, start / av.time_base) if start else 0.0
    return Source(file, fmt, container, video, audio, zero_s, _alpha_decoder(video))


def reopened(source: Source) -> Source:
    """The same file from its start. Seeking to 0 is not enough: without an index it fails, or stays at the end."""
    source.container.close()
    source.file.seek(0)
    return open_source(source.file, source.fmt)


def decoded(source: Source, stream: VideoStream | AudioStream) -> Iterator[Any]:
    """Frames from where the container stands, damaged packets skipped; up to ``MAX_ERRORS`` of them.

    FFmpeg's own generator would end at the first bad packet, where players go on.
    """
    errors = 0
    for packet in packets(source, stream):
        try:
            frames = _decode(source, packet)
        except (av.error.FFmpegError, UnicodeDecodeError, AttributeError) as error:
            if isinstance(error, av.error.EOFError):
                return
            errors += 1
            if errors > MAX_ERRORS:
                return
            continue
        yield from frames


def packets(source: Source, *streams: Stream) -> Iterator[Packet[Any]]:
    """Packets from where the container stands; a read error is stepped over a few times, then the end."""
    errors = 0
    while True:
        try:
            yield from source.container.demux(*streams)
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, UnicodeDecodeError):
            errors += 1
            if errors > 10:  # each retry moves on at least a packet, or never will
                return
        else:
            return


def seek(source: Source, stream: Stream, time_s: float) -> bool:
    """Stand at or before ``time_s`` (in our time, from ``zero_s``); False when the container can't."""
    base = stream.time_base
    if base is None:
        return False
    at = max(0.0, time_s) + source.zero_s
    try:
        source.container.seek(int(at / base), stream=stream, backward=True)
        if source.alpha_decoder is not None:
            source.alpha_decoder.flush_buffers()
    except av.error.FFmpegError:
        return False
    return True


def _decode(source: Source, packet: Packet[Any]) -> list[Any]:
    decoder = source.alpha_decoder
    if decoder is None or packet.stream is not source.video:
        return list(packet.decode())
    return list(decoder.decode(packet if packet.size else None))


def _alpha_decoder(stream: VideoStream | None) -> VideoCodecContext | None:
    """Libvpx's decoder for a stream that says it has alpha; None where the first will do."""
    if stream is None or stream.metadata.get("alpha_mode", stream.metadata.get("ALPHA_MODE")) != "1":
        return None
    name = {"vp8": "libvpx", "vp9": "libvpx-vp9"}.get(stream.codec_context.codec.canonical_name, "")
    if name not in av.codecs_available:
        return None
    decoder = av.CodecContext.create(name, "r")
    decoder.extradata = stream.codec_context.extradata
    return cast("VideoCodecContext", decoder)


def _is_cover(stream: Stream) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _decodable(stream: Any) -> bool:  # noqa: ANN401 -- PyAV's streams share no useful base
    return getattr(stream, "codec_context", None) is not None


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    _ = url, flags, options
    msg = "media files may not open other files"
    raise PermissionError(msg)
