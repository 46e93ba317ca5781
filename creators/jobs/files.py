"""The files of a job as ingest reads them: kept with it or with their work, or fetched once from their address."""

from creators.feeds.fetching import FetchError, fetch
from creators.ingest import SourceFile
from creators.ingest.uploads import is_recording
from creators.jobs.transcribing import transcribed
from creators.models import JobFile, WorkFile
from creators.transcripts import MAX_BYTES, TranscriptError


def source_file(file: JobFile) -> SourceFile:
    """Return the file as a source whose bytes are read from the database, or from its address, when they are wanted."""
    return SourceFile(
        source=file.source,
        size=file.size,
        read=lambda: _content(file),
        sidecar=bytes(file.sidecar),
        info=bytes(file.info),
    )


def _content(file: JobFile) -> bytes:
    kept = JobFile.objects.filter(pk=file.pk).values_list("content", flat=True).first()
    if kept is not None and is_recording(file.source) and not bytes(kept[:64]).lstrip().startswith(b"{"):
        return _keep(file, transcribed(bytes(kept), name=file.source))
    if kept is not None:
        return bytes(kept)
    if not file.url:
        if of_work := WorkFile.objects.of(file.job.creator, file.source).first():
            return of_work.unpacked
        raise TranscriptError(file.source, "is no longer kept here; upload it again")
    try:
        content = fetch(file.url, most=MAX_BYTES).body
    except FetchError as error:
        raise TranscriptError(file.source, str(error)) from None
    return _keep(file, content)


def _keep(file: JobFile, content: bytes) -> bytes:
    """Keep what was fetched or transcribed, so that it is not asked for again."""
    JobFile.objects.filter(pk=file.pk).update(content=content)
    return content
