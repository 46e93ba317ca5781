"""From files to searchable works: found, read, chunked, embedded and stored, one transaction a work."""

from creators.ingest.pipeline import ingest
from creators.ingest.prepare import Facts, IngestOutcome, Progress
from creators.ingest.sources import SourceError, SourceFile, find_sources

__all__ = ["Facts", "IngestOutcome", "Progress", "SourceError", "SourceFile", "find_sources", "ingest"]
