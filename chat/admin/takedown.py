"""Taking a work down from the desk: what goes, in words, and then that it is gone."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from chat.models import ExpectedPassage, PinnedAnswer
from chat.takedown import look, take_down, turns_about
from creators.admin.roles import creators_for
from creators.embeddings import get_embedder
from creators.models import Space, Work


def takedown_page(request: HttpRequest, work_id: int) -> HttpResponse:
    """Say what goes with a work; where that was confirmed take it down, and look for it. Synchronous."""
    if not request.user.has_perm("creators.change_work"):
        raise PermissionDenied
    works = Work.objects.filter(creator__in=creators_for(request.user)).select_related("creator")
    work = get_object_or_404(works, pk=work_id)
    if request.method != "POST":
        return TemplateResponse(request, "admin/creators/work/takedown.html", _what_goes(request, work))
    take_down(work, clock=timezone.now)
    rows, user_id = Work.objects.filter(pk=work.pk), request.user.pk or 0
    LogEntry.objects.log_actions(user_id, rows, CHANGE, "Taken down.", single_object=True)
    space = Space.objects.filter(name=get_embedder().space.name).first()
    findings = list(look(work, space=space, now=timezone.now()))
    left = [one.place for one in findings if one.found]
    if left:
        messages.error(request, f"It is withdrawn, but still found in: {', '.join(left)}. Do it once more.")
    else:
        messages.success(request, f"Taken down. Looked for it in: {', '.join(one.place for one in findings)}.")
    return HttpResponseRedirect(reverse("admin:creators_work_change", args=[work.pk]))


def _what_goes(request: HttpRequest, work: Work) -> dict[str, object]:
    return {
        **admin.site.each_context(request),
        "title": "Take down",
        "opts": Work._meta,
        "work": work,
        "answers": turns_about(work).count(),
        "pins": PinnedAnswer.objects.filter(work=work).count(),
        "passages": ExpectedPassage.objects.filter(work=work).count(),
    }
