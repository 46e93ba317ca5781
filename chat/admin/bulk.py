"""What is done to many works at once: chosen in their list, said in words, and done when that is confirmed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from chat.catalogue.questions import forget_examples
from chat.models import PinnedAnswer
from chat.moves import MoveError, Plan, move, plan_move
from chat.moves.plan import number
from chat.understanding.names import labels_in
from creators.admin.roles import creators_for
from creators.admin.works import MOST_AT_ONCE
from creators.jobs.again import read_again
from creators.models import Creator, Work, WorkFile

SHOWN = 20
"""Works that a page names; of more it gives the number."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Works that somebody may change, with what was chosen for them: "" where nothing was."""

    request: HttpRequest
    works: tuple[Work, ...]
    choice: str

    @property
    def keys(self) -> list[int]:
        """The keys of the works."""
        return [work.pk for work in self.works]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words for whoever did it and for the history of the works that it was done to."""

    told: str
    noted: str
    works: Sequence[int]


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done to works; ``ask`` and ``choices`` where one of several things has to be chosen first."""

    title: str
    button: str
    plan: Callable[[Chosen], Plan]
    do: Callable[[Chosen], Done]
    ask: str = ""
    choices: Callable[[Chosen], list[tuple[str, str]]] | None = None


def bulk_page(request: HttpRequest, act: str) -> HttpResponse:
    """Say what would be done to the chosen works; where that was confirmed do it. Synchronous."""
    if not request.user.has_perm("creators.change_work"):
        raise PermissionDenied
    if act not in ACTS:
        raise Http404
    own, data = ACTS[act], request.POST if request.method == "POST" else request.GET
    chosen = Chosen(request, _works(request, data.get("ids", "")), data.get("choice", ""))
    choices = own.choices(chosen) if own.choices else []
    is_chosen = (not choices and not own.choices) or chosen.choice in dict(choices)
    plan = own.plan(chosen) if is_chosen else None
    if request.method == "POST" and plan and not plan.refusals and (answer := _done(request, own, chosen)):
        return answer
    context = {
        **admin.site.each_context(request),
        "title": own.title,
        "opts": Work._meta,
        "act": own,
        "works": chosen.works[:SHOWN],
        "more": max(0, len(chosen.works) - SHOWN),
        "count": len(chosen.works),
        "ids": ",".join(map(str, chosen.keys)),
        "choices": choices,
        "choice": chosen.choice,
        "plan": plan,
    }
    return TemplateResponse(request, "admin/creators/work/bulk.html", context)


def _works(request: HttpRequest, ids: str) -> tuple[Work, ...]:
    """Return the works with these keys that somebody may change; 404 where there are none."""
    keys = [int(one) for one in ids.split(",")[:MOST_AT_ONCE] if one.isdecimal() and len(one) < 19]
    works = Work.objects.filter(pk__in=keys, creator__in=creators_for(request.user)).select_related("creator")
    found = tuple(works.order_by("title", "pk"))
    if not found:
        raise Http404
    return found


def _done(request: HttpRequest, act: Act, chosen: Chosen) -> HttpResponse | None:
    """Do it, note it in the history of each work, and go back to the list; None, with a message, where it failed."""
    try:
        done = act.do(chosen)
    except MoveError as error:
        messages.error(request, str(error))
        return None
    rows = Work.objects.filter(pk__in=done.works)
    if done.works:
        LogEntry.objects.log_actions(request.user.pk or 0, rows, CHANGE, done.noted)
    for slug in {work.creator.slug for work in chosen.works}:
        forget_examples(slug)
    messages.success(request, done.told)
    return HttpResponseRedirect(reverse("admin:creators_work_changelist"))


def _plan_withdrawal(chosen: Chosen) -> Plan:
    fresh = [work.pk for work in chosen.works if not work.is_withdrawn]
    pins = PinnedAnswer.objects.filter(work__in=fresh, is_active=True).count()
    does = [f"{number(len(fresh), 'work')} will at once be searched, cited and shown no more, until given back."]
    if rest := len(chosen.works) - len(fresh):
        does.append(f"{number(rest, 'work')} of the chosen {'is' if rest == 1 else 'are'} withdrawn already.")
    mind = ["Answers that were given before keep their words. To take these back as well, “Take down” each work."]
    if pins:
        mind.append(f"Pinned answers that rest on them: {pins:,}. They stop, and go on when the works are given back.")
    return Plan(tuple(does), tuple(mind), () if fresh else ("All of these are withdrawn already.",))


def _withdraw(chosen: Chosen) -> Done:
    fresh = [work.pk for work in chosen.works if not work.is_withdrawn]
    count = Work.objects.filter(pk__in=fresh).withdraw()
    return Done(f"{number(count, 'work')} withdrawn.", "Withdrawn.", fresh)


def _plan_return(chosen: Chosen) -> Plan:
    back = [work for work in chosen.works if work.is_withdrawn]
    unseen = sum(not work.creator.is_published for work in back)
    does = [f"{number(len(back), 'work')} will be searched, cited and shown again."]
    mind = []
    if rest := len(chosen.works) - len(back):
        does.append(f"{number(rest, 'work')} of the chosen {'is' if rest == 1 else 'are'} not withdrawn.")
    if unseen:
        mind.append(f"Of unpublished creators: {number(unseen, 'work')}. Visitors don’t see them all the same.")
    if taken := [work for work in back if work.taken_down]:
        named = ", ".join(f"“{work.title}”" for work in taken)
        mind.append(f"Taken down before: {named}. Their text comes back; answers that lost their words then don’t.")
    return Plan(tuple(does), tuple(mind), () if back else ("None of these is withdrawn.",))


