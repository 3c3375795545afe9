"""Planes to H.264 or VP9, samples to AAC, Opus or MP3: one encoder for each piece; pieces are joined by copying."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal, cast, get_args

import av
import av.error
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from reelframe.errors import ConfigurationError
from reelframe.render.h264 import Freezer, Stretch, read_headers
from reelframe.render.planes import Planes

__all__ = [
    "AAC",
    "AUDIO_RATE",
    "MP3",
    "OPUS",
    "QUALITIES",
    "AudioCodec",
    "Encoded",
    "Packet",
    "Quality",
    "QualityName",
    "VideoCodec",
    "VideoSettings",
    "audio_frame",
    "audio_packets",
    "decode_audio",
    "encode_audio",
    "encode_video",
    "frame_planes",
    "quality_of",
    "tag_bt709",
]

AUDIO_RATE: Final = 48_000
_GLOBAL_HEADER: Final = 1 << 22
_GOLDEN: Final = 0.6180339887
BT709_TAG: Final = 1
LIMITED_TAG: Final = 1

QualityName = Literal["preview", "low", "medium", "high"]
VideoCodec = Literal["libx264", "libvpx-vp9"]


@dataclass(frozen=True, slots=True)
class AudioCodec:
    """How sound is encoded. ``repr`` is part of the sound's key.

    Attributes:
        encoder: FFmpeg's name of it.
        decoder: of the one that hears what a player hears.
        bits: a second, both channels together.
        frame: samples in a packet.
        run_up: samples at the beginning of what a bare decoder gives that are not part of the sound.
    """

    encoder: str
    decoder: str
    bits: int
    frame: int
    run_up: int = 0

    def at(self, bits: int) -> AudioCodec:
        """The same with another bit rate."""
        return replace(self, bits=bits)


AAC: Final = AudioCodec("aac", "aac", 200_000, 1024, 1024)
OPUS: Final = AudioCodec("libopus", "libopus", 160_000, 960)
MP3: Final = AudioCodec("libmp3lame", "mp3float", 192_000, 1152, 1105)


@dataclass(frozen=True, slots=True)
class Quality:
    """How hard the encoder tries (preset) and how good the picture is to be (crf, smaller is better).

    With VP9 it may be worse where it would take more than ``most_bits`` a second; 0 sets no such limit.
    """

    preset: str
    crf: float
    params: str = ""
    most_bits: int = 0

    def at(self, crf: float) -> Quality:
        """The same effort for another picture quality."""
        return replace(self, crf=crf)

    def within(self, most_bits: int) -> Quality:
        """The same with a bit rate that it must not pass."""
        return replace(self, most_bits=most_bits)


# Look-ahead with macroblock trees halves the size of a superfast encode at the same quality and costs
# a tenth of its time: it lets x264 see that a slowly moving photo is worth its bits for a long while.
# B-frames that refer to one another gain next to nothing here, and cost 20 MB for each encoder at 1080p. Choosing how
# many to have in a row costs a tenth of the time; always four are smaller than three. Looking for cuts costs another
# tenth, and pieces begin where shots do.
_TREE: Final = "mbtree=1:rc-lookahead=10:b-pyramid=none:b-adapt=0:bframes=4:scenecut=0"
QUALITIES: Final = MappingProxyType(
    {
        "preview": Quality("ultrafast", 25),
        "low": Quality("superfast", 26.6, _TREE),
        "medium": Quality("superfast", 23.1, _TREE),
        "high": Quality("superfast", 20.6, _TREE),
    }
)


# libvpx's scale goes to 63. These look as good as x264's of the same name: the PSNR of both is measured side by side.
VP9_QUALITIES: Final = MappingProxyType(
    {
        "preview": Quality("6", 46),
        "low": Quality("4", 41),
        "medium": Quality("4", 36),
        "high": Quality("4", 32),
    }
)


def quality_of(name: str, codec: VideoCodec = "libx264") -> Quality:
    """The quality of this name.

    Raises:
        ConfigurationError: there is none.
    """
    if name not in QUALITIES:
        message = f"The quality {name!r} is not known."
        raise ConfigurationError(message, hint=f"There are: {', '.join(get_args(QualityName))}.")
    return (QUALITIES if codec == "libx264" else VP9_QUALITIES)[name]


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """Everything about the encoder that decides bytes. ``repr`` is part of every key."""

    width: int
    height: int
    fps: int
    quality: Quality
    encoder: str
    codec: VideoCodec = "libx264"

    @classmethod
    def of(cls, width: int, height: int, fps: int, quality: Quality, codec: VideoCodec = "libx264") -> VideoSettings:
        """The settings for a frame, with the versions of the libraries that make the bytes."""
        versions = av.library_versions
        return cls(width, height, fps, quality, f"{codec} {versions.get('libavcodec')} {np.__version__}", codec)

    @property
    def holds_pictures(self) -> bool:
        """Whether frames that show nothing new can be put in between: no B-frame may be what others refer to."""
        q = self.quality
        return self.codec == "libx264" and (q.preset == "ultrafast" or "b-pyramid=none" in q.params.split(":"))

    def piece(self, nth: int) -> VideoSettings:
        """The settings of the film's piece ``nth``.

        VP9's quality has whole steps. A fraction is the share of the pieces that are one step worse: those whose place
        in the sequence of the golden ratio is below it, so that they are spread out, and more of them for more.
        """
        whole, share = divmod(self.quality.crf, 1)
        if self.codec == "libx264" or share == 0:
            return self
        return replace(self, quality=self.quality.at(whole + (nth * _GOLDEN % 1 < share)))

    def options(self) -> dict[str, str]:
        """As the encoder wants them. One thread each: the pieces are what runs in parallel."""
        if self.codec == "libvpx-vp9":
            return {
                "deadline": "good",
                "cpu-used": self.quality.preset,
                "crf": f"{self.quality.crf:.0f}",
                "threads": "1",
                "lag-in-frames": "16",
            }
        params = "open-gop=0:stitchable=1" + (f":{self.quality.params}" if self.quality.params else "")
        return {
            "preset": self.quality.preset,
            "crf": f"{self.quality.crf:g}",
            "profile": "high",
            "threads": "1",
            "x264-params": params,
        }


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded frame; times in units of the stream's time base (1/fps, or 1/48000)."""

    data: bytes
    pts: int
    dts: int
    key: bool = True


