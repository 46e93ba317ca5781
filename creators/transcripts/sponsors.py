"""Sponsor reads: where a work thanks who pays for it, or sells what they sell, which answers nothing."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from creators.transcripts.segments import Aside, Segment, Segments
from creators.transcripts.sentences import second_of, sentence_spans

_SHOW = (
    r"(?:this|today['’]s|the) (?:[\w-]+ ){0,2}?(?:episode|show|podcast|video|portion|segment|broadcast|stream|lesson|"
    r"tutorial|newsletter|series|part)\b(?: of (?:[\w-]+ ){1,6}?)?"
)
_NO_READ = r"(?! (?:we|i|they|he|she|it) (?:could|can|had|got|have|was|were|managed))"
_OPENS = re.compile(
    rf"\b{_SHOW}[^.?!\n]{{0,60}}?\b(?:brought to you|sponsored) by\b|"
    r"\b(?:it['’]s|it has|has|and it has) been (?:brought to you|sponsored) by\b|"
    r"\b(?:today|this (?:week|month|episode|video))['’]s sponsors?\b,? (?:[\w.-]+,? ){0,3}?(?:is|are)\b|"
    r"\bour sponsors? (?:today|(?:for )?this (?:week|month|episode|video)) (?:is|are)\b|"
    r"\b(?:word|message) from (?:our|my|today['’]s|the show['’]s) sponsors?\b|"
    r"\bhomage to (?:our|my) sponsors?\b",
    re.IGNORECASE,
)
"""How a read begins."""
_THANKS = re.compile(
    r"\b(?:thanks|thank you|shout-?out)(?: so much| again| also)?,? (?:to )?[^.?!\n]{1,90}? for "
    r"(?:sponsoring|being (?:a |our |my )?sponsors? of) (?:this|the|us|our|my|today['’]s)\b|"
    r"\bthank(?:s|ing)?(?: you)?(?: to)?(?: all)? (?:of )?(?:our|my|today['’]s|this (?:week|month|episode|video)['’]s) "
    rf"(?:[\w-]+ )?sponsors?\b{_NO_READ}|"
    r"\bthank(?:s| you),? [^.?!\n]{0,40}?for (?:being|becoming) (?:a|our|my) sponsors?\b|"
    r"\bshout-?out to (?:our|my|today['’]s) sponsors?\b",
    re.IGNORECASE,
)
_GAIN = r"(?:\$ ?\d|dollars off|(?:percent|%) off|discount|credit|checkout|off your|free (?:trial|month))"
_CODE = re.compile(
    r"\b(?:use|using|enter|with|apply|plug in|put in)\b(?: (?:the|our|my|your|special))*"
    rf"(?: (?:promo(?:tional|tion)?|coupon|discount|offer|referral))? code\b[^.?!\n]{{0,80}}?{_GAIN}|"
    r"\b(?:use|using|enter|apply|plug in|put in)\b(?: (?:the|our|my|your|special))* "
    r"(?:promo(?:tional|tion)?|coupon|discount|offer) code\b|"
    r"\b(?:use|using|enter|with) (?:the )?code (?-i:[\"“]?[A-Z][A-Z0-9]{3,}\b)|"
    r"\b(?:listeners|viewers|subscribers)\b[^.?!\n]{0,60}\b(?:save|get)\b[^.?!\n]{0,30}(?:%|percent) off",
    re.IGNORECASE,
)
"""What is to be said or typed for less money."""
_CALL = re.compile(
    r"\b(?:visit|go to|head (?:on )?over to|out at|up at|started at|more at|free at|trying them)\b[^?!\n]{0,60}?"
    r"(?:\w\.(?:com|io|fm|org|net|co|ai|dev|app|us|me|ci)\b|\bdot (?:com|io|fm|org|net)\b|\bslash\b|[\w.]+/\w)",
    re.IGNORECASE,
)
"""Where to go for it: the end of a read, and nothing by itself."""
_HINT = re.compile(r"sponsor|brought|\bcode\b|\boff\b", re.IGNORECASE)

LONGEST_READ = 1300
"""Characters, a minute and a half: how far after its beginning the end of a read is looked for."""
_AROUND = 500
_STOP = re.compile(r"[.?!](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The segments without sponsor reads, the asides with them, and a note of how many there are."""

    segments: Segments
    asides: tuple[Aside, ...]
    notes: tuple[str, ...] = ()


def without_sponsors(segments: Segments, asides: Sequence[Aside]) -> Unpaid:
    """Return the segments without sponsor reads, which become asides among those that there are.

    A work that would then have nothing to say is kept as it is.
    """
    pieces, read = sponsor_reads(segments)
    if not read or len(read) == len(pieces):
        return Unpaid(segments, tuple(asides))
    kept = [at for at in range(len(pieces)) if at not in read]
    found = [
        Aside(" ".join(pieces[at].text for at in run), "sponsor", bisect_left(kept, run[0])) for run in _runs(read)
    ]
    places = _places(segments, pieces)
    moved = (replace(one, before=bisect_left(kept, places[one.before])) for one in asides)
    placed = sorted((*moved, *found), key=lambda one: one.before)
    note = (
        f"{len(found)} sponsor {'read is' if len(found) == 1 else 'reads are'} shown, and neither searched nor quoted"
    )
    return Unpaid(Segments(pieces[at] for at in kept), tuple(placed), (note,))


