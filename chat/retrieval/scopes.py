"""The tiers of the cascade as sets of creators, narrowest first."""

from chat.retrieval.values import Scope
from chat.values import Tier
from creators.models import Creator, Work
from creators.models.creator import CreatorQuerySet


def scopes_for(creator_id: int | None) -> tuple[Scope, ...]:
    """Return the scopes to try in order; without a creator there is only ``global``.

    Only published creators are in any of them. A tier that adds nobody to the one before is left out.
    """
    everyone = _ids(Creator.objects.published())
    widest = Scope(Tier.GLOBAL, everyone if _must_filter() else None)
    if creator_id is None:
        return (widest,)
    own = Scope(Tier.CREATOR, (creator_id,))
    peers = _ids(Creator.objects.published().sharing_domain_with(Creator(pk=creator_id)))
    domain = (Scope(Tier.DOMAIN, peers),) if len(peers) > 1 else ()
    return own, *domain, *((widest,) if set(everyone) != set(peers) else ())


def narrowest(creator_id: int, scopes: tuple[Scope, ...]) -> Tier:
    """Return the narrowest of the scopes' tiers that holds this creator."""
    return next(scope.tier for scope in scopes if scope.creators is None or creator_id in scope.creators)


def _must_filter() -> bool:
    return Creator.objects.filter(is_published=False).exists() or Work.objects.filter(is_withdrawn=True).exists()


def _ids(creators: CreatorQuerySet) -> tuple[int, ...]:
    return tuple(creators.order_by("pk").values_list("pk", flat=True))
