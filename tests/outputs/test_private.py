"""What a photo tells about its owner does not leave with the video: no place, no camera, no folder."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.outputs import Options, export

FOLDER = "zyxhome-of-anna"
TELLING = [b"Zyxcamera", b"Zyxmodel", b"Zyxowner", b"2019:03:14", b"48.2081", FOLDER.encode(), b"zyxphoto"]
LATITUDE = (IFDRational(48), IFDRational(12), IFDRational(296731, 7919))
"""As a file holds it: three pairs of 32-bit integers, of which the last is like nothing else."""
SECONDS = [(296731).to_bytes(4, order) + (7919).to_bytes(4, order) for order in ("little", "big")]


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private") / FOLDER
    folder.mkdir()
    path = folder / "zyxphoto.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model], exif[ExifTags.Base.Artist] = (
        "Zyxcamera",
        "Zyxmodel",
        "Zyxowner",
    )
    exif[ExifTags.Base.DateTime] = "2019:03:14 15:09:26"
    exif[ExifTags.Base.ImageDescription] = "48.2081 N"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: LATITUDE}
    y, x = np.mgrid[0:90, 0:160]
    Image.fromarray(np.stack([x, y, x // 2 + y], axis=2).astype(np.uint8)).save(path, exif=exif)
    return path


def test_the_photo_itself_tells_it(photo):
    raw = photo.read_bytes()
    assert all(word in raw for word in TELLING[:5])
    assert any(seconds in raw for seconds in SECONDS)


@pytest.mark.parametrize("name", ["a.mp4", "a.gif", "a.png", "a.jpg", "a.webm", "a.mov"])
def test_no_way_out_tells_it(name, photo, tmp_path, cache):
    media = probe(photo)
    shot = {"d": 500, "m": {"id": "v", "start": 0, "media": media.id, "name": media.name}}
    head = {"width": 160, "height": 90, "fps": 10}
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [shot]}], "d": 500, "m": head})
    path = export(compose(draft, Library((media,))), tmp_path / name, Options(quality="preview"), cache=cache).path
    raw = path.read_bytes()
    assert len(raw) > 200
    assert [word for word in [*TELLING, *SECONDS, str(tmp_path).encode()] if word in raw] == []
