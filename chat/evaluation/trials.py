"""Putting cases to the corpus through the function that chat calls."""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from django.db import transaction

from chat.evaluation.values_part import Case, Found, Trial
from chat.events.events import Tier
from chat.retrieval import lexical
from chat.retrieval.calibrated import calibration_for
from chat.retrieval.candidates import Scope, Scored
from chat.retrieval.ranking import rank
from chat.retrieval.scopes import scopes_for
from creators.models import Chunk, Creator, Space


def trials_of(cases: Iterable[Case], *, space: Space, chance: random.Random) -> Iterator[Trial]:
    """Yield what each case comes to; ``chance`` takes the wrong creators."""
    creators = list(Creator.objects.published().order_by("pk").values_list("pk", flat=True))
    for case in cases:
        yield _trial(case, space=space, creators=creators, chance=chance)


@transaction.atomic
def _trial(case: Case, *, space: Space, creators: Sequence[int], chance: random.Random) -> Trial:
    words = lexical.lexicon(case.probe.text, context=case.probe.context)
    search = partial(rank, case.probe, words, space=space, calibration=calibration_for(space.name))
    others = [creator for creator in creators if creator != case.creator]

    right = set(Chunk.objects.filter(work__in=case.works).values_list("pk", flat=True))

    def found(scope: Scope) -> Found:
        return _found(search(scope=scope), right=right, holding=case.chunks)

    def of(creator: int) -> Found:
        return found(Scope(Tier.CREATOR, (creator,)))

    return Trial(
        is_answerable=bool(case.works),
        everyone=found(scopes_for(None)[0]),
        own=of(case.creator) if case.creator is not None else None,
        other=of(chance.choice(others)) if case.creator is not None and others else None,
    )


def _found(ranked: Sequence[Scored], *, right: Collection[int], holding: Collection[int]) -> Found:
    relevant = holding or [scored.chunk_id for scored in ranked if scored.chunk_id in right][:1]
    of_right_work = np.array([scored.chunk_id in right for scored in ranked], bool)
    is_relevant = np.array([scored.chunk_id in relevant for scored in ranked], bool)
    legs = [(scored.cosine, scored.words.window) for scored in ranked]
    return Found(
        legs=np.array(legs, np.float64).reshape(-1, 2),
        of_right_work=of_right_work,
        is_relevant=is_relevant,
        is_judged=is_relevant | ~of_right_work | bool(holding),
    )
