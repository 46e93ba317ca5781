"""Reading passages sentence by sentence, each with who says it and how it hangs on the one before."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from chat.events.events import Passage
from chat.grounding.quotes.values import Sentence
from chat.grounding.words import stems
from creators.transcripts.sentences import sentence_spans


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """Return every sentence of the passages, in order."""
    return [sentence for number, passage in enumerate(passages, start=1) for sentence in _read(number, passage)]


def _read(number: int, passage: Passage) -> Iterator[Sentence]:
    before: tuple[str, int] | None = None
    for labelled, end in sentence_spans(passage.text):
        speaker, start = _spoken(passage, labelled)
        text = passage.text[start:end]
        follows = before is not None and before[0] == speaker and not passage.text[before[1] : start].strip()
        replies = before is not None and before[0] != speaker
        if text:
            bag = frozenset(stems(text))
            yield Sentence(number, start, end, text, speaker, bag, follows=follows, replies=replies)
            before = speaker, end


def _spoken(passage: Passage, start: int) -> tuple[str, int]:
    """Return who says the sentence that begins here, and where it begins without the label that says so."""
    index = bisect_right(passage.marks, start, key=lambda mark: mark.offset) - 1
    speaker = passage.marks[index].speaker if index >= 0 else ""
    label = f"{speaker}: "
    return speaker, start + len(label) if speaker and passage.text.startswith(label, start) else start
