"""Names, sizes and first bytes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.errors import FileTooLargeError, MediaError, UnsupportedMediaError
from reelframe.media.formats import ACCEPTED, EXTENSIONS, MAX_BYTES, check_name_and_size, human_size, sniff, sniff_file

ALL = "mp4 mov avi webm mkv jpg jpeg png gif webp mp3 wav m4a aac".split()


def test_the_accepted_extensions():
    assert sorted(EXTENSIONS) == sorted(ALL)


@pytest.mark.parametrize("extension", ALL)
def test_accepted_names(extension):
    check_name_and_size(f"photo.{extension}", 1)
    check_name_and_size(f"folder.exe/My Photo.v2.{extension.upper()}", MAX_BYTES)
    with pytest.raises(FileTooLargeError, match=r"over the limit of 500.0 MB.*Compress it or trim it"):
        check_name_and_size(f"photo.{extension}", MAX_BYTES + 1)


@pytest.mark.parametrize(
    "name", ["a.exe", "a", "a.mp4.exe", "mp4", ".mp4", "a.heic", "a.svg", "a.m3u8", "a.", "", "a.mp4 "]
)
def test_refused_names_go_before_size(name):
    with pytest.raises(UnsupportedMediaError) as caught:
        check_name_and_size(name, MAX_BYTES * 9)
    assert caught.value.code == 4001
    assert all(extension in str(caught.value) for extension in ALL)


HEADS = {
    "jpeg": [b"\xff\xd8\xff\xe0\0\x10JFIF"],
    "png": [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    "gif": [b"GIF87a", b"GIF89a"],
    "webp": [b"RIFF\0\0\0\0WEBPVP8 "],
    "avi": [b"RIFF\0\0\0\0AVI LIST"],
    "wav": [b"RIFF\0\0\0\0WAVEfmt ", b"RF64\xff\xff\xff\xffWAVEds64"],
    "webm": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    "mkv": [b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"],
    "mp4": [b"\0\0\0\x20ftypisom", b"\0\0\0\x18ftypmp42", b"\0\0\0\x18ftyp3gp4"],
    "mov": [b"\0\0\0\x14ftypqt  ", b"\0\0\0\x08wide\0\0\0\0mdat", b"\0\0\x10\0moov\0\0\0lmvhd"],
    "m4a": [b"\0\0\0\x1cftypM4A "],
    "mp3": [
        b"ID3\x04\0\0\0\0\0\x00\xff\xfb\x90\x64" + bytes(413) + b"\xff\xfb\x90\x64",
        b"\xff\xfb\x90\x64" + bytes(413) + b"\xff\xfb\x90\x64",
    ],
    "aac": [b"\xff\xf1\x50\x80\x1f\xfc\xde", b"ID3\x04\0\0\0\0\0\x00\xff\xf1\x50\x80\x1f\xfc\xde"],
}


@pytest.mark.parametrize(("name", "head"), [(name, head) for name, heads in HEADS.items() for head in heads])
def test_content_decides(name, head):
    assert sniff(head + bytes(40), "some.mp4") is ACCEPTED[name]


def test_an_mp3_behind_a_tag_longer_than_the_head():
    frames = HEADS["mp3"][1] * 3
    tag = b"ID3\x04\0\0" + bytes([0, 2, 0, 0]) + bytes(2 << 14)
    assert sniff_file(io.BytesIO(tag + frames), "a.mp3").name == "mp3"
    assert sniff_file(io.BytesIO(tag + HEADS["aac"][0] + bytes(20)), "wrong.mp3").name == "aac"


def test_an_mp3_behind_zeros():
    assert sniff(bytes(300) + HEADS["mp3"][1] * 2, "a.mp3").name == "mp3"


@given(st.binary(max_size=400), st.sampled_from(["a.mp4", "a.mp3", "a.jpg", "a"]))
def test_any_bytes_give_a_format_or_a_media_error(data, name):
    try:
        assert sniff(data, name).name in ACCEPTED
    except MediaError as error:
        assert name in str(error)
        assert error.reason


@given(st.binary(max_size=4000), st.sampled_from(["gif", "webp", "png"]))
def test_walking_an_animation_always_ends(data, fmt):
    from reelframe.media.decoders.animation import frame_durations

    heads = {"gif": b"GIF89a" + bytes(4), "webp": b"RIFF\xff\xff\0\0WEBP", "png": b"\x89PNG\r\n\x1a\n"}
    durations, complete = frame_durations(io.BytesIO(heads[fmt] + data), fmt)
    assert all(d > 0 for d in durations)
    assert isinstance(complete, bool)


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (1536, "1.5 KB"), (MAX_BYTES, "500.0 MB"), (3 << 30, "3.0 GB")]
)
def test_sizes_in_words(size, words):
    assert human_size(size) == words
