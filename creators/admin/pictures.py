"""Pictures of creators: whatever photograph is given becomes a small square that holds nothing but its pixels."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps

SIDE = 192
"""Pixels: three for each of the 64 at which it is shown at most."""

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 2**20
MOST_PIXELS = 50_000_000
QUALITY = 82


class PictureError(ValueError):
    """A picture that can't be used, in words."""


@dataclass(frozen=True, slots=True)
class Square:
    """A picture ready to be stored: the bytes of a WebP, and what tells it from another one."""

    content: bytes
    digest: str


def square_of(data: bytes) -> Square:
    """Return the middle of a picture as a square of 192 pixels, without what a camera notes beside it.

    Raises ``PictureError`` for anything but a JPEG, PNG or WebP of a size that can be read safely.
    """
    if len(data) > MOST_BYTES:
        raise PictureError("The picture has more than 10 MB; make it smaller first.")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            is_huge = image.width * image.height > MOST_PIXELS  # told by its first bytes, before anything is unpacked
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            content = b"" if is_huge else _encoded(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise PictureError("This is no picture that can be read; choose a JPEG, PNG or WebP.") from None
    if is_huge:
        raise PictureError("The picture has more than 50 million pixels; make it smaller first.")
    return Square(content=content, digest=sha256(content).hexdigest()[:16])


def _encoded(image: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(image)
    fitted = ImageOps.fit(upright.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    fitted.info.clear()  # a profile of colours would be written down again
    written = BytesIO()
    fitted.save(written, "WEBP", quality=QUALITY, method=6)
    return written.getvalue()
