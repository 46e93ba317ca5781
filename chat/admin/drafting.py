"""The page whose button drafts a creator's personality from their own words."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from chat.events.messages import counted
from chat.llm.complete import is_there_a_model
from chat.persona.drafts import draft
from creators.models import Creator, PersonalityDraft
from creators.persona.values import DraftingError

SECONDS = 120.0


def draft_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Say what a draft is, or make one and lead to it; synchronous, as the admin is."""
    if not request.user.has_perm("creators.add_personalitydraft"):
        raise PermissionDenied
    creator = get_object_or_404(Creator, pk=creator_id)
    if request.method == "POST":
        try:
            return _made(request, creator)
        except DraftingError as error:
            messages.error(request, str(error))
    context = {
        **admin.site.each_context(request),
        "title": f"Draft how {creator.name} sounds",
        "creator": creator,
        "has_model": is_there_a_model(),
        "waiting": PersonalityDraft.objects.proposed().filter(creator=creator),
        "opts": Creator._meta,
    }
    return TemplateResponse(request, "admin/creators/draft.html", context)


def _made(request: HttpRequest, creator: Creator) -> HttpResponse:
    drafted = draft(creator, seconds=SECONDS, use_model="count" not in request.POST)
    kept = drafted.store(creator)
    messages.success(request, f"Drafted from {creator.name}'s own words. Nothing changes until you accept it.")
    if drafted.dropped:
        messages.warning(request, f"{counted(drafted.dropped, 'item')} left out: the examples stand in no work.")
    return HttpResponseRedirect(reverse("admin:creators_personalitydraft_change", args=[kept.pk]))
