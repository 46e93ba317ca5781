"""Suggesting what a glossary should put right: rare words that sound like known ones."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import snowballstemmer
from django.db import transaction

from creators.glossary.replace import normalise_phrase
from creators.glossary.vocabulary import (
    LEAST_CONSONANTS,
    SHORTEST,
    KnownTerm,
    WordCounts,
    WrittenWord,
    common_words,
    known_terms,
    letters,
    neighbouring_keys,
    phonetic_index,
    phonetic_key,
    phrases_of,
    similarity,
    spelled_out,
    written_words,
)
from creators.models import Chunk, Creator, GlossaryEntry

LONGEST = 3
"""Words of a phrase that may be one term misheard."""
ALIKE, ALIKE_NEARBY, ALIKE_TO_NAME, ALIKE_IN_PIECES = 0.7, 0.8, 0.75, 0.9
"""Likeness from which on something is proposed: to a term that was given, of the same skeleton and of one nearby; to a
name of the corpus; and where the number of words differs."""
RARE, RARE_SHARE = 3, 20_000
"""A rare word is said this often, or once in so many words; beside a curator's own term, ten times as often."""
CONTEXT = 40
"""Characters shown on either side."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that might be right: the term, what was heard, how often, how alike they are (0 to 1) and where."""

    term: str
    heard: str
    times: int
    why: str
    likeness: float
    example: str
    is_given: bool = False


def suggest(
    texts: Sequence[str],
    *,
    peers: Iterable[str] = (),
    terms: Iterable[str] = (),
    skipped: Iterable[str] = (),
    ordinary: Container[str] = frozenset(),
) -> list[Proposal]:
    """Return proposals for a creator's texts, the likeliest first.

    ``peers`` are texts of others in the same domains, ``terms`` those that a curator wrote down, and ``skipped``
    phrases that entries hold already. Words that are ``ordinary``, or that peers say, are compared with ``terms`` only.
    """
    own, others = WordCounts().add(texts), WordCounts().add(peers)
    both = WordCounts(own.said + others.said, own.names + others.names)
    search = _Search(own=own.said, others=others.said, ordinary=ordinary, known=known_terms(terms, tally=both))
    times: Counter[str] = Counter()
    best: dict[str, Proposal] = {}
    passed = set(map(normalise_phrase, skipped))
    for text in texts:
        for proposal in search.proposals(text):
            times[proposal.heard] += 1
            if proposal.heard not in best or best[proposal.heard].likeness < proposal.likeness:
                best[proposal.heard] = proposal
    found = [replace(one, times=times[one.heard]) for one in best.values() if one.heard not in passed]
    return sorted(_without_longer(found), key=lambda one: (not one.is_given, -one.likeness, -one.times, one.heard))