def _give_back(chosen: Chosen) -> Done:
    back = [work.pk for work in chosen.works if work.is_withdrawn]
    count = Work.objects.filter(pk__in=back).give_back()
    return Done(f"{number(count, 'work')} given back.", "Given back.", back)


def _labels(chosen: Chosen) -> dict[str, list[int]]:
    """Return the labels in the works that somebody may be chosen by, each with the works in which it stands."""
    found: dict[str, list[int]] = {}
    for key, label in labels_in(chosen.keys):
        found.setdefault(label, []).append(key)
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))


NOBODY = "-"
"""Stands for no label: the creator is whoever is called like them."""


def _label_choices(chosen: Chosen) -> list[tuple[str, str]]:
    count = len(chosen.works)
    named = [(label, f"{label} (in {len(keys)} of {count})") for label, keys in _labels(chosen).items()]
    return [*named, (NOBODY, "whoever is called like the creator")]


def _plan_speaker(chosen: Chosen) -> Plan:
    keys = _with_label(chosen)
    rest = len(chosen.works) - len(keys)
    if chosen.choice == NOBODY:
        does = [f"In {number(len(keys), 'work')} the creator is whoever is called like them; all others are guests."]
    else:
        does = [f"In {number(len(keys), 'work')} “{chosen.choice}” is the creator, and whoever else is named a guest."]
    if rest:
        does.append(f"Left as is, as nobody is called so there: {number(rest, 'work')}.")
    mind = (
        "Nothing is embedded anew. What is said by guests is never given as the creator’s, nor taken for their voice."
    )
    return Plan(tuple(does), (mind,), () if keys else ("Nobody is called so in any of these.",))


def _with_label(chosen: Chosen) -> list[int]:
    return chosen.keys if chosen.choice == NOBODY else _labels(chosen).get(chosen.choice, [])


def _set_speaker(chosen: Chosen) -> Done:
    keys, label = _with_label(chosen), "" if chosen.choice == NOBODY else chosen.choice
    Work.objects.filter(pk__in=keys).update(creator_label=label, updated=timezone.now())
    who = f"“{label}”" if label else "whoever is called like them"
    return Done(f"The creator is {who} in {number(len(keys), 'work')}.", f"The creator is {who}.", keys)


def _kept(chosen: Chosen) -> list[int]:
    return list(WorkFile.objects.filter(work__in=chosen.keys).values_list("work", flat=True))


def _plan_reading(chosen: Chosen) -> Plan:
    kept = set(_kept(chosen))
    does = [
        f"{number(len(kept), 'work')} will be read again from the files that are kept with them, with the glossary as "
        f"it is now. What comes out as before is not embedded again."
    ]
    missing = [f"“{work.title}”" for work in chosen.works if work.pk not in kept]
    mind = [
        "Titles, dates and addresses are taken from the files again, too.",
        "What was hidden or preferred stays so, wherever passages begin then. What else was shaped at the desk stays "
        "with each passage that says what it said; of the others the upload tells.",
    ]
    if missing:
        named = ", ".join(missing[:SHOWN]) + (" and others" if len(missing) > SHOWN else "")
        mind.append(f"No file is kept of {named}: bring these in again by “Upload works” or `manage.py ingest`.")
    return Plan(tuple(does), tuple(mind), () if kept else ("No file is kept of any of these: upload them again.",))


def _read_again(chosen: Chosen) -> Done:
    keys = _kept(chosen)
    jobs = read_again(keys, by=chosen.request.user)
    told = f"{number(len(keys), 'work')} queued in {number(len(jobs), 'upload')}: “Uploads” shows how far they are."
    return Done(told, "To be read again.", keys)


def _creator_choices(chosen: Chosen) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in creators_for(chosen.request.user)]


def _target(chosen: Chosen) -> Creator:
    return creators_for(chosen.request.user).get(pk=chosen.choice)


def _plan_move(chosen: Chosen) -> Plan:
    return plan_move(chosen.works, to=_target(chosen))


def _move(chosen: Chosen) -> Done:
    to = _target(chosen)
    moved = move(chosen.keys, to=to, now=timezone.now())
    return Done(f"{number(len(moved.works), 'work')} moved to {to.name}.", f"Moved to {to.name}.", moved.works)


ACTS: Mapping[str, Act] = {
    "withdraw": Act("Withdraw works", "Withdraw them", _plan_withdrawal, _withdraw),
    "give-back": Act("Give works back", "Give them back", _plan_return, _give_back),
    "read-again": Act("Read works again", "Read them again", _plan_reading, _read_again),
    "move": Act("Move works", "Move them", _plan_move, _move, ask="To whom?", choices=_creator_choices),
    "speaker": Act(
        "Set who is the creator", "Set it", _plan_speaker, _set_speaker, ask="Who of them?", choices=_label_choices
    ),
}
"""What can be done to works, by the name in its address."""
