"""What ``bench.quoting`` prints: whether the quotes hold the answer, how long they are and how they read."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean

from django.db import transaction

from bench import judged
from bench.judged import Judged
from chat.events.events import Passage, Tier
from chat.grounding.quote_scores import QuoteQuery
from chat.grounding.quotes import best_quotes
from chat.retrieval import SearchQuery, lexical, retrieve
from chat.retrieval.calibration import calibration_for
from chat.retrieval.candidates import scopes_for
from chat.retrieval.cascade import rank
from chat.retrieval.passages import passages_from
from chat.retrieval.query import query_in_context
from creators.embeddings import get_embedder
from creators.models import Space

Consulted = tuple[Sequence[Passage], Mapping[str, float]]
Consult = Callable[[SearchQuery], Consulted]

SEED = 7
CONSULTED = 6
"""Passages that a turn consults."""
SAME = 0.8
"""Share of the shorter one's words from which on two quotes are counted as near-duplicates."""
# By the first word alone, harmless ones too ("This room …"): what the program takes for one is another matter.
POINTERS = frozenset("it its this that these those they them their he him his she her such there".split())
JOINERS = frozenset("so and but or which because then also however thus therefore nor yet".split())


@dataclass(frozen=True)
class Answered:
    """The quotes of one question, best first, and the words that answer it."""

    quotes: tuple[str, ...]
    answers: tuple[str, ...]

    def holds(self, first: int) -> bool:
        """Say whether one of the first quotes holds the answer."""
        return any(_holds(quote, answer) for quote in self.quotes[:first] for answer in self.answers)


def squad(folder: Path, *, sample: int, rest: int) -> None:
    """Print the figures of the articles whose number leaves this rest when halved."""
    passages, questions = judged.squad(folder)
    judged.stored(passages)
    asked = [one for one in questions if int(one.creator) % 2 == rest]
    drawn = random.Random(SEED).sample(asked, min(sample, len(asked)))
    for title, consult in {"as chat does": _retrieved, "with nothing refused": _unrefused}.items():
        print(f"\n{title}\n" + "\n".join(lines([answered(one, consult=consult) for one in drawn])), flush=True)


def answered(question: Judged, *, consult: Consult) -> Answered:
    """Return what the program quotes, asked of the whole corpus."""
    embedder = get_embedder()
    embed, space = embedder.embed_sentences, embedder.space.name
    query = query_in_context(question.text, earlier=(), last_answer="", space=space, embed=embedder.embed_questions)
    passages, weights = consult(query)
    quotes = best_quotes(passages, query=QuoteQuery(question.text, query.vector, weights), embed=embed)
    texts = tuple(passages[quote.number - 1].text[quote.start : quote.end] for quote in quotes)
    return Answered(texts, question.answers)


def _retrieved(query: SearchQuery) -> Consulted:
    found = retrieve(query, creator_id=None, limit=CONSULTED)
    return found.passages, found.weights


@transaction.atomic
def _unrefused(query: SearchQuery) -> Consulted:
    """Return what ``retrieve`` would, were any relevance enough: only so all questions count."""
    space, (everyone,) = Space.objects.get(name=query.space), scopes_for(None)
    terms = lexical.query_terms(query.text)
    ranked = rank(query, terms, space=space, scope=everyone, calibration=calibration_for(space.name))
    tiers = dict.fromkeys([one.chunk_id for one in ranked], Tier.GLOBAL)
    return passages_from(ranked, tiers=tiers, limit=CONSULTED), terms.weights


def lines(asked: Sequence[Answered]) -> list[str]:
    """Return the figures, one a line; shares and means are of the questions for which a passage was found."""
    answers = [one for one in asked if one.quotes]
    quotes = [quote for one in answers for quote in one.quotes]
    opened = [_bag(quote)[0] for quote in quotes if _bag(quote)]
    pairs = [pair for one in answers for pair in combinations(one.quotes, 2)]
    figures = {
        "questions, and those refused": f"{len(asked)}, {len(asked) - len(answers)}",
        "first quote holds the answer": f"{mean(one.holds(1) for one in answers):.3f}",
        "one of three quotes holds it": f"{mean(one.holds(3) for one in answers):.3f}",
        "quotes an answer": f"{len(quotes) / len(answers):.2f}",
        "words an answer": f"{sum(len(quote.split()) for quote in quotes) / len(answers):.1f}",
        "words of the first quote": f"{mean(len(one.quotes[0].split()) for one in answers):.1f}",
        "quotes that begin with a pointer": f"{sum(word in POINTERS for word in opened)} of {len(quotes)}",
        "quotes that begin with a joiner": f"{sum(word in JOINERS for word in opened)} of {len(quotes)}",
        "pairs of near-duplicates": f"{sum(_same(*pair) for pair in pairs)}",
    }
    return [f"{name:34}{figure}" for name, figure in figures.items()]


def _same(one: str, other: str) -> bool:
    first, second = set(_bag(one)), set(_bag(other))
    return len(first & second) >= SAME * min(len(first), len(second))


def _bag(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _holds(quote: str, answer: str) -> bool:
    """Say whether the answer stands in the quote, as whole words: "3" is not in "1938"."""
    words = r"\s+".join(map(re.escape, answer.casefold().split()))
    return bool(re.search(rf"(?<!\w){words}(?!\w)", quote.casefold()))
