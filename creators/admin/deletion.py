"""What a deletion takes with it, said in words before it is confirmed, without reading every vector to say it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of something go, with its noun."""

    count: int
    one: str
    many: str


def in_words(
    desk: admin.ModelAdmin[Any],
    request: HttpRequest,
    objects: Iterable[Any],
    *,
    goes: Callable[[Any], Sequence[Counted]],
    models: Sequence[type[Model]],
) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
    """Return what ``ModelAdmin.get_deleted_objects`` does: lines, counts, the missing permissions, what is protected.

    ``goes`` counts what goes with one of the objects; to delete it a permission on each of ``models`` is needed.
    """
    lines: list[Any] = []
    total: Counter[str] = Counter()
    for one in objects:
        parts = [part for part in goes(one) if part.count]
        lines.append(f"{str(desk.opts.verbose_name).capitalize()} “{one}”")
        if parts:
            lines.append([f"{part.count:,} {part.one if part.count == 1 else part.many}" for part in parts])
        total[str(desk.opts.verbose_name_plural)] += 1
        total.update({part.many: part.count for part in parts if part.many != desk.opts.verbose_name_plural})
    return lines, dict(total), _missing(request, models), []


def _missing(request: HttpRequest, models: Sequence[type[Model]]) -> set[str]:
    """Return the names of the models that the user may not delete."""
    asked = {model: get_permission_codename("delete", model._meta) for model in models}
    return {
        str(model._meta.verbose_name)
        for model, codename in asked.items()
        if not request.user.has_perm(f"{model._meta.app_label}.{codename}")
    }
