"""Proposals for a creator as stored, and the unreviewed entries made of them."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from creators.glossary.counting import words_of
from creators.glossary.ordinary import ordinary_words
from creators.glossary.rules import folded
from creators.glossary.suggest import Proposal, propose
from creators.models import Chunk, Creator, GlossaryEntry


def proposals_for(creator: Creator, *, terms: Iterable[str] = ()) -> list[Proposal]:
    """Return what the creator's chunks may have misheard, the likeliest first.

    Compared are the reviewed terms that apply to them and the names in what those mean, ``terms``, and what they and
    those who share a domain with them say often. What an entry holds already, reviewed or not, is left out.
    """
    entries = list(GlossaryEntry.objects.applying_to(creator.pk))
    reviewed = [entry for entry in entries if entry.is_reviewed]
    named = [word.text for entry in reviewed for word in words_of(entry.meaning) if _is_name(word.text, word.opens)]
    peers = Creator.objects.published().sharing_domain_with(creator).exclude(pk=creator.pk)
    visible = Chunk.objects.filter(work__is_withdrawn=False).order_by("pk")
    return propose(
        list(visible.filter(creator=creator).values_list("text", flat=True)),
        peers=visible.filter(creator__in=peers).values_list("text", flat=True).iterator(),
        terms=[*(entry.term for entry in reviewed), *terms, *named],
        skipped=[phrase for entry in entries for phrase in entry.heard],
        ordinary=ordinary_words(),
    )


@transaction.atomic
def store(creator: Creator, proposals: Sequence[Proposal]) -> int:
    """Keep the proposals as unreviewed entries of the creator, one for each term; return how many are new."""
    made = 0
    for proposal in proposals:
        waiting = GlossaryEntry.objects.filter(creator=creator, is_reviewed=False, term=proposal.term)
        entry = waiting.first() or GlossaryEntry(creator=creator, term=proposal.term)
        made += entry.pk is None
        if folded(proposal.heard) not in map(folded, entry.heard):
            entry.heard = [*entry.heard, proposal.heard]
        entry.save()
    return made


def _is_name(word: str, opens: bool) -> bool:
    return word[0].isupper() and not opens and len(word) > 1
