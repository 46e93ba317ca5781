"""The frame of a message: what is left of it when its subject is taken out, in words written in full."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chrysopedia.core.text import stem
from creators.embeddings.weights import word_vector

SUBJECT, NAME = "X", "NAME"
Matrix = npt.NDArray[np.floating[Any]]

_ASKING = r"(?:who|whom|whose|what|which|where|when|why|how|if|whether|do|does|did|is|are|can)"
_LEAD = re.compile(
    r"^(?:(?:dear (?:\w+ ){0,2}\w+(?=,)|wait|"
    r"um+|uh+|er+|hm+|so|well|ok|okay|hey|hi|hello|oh|right|sorry|please|kindly|also|and|btw|by the way|actually|"
    r"(?:just )?(?:a |one )?(?:quick|short|stupid|silly|last) question|"
    rf"(?:(?:i(?: would|['’]d)? (?:like|love|want|need) to (?:know|hear)|"
    rf"i(?: am|['’]m| was) (?:just )?(?:wondering|curious)|"
    rf"(?:(?:please )?(?:can|could|would|will) you )?(?:please |kindly )?(?:tell|show|remind) me|may i ask|"
    rf"(?:do|would) you (?:happen to )?know|any idea)(?=[ ,:]+{_ASKING}\b)))[\s,:;.!…-]+)+(?=\w)",
    re.IGNORECASE,
)
# From the first of a run of spaces only: from each of them the time would grow with the square of their number.
_TAIL = re.compile(
    r"(?<![\s,])[\s,]++(?:please|pls|plz|thanks|thank you|thx|cheers|mate|by the way|btw)[\s.!?]*$",
    re.IGNORECASE,
)


_DOUBT = re.compile(
    r"(?<![\s,])[\s,]++or (?:(?:did|am|was|were|have|must) i\b|(?:is|was) (?:that|it|this) (?:it|all|another|someone|"
    r"somebody|something|just)\b|maybe not\b|not(?=[\s.!?]*$))[^.,;?!]{0,40}[\s.!?]*$"
    r"|(?<![\s,])[\s,]++if you (?:would|could|can|please|don['’]t mind)\b[^.;?!]{0,40}[\s.!?]*$",
    re.IGNORECASE,
)
"""What closes a question with a doubt, or politely: "… or did I dream that?"."""
_WITH = re.compile(r"\bw/ ?(?=\w)")


def without_courtesy(text: str) -> str:
    """Return a message without what only leads up to it or closes it: "ok, could you tell me …", "…, please"."""
    return _WITH.sub("with ", _DOUBT.sub("", _TAIL.sub("", _LEAD.sub("", text.strip())))) or text


# Runs are taken whole, from their first sign only.
_CLAUSES = re.compile(r"(?<![.,;:!?])[.,;:!?]++\s+(?:and |but |so )?|(?<!\s)\s++(?:and|but)\s+")
_ASKS = re.compile(r"(?:how|what|which|where|when|who|why|do|does|did|is|are|should|can|could|would)\b", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    """Return the clauses of a message, cut at its stops and at "and"."""
    return _CLAUSES.split(text)


def asking_clauses(text: str) -> list[str]:
    """Return the clauses of a message that ask: one may ask for what the others don't."""
    return [clause for clause in clauses(text) if _ASKS.match(clause)]


# Words are taken whole: one of four hundred letters, cut into four in all ways, would take half a minute.
_ASKS_ON = re.compile(
    r"(?:(?:and|or|but|so|also|then|what about|how about|same for)\b[ ,]*)+(?:\w[\w'’-]*+[ ,]*){0,4}[?.!]*$"
    r"|(?:\w[\w'’-]*+[ ,]*){1,4}\b(?:too|as well|then)\s*\?+$"
    r"|(?:how (?:long|far|often|big|many|much)|which(?: one)?|(?:the )?\w[\w'’-]*+)\s*\?+$",
    re.IGNORECASE,
)


def asks_on(text: str) -> bool:
    """Say whether a message is no whole question, "and the release?": what it is for hangs on the one before it."""
    return bool(_ASKS_ON.match(text.strip()))


WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def in_full(word: str) -> str:
    """Return a word in lower case as it is written without hurry: "you" for "u"."""
    return _CHAT.get(word, word)


def plain_word(word: str) -> str:
    """Return a word of a message in lower case, in full and without a possessive; names stay as they are."""
    bare = re.sub(r"['’]s$", "", word)
    return bare if bare in {SUBJECT, NAME} else in_full(word.casefold().replace("’", "'"))


