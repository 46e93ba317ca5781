"""Quotes as the text of an answer: verbatim, in quotation marks, with who says it and a marker."""

import re
from collections.abc import Collection, Iterator, Sequence

from chat.events.events import Passage
from chat.grounding.disagreements import Conflict
from chat.grounding.quotes.values import Quote


def as_pieces(quotes: Sequence[Quote], passages: Sequence[Passage], *, asked: str = "") -> Iterator[str]:
    """Yield the answer piece by piece: each quote verbatim in quotation marks, with its marker.

    Quotes of one person in one passage share a paragraph, which names that person unless it is the creator whose slug
    is ``asked``.
    """
    before = (0, "")
    for quote in quotes:
        passage = passages[quote.number - 1]
        if (quote.number, quote.speaker) == before:
            yield " “"
        else:
            yield ("\n\n" if before[0] else "") + _named(quote, passage, asked=asked) + "“"
        yield from _words(tidy(passage.text[quote.start : quote.end]))
        yield f"” [{quote.number}]"
        before = (quote.number, quote.speaker)


def views(conflicts: Sequence[Conflict], passages: Sequence[Passage], *, said: Collection[int]) -> Iterator[str]:
    """Yield, for each disagreement, what those say who are not quoted yet, with the date: never an average."""
    for conflict in conflicts:
        for one in conflict.said:
            passage = passages[one.number - 1]
            if one.number not in said:
                when = f" ({passage.published})" if passage.published else ""
                quoted = tidy(passage.text[slice(*one.span)])
                yield f"\n\n{passage.creator}{when}: “"
                yield from _words(quoted)
                yield f"” [{one.number}]"


def tidy(text: str) -> str:
    """Keep the words as they are; only a number in square brackets would be taken for a marker."""
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.split()))


def _named(quote: Quote, passage: Passage, *, asked: str) -> str:
    speaker = quote.speaker or passage.creator
    return "" if speaker == passage.creator and passage.creator_slug == asked else f"{speaker}: "


def _words(text: str) -> Iterator[str]:
    """Yield the text a few words at a time, as a model would."""
    words = text.split(" ")
    for first in range(0, len(words), 4):
        yield (" " if first else "") + " ".join(words[first : first + 4])
