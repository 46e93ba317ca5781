"""The jargon bridge of a question: what visitors and their keyboards mishear is read as the term that is meant."""

from collections.abc import Sequence

from creators.glossary import Rule, corrected, rules_of, with_terms
from creators.models import GlossaryEntry


def entries_for(creator_id: int | None) -> tuple[Rule, ...]:
    """Return the rules for a question: of the creator who is asked and their domains, else of all domains.

    Where nobody is asked, creators' own entries count where no domain and no other creator says otherwise.
    """
    reviewed = GlossaryEntry.objects.reviewed()
    chosen = reviewed.of_anyone() if creator_id is None else reviewed.applying_to(creator_id)
    entries = list(chosen)
    return with_terms(rules_of(entries, own_first=creator_id is not None), entries)


def bridged(query: str, entries: Sequence[Rule]) -> str:
    """Return the question with its terms as they are written: "seerum" as Serum, "ott" and "o t t" as OTT."""
    return corrected(query, entries)[0]
