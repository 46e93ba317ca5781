"""The overview: figures of the chosen days as numbers, bars and tables, and as CSV."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from io import StringIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from chat.curation.overview import STATES, TIERS, DayCounts, Overview, cited_works, overview, refresh
from chat.llm.spending import MICROS, SITE, spent_today
from chat.models import Turn
from creators.admin.roles import creators_for, own_creators
from creators.models import Creator

SPANS = (7, 30, 90)
USUAL = 30
MOST_DAYS = 366
STATE_NAMES = {"full": "In full", "partly": "Nearly", "none": "By nothing here", "failed": "Failed"}
TIER_NAMES = {"creator": "Creator", "domain": "Domain", "global": "Everyone", "none": "None"}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet takes for a formula."""


class DaysForm(forms.Form):
    """Which days, and of whom."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    creator = forms.ModelChoiceField(Creator.objects.none(), required=False, empty_label="All", label="Asked of")

    def __init__(self, data: Mapping[str, Any], *, request: HttpRequest, today: date) -> None:
        """Take a number of ``days`` up to today in place of the dates; offer whom the curator may curate."""
        days = str(data.get("days", USUAL))
        count = int(days) if days.isdecimal() and len(days) < 4 else USUAL
        span = {"first": today - timedelta(days=max(1, min(count, MOST_DAYS)) - 1), "last": today}
        chosen = {name: data.get(name) or value for name, value in span.items()}
        super().__init__({**chosen, "creator": data.get("creator", "")})
        self.fields["creator"].queryset = creators_for(request.user)  # type: ignore[attr-defined]  # of a choice of models

    def clean(self) -> dict[str, Any]:
        """Refuse what ends before it begins, or takes too long to draw."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = told.get("first"), told.get("last")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            self.add_error("last", f"Choose up to {MOST_DAYS} days, of which the first comes first.")
        return told


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a day's bar, in units of the drawing."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of the days, each piled up of its kinds, with the most that a day has."""

    name: str
    title: str
    kinds: tuple[tuple[str, str, int], ...]
    bars: tuple[Bar, ...]
    most: int

    @property
    def told(self) -> str:
        """The chart in a sentence, for whoever doesn't see it."""
        return ", ".join(f"{label} {total}" for _, label, total in self.kinds)


WIDTH, HEIGHT = 720.0, 160.0
GAP = 0.15
"""Share of a day's room that is left free."""


def chart(name: str, title: str, days: Sequence[DayCounts], kinds: Mapping[str, str]) -> Chart:
    """Return the chart of the days' ``states`` or ``tiers``, whichever ``name`` says."""
    counts: list[Mapping[str, int]] = [getattr(day, name) for day in days]
    most = max((sum(one.values()) for one in counts), default=0)
    room = WIDTH / max(1, len(days))
    bars: list[Bar] = []
    for place, one in enumerate(counts):
        top = HEIGHT
        for kind in kinds:
            if height := HEIGHT * one.get(kind, 0) / max(1, most):
                top -= height
                bars.append(Bar(kind, room * (place + GAP / 2), top, room * (1 - GAP), height))
    totals = tuple((kind, label, sum(one.get(kind, 0) for one in counts)) for kind, label in kinds.items())
    return Chart(name, title, totals, tuple(bars), most)


def overview_page(request: HttpRequest) -> HttpResponse:
    """Show the overview of the chosen days, or send one of its tables; synchronous, as the admin is."""
    if not request.user.has_perm("chat.view_turn"):
        raise PermissionDenied
    now = timezone.now()
    today = now.astimezone(UTC).date()
    form = DaysForm(request.GET, request=request, today=today)
    context: dict[str, Any] = {"form": form, "spans": SPANS, "title": "Overview", "opts": Turn._meta}
    context["keeps"] = settings.KEEP_CONVERSATIONS
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        creators = _creators(request, form.cleaned_data["creator"])
        refresh(now=now)
        if request.GET.get("csv") == "works":
            return _csv("works", _work_lines(first, last, creators), first, last)
        found = overview(first, last, creators=creators)
        if request.GET.get("csv") == "days":
            return _csv("days", _day_lines(found), first, last)
        if request.GET.get("csv") == "costs":
            return _csv("costs", _cost_lines(found), first, last)
        context |= {"found": found, "charts": _charts(found), "chosen": _span(first, last, today)}
        if creators is None:
            spent = spent_today([SITE], now=now)[SITE]
            context["spent"] = spent.told(tokens=settings.TOKENS_PER_DAY, money=settings.MONEY_PER_DAY)
        context["query"] = {"first": first, "last": last, "creator": request.GET.get("creator", "")}
    return TemplateResponse(request, "admin/chat/turn/overview.html", {**admin.site.each_context(request), **context})


def _creators(request: HttpRequest, chosen: Creator | None) -> list[Creator] | None:
    """Return of whom the figures are, None for all that was asked: a curator's are of their own creators alone."""
    if chosen:
        return [chosen]
    own = own_creators(request.user)
    return None if own is None else list(own)


def _span(first: date, last: date, today: date) -> int:
    """Return how many days up to today were chosen, 0 where they end before it."""
    return (last - first).days + 1 if last == today else 0


def _charts(found: Overview) -> list[Chart]:
    return [
        chart("states", "Questions a day, by how they were answered", found.days, STATE_NAMES),
        chart("tiers", "Questions a day, by whose words answered them", found.days, TIER_NAMES),
    ]


def _day_lines(found: Overview) -> Iterator[Sequence[object]]:
    yield ("day", "questions", *STATES, *(f"tier {tier}" for tier in TIERS), "answers pinned", "cost")
    for day in found.days:
        states = (day.states.get(state, 0) for state in STATES)
        tiers = (day.tiers.get(tier, 0) for tier in TIERS)
        yield (day.day, day.questions, *states, *tiers, day.pinned, money(day.micros))


def _cost_lines(found: Overview) -> Iterator[Sequence[object]]:
    yield ("creator", "model", "questions", "tokens", "cost", "questions without a price")
    for one in found.costs:
        yield (one.creator, one.model, one.questions, one.tokens, money(one.micros), one.unpriced)


def money(micros: int) -> str:
    """Return an amount for a table, in whole units of the prices' currency, to the millionth."""
    return f"{micros // MICROS}.{micros % MICROS:06}"


def _work_lines(first: date, last: date, creators: list[Creator] | None) -> Iterator[Sequence[object]]:
    yield ("work", "creator", "address", "answers that cite it", "clicks")
    for work in cited_works(first, last, creators=creators):
        yield (work.title, work.creator, work.slug, work.citations, work.clicks)


def _csv(name: str, lines: Iterable[Sequence[object]], first: date, last: date) -> HttpResponse:
    out = StringIO()
    csv.writer(out).writerows([cell(value) for value in line] for line in lines)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{first}-{last}.csv"'
    return response


def cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet takes for a formula; whose words it is makes no difference."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