def _runs(places: set[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for at in sorted(places):
        if run and at > run[-1] + 1:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


def _places(segments: Sequence[Segment], pieces: Sequence[Segment]) -> list[int]:
    """Return for each segment the index of its first piece, and at last how many pieces there are."""
    places, at = [], 0
    for segment in segments:
        places.append(at)
        length = 0
        wanted = len("".join(segment.text.split()))
        while length < wanted:
            length += len("".join(pieces[at].text.split()))
            at += 1
    return [*places, at]


def sponsor_reads(segments: Segments) -> tuple[Segments, set[int]]:
    """Return the segments, parted where a sponsor read begins and ends, and the indices of those that are one.

    A read is the sentence that says so; from one that opens a read it goes on to where the listener is sent, or told
    a code, if the same person says that within a minute and a half. Whoever only talks about sponsors reads nothing.
    """
    if not any(map(_HINT.search, segments.texts)):
        return segments, set()
    starts = array("q", accumulate((len(text) + 1 for text in segments.texts), initial=0))
    text = " ".join(segments.texts)
    spans = _joined(sorted(_spans(text, segments, starts)))
    if not spans:
        return segments, set()
    return _parted(segments, starts, spans)


def _spans(text: str, segments: Sequence[Segment], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    for pattern in (_OPENS, _THANKS, _CODE):
        for match in pattern.finditer(text):
            begin, end = _sentence(text, match.start(), match.end(), segments, starts)
            if pattern is _OPENS:
                end = max(end, _end_of_read(text, end, segments, starts))
            yield begin, end


def _end_of_read(text: str, begin: int, segments: Sequence[Segment], starts: Sequence[int]) -> int:
    """Return where a read ends that was opened before ``begin``: after its last call, 0 where there is none."""
    limit = min(_turn_after(begin, segments, starts), begin + LONGEST_READ)
    following = _OPENS.search(text, begin, limit)
    limit = following.start() if following else limit
    calls = [m.end() for pattern in (_CALL, _CODE, _THANKS) for m in pattern.finditer(text, begin, limit)]
    return min(_sentence(text, max(calls) - 1, max(calls), segments, starts)[1], limit) if calls else 0


def _turn_after(at: int, segments: Sequence[Segment], starts: Sequence[int]) -> int:
    """Return where the person who speaks at a character stops to speak, or what they say has another heading."""
    place = bisect_right(starts, at) - 1
    if place >= len(segments):
        return starts[-1]
    own = segments[place]
    for number in range(place + 1, min(place + 200, len(segments))):
        if segments[number].speaker != own.speaker or segments[number].heading != own.heading:
            return starts[number]
    return starts[-1]


def _sentence(text: str, begin: int, end: int, segments: Sequence[Segment], starts: Sequence[int]) -> tuple[int, int]:
    """Return the bounds of the sentences around a match; where nobody wrote full stops, those of its lines."""
    low = max(0, begin - _AROUND)
    spans = [(left + low, right + low) for left, right in sentence_spans(text[low : end + _AROUND])]
    left = next((left for left, right in spans if left <= begin < right), begin)
    right = next((right for left, right in spans if left < end <= right), end)
    first, last = bisect_right(starts, begin) - 1, bisect_left(starts, end) - 1
    # What is paragraphs ends with them, and a line of a caption with a full stop within it is cut there.
    is_bare = right - left >= _AROUND or left == low > 0 or not _STOP.search(text, low, end + _AROUND)
    line = starts[first], starts[last] + len(segments[last].text)
    return line if is_bare else (max(left, _paragraph(first, segments, starts, low)), right)


def _paragraph(place: int, segments: Sequence[Segment], starts: Sequence[int], low: int) -> int:
    """Return where the paragraph of a segment begins, or a place before ``low``."""
    while (
        starts[place] > low and not segments[place].paragraph and segments[place].speaker == segments[place - 1].speaker
    ):
        place -= 1
    return starts[place]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1] + 2:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _parted(
    segments: Sequence[Segment], starts: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[Segments, set[int]]:
    kept = Segments()
    read: set[int] = set()
    for segment, start in zip(segments, starts, strict=False):
        end = start + len(segment.text)
        first = bisect_right(spans, start, key=lambda span: span[1])
        cuts = sorted({start, end, *(at for span in spans[first : first + 8] for at in span if start < at < end)})
        for left, right in pairwise(cuts):
            if any(span[0] <= left and right <= span[1] for span in spans[first : first + 8]):
                read.add(len(kept))
            piece = _piece(segment, left - start, right - start)
            if piece.text:
                kept.append(piece)
            else:
                read.discard(len(kept))
    return kept, read


def _piece(segment: Segment, left: int, right: int) -> Segment:
    if left == 0 and right == len(segment.text):
        return segment
    paragraph = segment.paragraph and left == 0
    start, end = second_of(segment, left), second_of(segment, right)
    return replace(segment, text=segment.text[left:right].strip(), start=start, end=end, paragraph=paragraph)
