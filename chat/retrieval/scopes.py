"""The tiers of the cascade as sets of creators, narrowest first."""

from chat.events.events import Tier
from chat.retrieval.candidates import Scope
from creators.models import Creator, Work
from creators.models.creator import CreatorQuerySet


def scopes_for(creator_id: int | None) -> tuple[Scope, ...]:
    """Return the scopes to try in order; without a creator there is only ``global``.

    What is not published is in none of them. A tier that adds nobody to the one before is left out.
    """
    withdrawn = tuple(Work.objects.filter(is_withdrawn=True).order_by("pk").values_list("pk", flat=True))
    hidden = _ids(Creator.objects.filter(is_published=False))
    widest = Scope(Tier.GLOBAL, None, without_creators=hidden, without_works=withdrawn)
    if creator_id is None:
        return (widest,)
    peers = _ids(Creator.objects.published().sharing_domain_with(Creator(pk=creator_id)))
    own = Scope(Tier.CREATOR, (creator_id,), without_creators=hidden, without_works=withdrawn)
    domain = (Scope(Tier.DOMAIN, peers, without_works=withdrawn),) if len(peers) > 1 else ()
    adds = Creator.objects.published().exclude(pk__in=[creator_id, *peers]).exists()
    return own, *domain, *((widest,) if adds else ())


def narrowest(creator_id: int, scopes: tuple[Scope, ...]) -> Tier:
    """Return the narrowest of the scopes' tiers that holds this creator."""
    return next(scope.tier for scope in scopes if scope.creators is None or creator_id in scope.creators)


def _ids(creators: CreatorQuerySet) -> tuple[int, ...]:
    return tuple(creators.order_by("pk").values_list("pk", flat=True))
