"""Two creators merged into one at the desk: what moves and what clashes, in words, and then that it is done."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from chat.moves import MoveError, merge, plan_merge
from chat.moves.plan import number
from creators.admin.roles import creators_for
from creators.models import Creator, Work

NEEDED = ("creators.delete_creator", "creators.change_creator", "creators.change_work")


def merge_page(request: HttpRequest, creator_id: int) -> HttpResponse:
    """Ask into whom, say what that comes to, and merge where that was confirmed. Synchronous."""
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    creators = creators_for(request.user)
    creator = get_object_or_404(creators, pk=creator_id)
    others = creators.exclude(pk=creator.pk)
    asked = (request.POST if request.method == "POST" else request.GET).get("into", "")
    into = others.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    may_say_who_curates = request.user.has_perm("auth.change_user")
    plan = plan_merge(creator, into=into, with_curators=may_say_who_curates) if into else None
    if request.method == "POST" and into and plan and not plan.refusals:
        try:
            return _merged(request, creator, into, with_curators=may_say_who_curates)
        except MoveError as error:
            messages.error(request, str(error))
    context = {
        **admin.site.each_context(request),
        "title": f"Merge {creator.name} into another creator",
        "opts": Creator._meta,
        "creator": creator,
        "others": others,
        "into": into,
        "plan": plan,
    }
    return TemplateResponse(request, "admin/creators/creator/merge.html", context)


def _merged(request: HttpRequest, creator: Creator, into: Creator, *, with_curators: bool) -> HttpResponse:
    """Merge, and note it in the history of both and of each work."""
    gone, key, user = str(creator), creator.pk, request.user.pk or 0
    gone_row = LogEntry(user_id=user, object_id=str(key), object_repr=gone[:200], action_flag=DELETION)
    moved = merge(creator, into=into, with_curators=with_curators, now=timezone.now())
    told = f"{gone} was merged into {into.name}, with {number(len(moved.works), 'work')}."
    entry = LogEntry.objects.log_actions(user, Creator.objects.filter(pk=into.pk), CHANGE, told, single_object=True)
    gone_row.content_type_id, gone_row.change_message = entry.content_type_id, f"Merged into {into.name}."
    gone_row.save()
    if moved.works:
        rows = Work.objects.filter(pk__in=moved.works)
        LogEntry.objects.log_actions(user, rows, CHANGE, f"Moved to {into.name}, into whom {gone} was merged.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("admin:creators_creator_change", args=[into.pk]))
