"""Pictures that stand still: the slices that say "the same again" are x264's own bytes, and decode to the same picture."""

from __future__ import annotations

import subprocess

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.render.encode import QUALITIES, Quality, VideoSettings, encode_video
from reelframe.render.h264 import Freezer, Stretch, read_headers, stretches
from reelframe.render.h264.bits import BitReader, BitWriter, escaped, overwritten, split_units, unescaped
from reelframe.render.h264.headers import kind_of, read_p_slice
from reelframe.render.h264.skips import skip_slice

PLAIN = f"{QUALITIES['high'].params}:bframes=0"


def soft(planes, level=0):
    planes[0][:] = np.linspace(50, 200, planes[0].shape[1]).astype(np.uint8) + level
    planes[1][:], planes[2][:] = 100, 150


@pytest.mark.parametrize(
    ("quality", "size"),
    [
        (Quality("superfast", 21, PLAIN), (320, 180)),
        (Quality("superfast", 21, PLAIN), (96, 64)),
        (Quality("superfast", 21, PLAIN), (1280, 720)),
        (Quality("superfast", 38, PLAIN), (320, 180)),
        (Quality("superfast", 8, PLAIN), (320, 180)),
        (Quality("veryfast", 21, "bframes=0:ref=1:no-deblock=1"), (320, 180)),
        (Quality("superfast", 21, f"{PLAIN}:deblock=-2,1"), (320, 180)),
        (QUALITIES["preview"], (320, 180)),
        (QUALITIES["preview"], (640, 360)),
    ],
)
def test_the_slice_is_what_x264_writes_of_a_frame_that_has_not_changed(quality, size):
    encoded = encode_video(VideoSettings.of(*size, 30, quality), 48, lambda _, planes: soft(planes))
    headers = read_headers(encoded.header)
    same = 0
    for packet in encoded.packets[24:]:
        ((_, theirs),) = split_units(packet.data)
        head = read_p_slice(unescaped(theirs), headers)
        ours = skip_slice(head, headers)
        # x264 sets the very last bit, behind the end of the slice, in about every second frame: it marks its streams.
        assert ours[:-1] == theirs[:-1]
        assert theirs[-1] & ~1 == ours[-1] & ~1
        same += ours == theirs
    assert same >= 4


def luma_of(encoded):
    codec = av.CodecContext.create("h264", "r")
    codec.extradata = encoded.header
    out = []
    for p in (*encoded.packets, None):
        packet = None
        if p is not None:
            packet = av.Packet(p.data)
            packet.pts, packet.dts = p.pts, p.dts
        out += [(frame.pts, frame.to_ndarray(format="yuv420p")) for frame in codec.decode(packet)]
    return out


def scene(changes):
    """Paints frame after frame what ``changes`` says of it: noise that moves, or another picture from some frame on."""
    rng = np.random.default_rng(3)
    pictures = [rng.integers(40, 200, (90, 160)).astype(np.uint8).repeat(2, 0).repeat(2, 1) for _ in range(3)]

    def paint(f, planes):
        which, shift = changes[f]
        planes[0][:] = np.roll(pictures[which], shift, 1)
        planes[1][:], planes[2][:] = 90 + 20 * which, 140

    return paint


MOVE_STAND_MOVE = [(0, 2 * f) for f in range(20)] + [(0, 40)] * 33 + [(0, 40 + 2 * f) for f in range(17)]
CUT_WHILE_STANDING = [(0, 0)] * 40 + [(1, 0)] * 30 + [(1, f) for f in range(7)] + [(2, 9)] * 50 + [(0, 1)]
CASES = {
    "moves, stands, moves": MOVE_STAND_MOVE,
    "stands from the first frame to the last": [(1, 5)] * 40,
    "another picture while it stands, which begins a group of its own": CUT_WHILE_STANDING,
}


