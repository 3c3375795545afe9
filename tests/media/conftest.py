"""Files to open, good and bad, all made by code: Pillow and Debian's ffmpeg, which reelframe does not use."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

CORNERS = {
    "top left": (220, 30, 30),
    "top right": (30, 200, 30),
    "bottom left": (30, 60, 220),
    "bottom right": (230, 220, 40),
}


def ffmpeg(*args):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, args)], check=True)


def picture(width=600, height=400):
    """Four coloured quarters: it shows which way up it is."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for (x, y), colour in zip(((0, 0), (1, 0), (0, 1), (1, 1)), CORNERS.values(), strict=True):
        draw.rectangle((x * width // 2, y * height // 2, (x + 1) * width // 2, (y + 1) * height // 2), fill=colour)
    return image


def corners_of(pixels):
    """The colour a tenth inside each corner, named as in CORNERS."""
    height, width = pixels.shape[:2]
    rows, columns = (height // 10, height - height // 10), (width // 10, width - width // 10)
    spots = [(y, x) for y in rows for x in columns]
    return {name: tuple(int(v) for v in pixels[spot][:3]) for name, spot in zip(CORNERS, spots, strict=True)}


def assert_corners(pixels, tolerance=10, expected=CORNERS):
    found = corners_of(pixels)
    for name, colour in expected.items():
        assert np.abs(np.subtract(found[name], colour)).max() <= tolerance, (name, found[name], colour)


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour_type, raw, *extra):
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    body = b"".join(
        [png_chunk(b"IHDR", header), *extra, png_chunk(b"IDAT", zlib.compress(raw, 1)), png_chunk(b"IEND", b"")]
    )
    return b"\x89PNG\r\n\x1a\n" + body


CLIP = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=30:d=10"]
TONE = ["-f", "lavfi", "-i", "sine=f=440:d=10"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p"]


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Ten seconds of moving test picture with a tone, in every accepted container: name -> path."""
    folder = tmp_path_factory.mktemp("clips")
    codecs = {
        "a.mp4": [*CLIP, *TONE, *H264, "-c:a", "aac"],
        "fast.mp4": [*CLIP, *TONE, *H264, "-c:a", "aac", "-movflags", "faststart"],
        "a.mov": [*CLIP, *TONE, *H264, "-c:a", "pcm_s16le"],
        "a.mkv": [*CLIP, *TONE, *H264, "-c:a", "libvorbis"],
        "a.webm": [
            *CLIP,
            *TONE,
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-g",
            "30",
            "-b:v",
            "600k",
            "-c:a",
            "libopus",
        ],
        "a.avi": [*CLIP, *TONE, "-c:v", "mpeg4", "-c:a", "mp3"],
        "silent.mp4": [*CLIP, *H264],
        "a.mp3": [*TONE],
        "a.wav": [*TONE],
        "a.m4a": [*TONE, "-c:a", "aac"],
        "a.aac": [*TONE, "-c:a", "aac"],
    }
    for name, arguments in codecs.items():
        ffmpeg(*arguments, folder / name)
    # As a browser's MediaRecorder writes it: to a pipe, without duration and index.
    piped = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-nostdin",
            *CLIP,
            *TONE,
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-g",
            "30",
            "-c:a",
            "libopus",
            "-f",
            "webm",
            "-",
        ],
        check=True,
        capture_output=True,
    ).stdout
    (folder / "recorded.webm").write_bytes(piped)
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="session")
def bad(tmp_path_factory, clips):
    """Files that nobody can use: name -> path."""
    folder = tmp_path_factory.mktemp("bad")
    canary = clips["a.mp4"]
    noise = Image.effect_noise((600, 400), 90).convert("RGB")
    for name in ("n.jpg", "n.png", "n.webp", "n.gif"):
        noise.save(folder / name)
    contents = {
        "playlist.mp4": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{canary}\n#EXT-X-ENDLIST\n".encode(),
        "bom.mp4": f"\ufeff\n#EXTM3U\n{canary}\n".encode(),
        "concat.mp4": f"ffconcat version 1.0\nfile '{canary}'\n".encode(),
        "dash.mp4": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
        "pls.mp3": b"[playlist]\nFile1=/etc/passwd\n",
        "empty.mp4": b"",
        "empty.jpg": b"",
        "one.jpg": b"\xff",
        "text.jpg": b"this is not a photo\n" * 40,
        "json.wav": b'{"a": 1}',
        "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
        "page.mp4": b"<!DOCTYPE html><html><body>404</body></html>",
        "zeros.mp4": bytes(9000),
        "noise.mp4": random.Random(7).randbytes(9000),
        "photo.jpg": b"\0\0\0\x18ftypheic" + bytes(100),
        "archive.png": b"PK\x03\x04" + bytes(60),
        "bomb.png": png(30000, 30000, 8, 2, bytes(9_000_000)),
        "huge.gif": b"GIF89a"
        + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0)
        + bytes(6)
        + b",\0\0\0\0"
        + struct.pack("<HHB", 65535, 65535, 0)
        + b"\x02\x02\x4c\x01\0;",
        "header.png": b"\x89PNG\r\n\x1a\n",
        "header.jpg": b"\xff\xd8\xff",
        "moov.mp4": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + struct.pack(">I4s", 0x7FFFFFFF, b"moov") + bytes(64),
        "ebml.webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(64),
        "riff.avi": b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(64),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    wav = bytearray(clips["a.wav"].read_bytes())
    at = wav.index(b"data") + 4
    wav[at : at + 4] = struct.pack("<I", 3_000_000_000)
    (folder / "lying.wav").write_bytes(wav)
    webm = bytearray(clips["a.webm"].read_bytes())
    at = webm.index(b"\x44\x89\x88") + 3  # the Duration element: a double, in milliseconds
    webm[at : at + 8] = struct.pack(">d", 1e12)
    (folder / "forever.webm").write_bytes(webm)
    for name in ("fast.mp4", "a.mp4", "a.webm", "a.mkv", "a.avi", "a.mp3", "a.wav", "a.m4a"):
        whole = clips[name].read_bytes()
        for percent in (3, 50, 90):
            (folder / f"cut{percent}-{name}").write_bytes(whole[: len(whole) * percent // 100])
    for name in ("n.jpg", "n.png", "n.webp", "n.gif"):
        whole = (folder / name).read_bytes()
        (folder / name).unlink()
        for percent in (3, 50, 98):
            (folder / f"cut{percent}-{name}").write_bytes(whole[: len(whole) * percent // 100])
    os.mkfifo(folder / "pipe.mp4")
    (folder / "folder.mp4").mkdir()
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="session")
def wide_gamut_profile():
    """The bytes of an ICC profile whose primaries are Display P3's, built from scratch."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    # Primaries of P3 with the D65 white adapted to D50 (Bradford), and a plain gamma of 2.2.
    columns = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
        b"wtpt": (0.96420, 1.0, 0.82491),
    }
    tags = {name: b"XYZ \0\0\0\0" + b"".join(map(fixed, xyz)) for name, xyz in columns.items()}
    gamma = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma)
    text = b"wide gamut of ours"
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(78)
    tags[b"cprt"] = b"text\0\0\0\0none\0"
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        data = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    total = start + len(body)
    header = (
        struct.pack(">I", total)
        + b"lcms\x02\x40\0\0mntrRGB XYZ "
        + struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
        + b"acsp"
        + bytes(28)
        + b"".join(map(fixed, (0.96420, 1.0, 0.82491)))
        + bytes(48)
    )
    profile = header + struct.pack(">I", len(tags)) + table + body
    assert len(header) == 128
    ImageCms.ImageCmsProfile(__import__("io").BytesIO(profile))
    return profile
