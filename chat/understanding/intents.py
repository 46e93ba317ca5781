"""What a message is for, where no rule knows its wording: a linear classifier fitted on prototype messages."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from chrysopedia.core.text import stem
from creators.embeddings import WeightsError
from creators.embeddings.weights import word_rarity, word_vector

PROTOTYPES = Path(__file__).with_name("prototypes.toml")
SUBJECT, NAME = "X", "NAME"
Group = Literal["small_talk", "collection", "question"]
Matrix = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message is for: its group and name in ``prototypes.toml``.

    ``margin`` is how much more than a question it is, at 0 as much; prototypes lie about 1 apart. ``subject`` are the
    words that it is about, "" where it has none.
    """

    group: Group
    name: str
    margin: float
    subject: str = ""


FEW = 3
"""Words up to which a message says the less for certain, the shorter it is."""


def intent_of(text: str) -> Intent | None:
    """Return the intent of a message, in which ``NAME`` stands for each creator; None without the model's weights."""
    try:
        frame = _frame_of(text)
        if _FUNCTION_WORDS.issuperset(frame.words):
            # "How long?", "which?": that hangs on what was said before.
            return Intent("question", "plain", 0.0)
        found = _classifier().intent(frame.words)
        margin = found.margin * min(1.0, len(frame.words) / FEW)
        return replace(found, subject=text[slice(*frame.subject)], margin=margin)
    except (WeightsError, OSError):
        return None


_ASKING = r"(?:who|whom|whose|what|which|where|when|why|how|if|whether|do|does|did|is|are|can)"
_LEAD = re.compile(
    r"^(?:(?:wait|um+|uh+|er+|hm+|so|well|ok|okay|hey|hi|hello|oh|right|sorry|please|also|and|btw|by the way|actually|"
    r"(?:just )?(?:a |one )?(?:quick|short|stupid|silly|last) question|"
    rf"(?:(?:i(?: would|['’]d)? (?:like|love|want|need) to (?:know|hear)|"
    rf"i(?: am|['’]m| was) (?:just )?(?:wondering|curious)|"
    rf"(?:(?:please )?(?:can|could|would|will) you )?(?:please |kindly )?(?:tell|show|remind) me|may i ask|"
    rf"(?:do|would) you (?:happen to )?know|any idea)(?=[ ,:]+{_ASKING}\b)))[\s,:;.!…-]+)+(?=\w)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,]+(?:please|pls|plz|thanks|thank you|thx|cheers|mate|by the way|btw)[\s.!?]*$", re.IGNORECASE)


def without_courtesy(text: str) -> str:
    """Return a message without what only leads up to it or closes it: "ok, could you tell me …", "…, please"."""
    return _TAIL.sub("", _LEAD.sub("", text.strip())) or text


_CLAUSES = re.compile(r"[.,;:!?]+\s+(?:and |but |so )?|\s+(?:and|but)\s+")
_ASKS = re.compile(r"(?:how|what|which|where|when|who|why|do|does|did|is|are|should|can|could|would)\b", re.IGNORECASE)


