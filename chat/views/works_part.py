"""All works of a creator, a hundred on a page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat.catalogue.works import works_on
from chrysopedia.core.database import in_one_hop
from creators.models import Creator


@require_safe
async def works(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all works of a creator, newest first; ``?page=2`` goes on."""
    return await in_one_hop(_works, request, slug)


def _works(request: HttpRequest, slug: str) -> HttpResponse:
    creator = Creator.objects.published().filter(slug=slug).first()
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0
    if creator is None or number < 1:
        raise Http404
    catalogue = works_on(slug, page=number)
    if not catalogue.works and number > 1:
        raise Http404
    return render(request, "chat/creator/all.html", {"creator": creator, "catalogue": catalogue})
