"""The three groups of accounts: curators of some creators, editors of all, operators; and what was asked of whose."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission
from django.db.models import Q

from chat.models import Turn, TurnQuerySet
from creators.admin.roles import CURATORS, EDITORS, OPERATORS, own_creators

READ, WRITE, ALL = ("view",), ("view", "add", "change"), ("view", "add", "change", "delete")

_CURATE: Mapping[str, Iterable[str]] = {
    "creators.creator": ("view", "change"),
    "creators.personality": WRITE,
    "creators.personalitydraft": WRITE,
    "creators.picture": ALL,
    "creators.glossaryentry": ALL,
    "creators.work": ("view", "change", "delete"),
    "creators.chunk": READ,
    "creators.feed": ("view", "change", "delete"),
    "chat.feedback": READ,
    "chat.turn": READ,
    "chat.pinnedanswer": ALL,
    "chat.evaluationcase": ("view", "add", "delete"),
}
_EDIT = {**_CURATE, "creators.creator": ALL, "creators.domain": ALL, "creators.personalitydraft": ALL}
_OPERATE = {**_EDIT, "auth.user": ALL, "auth.group": READ, "chat.apikey": ALL}
ROLES: Mapping[str, Mapping[str, Iterable[str]]] = {CURATORS: _CURATE, EDITORS: _EDIT, OPERATORS: _OPERATE}
"""What each role may do, by model."""


def make_roles(**_: Any) -> None:
    """Make the groups, and give each what its role may do and nothing else; what somebody else changed in them goes."""
    for name, rights in ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(_wanted(rights)))


def _wanted(rights: Mapping[str, Iterable[str]]) -> Q:
    wanted = Q(pk=None)
    for model, acts in rights.items():
        app, _, named = model.partition(".")
        codenames = [f"{act}_{named}" for act in acts]
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    return wanted


def turns_for(user: AbstractBaseUser | AnonymousUser) -> TurnQuerySet:
    """Return the kept turns that somebody may see: a curator those that were put to their own creators."""
    if not settings.KEEP_CONVERSATIONS:
        return Turn.objects.none()
    own = own_creators(user)
    return Turn.objects.all() if own is None else Turn.objects.asked_of(own.values("slug"))