class _Search:
    """What is looked for in one text after another."""

    def __init__(
        self, *, own: Counter[str], others: Counter[str], ordinary: Container[str], known: Sequence[KnownTerm]
    ) -> None:
        self._own, self._others, self._ordinary = own, others, ordinary
        self._index: Mapping[str, list[KnownTerm]] = phonetic_index(known)
        self._known = {one.letters: one for one in known}
        self._rare = max(RARE, own.total() // RARE_SHARE)

    def proposals(self, text: str) -> Iterator[Proposal]:
        words = written_words(text)
        for run in spelled_out(words):
            yield from self._spelled(run, text)
        for phrase in phrases_of(words, longest=LONGEST):
            yield from self._sounding(phrase, text)

    def _spelled(self, run: Sequence[WrittenWord], text: str) -> Iterator[Proposal]:
        while run and run[0].text in "aAI":
            run = run[1:]
        heard = " ".join(word.text for word in run).casefold()
        known = self._known.get(letters(heard))
        if len(run) > 1 and known:
            yield _suggestion(known.term, heard, "spelled out", 1.0, text, run, is_given=known.said is None)
        elif len(run) > 2:
            yield _suggestion(letters(heard).upper(), heard, "spelled out", 0.5, text, run)

    def _sounding(self, phrase: Sequence[WrittenWord], text: str) -> Iterator[Proposal]:
        parts = [word.text.casefold() for word in phrase]
        rarest = min(self._own[part] for part in parts)
        joined = letters("".join(parts))
        if rarest > 10 * self._rare or len(joined) < SHORTEST or joined.isdigit():
            return
        near = self._known_near(joined, parts)
        rated = [(self._alike(parts, joined, known, rarest), known) for known in near]
        alike, known = max(rated, key=lambda pair: (pair[0], pair[1].said is None, pair[1].term), default=(0.0, None))
        if alike and known:
            why = "written apart" if joined == known.letters else "sounds alike"
            heard = _singular(" ".join(parts), known.term)
            yield _suggestion(known.term, heard, why, alike, text, phrase, is_given=known.said is None)

    def _known_near(self, joined: str, parts: Sequence[str]) -> set[KnownTerm]:
        key = cached_key(joined)
        keys = neighbouring_keys(key) if len(key) >= LEAST_CONSONANTS else ()
        found = {known for near in keys for known in self._index.get(near, ())}
        apart = self._known.get(joined) if all(len(part) > 1 or part.isdigit() for part in parts) else None
        return {*found, apart} if apart else found

    def _alike(self, parts: Sequence[str], joined: str, known: KnownTerm, rarest: int) -> float:
        """Return how alike a phrase and a term are, 0 where the phrase is no mishearing of it."""
        is_given = known.said is None
        if joined == known.letters and len(parts) == known.words:
            return 0.0
        same = joined == known.letters
        if not is_given and (rarest > self._rare or rarest * (1 if same else 2) > (known.said or 0)):
            return 0.0
        if not is_given and not same and (not known.is_name or self._is_ordinary(parts)):
            return 0.0
        if len(parts) == known.words and stem_of(joined) == stem_of(known.letters):
            return 0.0
        least = self._least(joined, known) if len(parts) == known.words else ALIKE_IN_PIECES
        alike = similarity(joined, known.letters)
        return alike if alike >= least else 0.0

    def _least(self, joined: str, known: KnownTerm) -> float:
        is_same = cached_key(joined) == cached_key(known.letters)
        if known.said is None:
            return ALIKE if is_same else ALIKE_NEARBY
        return ALIKE_TO_NAME if is_same else ALIKE_IN_PIECES

    def _is_ordinary(self, parts: Sequence[str]) -> bool:
        return all(part in self._ordinary or self._others[part] for part in parts)


@lru_cache(maxsize=100_000)
def cached_key(word: str) -> str:
    """Return the skeleton of a word, remembered: most are met again."""
    return phonetic_key(word)


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Return the stem of a word, so that "filters" is no mishearing of "filter"."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


def _suggestion(
    term: str, heard: str, why: str, alike: float, text: str, words: Sequence[WrittenWord], *, is_given: bool = False
) -> Proposal:
    start, end = words[0].start, words[-1].start + len(words[-1].text)
    example = " ".join(text[max(start - CONTEXT, 0) : end + CONTEXT].split())
    return Proposal(term, heard, 1, why, round(alike, 2), example, is_given)


def _singular(heard: str, term: str) -> str:
    """Return the phrase without the plural that the term does not have: a rule finds the plural by itself."""
    is_plural = heard.endswith("s") and not term.casefold().endswith("s")
    return heard[:-1] if is_plural and similarity(letters(heard[:-1]), letters(term)) >= ALIKE else heard


def _without_longer(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals, those left out that add words to another one of the same term."""
    of_term: dict[str, list[str]] = {}
    for one in sorted(proposals, key=lambda proposal: len(proposal.heard)):
        shorter = of_term.setdefault(one.term, [])
        if not any(f" {heard} " in f" {one.heard} " for heard in shorter):
            shorter.append(one.heard)
            yield one


def suggest_for(creator: Creator, *, terms: Iterable[str] = ()) -> list[Proposal]:
    """Return what the creator's chunks may have misheard, the likeliest first.

    Compared are the reviewed terms that apply to them and the names in what those mean, ``terms``, and what they and
    those who share a domain with them say often. What an entry holds already, reviewed or not, is left out.
    """
    entries = list(GlossaryEntry.objects.applying_to(creator.pk))
    reviewed = [entry for entry in entries if entry.is_reviewed]
    named = [
        word.text for entry in reviewed for word in written_words(entry.meaning) if _is_name(word.text, word.opens)
    ]
    peers = Creator.objects.published().sharing_domain_with(creator).exclude(pk=creator.pk)
    visible = Chunk.objects.filter(work__is_withdrawn=False, is_hidden=False).order_by("pk")
    return suggest(
        list(visible.filter(creator=creator).values_list("text", flat=True)),
        peers=visible.filter(creator__in=peers).values_list("text", flat=True).iterator(),
        terms=[*(entry.term for entry in reviewed), *terms, *named],
        skipped=[phrase for entry in entries for phrase in entry.heard],
        ordinary=common_words(),
    )


@transaction.atomic
def store_suggestions(creator: Creator, proposals: Sequence[Proposal]) -> int:
    """Keep the proposals as unreviewed entries of the creator, one for each term; return how many are new."""
    made = 0
    for proposal in proposals:
        waiting = GlossaryEntry.objects.proposed().filter(creator=creator, term=proposal.term)
        entry = waiting.first() or GlossaryEntry(creator=creator, term=proposal.term)
        made += entry.pk is None
        if normalise_phrase(proposal.heard) not in map(normalise_phrase, entry.heard):
            entry.heard = [*entry.heard, proposal.heard]
        entry.save()
    return made


def _is_name(word: str, opens: bool) -> bool:
    return word[0].isupper() and not opens and len(word) > 1
