"""Cases out of files of questions whose works are known, the same files that ``evaluate`` reads."""

from collections.abc import Sequence

from chat.evaluation.ask import probe_of
from chat.evaluation.values import Asking
from chat.evaluation.values_part import Case
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
    return Case(
        probe=probe_of(asking, creator=creator, embedder=embedder),
        works=frozenset(work.pk for work in works),
        creator=makers.pop() if len(makers) == 1 else None,
    )