@pytest.mark.parametrize("quality", ["high", "medium", "preview"])
@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_held_frames_are_the_frame_before_and_the_others_are_as_without(changes, quality, tmp_path):
    settings = VideoSettings.of(320, 180, 30, QUALITIES[quality])
    held = stretches(changes)
    paint = scene(changes)
    encoded = encode_video(settings, len(changes), paint, held)
    left_out = {f for s in held for f in range(s.start, s.end)}
    assert len(left_out) >= 20
    times = [p.dts for p in encoded.packets]
    assert times == list(range(times[0], times[0] + len(changes)))
    assert all(p.dts <= p.pts for p in encoded.packets)
    frames = luma_of(encoded)
    assert [pts for pts, _ in frames] == list(range(len(changes)))
    for f in sorted(left_out):
        assert np.array_equal(frames[f][1], frames[f - 1][1])
    for f in (0, len(changes) // 2, len(changes) - 1):
        wanted = np.empty((180, 320), np.uint8), np.empty((90, 160), np.uint8), np.empty((90, 160), np.uint8)
        paint(f, wanted)
        assert np.abs(frames[f][1][:180].astype(int) - wanted[0]).mean() < 12
    # Debian's decoder, of another version, agrees in every pixel and has nothing to say.
    stream = tmp_path / "a.h264"
    stream.write_bytes(encoded.header + b"".join(p.data for p in encoded.packets))
    command = ["ffmpeg", "-v", "warning", "-i", str(stream), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"".join(frame.tobytes() for _, frame in frames)


def test_what_the_encoder_made_of_the_other_frames_decodes_as_it_would_without_what_is_between():
    settings = VideoSettings.of(320, 180, 30, QUALITIES["high"])
    held = stretches(MOVE_STAND_MOVE)
    whole = luma_of(encode_video(settings, len(MOVE_STAND_MOVE), scene(MOVE_STAND_MOVE), held))
    left_out = {f for s in held for f in range(s.start, s.end)}
    short = [f for f in range(len(MOVE_STAND_MOVE)) if f not in left_out]
    # One held frame moves the numbers by one; none at all leaves the encoder's bytes. Both must show the same pictures.
    for rest in ([], [min(left_out)]):
        changes = [MOVE_STAND_MOVE[f] for f in sorted([*short, *rest])]
        at = min(left_out)
        stretch = (Stretch(at, at + len(rest)),)
        less = luma_of(encode_video(settings, len(changes), scene(changes), stretch))
        kept = [picture for f, (_, picture) in enumerate(less) if f not in range(at, at + len(rest))]
        assert all(np.array_equal(a, whole[f][1]) for a, f in zip(kept, short, strict=True))


def test_frames_that_stand_are_neither_painted_nor_encoded(studio, monkeypatch):
    from reelframe.render import Cache, pipeline

    painted, sizes = [], []
    paint = pipeline.Painter.paint
    monkeypatch.setattr(pipeline.Painter, "paint", lambda self, plan, out: (painted.append(1), paint(self, plan, out)))
    photo = studio.plain("a.png", (90, 20, 20))
    for n, ms in enumerate((2000, 3000)):
        video = studio.render(
            studio.compose([{"d": ms, "media": photo.id}]), f"{n}.mp4", cache=Cache(studio.folder / str(n))
        )
        assert video.duration_s == pytest.approx(ms / 1000, abs=0.01)
        with av.open(str(video.path)) as film:
            sizes.append([p.size for p in film.demux(video=0) if p.size])
    assert len(painted) == 2
    assert [len(s) for s in sizes] == [60, 90]
    # A frame that is held is as long as the numbers in it and what CABAC makes of nothing at all.
    assert all(size < 24 for size in sizes[1][6:])


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        ("", []),
        ("a", []),
        ("a" * 8, []),
        ("a" * 9, [(6, 9)]),
        ("ab" * 40, []),
        ("b" + "a" * 20 + "b" * 12 + "a", [(7, 21), (27, 33)]),
    ],
)
def test_where_pictures_stand(pictures, expected):
    assert [(s.start, s.end) for s in stretches(pictures)] == expected


def test_a_picture_is_held_only_after_a_frame_that_can_be_repeated():
    settings = VideoSettings.of(96, 64, 30, QUALITIES["high"])
    encoded = encode_video(settings, 1, lambda _, planes: soft(planes))
    freezer = Freezer(read_headers(encoded.header))
    assert freezer.passed(encoded.packets[0].data) == encoded.packets[0].data
    with pytest.raises(ValueError, match="P-frame"):
        next(freezer.frozen(1))


def test_an_interlaced_stream_is_left_to_its_encoder():
    settings = VideoSettings.of(96, 64, 30, Quality("superfast", 21, "interlaced=1"))
    encoded = encode_video(settings, 2, lambda _, planes: soft(planes))
    assert any(kind_of(unit) == 7 for _, unit in split_units(encoded.header))
    assert read_headers(encoded.header) is None
    assert read_headers(b"") is None


fields = st.lists(
    st.one_of(
        st.tuples(st.just("ue"), st.integers(0, 5000)),
        st.tuples(st.just("se"), st.integers(-3000, 3000)),
        st.integers(1, 20).flatmap(lambda n: st.tuples(st.just(f"u{n}"), st.integers(0, (1 << n) - 1))),
    ),
    max_size=20,
)


@given(fields)
def test_fields_come_back(items):
    w = BitWriter()
    for kind, value in items:
        w.u(int(kind[1:]), value) if kind[1:].isdigit() else getattr(w, kind)(value)
    w.fill(1)
    r = BitReader(w.data())
    for kind, value in items:
        assert (r.u(int(kind[1:])) if kind[1:].isdigit() else getattr(r, kind)()) == value
    with pytest.raises(ValueError, match="too early"):
        r.u(8)


@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 255]), min_size=1, max_size=40).map(lambda b: bytes([*b, 128])))
def test_no_unit_looks_like_a_start_code(unit):
    safe = escaped(unit)
    assert unescaped(safe) == unit
    assert not any(code in safe for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
    assert split_units(b"\0\0\0\1" + safe + b"\0\0\1" + safe) == [(b"\0\0\0\1", safe), (b"\0\0\1", safe)]


@given(st.binary(min_size=5, max_size=9), st.data())
def test_overwriting_changes_the_field_and_nothing_else(data, draw):
    length = draw.draw(st.integers(0, 20))
    at = draw.draw(st.integers(0, len(data) * 8 - length))
    value = draw.draw(st.integers(0, (1 << 24) - 1))
    bits = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}"
    field = f"{value % (1 << length):0{length}b}" if length else ""
    wanted = int(bits[:at] + field + bits[at + length :], 2).to_bytes(len(data), "big")
    assert overwritten(data, at, length, value) == wanted
