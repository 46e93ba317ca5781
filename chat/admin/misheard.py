"""Glossary proposals at the desk: found, read where they stand, tried, accepted or refused in bulk."""

from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from chat.catalogue.questions import forget_examples
from chat.events.messages import clock, counted
from chrysopedia.core.links import link_to
from creators.admin.roles import creator_to_curate, creators_for
from creators.embeddings import EmbeddingError, get_embedder
from creators.glossary.suggest import store_suggestions, suggest_for
from creators.glossary.trial import Place, Trial, reworded_sentences, rules_for, tried
from creators.ingest import shape
from creators.models import Chunk, Creator, GlossaryEntry

PERMISSION = "creators.change_glossaryentry"
MOST = 100
"""Proposals on a page, and of one search."""
AT_ONCE = 200
"""Passages put right while somebody waits, a few seconds of embedding; the rest are when their works come in again."""


class TermsForm(forms.Form):
    """Terms to look for beside those that the corpus shows."""

    terms = forms.CharField(
        required=False,
        max_length=2000,
        label="Terms you expect",
        help_text="One a line: names that no transcript spells as it should are found no other way.",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 40}),
    )

    def clean_terms(self) -> list[str]:
        """Return the terms, one of each line."""
        return [term for line in self.cleaned_data["terms"].splitlines() if (term := " ".join(line.split()))]


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place with its address, and its time, "" in a text."""

    place: Place
    url: str
    time: str


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal with how many passages it would change alone, and sentences in which it would."""

    entry: GlossaryEntry
    passages: int
    places: tuple[ShownPlace, ...]
    is_chosen: bool


def proposals_of(creator: Creator) -> QuerySet[GlossaryEntry]:
    """Return what waits to be accepted or refused, of a creator."""
    return GlossaryEntry.objects.proposed().filter(creator=creator)


def proposals_page(request: HttpRequest) -> HttpResponse:
    """List the creators with the number of their proposals. Synchronous, as the admin is."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    waiting = Count("glossary", filter=Q(glossary__is_reviewed=False, glossary__is_refused=False))
    creators = creators_for(request.user).annotate(waiting=waiting).order_by("-waiting", "name")
    context = {**admin.site.each_context(request), "creators": creators, "title": "What was misheard"}
    return TemplateResponse(
        request, "admin/creators/glossaryentry/creators.html", context | {"opts": GlossaryEntry._meta}
    )


def misheard_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Show the proposals of a creator where they stand; a POST finds, tries, accepts or refuses. Synchronous."""
    creator = creator_to_curate(request, creator_id, permission=PERMISSION)
    form, act = TermsForm(), request.POST.get("act", "")
    chosen = list(proposals_of(creator).filter(pk__in=_keys(request))) if request.method == "POST" else []
    trial: Trial | None = None
    match act:
        case "look":
            form = TermsForm(request.POST)
            if form.is_valid():
                return _look(request, creator, form.cleaned_data["terms"])
        case "try" | "accept" | "refuse" if not chosen:
            messages.error(request, "Tick some proposals first.")
        case "try":
            trial = tried(creator, chosen)
        case "accept":
            return _accept(request, creator, chosen)
        case "refuse":
            return _refuse(request, creator, chosen)
    return _page(request, creator, form=form, chosen=chosen, trial=trial)


def _keys(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.POST.getlist("entry") if key.isascii() and key.isdecimal() and len(key) < 10]


def _page(
    request: HttpRequest, creator: Creator, *, form: TermsForm, chosen: list[GlossaryEntry], trial: Trial | None
) -> HttpResponse:
    entries = list(proposals_of(creator).order_by("term", "pk")[:MOST])
    alone = tried(creator, entries)
    keys = {entry.pk for entry in chosen}
    shown = [
        ShownProposal(
            entry,
            alone.by_entry.get(entry.pk, 0),
            tuple(map(_shown, alone.places[entry.pk])),
            entry.pk in keys,
        )
        for entry in entries
    ]
    context = {
        **admin.site.each_context(request),
        "title": f"What was misheard of {creator.name}",
        "opts": GlossaryEntry._meta,
        "creator": creator,
        "form": form,
        "proposals": sorted(shown, key=lambda one: -one.passages),
        "trial": trial,
        "tried": chosen,
        "at_once": AT_ONCE,
        "refused": GlossaryEntry.objects.filter(creator=creator, is_refused=True).count(),
    }
    return TemplateResponse(request, "admin/creators/glossaryentry/misheard.html", context)


def _shown(place: Place) -> ShownPlace:
    url = link_to(url="", work=place.work, seconds=place.seconds)
    return ShownPlace(place, url, "" if place.seconds is None else clock(place.seconds))


def _back(creator: Creator) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:creators_misheard", args=[creator.pk]))


def _look(request: HttpRequest, creator: Creator, terms: list[str]) -> HttpResponse:
    found = suggest_for(creator, terms=terms)[:MOST]
    made = store_suggestions(creator, found)
    if found:
        messages.success(request, f"{counted(len(found), 'phrase', 'phrases')} found, {made} of new terms.")
    else:
        messages.info(request, "Nothing more was found. Name terms that you miss.")
    return _back(creator)


def _accept(request: HttpRequest, creator: Creator, chosen: list[GlossaryEntry]) -> HttpResponse:
    """Have the chosen apply from now on, and put right the passages at hand."""
    rules, trial = rules_for(creator, chosen), tried(creator, chosen)
    GlossaryEntry.objects.filter(pk__in=[entry.pk for entry in chosen]).update(is_reviewed=True)
    _log(request, chosen, "accepted")
    done = 0
    try:
        for key in trial.changed[:AT_ONCE]:
            chunk = Chunk.objects.filter(pk=key).defer("search").first()
            if chunk and (texts := reworded_sentences(chunk, rules)):
                with suppress(shape.GoneError):  # cut or read anew meanwhile, by the rules if it was read
                    shape.reword(chunk, texts, embedder=get_embedder())
                    done += 1
    except EmbeddingError as error:
        messages.error(request, f"The embedder gave no vectors, so the rest stays as it was. {error.reason}")
    forget_examples(creator.slug)
    told = (
        f"{counted(len(chosen), 'proposal', 'proposals')} accepted, {counted(done, 'passage', 'passages')} put right."
    )
    if len(trial.changed) > AT_ONCE:
        told += " The others are when their works are brought in again."
    messages.success(request, told)
    return _back(creator)


def _refuse(request: HttpRequest, creator: Creator, chosen: list[GlossaryEntry]) -> HttpResponse:
    GlossaryEntry.objects.filter(pk__in=[entry.pk for entry in chosen]).update(is_refused=True)
    _log(request, chosen, "refused")
    told = counted(len(chosen), "proposal", "proposals")
    messages.success(request, f"{told} refused: they change nothing and are not proposed again.")
    return _back(creator)


def _log(request: HttpRequest, entries: list[GlossaryEntry], done: str) -> None:
    assert request.user.pk is not None  # noqa: S101 -- the admin lets nobody else in
    queryset = GlossaryEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    LogEntry.objects.log_actions(request.user.pk, queryset, CHANGE, change_message=done)