_CHAT: Mapping[str, str] = dict(
    pair.split("=")
    for pair in (
        "u=you ur=your r=are y=why pls=please plz=please thx=thanks ty=thanks tysm=thanks tnx=thanks im=i'm ive=i've "
        "id=i'd whats=what's thats=that's hows=how's wheres=where's whos=who's dont=don't doesnt=doesn't "
        "didnt=didn't cant=can't isnt=isn't wasnt=wasn't wont=won't youre=you're theres=there's lets=let's "
        "gimme=give lemme=let wanna=want gonna=going gotta=must dunno=don't idk=don't yeah=yes yep=yes "
        "yup=yes yea=yes nope=no nah=no yo=hey hiya=hi ayo=hey heya=hey vid=video vids=videos eps=episodes ep=episode "
        "abt=about smth=something smthn=something sth=something tho=though bc=because cuz=because rn=now tmrw=tomorrow "
        "ppl=people wut=what wat=what wats=what's bout=about m8=mate bruv=bro thnx=thanks thnks=thanks wich=which "
        "gud=good luv=love nite=night soz=sorry aint=isn't arent=aren't wouldnt=wouldn't couldnt=couldn't "
        "shouldnt=shouldn't theyre=they're msg=message msgs=messages info=information"
    ).split()
)
"""How words are written in a hurry."""

FUNCTION_WORDS = frozenset(
    "a an and the to of in on at for with from by as or but not no if so do does did is are was were be been am being "
    "have has had i you he she it we they me him her us them my your his its our their this that these those there "
    "here what which who whom whose when where why how can could will would shall should may might must than then too "
    "very more most less least much many some any all each every both either neither other another same such own only "
    "just whichever whatever whoever anyone somebody everybody nobody anything something nothing everything also even "
    "still yet ever never again once about into over under after before between through during out up down off really "
    "finally maybe perhaps".split()
)


LONGEST_ENDING = 3
"""Letters of the longest ending that makes no other word of a word."""


class Vocabulary:
    """The words that belong to the frames of messages: those of the prototypes, and their other forms."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words) | FUNCTION_WORDS
        self._stems = frozenset(map(stem, self.words))

    def has(self, word: str) -> bool:
        """Say whether a word belongs to the frame of messages rather than to the subject of one."""
        # "Loudness" is another thing than "loud".
        is_form = stem(word) in self._stems and len(word) - len(stem(word)) <= LONGEST_ENDING
        return word != SUBJECT and (word in self.words or is_form)


@dataclass(frozen=True, slots=True)
class Frame:
    """A message with ``X`` for each run of words of its own, and the span from the first of these to the last."""

    words: tuple[str, ...]
    subject: tuple[int, int] = (0, 0)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but function words is in it: "how long?" hangs on what was said before."""
        return FUNCTION_WORDS.issuperset(self.words)


_THINGS = re.compile(
    r"\b(?:the|a|an|your|my|his|her|their|its|what|which|no|fast|slow|long|short) (?P<x>release|mix|range)\b"
    r"(?! (?:dates?|of|notes|schedule|year)\b)",
    re.IGNORECASE,
)
"""Words of the catalogue's that name a thing as well: "the release of a compressor", but "the release date"."""
_JOINING = frozenset("a an the of and or in on to for with at from by my your his her their our".split())
"""Words that belong to a subject where they stand within it: "rolling off the lows"."""


def frame_of(text: str, vocabulary: Vocabulary) -> Frame:
    """Return the frame of a message: its subject may be anything, so it says nothing of what the message is for."""
    found = list(WORD.finditer(text))
    things = {match.start("x") for match in _THINGS.finditer(text)}
    words = [SUBJECT if match.start() in things else plain_word(match[0]) for match in found]
    # A capital within a message is a name, and so is "coverage.py": either may look like any word.
    own = [
        place
        for place, (match, word) in enumerate(zip(found, words, strict=True))
        if not (word in vocabulary.words if _is_name(match[0], place) else vocabulary.has(word)) or word == SUBJECT
    ]
    if not own:
        return Frame(tuple(words))
    frame: list[str] = []
    for place, word in enumerate(words):
        if place not in own:
            frame.append(word)
            continue
        while frame and frame[-1] in _JOINING and SUBJECT in frame[-3:-1]:
            frame.pop()
        if frame[-1:] != [SUBJECT]:
            frame.append(SUBJECT)
    return Frame(tuple(frame), (found[own[0]].start(), found[own[-1]].end()))


def _is_name(word: str, place: int) -> bool:
    return (place > 0 and word[0].isupper()) or bool(re.search(r"[\d._]", word))


def vector_of(word: str) -> Matrix:
    """Return the unit vector of a word; a subject and a creator have that of some thing and of some name."""
    return unit(np.asarray(word_vector({SUBJECT: "bread", NAME: "anna"}.get(word, word)), dtype=np.float64))


def unit(vector: Matrix) -> Matrix:
    """Return a vector at length 1; zeros stay."""
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
