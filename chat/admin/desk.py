"""The landing page of the admin: what needs somebody, each with its count and the place where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from chat.admin.groups import KINDS
from chat.admin.roles import turns_for
from chat.curation import LATELY
from chat.models import PinnedAnswer
from creators.admin.roles import creators_for, own_creators
from creators.admin.works import works_that_wait
from creators.models import Creator, GlossaryEntry, IngestJob, PersonalityDraft

WEEK = timedelta(days=7)

User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for somebody: how often, what there is to do, and where."""

    name: str
    count: int
    todo: str
    url: str


def desk(request: HttpRequest) -> HttpResponse:
    """Show what needs whoever is logged in; synchronous, as the admin is."""
    user, now = request.user, timezone.now()
    needs = [make(user, now) for permission, make in NEEDS if user.has_perm(permission)]
    context: dict[str, Any] = {"needs": sorted(needs, key=lambda need: not need.count), "title": "Your desk"}
    context["is_new"] = not Creator.objects.exists()
    if user.has_perm("chat.view_turn"):
        context["week"] = (
            turns_for(user)
            .since(now - WEEK)
            .aggregate(
                asked=Count("pk"),
                full=Count("pk", filter=Q(ending__coverage="full")),
                liked=Count("pk", filter=Q(feedback__rating="up")),
            )
        )
    return admin.site.index(request, extra_context=context)


def _list(name: str, **chosen: str) -> str:
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"{reverse(f'admin:{name}_changelist')}{query}"


def _gap(kind: str) -> Callable[[User, datetime], Need]:
    def need(user: User, now: datetime) -> Need:
        found = KINDS[kind].of(turns_for(user).since(now - LATELY))
        return Need(KINDS[kind].title, found.count(), KINDS[kind].todo, reverse("admin:chat_groups", args=[kind]))

    return need


def _pins(user: User, now: datetime) -> Need:
    pins, own = PinnedAnswer.objects.with_sources(), own_creators(user)
    pins = pins if own is None else pins.filter(creator__in=own)
    todo = "They answer no longer: past their day, or their source doesn’t say that any more."
    found = pins.filter(Q(("is_gone", True)) | Q(expires__lt=now.date()), is_active=True)
    return Need("Pinned answers to look at", found.count(), todo, _list("chat_pinnedanswer", state="stale"))


def _waiting_works(user: User, now: datetime) -> Need:
    count = works_that_wait().filter(creator__in=creators_for(user)).distinct().count()
    todo = "No question finds them: their text couldn’t be read, or was not embedded."
    return Need("Works that wait", count, todo, _list("creators_work", waits="yes"))


def _uploads(user: User, now: datetime) -> Need:
    state = IngestJob.State
    found = IngestJob.objects.filter(creator__in=creators_for(user), state__in=(state.DRAFT, state.FAILED))
    todo = "Drafts to accept, and what could not be brought in."
    return Need(
        "Uploads to look at",
        found.count(),
        todo,
        _list("creators_ingestjob", state__in=f"{state.DRAFT},{state.FAILED}"),
    )


def _drafts(user: User, now: datetime) -> Need:
    found = PersonalityDraft.objects.proposed().filter(creator__in=creators_for(user))
    todo = "Say whether a creator sounds like this."
    return Need("Drafts of a voice", found.count(), todo, _list("creators_personalitydraft", state__exact="proposed"))


def _glossary(user: User, now: datetime) -> Need:
    found = GlossaryEntry.objects.proposed().exclude(creator=None)
    own = own_creators(user)
    found = found if own is None else found.filter(creator__in=own)
    todo = "Words that transcribers may have misheard."
    return Need("Glossary proposals", found.count(), todo, reverse("admin:creators_proposals"))


def _empty_creators(user: User, now: datetime) -> Need:
    found = creators_for(user).exclude(works__is_withdrawn=False)
    todo = "Nobody can ask them before there is something to search."
    return Need("Creators without works", found.count(), todo, _list("creators_creator", has_works="no"))


NEEDS: tuple[tuple[str, Callable[[User, datetime], Need]], ...] = (
    ("chat.view_turn", _gap("unanswered")),
    ("chat.view_turn", _gap("weak")),
    ("creators.view_work", _waiting_works),
    ("creators.change_work", _uploads),
    ("chat.view_turn", _gap("disliked")),
    ("chat.view_pinnedanswer", _pins),
    ("creators.view_personalitydraft", _drafts),
    ("creators.view_glossaryentry", _glossary),
    ("creators.view_creator", _empty_creators),
)
"""What may need somebody, by the permission that they need to see it."""
