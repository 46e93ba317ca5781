"""What a curator uploads: files, a folder, an archive, a pasted text or an address, as the files of a draft."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from chrysopedia.core.text import slug_of
from creators.feeds.fetching import Fetched, FetchError, fetch
from creators.feeds.polling import subscribe
from creators.feeds.rss import FeedError, is_feed
from creators.ingest.uploads import Limits, SentFile, UploadedSource, UploadError, unpacked
from creators.jobs.drafts import draft
from creators.models import Creator, IngestJob, Work
from creators.transcripts import MAX_BYTES, SUFFIXES

UNPACKED = 4
"""How many times the bytes of an upload its archives may unpack to."""


class SeveralFiles(forms.FileField):
    """A field that takes any number of files."""

    class Input(forms.ClearableFileInput):
        """The browser's file chooser with more than one choice."""

        allow_multiple_selected = True

    widget = Input

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return all the files; each is checked as a single one would be."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [file for one in chosen if (file := super(SeveralFiles, self).clean(one, initial)) is not None]


class UploadForm(forms.Form):
    """Whose works, where they are, and what is known of a single one."""

    creator = forms.ModelChoiceField(Creator.objects.all())
    # The stubs take a field for the attribute of the same name, but the form's class moves fields out of the way.
    files = SeveralFiles(  # type: ignore[assignment]
        required=False,
        allow_empty_file=True,
        help_text=f"Any number of {' '.join(sorted(SUFFIXES))}, or a .zip of them.",
    )
    folder = SeveralFiles(
        required=False,
        allow_empty_file=True,
        help_text="With all that lies in it; what has no ending of these is passed over.",
        widget=SeveralFiles.Input(attrs={"webkitdirectory": True, "data-paths": "paths"}),
    )
    paths = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False,
        label="Pasted text",
        strip=False,
        help_text="A transcript or an article; it needs a title.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    address = forms.URLField(
        required=False,
        assume_scheme="https",
        help_text="Of a caption file, or of a podcast's feed (RSS with podcast:transcript).",
    )
    title = forms.CharField(required=False, max_length=300, help_text="For a single work; else taken from the file.")
    url = forms.URLField(
        required=False, assume_scheme="https", label="URL", help_text="Where the work can be seen or read."
    )
    kind = forms.ChoiceField(required=False, choices=[("", "as the file suggests"), *Work.Kind.choices])
    published = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    BROUGHT = ("files", "folder", "text", "address")

    def clean(self) -> dict[str, Any]:
        """Refuse an upload of nothing or of two things, and what describes one work where there are several."""
        cleaned: dict[str, Any] = super().clean() or {}
        brought = [name for name in self.BROUGHT if cleaned.get(name)]
        if not brought and not self.errors:
            raise forms.ValidationError("Choose files or a folder, paste a text, or give an address.")
        if len(brought) > 1:
            raise forms.ValidationError("Bring in one thing at a time: files, a folder, a text or an address.")
        if cleaned.get("text") and not cleaned.get("title"):
            self.add_error("title", "A pasted text needs a title: it is known by it.")
        several = len(cleaned.get("files", [])) > 1 or bool(cleaned.get("folder"))
        if several and any(cleaned.get(name) for name in ("title", "url", "published")):
            raise forms.ValidationError("Title, URL and date describe one work: upload that file by itself.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Return what the curator said of the work, as a job keeps it."""
        told = {name: self.cleaned_data[name] for name in ("title", "url", "kind")}
        day = self.cleaned_data["published"]
        return told | ({"published": day.isoformat()} if day else {})

    def draft(self, *, by: Any) -> IngestJob | None:
        """Store what was brought as a draft; None, with an error in the form, where it can't be had."""
        told = self.cleaned_data
        job = IngestJob(creator=told["creator"], created_by=by, facts=self.facts())
        try:
            if told["address"]:
                return self._fetched(job, told["address"])
            sources = [_pasted(told["text"], title=told["title"])] if told["text"] else self._unpacked(job)
            job.label = told["title"] or self._label()
            draft(job, sources)
        except (UploadError, FetchError, FeedError) as error:
            self.add_error("address" if told["address"] else None, str(error))
            return None
        return job

    def _unpacked(self, job: IngestJob) -> Iterator[UploadedSource]:
        limits = Limits(files=settings.MAX_UPLOAD_FILES, bytes=UNPACKED * settings.MAX_UPLOAD_BYTES)
        recordings = bool(settings.TRANSCRIBER)
        return unpacked(self._sent(), limits=limits, note=job.notes.append, with_recordings=recordings)

    def _sent(self) -> Iterator[SentFile]:
        """Yield the files with their paths in the folder, which the browser's script tells apart from their names."""
        uploads = self.cleaned_data["files"] or self.cleaned_data["folder"]
        paths = _paths(self.cleaned_data["paths"], count=len(uploads)) if self.cleaned_data["folder"] else []
        for number, upload in enumerate(uploads):
            name = upload.name or "upload.txt"
            yield SentFile(paths[number] if paths else name, lambda upload=upload: BytesIO(upload.open("rb").read()))  # type: ignore[misc]  # mypy infers no lambda with a default

    def _label(self) -> str:
        uploads = self.cleaned_data["files"] or self.cleaned_data["folder"]
        first = (_paths(self.cleaned_data["paths"], count=len(uploads)) or [uploads[0].name or "a file"])[0]
        folder = PurePosixPath(first).parts[0] if "/" in first else ""
        return (folder or (first if len(uploads) == 1 else f"{len(uploads)} files"))[:200]

    def _fetched(self, job: IngestJob, address: str) -> IngestJob:
        answer = fetch(address, most=MAX_BYTES)
        if is_feed(answer.body):
            return subscribe(address, answer, job=job)
        job.label = urlsplit(answer.url).hostname or "an address"
        job.facts.setdefault("url", "")
        return draft(job, [UploadedSource(_named(answer), answer.body)])


def _paths(told: str, *, count: int) -> list[str]:
    """Return the paths that the page's script tells of a folder's files, none where it told something else."""
    try:
        paths = json.loads(told or "[]")
    except (ValueError, RecursionError):
        return []
    if not isinstance(paths, list) or len(paths) != count or not all(isinstance(path, str) for path in paths):
        return []
    pure = [PurePosixPath(path) for path in paths]
    return (
        [] if any(path.is_absolute() or ".." in path.parts or not path.parts for path in pure) else list(map(str, pure))
    )


def _pasted(text: str, *, title: str) -> UploadedSource:
    return UploadedSource(f"pasted/{slug_of(title)[:80] or 'text'}.txt", text.encode())


def _named(answer: Fetched) -> str:
    """Return the source of a file that was fetched: the host and path that it came from."""
    parts = urlsplit(answer.url)
    path = "".join(sign for sign in unquote(parts.path) if sign.isprintable()).strip("/") or "transcript"
    return f"{parts.hostname}/{path}"[:400]