def asking_clauses(text: str) -> list[str]:
    """Return the clauses of a message that ask: one may ask for what the others don't."""
    return [clause for clause in _CLAUSES.split(text) if _ASKS.match(clause)]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A message with ``X`` for each run of words of its own, and the span from the first of these to the last."""

    words: tuple[str, ...]
    subject: tuple[int, int] = (0, 0)


_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_JOINING = frozenset("a an the of and or in on to for with at from by my your his her their our".split())
"""Words that belong to a subject where they stand within it: "rolling off the lows"."""


def _frame_of(text: str) -> _Frame:
    """Return the frame: what is left of a message when its subject is taken out, as that may be anything."""
    found = list(_WORD.finditer(text))
    words = [_word(match[0]) for match in found]
    # A capital within a message is a name, which may look like any word.
    own = [
        place
        for place, word in enumerate(words)
        if not (_is_known(word) if place and found[place][0][0].isupper() else _is_plain(word))
    ]
    if not own:
        return _Frame(tuple(words))
    frame: list[str] = []
    for place, word in enumerate(words):
        if place not in own:
            frame.append(word)
            continue
        while frame and frame[-1] in _JOINING and SUBJECT in frame[-3:-1]:
            frame.pop()
        if frame[-1:] != [SUBJECT]:
            frame.append(SUBJECT)
    return _Frame(tuple(frame), (found[own[0]].start(), found[own[-1]].end()))


def _word(word: str) -> str:
    bare = re.sub(r"['’]s$", "", word)
    return bare if bare in {SUBJECT, NAME} else in_full(word.casefold().replace("’", "'"))


def in_full(word: str) -> str:
    """Return a word in lower case as it is written without hurry: "you" for "u"."""
    return _CHAT.get(word, word)


_CHAT = dict(
    pair.split("=")
    for pair in (
        "u=you ur=your r=are y=why pls=please plz=please thx=thanks ty=thanks tnx=thanks im=i'm ive=i've "
        "id=i'd whats=what's thats=that's hows=how's wheres=where's whos=who's dont=don't doesnt=doesn't "
        "didnt=didn't cant=can't isnt=isn't wasnt=wasn't wont=won't youre=you're theres=there's lets=let's "
        "gimme=give lemme=let wanna=want gonna=going gotta=must dunno=don't idk=don't yeah=yes yep=yes "
        "yup=yes nope=no nah=no yo=hey hiya=hi vid=video vids=videos eps=episodes ep=episode abt=about "
        "ppl=people wut=what wat=what wats=what's bout=about m8=mate bruv=bro thnx=thanks tnx=thanks thnks=thanks "
        "gud=good luv=love nite=night soz=sorry aint=isn't arent=aren't wouldnt=wouldn't couldnt=couldn't "
        "shouldnt=shouldn't theyre=they're"
    ).split()
)
"""How words are written in a hurry."""


_FUNCTION_WORDS = frozenset(
    "a an and the to of in on at for with from by as or but not no if so do does did is are was were be been am being "
    "have has had i you he she it we they me him her us them my your his its our their this that these those there "
    "here what which who whom whose when where why how can could will would shall should may might must than then too "
    "very more most less least much many some any all each every both either neither other another same such own only "
    "just whichever whatever whoever anyone somebody everybody nobody anything something nothing everything also even "
    "still yet ever never again once about into over under after before between through during out up down off really "
    "finally maybe perhaps".split()
)
NEAREST, NEAR, COMMON = 0.6, 0.45, 0.2
"""Cosine to a word of the prototypes from which on a word is none of the message's own, "lately" beside "recently"; the
same for words of this rarity at most."""


@cache
def _plain_words() -> tuple[frozenset[str], frozenset[str], Matrix]:
    """Return the words of the prototypes and function words, their stems, and their vectors, a row each."""
    words = sorted(_FUNCTION_WORDS.union(_word(word) for _, text in _prototypes() for word in _WORD.findall(text)))
    return frozenset(words), frozenset(map(stem, words)), np.stack([_vector(word) for word in words])


@lru_cache(maxsize=8192)
def _is_plain(word: str) -> bool:
    """Say whether a word belongs to the frame of messages rather than to the subject of one."""
    _, stems, vectors = _plain_words()
    if word == SUBJECT or _is_known(word):
        return word != SUBJECT
    cosine = float((vectors @ _vector(word)).max())
    return stem(word) in stems or cosine >= NEAREST or (cosine >= NEAR and word_rarity(word) <= COMMON)


def _is_known(word: str) -> bool:
    return word != SUBJECT and word in _plain_words()[0]


@cache
def _prototypes() -> Sequence[tuple[tuple[Group, str], str]]:
    """Return group and name of each prototype, with its text."""
    table: dict[Group, dict[str, list[str]]] = cast(Any, tomllib.loads(PROTOTYPES.read_text(encoding="utf-8")))
    return [((group, name), text) for group, names in table.items() for name, texts in names.items() for text in texts]


RIDGE = 1.0
"""Strength of the ridge; between .3 and 2 it hardly matters."""
_EDGE = 3
"""Words at the beginning, and at the end, that count by themselves too."""


@dataclass(frozen=True, slots=True)
class _Classifier:
    """Weights of shape (features, groups and intents), fitted by ridge regression to 1 for its own and -1 for others.

    Features are the mean word vectors of the frame, of its beginning and of its end, and which of the ``grams`` it has.
    """

    grams: Mapping[str, int]
    groups: Sequence[Group]
    intents: Sequence[tuple[Group, str]]
    weights: Matrix

    def intent(self, words: Sequence[str]) -> Intent:
        """Return the best intent of the best group for a frame."""
        scores = _features(words, self.grams) @ self.weights
        by_group = dict(zip(self.groups, scores.tolist(), strict=False))
        group = max(self.groups, key=lambda one: by_group[one])
        of_intents = zip(self.intents, scores[len(self.groups) :].tolist(), strict=True)
        name = max((score, name) for (of, name), score in of_intents if of == group)[1]
        return Intent(group, name, by_group[group] - by_group["question"])


@cache
def _classifier() -> _Classifier:
    """Fit the classifier, once in a process: a third of a second. Raises ``WeightsError`` and ``OSError``."""
    told = _prototypes()
    frames = [_frame_of(text).words for _, text in told]
    counts = Counter(gram for words in frames for gram in _grams(words))
    grams = {gram: place for place, gram in enumerate(gram for gram, times in counts.items() if times > 1)}
    features = np.stack([_features(words, grams) for words in frames])
    intents = list(dict.fromkeys(intent for intent, _ in told))
    groups = list(dict.fromkeys(group for group, _ in intents))
    wanted = [[*(group == one[0] for group in groups), *(one == intent for intent in intents)] for one, _ in told]
    # In its dual form: there are a third as many prototypes as features.
    square = features @ features.T + RIDGE * np.eye(len(told))
    weights = features.T @ np.linalg.solve(square, np.where(wanted, 1.0, -1.0))
    return _Classifier(grams, groups, intents, weights)


def _features(words: Sequence[str], grams: Mapping[str, int]) -> Matrix:
    vectors = np.stack([_vector(word) for word in words or [SUBJECT]])
    means = [part.mean(axis=0) for part in (vectors, vectors[:_EDGE] / 2, vectors[-_EDGE:] / 2)]
    said = np.zeros(len(grams))
    said[[grams[gram] for gram in _grams(words) if gram in grams]] = 1
    return np.concatenate([_unit(np.concatenate(means)), _unit(said), [1.0]])


def _grams(words: Sequence[str]) -> set[str]:
    return {*words, *(" ".join(pair) for pair in pairwise(["<", *words, ">"]))}


def _vector(word: str) -> Matrix:
    """Return the unit vector of a word; a subject and a creator have that of some thing and of some name."""
    return _unit(np.asarray(word_vector({SUBJECT: "bread", NAME: "anna"}.get(word, word)), dtype=np.float64))


def _unit(vector: Matrix) -> Matrix:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
