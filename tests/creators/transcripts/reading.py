"""How the tests read a sample: from text, by the name it would have."""

from collections.abc import Sequence

from creators.transcripts import Segment, Transcript, read_transcript


def read(text: str, name: str) -> Transcript:
    return read_transcript(text.encode(), name=name)


def said(text: str, name: str) -> list[str]:
    return [segment.text for segment in read(text, name).segments]


def timed(segments: Sequence[Segment]) -> list[tuple[float | None, float | None, str]]:
    return [(segment.start, segment.end, segment.text) for segment in segments]
