"""What a message names before it asks several things of it: "bindgen: what do I install, and how do I call it?"."""

import re
from dataclasses import dataclass

MOST_WORDS = 5
"""Words up to which what stands before a colon or dash may be a heading."""

_INTRODUCES = re.compile(
    r"^[^?.!;:]{0,40}?\b(?:two|three|four|2|3|4|a couple(?: of)?|a few|some)(?: quick| short| small)* "
    r"(?:(?:things|questions|ones|qs)\b|(?=about\b|on\b))"
    r"(?: (?:please|for you))?(?:\s*(?:about|on|from|regarding)\s+(?P<heading>[^?.!;:,]{2,40}?)(?=\s*:|\s+[–—-]\s))?"
    r"\s*[:,.–—-]*\s*(?=\w)",
    re.IGNORECASE,
)
"""What announces several parts, and of what."""
_HEADS = re.compile(r"^\s*+(?P<heading>[^\s?.!;:,][^?.!;:,\n]{1,49}?)(?:\s*:|\s+[–—-]+)\s+(?=\w)")
_COUNTS = re.compile(
    r"^(?:two|three|four|\d|some|a few|quick|my)\s+|\s+(?:things|questions|ones|qs|help|pls|please)$", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"\b(?:i|you|we|they|he|she|it|this|that|is|are|was|were|do|does|did|can|should|how|what|which|where|when|who|why|"
    r"hi|hey|hello|before|after|and|or|vs|versus|\w+['’](?:s|re|m|ve|ll|d)(?=\s+\w+ing|\s+not|$))\b|^\W*\d+\W*$",
    re.IGNORECASE,
)
"""Words that stand in what says or asks something, which is no heading."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a message, "" where there is none, and where what it heads begins.

    ``is_announced`` says that several parts are announced.
    """

    text: str = ""
    end: int = 0
    is_announced: bool = False


def heading_of(text: str) -> Heading:
    """Return what a message names before it asks."""
    if introduced := _INTRODUCES.match(text):
        return Heading(_bare(introduced["heading"] or ""), introduced.end(), is_announced=True)
    match = _HEADS.match(text)
    heading = _bare(match["heading"]) if match else ""
    if match is None or not heading or len(heading.split()) > MOST_WORDS or _CLAUSE.search(heading):
        return Heading()
    return Heading(heading, match.end())


def _bare(heading: str) -> str:
    """Return a heading without how many questions it heads."""
    bare = heading.strip()
    for _ in range(2):
        bare = _COUNTS.sub("", bare).strip()
    return bare
