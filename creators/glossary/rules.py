"""Rules: what a glossary makes of a phrase that was misheard, one term for each phrase."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Entry(Protocol):
    """What a rule is made of: an entry as stored, or anything like it."""

    creator_id: int | None
    term: str
    heard: list[str]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """A phrase as it is heard and the term that is meant."""

    heard: str
    term: str


def folded(phrase: str) -> str:
    """Return a phrase as phrases are compared: whatever its case and spacing."""
    return " ".join(phrase.split()).casefold()


def rules_of(entries: Iterable[Entry], *, own_first: bool = True) -> tuple[Rule, ...]:
    """Return the rules of entries, in a stable order, for no phrase more than one.

    A creator's own entry wins over one of a domain, or the other way round. A phrase for which entries of the same
    standing name different terms has no rule, and neither has one that is itself the term of another entry.
    """
    every = list(entries)
    near, far = (
        _terms(entry for entry in every if (entry.creator_id is not None) == own) for own in (own_first, not own_first)
    )
    rules = {heard: min(terms) for heard, terms in {**far, **near}.items() if len(terms) == 1}
    meant = {folded(term) for term in rules.values()}
    return tuple(sorted(Rule(h, term) for h, term in rules.items() if h not in meant or h == folded(term)))


def with_terms(rules: Iterable[Rule], entries: Iterable[Entry]) -> tuple[Rule, ...]:
    """Return the rules and, where they leave it free, one for each term, so that "ott" is read as OTT too."""
    terms = {folded(entry.term): entry.term for entry in entries}
    return tuple(sorted(Rule(h, term) for h, term in {**terms, **{rule.heard: rule.term for rule in rules}}.items()))


def _terms(entries: Iterable[Entry]) -> dict[str, set[str]]:
    """Return the terms that entries name for each phrase."""
    terms: dict[str, set[str]] = {}
    for entry in entries:
        for heard in filter(None, map(folded, entry.heard)):
            terms.setdefault(heard, set()).add(entry.term)
    return terms
