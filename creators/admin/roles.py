"""Whose creators somebody may curate: their own where they are a curator, all where their role is a wider one."""

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from creators.models import Creator

CURATORS, EDITORS, OPERATORS = "Curators", "Editors", "Operators"
"""The names of the groups. Who is in the first sees their own creators alone, whatever else they are in."""

Row = TypeVar("Row", bound=Model)


def own_creators(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Creator] | None:
    """Return the creators that a curator is confined to, None for whoever may see all of them."""
    if getattr(user, "is_superuser", False) or not user.groups.filter(name=CURATORS).exists():  # type: ignore[union-attr]  # staff has groups
        return None
    return Creator.objects.filter(curators=user.pk)


def creators_for(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Creator]:
    """Return the creators that somebody may curate."""
    own = own_creators(user)
    return Creator.objects.all() if own is None else own


def creator_to_curate(request: HttpRequest, creator_id: int, *, permission: str) -> Creator:
    """Return the creator; raises ``PermissionDenied`` without the permission, and 404 for one of somebody else's."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return get_object_or_404(creators_for(request.user).select_related("personality"), pk=creator_id)


class OwnCreators(admin.RelatedFieldListFilter):
    """The filter by creator, which names no other curator's."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the creators to choose from."""
        return [(str(creator.pk), creator.name) for creator in creators_for(request.user)]


class CuratedAdmin(admin.ModelAdmin[Row]):
    """An admin that shows a curator only what belongs to their own creators."""

    creator_lookup = "creator"
    """The path from a row to its creator, as a queryset's filter writes it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Leave out what is another curator's, in lists and on every page of a row."""
        rows, own = super().get_queryset(request), own_creators(request.user)
        return rows if own is None else rows.filter(**{f"{self.creator_lookup}__in": own})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest | None, **kwargs: Any
    ) -> Any:
        """Offer a curator's own creators alone."""
        if db_field.related_model is Creator and request is not None:
            kwargs["queryset"] = creators_for(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]  # Django gives None, too