@dataclass(frozen=True, slots=True)
class Encoded:
    """A stretch of an encoded stream and the header that decodes it."""

    header: bytes
    packets: tuple[Packet, ...]


def tag_bt709(codec: Any) -> None:  # noqa: ANN401 -- av's codec context
    """Say how the numbers are to be read: BT.709, limited range."""
    codec.color_primaries = BT709_TAG
    codec.color_trc = BT709_TAG
    codec.colorspace = BT709_TAG
    codec.color_range = LIMITED_TAG


def video_codec(settings: VideoSettings) -> Any:  # noqa: ANN401 -- av's codec context
    """A fresh encoder."""
    codec: Any = av.CodecContext.create(settings.codec, "w")
    codec.width, codec.height, codec.pix_fmt = settings.width, settings.height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, settings.fps), Fraction(settings.fps)
    codec.flags |= _GLOBAL_HEADER
    codec.options = settings.options()
    if settings.codec == "libvpx-vp9":
        # Without a bit rate the quality alone is what counts; with one it is libvpx's constrained quality.
        codec.bit_rate = settings.quality.most_bits
    tag_bt709(codec)
    return codec


def frame_planes(frame: av.VideoFrame) -> Planes:
    """The encoder's own memory as planes: what is painted here is not copied before it is encoded."""
    y, u, v = (
        np.frombuffer(cast("Any", plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    return y, u, v


def encode_video(
    settings: VideoSettings, frames: int, paint: Callable[[int, Planes], None], still: Sequence[Stretch] = ()
) -> Encoded:
    """Encode one piece.

    Args:
        settings: the frame and the encoder.
        frames: how many there are.
        paint: called with 0, 1, … and the planes to fill. They still hold the frame before, so it may leave them.
        still: frames that show what the one before them does, in order; they are not painted, and where the codec
            has a way of saying so, not encoded.
    """
    codec = video_codec(settings)
    codec.open(strict=False)
    headers = read_headers(bytes(codec.extradata or b"")) if settings.holds_pictures else None
    frame = av.VideoFrame(settings.width, settings.height, "yuv420p")
    planes = frame_planes(frame)
    before_stretch = {stretch.start - 1 for stretch in still} if headers else set()
    left_out = {f for stretch in still for f in range(stretch.start, stretch.end)}
    packets: list[Packet] = []
    n = 0
    for f in range(frames):
        if f not in left_out:
            paint(f, planes)
        elif headers:
            continue
        frame.pts, frame.time_base = n, Fraction(1, settings.fps)
        # What a picture is held after must be what the next one is told relative to.
        frame.pict_type = PictureType.P if f in before_stretch else PictureType.NONE
        packets.extend(_packets(codec.encode(frame)))
        n += 1
    packets.extend(_packets(codec.encode(None)))
    if headers and still:
        packets = list(_held(packets, still, Freezer(headers)))
    return Encoded(bytes(codec.extradata or b""), tuple(packets))


def _held(packets: Sequence[Packet], still: Sequence[Stretch], freezer: Freezer) -> Iterator[Packet]:
    """The packets of the encoded frames with those of the stretches put in; times are counted anew."""
    waiting = list(still)
    dts = packets[0].dts
    skipped = 0

    def stretch() -> Iterator[Packet]:
        nonlocal dts, skipped
        at = waiting.pop(0)
        for f, data in enumerate(freezer.frozen(at.frames), at.start):
            yield Packet(data, f, dts, key=False)
            dts += 1
        skipped += at.frames

    for packet in packets:
        # Frames before a stretch are all decoded before it, as its last one is a P-frame.
        if waiting and packet.pts + skipped >= waiting[0].start:
            yield from stretch()
        yield Packet(freezer.passed(packet.data), packet.pts + skipped, dts, packet.key)
        dts += 1
    if waiting:
        yield from stretch()


def encode_audio(blocks: Iterable[NDArray[np.float32]], how: AudioCodec = AAC) -> Encoded:
    """Encode stereo sound at 48 kHz, given in blocks (n, 2); one continuous stream.

    The first packet's time is negative: a decoder needs a run-up, which players skip.
    """
    codec = _audio_codec(how)
    packets = tuple(_audio_packets(codec, blocks, how))
    return Encoded(bytes(codec.extradata or b""), packets)


def audio_packets(blocks: Iterable[NDArray[np.float32]], how: AudioCodec = AAC) -> Iterator[Packet]:
    """The packets of ``encode_audio``, as they come."""
    return _audio_packets(_audio_codec(how), blocks, how)


def _audio_codec(how: AudioCodec) -> Any:  # noqa: ANN401 -- av's codec context
    codec: Any = av.CodecContext.create(how.encoder, "w")
    codec.sample_rate, codec.layout = AUDIO_RATE, "stereo"
    codec.format = "flt" if how.encoder == "libopus" else "fltp"
    codec.bit_rate = how.bits
    if how.encoder == "aac":
        # At this rate the fast search is no worse (25.7 against 23.9 dB on composed music) and takes a third of the
        # time. Looking for middle and sides takes half of what is left: with 4 % more bits it sounds as near without
        # (23.8 to 34.1 dB by mood, against 23.8 to 34.4).
        codec.options = {"aac_coder": "fast", "aac_ms": "0"}
    codec.flags |= _GLOBAL_HEADER
    return codec


def _audio_packets(codec: Any, blocks: Iterable[NDArray[np.float32]], how: AudioCodec) -> Iterator[Packet]:  # noqa: ANN401
    at = 0
    for block in _in_frames(blocks, how.frame):
        yield from _packets(codec.encode(audio_frame(block, at, codec.format.name)))
        at += len(block)
    yield from _packets(codec.encode(None))


def audio_frame(block: NDArray[np.float32], at: int, form: str = "fltp") -> av.AudioFrame:
    """Samples (n, 2) at 48 kHz as a frame that begins with sample ``at``; ``form`` is "flt", "fltp" or "s16"."""
    if form == "fltp":
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), form, "stereo")
    elif form == "s16":
        whole = np.rint(np.clip(block, -1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(whole.reshape(1, -1), form, "stereo")
    else:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), form, "stereo")
    frame.sample_rate, frame.pts, frame.time_base = AUDIO_RATE, at, Fraction(1, AUDIO_RATE)
    return frame


def decode_audio(encoded: Encoded, how: AudioCodec = AAC) -> Iterator[NDArray[np.float32]]:
    """What a player hears of ``encode_audio``'s stream, in blocks of (n, 2) float32, without the run-up."""
    codec: Any = av.CodecContext.create(how.decoder, "r")
    if encoded.header:
        codec.extradata = encoded.header
    skip = how.run_up
    for packet in encoded.packets:
        data = av.Packet(packet.data)
        data.pts, data.dts, data.time_base = packet.pts, packet.dts, Fraction(1, AUDIO_RATE)
        for frame in codec.decode(data):
            samples = frame.to_ndarray()
            block = samples.T if frame.format.is_planar else samples.reshape(-1, 2)
            if frame.format.name == "s16":
                block = block.astype(np.float32) / 32768
            if skip < len(block):
                yield np.ascontiguousarray(block[skip:], np.float32)
            skip = max(0, skip - len(block))


def _in_frames(blocks: Iterable[NDArray[np.float32]], size: int) -> Iterator[NDArray[np.float32]]:
    """The same samples in pieces as long as the encoder's frame; the last may be shorter."""
    rest: NDArray[np.float32] = np.zeros((0, 2), np.float32)
    for block in blocks:
        joined = np.concatenate([rest, block]) if len(rest) else block
        whole = len(joined) - len(joined) % size
        for at in range(0, whole, size):
            yield joined[at : at + size]
        rest = joined[whole:]
    if len(rest):
        yield rest


def _packets(encoded: Iterable[Any]) -> Iterator[Packet]:
    for packet in encoded:
        yield Packet(bytes(packet), int(packet.pts), int(packet.dts), bool(packet.is_keyframe))
