"""The query: a question in the glossary's spelling, its vector, and the conversation that it goes on with."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from creators.embeddings import Embedder
from creators.glossary import Rule, corrected, rules_of, with_terms
from creators.models import GlossaryEntry

Vector = npt.NDArray[np.float32]
"""One embedding, shape (dimensions,), of length one."""
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
"""From n texts to their embeddings, shape (n, dimensions), each of length one."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for: the words, the vector, and the name of the vector space that it lies in.

    ``context`` holds the earlier questions that this one follows, a line each; "" for a first one or a new subject.
    """

    text: str
    vector: Vector
    space: str
    context: str = ""


def build_query(
    text: str,
    *,
    creator_id: int | None,
    names: Sequence[str] = (),
    earlier: Sequence[str] = (),
    last_answer: str = "",
    embedder: Embedder,
    revision: str = "",
) -> SearchQuery:
    """Return the query for a question put to a creator, or to everyone where ``creator_id`` is None.

    ``names`` are the creator's, ``earlier`` the questions before it, oldest first. Synchronous: it reads the glossary,
    unless it did at this ``revision`` of it. Raises ``EmbeddingError``.
    """
    rules = _kept_rules(creator_id, revision) if revision else glossary_rules(creator_id)
    return query_in_context(
        normalised(text, rules),
        earlier=[normalised(question, rules) for question in earlier],
        last_answer=last_answer,
        names=names,
        space=embedder.space.name,
        embed=embedder.embed_questions,
    )


def glossary_rules(creator_id: int | None) -> tuple[Rule, ...]:
    """Return the reviewed glossary rules of the creator and their domains, else of all domains.

    Where nobody is asked, a creator's own entry counts only if no domain and no other creator contradicts it.
    """
    reviewed = GlossaryEntry.objects.reviewed()
    entries = list(reviewed.of_anyone() if creator_id is None else reviewed.applying_to(creator_id))
    return with_terms(rules_of(entries, own_first=creator_id is not None), entries)


@lru_cache(maxsize=64)
def _kept_rules(creator_id: int | None, _revision: str) -> tuple[Rule, ...]:
    return glossary_rules(creator_id)


def normalised(text: str, rules: Sequence[Rule]) -> str:
    """Return the text with its terms in the glossary's spelling: "seerum" as Serum, "ott" and "o t t" as OTT."""
    return corrected(text, rules)[0]


MAX_EARLIER_QUESTIONS = 3
"""Earlier questions that a follow-up is searched with; older ones made it worse."""
MAX_ANSWER_WORDS = 120
"""Words of the last answer that are embedded with a follow-up."""
STANDALONE_WORDS, NEW_SUBJECT_COSINE = 5, 0.25
"""A question of so many content words that lies no nearer (cosine) than this to what was said changes the subject."""


def query_in_context(
    text: str, *, earlier: Sequence[str], last_answer: str, space: str, embed: Embed, names: Sequence[str] = ()
) -> SearchQuery:
    """Return the query for a question, ``earlier`` being the questions before it, oldest first.

    A first question is searched by itself, and so is one that changes the subject. Any other gets the words of the
    questions before it as context, and a vector mixed with theirs and the last answer's (decision 8).
    """
    stripped = without_names(text, names)
    text = stripped if _content_words(stripped) else text
    if not earlier:
        return SearchQuery(text=text, vector=embed([text])[0], space=space)
    recent = "\n".join(earlier[-MAX_EARLIER_QUESTIONS:])
    answer = " ".join(last_answer.split()[:MAX_ANSWER_WORDS])
    # Beside the question what was said adds to its sense; by itself it shows whether the question is about it at all.
    own, joined, *before = embed([text, f"{recent}\n{text}", recent, *([answer] if answer else [])])
    words = len(_content_words(text))
    if words >= STANDALONE_WORDS and max(float(own @ vector) for vector in before) < NEW_SUBJECT_COSINE:
        return SearchQuery(text=text, vector=own, space=space)
    vector = _mixed(own, history=[joined, *before[1:]], words=words)
    return SearchQuery(text=text, vector=vector, space=space, context=recent)


def without_names(text: str, names: Sequence[str]) -> str:
    """Return the question without the creator's names: people hardly name themselves, so a name only misleads."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}(?:['’]s)?(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())


HISTORY_WEIGHT, MAX_HISTORY_SHARE = 1.5, 0.5
"""What was said weighs as much as this many content words of the question, and never more than this share."""


def _mixed(own: Vector, *, history: Sequence[Vector], words: int) -> Vector:
    """Return ``own`` mixed with the mean of ``history``: the fewer content words in the question, the more of that."""
    share = min(MAX_HISTORY_SHARE, HISTORY_WEIGHT / (HISTORY_WEIGHT + words))
    mixed: Vector = (1 - share) * own + share * np.mean(history, axis=0)
    length = float(np.linalg.norm(mixed))
    return (mixed / length if length else mixed).astype(np.float32)


_FUNCTION_WORDS = frozenset(
    "a an the of on in at to for with by from as is are was be been do does did can could should would will i you we "
    "me my your our how what which when where who why and or but not no so then than too much many some any use used "
    "set get have has had about there it that this if he him his she her hers they them theirs their its these those "
    "one ones such other others else instead same also just only".split()
)
"""Words that say nothing by themselves, or point at something said before."""


def _content_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _FUNCTION_WORDS]
