"""The page of a work: all that was said in it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat.pages.numbers import number_in
from chat.script_words import PLAYING
from chat.transcript import transcript
from creators.database import in_one_hop
from creators.links import web_address


@require_safe
async def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that was said in a work; ``?at=72.5`` leads on to the piece said at that second."""
    found = await in_one_hop(transcript, slug)
    if found is None:
        raise Http404
    seconds = number_in(request.GET.get("at", ""))
    if seconds is not None:
        anchor = found.anchor_at(seconds)
        return HttpResponseRedirect(f"{request.path}#{anchor}" if anchor else request.path)
    original = web_address(found.work.url)
    context = {"transcript": found, "work": found.work, "original": original, "script_words": PLAYING}
    return render(request, "chat/work.html", context)
