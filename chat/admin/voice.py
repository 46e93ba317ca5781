"""The page on which a curator hears a creator's voice: one question at three weights, and what differs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from chat.llm.alone import run_alone
from chat.persona import VoicingError, consult, hear, questions_for, voice_to_hear
from chat.retrieval.sources import sources_of
from creators.models import Creator

SECONDS = 120.0
"""For the three answers together: somebody waits before the page, and a proxy before that."""


class QuestionForm(forms.Form):
    """What to ask at each weight."""

    question = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "cols": 60, "class": "vLargeTextField"})
    )


def voice_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Show the form, and the answers to what was asked; synchronous, as the admin is."""
    if not request.user.has_perm("creators.change_personality"):
        raise PermissionDenied
    creator = get_object_or_404(Creator.objects.select_related("personality"), pk=creator_id)
    form = QuestionForm(request.POST or None)
    shown: dict[str, Any] = {}
    try:
        voice_to_hear(creator)
        if request.method == "POST" and form.is_valid():
            shown = _heard(creator, form.cleaned_data["question"])
        else:
            shown = {"examples": questions_for(creator)}
    except VoicingError as error:
        shown = {"refusal": str(error)}
    context = {**admin.site.each_context(request), **shown, "form": form, "creator": creator}
    context |= {"title": f"Hear {creator.name}", "opts": Creator._meta}
    return TemplateResponse(request, "admin/creators/voice.html", context)


def _heard(creator: Creator, question: str) -> dict[str, Any]:
    consulted = consult(creator, query=question)
    return {"heard": run_alone(hear(consulted, seconds=SECONDS)), "sources": sources_of(consulted.passages)}
