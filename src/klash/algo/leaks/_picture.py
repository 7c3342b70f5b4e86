"""Pictures as files: decoded to what they show and encoded anew in sRGB."""

import io
import struct

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from klash.algo.leaks._rebuild import PIXELS_MAX, words
from klash.algo.leaks.faults import Fault, Unfit
from klash.algo.leaks.kind import JPEG, PNG

JPEG_QUALITY = 92
_FORMATS = {PNG: "PNG", JPEG: "JPEG"}
_WORDS = {
    "exif": "exif", "icc_profile": "colour profiles", "xmp": "metadata", "XML:com.adobe.xmp": "metadata", "photoshop": "metadata", "comment": "comments",
    "mp": "other pictures", "mpoffset": "other pictures", "loop": "other pictures", "duration": "other pictures",
    **dict.fromkeys(words("adobe adobe_transform jfif jfif_version jfif_unit jfif_density dpi gamma srgb progressive progression interlace"), ""),
    **dict.fromkeys(words("transparency aspect chromaticity default_image bbox blend disposal timestamp"), ""),
}  # fmt: skip

Image.MAX_IMAGE_PIXELS = None  # the size is looked at before anything is decoded, and both ways of decoding count alike


def clean_picture(data: bytes, mime: str) -> tuple[bytes, set[str]]:
    """Return the picture upright, on white, in sRGB and with nothing but its pixels; and what was left out.

    Raises Unfit: BROKEN, TOO_MANY_PIXELS, TOO_HEAVY.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[mime]]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Unfit(Fault.TOO_MANY_PIXELS, f"{image.width} x {image.height}")
            image.load()
            removed = {_WORDS.get(str(key), "text") for key in image.info} - {""} | ({"exif"} if image.getexif() else set())
            return _encoded(_shown(image), mime), removed
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, IndexError, EOFError, TypeError, struct.error) as error:
        raise Unfit(Fault.BROKEN, f"{type(error).__name__}: {error}")
    except (MemoryError, OverflowError) as error:
        raise Unfit(Fault.TOO_HEAVY, type(error).__name__)


def _shown(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    upright = _eight_bits(ImageOps.exif_transpose(image))
    ground = _on_white(upright)
    return _in_srgb(ground, profile) if profile else ground if ground.mode in ("L", "RGB") else ground.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture as it looks on white paper: what is transparent hides nothing."""
    if image.mode in ("L", "RGB", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode not in ("RGBA", "LA", "PA", "P", "L", "RGB"):
        return image.convert("RGB")
    seen = image if image.mode == "RGBA" else image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        shown = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # a profile for another kind of picture, or none
        shown = None
    return shown if shown is not None else image.convert("RGB")


def _encoded(image: Image.Image, mime: str) -> bytes:
    out = io.BytesIO()
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    if mime == JPEG:
        bare.save(out, "JPEG", quality=JPEG_QUALITY)
    else:
        bare.save(out, "PNG")
    return out.getvalue()
