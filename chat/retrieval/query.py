"""The question as it is searched, and the candidates that the legs of the search propose."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage, Suggestion, Tier
from creators.glossary import Rule, corrected, rules_of, with_terms
from creators.models import GlossaryEntry

K1, B = 1.5, 0.75
WINDOW = 25
"""Words that a window spans: a long sentence."""

Positions = Mapping[str, Sequence[int]]
"""Where in a chunk each of the question's terms stands, in words, ascending."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a chunk shares with a question."""

    bm25: float = 0.0
    window: float = 0.0


NO_OVERLAP = Overlap()


def overlap(
    found: Positions,
    *,
    weights: Mapping[str, float],
    length: int,
    mean_length: float,
) -> Overlap:
    """Return how a chunk of ``length`` words overlaps a question whose terms have these weights."""
    most = sum(weights.values())
    if not most or not found:
        return NO_OVERLAP
    slope = K1 * (1 - B + B * length / mean_length)
    bm25 = sum(weights[term] * len(places) / (len(places) + slope) for term, places in found.items())
    return Overlap(bm25=bm25 / most, window=_best_window(found, weights) / most)


def _best_window(found: Positions, weights: Mapping[str, float]) -> float:
    """Return the largest sum of weights of different terms that stand within one window."""
    places = sorted((place, term) for term, all_places in found.items() for place in all_places)
    inside: Counter[str] = Counter()
    best = total = 0.0
    first = 0
    for place, term in places:
        inside[term] += 1
        total += weights[term] if inside[term] == 1 else 0.0
        while places[first][0] < place - WINDOW:
            gone = places[first][1]
            inside[gone] -= 1
            total -= weights[gone] if not inside[gone] else 0.0
            first += 1
        best = max(best, total)
    return best


Vector = npt.NDArray[np.float32]


class SpaceMissing(RuntimeError):
    """The corpus has no vectors by the embedder that is set: searching would silently find nothing."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A question as it is searched for: its words, its vector and the space that the vector lives in.

    ``context`` holds the earlier questions that this one follows, a line each; "" for a first one or a new subject.
    """

    text: str
    vector: Vector
    space: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A tier and the creators in it; ``creators`` is None for everyone. What is hidden is named by itself."""

    tier: Tier
    creators: tuple[int, ...] | None
    without_creators: tuple[int, ...] = ()
    without_works: tuple[int, ...] = ()

    @property
    def condition(self) -> str:
        """What holds in the scope, in SQL over the columns ``creator_id`` and ``work_id``; goes with ``parameters``."""
        parts = [
            *(["creator_id = ANY(%(creators)s)"] if self.creators is not None else []),
            *(["creator_id <> ALL(%(without_creators)s)"] if self.without_creators else []),
            *(["work_id <> ALL(%(without_works)s)"] if self.without_works else []),
        ]
        return " AND ".join(parts) or "true"

    @property
    def parameters(self) -> dict[str, list[int]]:
        """What ``condition`` names."""
        return {
            "creators": list(self.creators or ()),
            "without_creators": list(self.without_creators),
            "without_works": list(self.without_works),
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that a leg proposes, with its exact cosine."""

    chunk_id: int
    creator_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate chunk with both legs and the one number made of them."""

    chunk_id: int
    creator_id: int
    cosine: float
    overlap: Overlap
    relevance: float


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The terms of a question with the weight (inverse document frequency) of each, and how many chunks hold it.

    ``chunks`` is how many published ones there are; ``mean_length`` is in words.
    """

    weights: Mapping[str, float]
    frequencies: Mapping[str, int]
    chunks: int
    mean_length: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a retrieval came to: the passages, best first, the tier, and topics to offer where there are none.

    ``weights`` are the question's terms, stemmed, with their inverse document frequency.
    """

    passages: tuple[Passage, ...]
    tier: Tier
    weights: Mapping[str, float]
    suggestions: tuple[Suggestion, ...] = ()


Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

MAX_EARLIER_QUESTIONS = 3
"""Earlier questions that a follow-up is searched for with; older ones made it worse."""
MAX_ANSWER_WORDS = 120
HISTORY_WEIGHT, MAX_HISTORY_SHARE = 1.5, 0.5
"""What was said weighs as much as this many of the question's own words, and never more than this share."""
STANDALONE_WORDS, NEW_SUBJECT_COSINE = 5, 0.25
"""A question of so many own words that lies no nearer (cosine) than this to what was said changes the subject."""

