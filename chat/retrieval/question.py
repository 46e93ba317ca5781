"""From a question and what was said before it to what is searched for."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from chat.retrieval.values import Probe, Vector

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

LAST, ASKED, ANSWERED = 0.6, 0.25, 0.15
"""How the vectors of a leaning question are mixed: itself, all that was asked, the previous answer."""
ANSWER_WORDS = 120
FEW_WORDS, FEW_OWN_WORDS = 3, 1
"""A question of no more words than this, or of no more that say something, is taken for half a question."""

_OPENERS = re.compile(
    r"(?:and|but|or|so|also|then|why|what about|how about|what if|what else|anything else|any other|more on"
    r"|tell me more|go on|really|ok(?:ay)?|same|instead)\b"
)
_POINTERS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|he|him|his|she|her|hers|there|one|ones|former|latter|both"
    r"|same|else|instead|other|others|such)\b"
)
_EMPTY = frozenset(
    "a an the of on in at to for with by from as is are was be been do does did can could should would will i you we "
    "me my your our how what which when where who why and or but not no so then than too much many some any use used "
    "set get have has had about there it that this".split()
)


def leans(query: str) -> bool:
    """Say whether a question needs what came before it to be understood.

    It does when it opens as a continuation, points at something it doesn't name, or has hardly a word of its own.
    """
    folded = query.casefold().strip()
    is_half = len(re.findall(r"\w+", folded)) <= FEW_WORDS or len(_own_words(folded)) <= FEW_OWN_WORDS
    return is_half or bool(_OPENERS.match(folded)) or bool(_POINTERS.search(folded))


def _own_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _EMPTY]


def nameless(query: str, names: Sequence[str]) -> str:
    """Return the question without the names of who is asked: people hardly name themselves, so it only misleads."""
    for name in sorted(names, key=len, reverse=True):
        query = re.sub(rf"\b{re.escape(name)}(?:['’]s)?(?!\w)", " ", query, flags=re.IGNORECASE)
    return " ".join(query.split())


def probe_for(
    query: str, *, asked: Sequence[str], answered: str, space: str, embed: Embed, names: Sequence[str] = ()
) -> Probe:
    """Return what to search for; ``asked`` holds the earlier questions, oldest first, ``answered`` the last answer.

    ``names`` are those of the creator who is asked.

    A question that stands alone is left as it is. One that leans gets a vector mixed with those of what was said
    (gluing the texts together halves the quality), and the words of the question before it at a lower weight.
    """
    stripped = nameless(query, names)
    query = stripped if _own_words(stripped) else query
    if not asked or not leans(query):
        return Probe(text=query, vector=embed([query])[0], space=space)
    said = " ".join(answered.split()[:ANSWER_WORDS])
    texts = [query, "\n".join([*asked, query]), *([said] if said else [])]
    vectors = embed(texts)
    mixed = LAST * vectors[0] + ASKED * vectors[1] + (ANSWERED * vectors[2] if said else 0)
    return Probe(text=query, vector=_unit(mixed), space=space, context=asked[-1])


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)
