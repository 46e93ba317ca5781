"""Cases out of files of questions whose works are known, the same files that ``evaluate`` reads."""

from collections.abc import Sequence

from chat import memory
from chat.calibration.values import Case
from chat.evaluation.values import Asking
from chat.grounding.markers import without_markers
from chat.retrieval.jargon import bridged, entries_for
from chat.retrieval.question import probe_for
from creators.embeddings import Embedder
from creators.models import Creator, Work


def cases_asked(askings: Sequence[Asking], *, embedder: Embedder) -> list[Case]:
    """Return a case for each question, which must have been placed in the corpus."""
    slugs = {slug for asking in askings for slug in asking.works}
    works = {work.slug: work for work in Work.objects.published().filter(slug__in=slugs)}
    creators = Creator.objects.published().in_bulk(field_name="slug")
    return [
        _case(
            asking,
            works=[works[slug] for slug in asking.works],
            creator=creators[asking.creator] if asking.creator else None,
            embedder=embedder,
        )
        for asking in askings
    ]


def _case(asking: Asking, *, works: Sequence[Work], creator: Creator | None, embedder: Embedder) -> Case:
    makers = {work.creator_id for work in works}
    history = asking.history[-memory.MOST_TURNS :]
    entries = entries_for(creator.pk if creator else None)
    return Case(
        probe=probe_for(
            bridged(asking.question, entries),
            asked=[bridged(said.question, entries) for said in history],
            answered=without_markers(history[-1].answer) if history else "",
            names=(creator.name, *creator.aliases) if creator else (),
            space=embedder.space.name,
            embed=embedder.embed_questions,
        ),
        works=frozenset(work.pk for work in works),
        creator=makers.pop() if len(makers) == 1 else None,
    )