_FUNCTION_WORDS = frozenset(
    "a an the of on in at to for with by from as is are was be been do does did can could should would will i you we "
    "me my your our how what which when where who why and or but not no so then than too much many some any use used "
    "set get have has had about there it that this if he him his she her hers they them theirs their its these those "
    "one ones such other others else instead same also just only".split()
)
"""Words that say nothing by themselves, or point at something said before: a question's own words are the others."""


def without_names(query: str, names: Sequence[str]) -> str:
    """Return the question without the names of who is asked: people hardly name themselves, so it only misleads."""
    for name in sorted(names, key=len, reverse=True):
        query = re.sub(rf"\b{re.escape(name)}(?:['’]s)?(?!\w)", " ", query, flags=re.IGNORECASE)
    return " ".join(query.split())


def query_in_context(
    query: str, *, asked: Sequence[str], answered: str, space: str, embed: Embed, names: Sequence[str] = ()
) -> SearchQuery:
    """Return what to search for; ``asked`` holds the earlier questions, oldest first, ``answered`` the last answer.

    ``names`` are those of the creator who is asked.

    The first question is left as it is, and so is one that changes the subject. Any other gets the words of those
    before it as context, and a vector mixed with theirs and the answer's.
    """
    stripped = without_names(query, names)
    query = stripped if _content_words(stripped) else query
    if not asked:
        return SearchQuery(text=query, vector=embed([query])[0], space=space)
    recent = "\n".join(asked[-MAX_EARLIER_QUESTIONS:])
    said = " ".join(answered.split()[:MAX_ANSWER_WORDS])
    # Beside the question what was said adds to its sense; by itself it shows whether the question is about it at all.
    own, glued, *before = embed([query, f"{recent}\n{query}", recent, *([said] if said else [])])
    words = len(_content_words(query))
    if words >= STANDALONE_WORDS and max(float(own @ vector) for vector in before) < NEW_SUBJECT_COSINE:
        return SearchQuery(text=query, vector=own, space=space)
    vector = _mixed(own, history=[glued, *before[1:]], words=words)
    return SearchQuery(text=query, vector=vector, space=space, context=recent)


def _mixed(own: Vector, *, history: Sequence[Vector], words: int) -> Vector:
    """Return a question's vector mixed with the mean of what was said: the fewer own ``words``, the more of that.

    Vectors go in and come out at length one.
    """
    share = min(MAX_HISTORY_SHARE, HISTORY_WEIGHT / (HISTORY_WEIGHT + words))
    return _unit((1 - share) * own + share * np.mean(history, axis=0))


def _content_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _FUNCTION_WORDS]


def _unit(vector: Vector) -> Vector:
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


def glossary_rules(creator_id: int | None) -> tuple[Rule, ...]:
    """Return the rules for a question: of the creator who is asked and their domains, else of all domains.

    Where nobody is asked, creators' own entries count where no domain and no other creator says otherwise.
    """
    reviewed = GlossaryEntry.objects.reviewed()
    chosen = reviewed.of_anyone() if creator_id is None else reviewed.applying_to(creator_id)
    entries = list(chosen)
    return with_terms(rules_of(entries, own_first=creator_id is not None), entries)


def normalised(query: str, entries: Sequence[Rule]) -> str:
    """Return the question with its terms as they are written: "seerum" as Serum, "ott" and "o t t" as OTT."""
    return corrected(query, entries)[0]
