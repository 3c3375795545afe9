"""Photos and graphics come out upright, in sRGB, with real alpha only, whatever the encoder did."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from reelframe.errors import MediaError
from reelframe.media import load_image, probe, thumbnail

from .conftest import CORNERS, assert_corners, picture, png, png_chunk

# What to do to an upright picture so that EXIF orientation n puts it right again.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_exif_orientation(tmp_path, orientation, suffix):
    image = picture()
    if STORED_AS[orientation] is not None:
        image = image.transpose(STORED_AS[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"photo.{suffix}"
    image.save(path, exif=exif, quality=95)
    media = probe(path)
    assert (media.kind, media.width, media.height, media.has_alpha) == ("image", 600, 400, False)
    for wanted in ({}, {"max_side": 150}, {"cover": (150, 100)}):
        pixels = load_image(path, **wanted)
        assert pixels.shape[1] / pixels.shape[0] == pytest.approx(1.5)
        assert_corners(pixels)


def save_cmyk(path):
    picture().convert("CMYK").save(path, quality=95)


def save_palette(path):
    picture().convert("P", palette=Image.Palette.ADAPTIVE).save(path)


def save_16_bit_rgb(path):
    deep = np.asarray(picture()).astype(">u2") * 257
    path.write_bytes(png(600, 400, 16, 2, b"".join(b"\0" + row.tobytes() for row in deep)))


def save_progressive(path):
    picture().save(path, progressive=True, quality=95)


@pytest.mark.parametrize(
    ("name", "save", "tolerance"),
    [
        ("cmyk.jpg", save_cmyk, 12),
        ("palette.png", save_palette, 2),
        ("palette.gif", save_palette, 2),
        ("deep.png", save_16_bit_rgb, 1),
        ("progressive.jpg", save_progressive, 8),
        ("photo.webp", lambda path: picture().save(path, lossless=True), 0),
        ("odd name – 产品 😀.JPG", lambda path: picture().save(path, "JPEG", quality=95), 8),
        ("really a png.jpg", lambda path: picture().save(path, "PNG"), 0),
    ],
)
def test_colours_of_every_kind_of_still(tmp_path, name, save, tolerance):
    path = tmp_path / name
    save(path)
    media = probe(path)
    assert (media.name, media.kind, media.width, media.height, media.duration_s) == (name, "image", 600, 400, None)
    pixels = load_image(path)
    assert (pixels.dtype, pixels.shape) == (np.uint8, (400, 600, 3))
    assert_corners(pixels, tolerance)


def test_the_format_is_told_by_content(tmp_path):
    path = tmp_path / "photo.mp4"
    picture().save(path, "WEBP")
    media = probe(path)
    assert (media.format, media.kind) == ("webp", "image")


def test_sixteen_bit_grey_is_scaled_and_not_clipped(tmp_path):
    ramp = np.linspace(0, 65535, 64).astype(">u2")
    path = tmp_path / "grey.png"
    path.write_bytes(png(64, 2, 16, 0, b"".join(b"\0" + ramp.tobytes() for _ in range(2))))
    pixels = load_image(path)
    assert pixels.shape == (2, 64, 3)
    assert np.abs(pixels[0, :, 0].astype(float) - np.linspace(0, 255, 64)).max() <= 1


def grey_alpha():
    alpha = Image.linear_gradient("L").resize((600, 400))
    return Image.merge("LA", (picture().convert("L"), alpha))


def palette_with_hole():
    image = picture().convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    image.info["transparency"] = image.getpixel((0, 0))
    return image


@pytest.mark.parametrize(
    ("name", "image", "hole"),
    [
        ("grey.png", grey_alpha(), (0, 0)),
        ("palette.png", palette_with_hole(), (10, 10)),
        ("palette.gif", palette_with_hole(), (10, 10)),
        ("rgba.webp", Image.merge("RGBA", (*picture().split(), Image.linear_gradient("L").resize((600, 400)))), (0, 0)),
    ],
)
def test_alpha(tmp_path, name, image, hole):
    path = tmp_path / name
    options = {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
    image.save(path, **options)
    assert probe(path).has_alpha
    pixels = load_image(path)
    assert pixels.shape == (400, 600, 4)
    assert pixels[hole][3] < 5
    assert pixels[390, 590, 3] > 240


def test_alpha_that_hides_nothing_does_not_count(tmp_path):
    image = picture()
    image.putalpha(252)
    image.save(tmp_path / "a.png")
    assert not probe(tmp_path / "a.png").has_alpha
    assert load_image(tmp_path / "a.png").shape == (400, 600, 3)


def test_transparent_colour_key_of_a_png_without_alpha_channel(tmp_path):
    raw = b"".join(b"\0" + bytes([255, 0, 0, 0, 0, 255] * 8) for _ in range(16))
    key = png_chunk(b"tRNS", struct.pack(">HHH", 255, 0, 0))
    (tmp_path / "key.png").write_bytes(png(16, 16, 8, 2, raw, key))
    pixels = load_image(tmp_path / "key.png")
    assert pixels[0, 0].tolist() == [255, 0, 0, 0]
    assert pixels[0, 1].tolist() == [0, 0, 255, 255]


def test_wide_gamut_is_converted(tmp_path, wide_gamut_profile):
    """The same colour, written in sRGB and in a wide space, must look the same."""
    colour = (200, 80, 60)
    to_wide = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(io.BytesIO(wide_gamut_profile)), "RGB", "RGB"
    )
    wide = ImageCms.applyTransform(Image.new("RGB", (32, 32), colour), to_wide)
    assert np.abs(np.subtract(wide.getpixel((5, 5)), colour)).max() > 10
    for name in ("a.png", "a.webp"):
        options = {"lossless": True} if name.endswith("webp") else {}
        wide.save(tmp_path / name, icc_profile=wide_gamut_profile, **options)
        assert np.abs(load_image(tmp_path / name)[5, 5].astype(int) - colour).max() <= 2
    seen = Image.merge("RGBA", (*wide.split(), Image.new("L", (32, 32), 100)))
    seen.save(tmp_path / "alpha.png", icc_profile=wide_gamut_profile)
    assert np.abs(load_image(tmp_path / "alpha.png")[5, 5].astype(int) - (*colour, 100)).max() <= 2


def test_a_broken_profile_is_passed_over(tmp_path):
    picture().save(tmp_path / "a.png", icc_profile=b"not a profile at all" * 20)
    assert_corners(load_image(tmp_path / "a.png"), 0)


def test_sizes_asked_for(tmp_path):
    path = tmp_path / "photo.jpg"
    picture(1600, 1200).save(path, quality=92)
    assert load_image(path).shape == (1200, 1600, 3)
    assert load_image(path, max_side=500).shape == (375, 500, 3)
    assert load_image(path, max_side=5000).shape == (1200, 1600, 3)
    assert load_image(path, cover=(700, 500)).shape == (600, 800, 3)
    assert load_image(path, cover=(900, 500)).shape == (1200, 1600, 3)


def test_transparent_borders_do_not_bleed_when_scaled(tmp_path):
    """White on see-through black: the edge of the shape must stay white."""
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (100, 100, 301, 301))
    image.save(tmp_path / "logo.png")
    pixels = load_image(tmp_path / "logo.png", max_side=90)
    seen = pixels[pixels[..., 3] > 40]
    assert seen[:, :3].min() > 245


def test_thumbnail(tmp_path):
    picture().save(tmp_path / "a.png")
    small = Image.open(io.BytesIO(thumbnail(tmp_path / "a.png", 120)))
    assert (small.format, small.size) == ("JPEG", (120, 80))
    assert_corners(np.asarray(small), 20)
    logo = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    logo.save(tmp_path / "logo.png")
    assert np.asarray(Image.open(io.BytesIO(thumbnail(tmp_path / "logo.png")))).min() > 250


def test_a_sound_is_no_picture(clips):
    for door in (load_image, thumbnail):
        with pytest.raises(MediaError, match=r"a\.wav"):
            door(clips["a.wav"])


def test_identity_is_the_content(tmp_path):
    picture().save(tmp_path / "a.png")
    picture().save(tmp_path / "b.png")
    a, b = probe(tmp_path / "a.png"), probe(tmp_path / "b.png", "upload/Name.PNG")
    assert a.id == b.id
    assert b.name == "Name.PNG"
    assert a.path == tmp_path / "a.png"
    assert "path" not in a.model_dump()
    assert str(tmp_path) not in repr(a)
    assert set(CORNERS) == {"top left", "top right", "bottom left", "bottom right"}
