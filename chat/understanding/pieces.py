"""A message cut into its clauses: sentences, numbers of a list, and what joints before a question part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.understanding.clauses import (
    ASKED,
    BEGINS,
    FORM,
    LACKING,
    NAMED_ONLY,
    OPENS,
    SAYS,
    SENTENCE,
    TELLS,
    VERB,
    WH,
    without_lead,
)
from chat.understanding.headings import Heading
from chat.understanding.small_talk import small_talk_in

_NUMBERED = re.compile(
    r"(?:^|(?<=\s))\(?(?:(?:question |q ?)?\d{1,2}\s?[).:]|(?:first|second|third|fourth)(?:ly)?[,:])\s+"
    r"|(?:^|\n)\s*[-*•]\s+",
    re.IGNORECASE,
)
_JOINED = (
    r"(?:;\s*|\s+[/+–—-]\s+|,?\s+&\s+|,?\s+(?:and|plus|also|and also|and then)\s+|,\s+)"
    r"(?:(?:separately|in addition|lastly|finally|another thing),? |\([^()]{1,30}\) )?"
    rf"(?=(?:also |and |then |if so,? |if not,? |second(?:ly)?, )*(?:{BEGINS}|{TELLS}\s))"
    r"|(?:,\s+(?:and|plus|also)|\s+\+)\s+(?=(?:[\w%./-]+ ){2,7}(?:for|in|on|at|of) [^,?.!;]*(?:\?|$))"
)
_SEPARATOR = re.compile(rf"(?P<sentence>{SENTENCE})|(?P<joined>{_JOINED})", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
_BEGINNING = re.compile(
    rf"(?:{BEGINS})|(?:in|on|at|with|without|for|between|when|if|as|since|after|before)\b", re.IGNORECASE
)
_SETS_APART = re.compile(r"also|plus|/|;|\b(?:second|third)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a question: one that stands by itself is a sentence or comes after "also"; one may be of a list.

    ``has_mark`` says that a question mark closes it, ``is_closed`` that a full stop does before the question goes on.
    """

    start: int
    end: int
    text: str
    stands: bool = True
    is_listed: bool = False
    has_mark: bool = False
    is_closed: bool = False


def pieces(text: str, heading: Heading) -> Iterator[Piece]:
    """Yield what separators part, without small talk; of a list that is announced, all that it lists."""
    start = heading.end if heading.is_announced else 0
    separators = [
        (one.start(), one.end(), bool(one["sentence"]))
        for one in _SEPARATOR.finditer(text, start)
        if one.end() != heading.end and not _is_relative(text, one)
    ]
    numbered = _numbered(text, start)
    if is_numbered := len(numbered) > 1:
        separators = [(one.start(), one.end(), True) for one in numbered]
    elif not separators and (heading.is_announced or _lists_names(text[heading.end :], heading)):
        start = heading.end
        separators = [(one.start(), one.end(), True) for one in _LISTED.finditer(text, start)]
        is_numbered = True
    stands, is_listed = False, is_numbered or heading.is_announced
    for end, after, is_sentence in [*separators, (len(text), len(text), True)]:
        joint = text[end:after]
        if not is_sentence and not _may_end(text[start:end], text[after:], joint):
            continue
        if (said := text[start:end].strip(" ,;–—-")) and small_talk_in(said) is None:
            is_first_sentence = is_sentence and not text[:start].strip() and after < len(text)
            yield Piece(
                start,
                end,
                said,
                stands or is_first_sentence or is_listed or bool(heading.text),
                is_listed,
                "?" in said[-1] + joint,
                "." in joint and not is_numbered,
            )
        start, stands = after, is_sentence or bool(_SETS_APART.search(joint))


def _is_relative(text: str, joint: re.Match[str]) -> bool:
    """Say whether a comma only opens a clause that another closes: "my brother, who sings, …"."""
    clause = re.match(r"(?:who|whom|whose|which|where)\b([^,?.;]*),(?! *(?:and|or|also)\b)", text[joint.end() :])
    return joint[0].strip() == "," and clause is not None and not re.search(rf"\b{VERB}\b", clause[1])


def _lists_names(text: str, heading: Heading) -> bool:
    """Say whether a heading is followed by nothing but a list of three things or more."""
    items = [one for one in _LISTED.split(text.strip(" ?.!")) if one]
    is_list = len(items) > 2 and all(2 <= len(one.split()) <= LACKING for one in items)
    return bool(heading.text) and is_list and not SAYS.search(text)


def _numbered(text: str, start: int) -> list[re.Match[str]]:
    """Return the numbers of a list: they count up from one, or are all words or signs. "4: then 2:" is none."""
    found = list(_NUMBERED.finditer(text, start))
    digits = [int(one) for match in found for one in re.findall(r"\d+", match[0])]
    return found if not digits or digits == [*range(1, len(found) + 1)] else []


def _may_end(said: str, rest: str, joint: str) -> bool:
    """Say whether a clause may be a part by itself: it asks, or, before "and", names what it asks for.

    In "what loudness and what ceiling do you use" the verb belongs to both.
    """
    own = without_lead(said)
    asked = OPENS.split(own)[-1]
    if re.search(rf"\b(?:{WH})$", own, re.IGNORECASE) and not re.match(rf"{WH} .*\b{VERB}\b .*\w", asked, re.I):
        return False
    is_asked = FORM.match(own) and ASKED.match(own) and "," in own
    if is_asked or FORM.match(asked) or re.match(TELLS, own, re.IGNORECASE):
        lacks_verb = ASKED.match(own) and len(own.split()) <= LACKING and not SAYS.search(own)
        return not lacks_verb or not _shares_verb(own, rest, joint)
    is_joined = joint.strip(" ,").lower() != "" and bool(own)
    return is_joined and len(own.split()) <= NAMED_ONLY and not _BEGINNING.match(own)


def _shares_verb(own: str, rest: str, joint: str) -> bool:
    """Say whether what follows has the verb for both: it asks for another thing in the same way, "what … what …"."""
    following = without_lead(re.split(r"[?.,;]", rest)[0])
    if not SAYS.search(following) or not ASKED.match(following):
        return False
    is_like = following.split(maxsplit=1)[0].lower() == own.split(maxsplit=1)[0].lower()
    return is_like or ("," not in joint and bool(re.match(r"how (?:many|much)\b|what\b|which\b", following, re.I)))
