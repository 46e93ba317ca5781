"""The page of a work: all that was said in it, with the sentence that a citation rests on marked."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chat.catalogue.transcript import transcript
from chat.events.messages import WORDS
from chat.events.script_words import PLAYING
from chat.views.numbers import number_in
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.links import early, web_address

EDGES = 2
CHAPTERS_OPEN = 8
"""Up to so many chapters are shown from the beginning on a narrow page."""


@require_safe
async def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that was said in a work; ``?at=72.5&say=Cut+first.#cited`` leads to that sentence, marked.

    ``say`` twice names the first and the last words of a long one. ``?at=72.5`` alone leads to that second.
    """
    # A long transcript takes a while to write down as well, which no other reader should wait for.
    return await in_one_hop(_work, request, slug)


@gzip_page  # it holds nothing secret
def _work(request: HttpRequest, slug: str) -> HttpResponse:
    found = transcript(slug)
    if found is None:
        raise Http404
    said = request.GET.getlist("say")[:EDGES]
    seconds = number_in(request.GET.get("at", ""))
    if seconds is not None and not said:
        anchor = found.anchor_at(seconds)
        return HttpResponseRedirect(f"{request.path}#{anchor}" if anchor else request.path)
    places = found.places_of(said, at=seconds)
    shown = found.marked(places or (found.place_at(seconds) if seconds is not None else ()))
    opened = seconds if seconds is not None else next((found.pieces[place.text].start for place in places), None)
    context = {
        "transcript": shown,
        "work": found.work,
        "original": web_address(found.work.url),
        "opened": "" if opened is None else early(opened),
        "missing": said and not places,
        "is_marked": any(paragraph.is_cited for paragraph in shown.paragraphs),
        "chapters_open": len(shown.chapters) <= CHAPTERS_OPEN,
        "words": WORDS,
        "script_words": PLAYING,
    }
    return render(request, "chat/work.html", context)
