"""Works by upload: the form, and the uploaded files as an ingest reads them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from creators.ingest import Facts, SourceFile
from creators.models import Creator, Work
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
