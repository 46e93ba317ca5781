"""What a curator uploads: transcripts and pictures, checked before they are kept."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from creators.ingest import Facts, SourceFile
from creators.models import Creator, Picture, Work
from creators.transcripts import MAX_BYTES, SUFFIXES, TranscriptError


class SeveralFiles(forms.FileField):
    """A field that takes one file or more."""

    class Input(forms.ClearableFileInput):
        """The browser's file chooser with more than one choice."""

        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return all the files; each is checked as a single one would be."""
        chosen = data if isinstance(data, list | tuple) else [data]
        chosen = chosen or [None]  # so that nothing chosen is refused like an empty field
        return [super(SeveralFiles, self).clean(one, initial) for one in chosen]


class UploadForm(forms.Form):
    """Whose works, which files, and what is known of them."""

    creator = forms.ModelChoiceField(Creator.objects.all())
    # The stubs take a field for the attribute of the same name, but the form's class moves fields out of the way.
    files = SeveralFiles(  # type: ignore[assignment]
        help_text=f"One or more of {' '.join(sorted(SUFFIXES))}"
    )
    title = forms.CharField(required=False, max_length=300, help_text="For a single file; else taken from the file.")
    url = forms.URLField(required=False, assume_scheme="https", help_text="Where the work can be seen or read.")
    kind = forms.ChoiceField(required=False, choices=[("", "as the file suggests"), *Work.Kind.choices])
    published = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """Refuse what describes one work where there are several."""
        cleaned: dict[str, Any] = super().clean() or {}
        if len(cleaned.get("files", [])) > 1 and any(cleaned.get(name) for name in ("title", "url", "published")):
            raise forms.ValidationError("Title, URL and date describe one work: upload that file by itself.")
        return cleaned

    def facts(self) -> Facts:
        """Return what the curator said of the work."""
        told = self.cleaned_data
        return Facts(title=told["title"], url=told["url"], kind=told["kind"], published=told["published"])


def files_from(uploads: Iterable[UploadedFile[bytes]]) -> Iterator[SourceFile]:
    """Yield each upload as a source under its own name."""
    for upload in uploads:
        yield SourceFile(source=upload.name or "upload.txt", size=upload.size or 0, read=_reader(upload))


def _reader(upload: UploadedFile[bytes]) -> Callable[[], bytes]:
    def read() -> bytes:
        if (upload.size or 0) > MAX_BYTES:
            raise TranscriptError(upload.name or "upload", f"is larger than {MAX_BYTES // 2**20} MiB")
        return bytes(upload.read())

    return read


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
