"""A creator's picture as a curator uploads it, made a small square before it is kept."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from creators.models import Picture


class PictureForm(forms.ModelForm[Picture]):
    """Takes a JPEG, PNG or WebP of any shape."""

    file = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, at most 10 MB. Its middle is kept as a square of 192 pixels.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Picture
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for a file only where there is no picture yet."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = self.instance.pk is None

    def clean_file(self) -> Any:
        """Return the square that is made of the file, None where the picture stays as it is."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("The picture has more than 10 MB; make it smaller first.")
        try:
            return square_of(file.read())
        except PictureError as error:
            raise forms.ValidationError(str(error)) from None

    def save(self, commit: bool = True) -> Picture:
        """Store the square."""
        if square := self.cleaned_data["file"]:
            self.instance.content, self.instance.digest = square.content, square.digest
        return super().save(commit=commit)


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
