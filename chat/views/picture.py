"""The picture of a creator, as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from chrysopedia.core.database import in_one_hop
from creators.models import Picture

YEAR = 365 * 24 * 3600
MINUTES = 5 * 60


@require_safe
async def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the picture of a published creator; under its own digest (``?v=``) it may be kept for good."""
    found = await in_one_hop(Picture.objects.published().filter(creator__slug=slug).first)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="image/webp")
    if request.GET.get("v") == found.digest:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, public=True, max_age=MINUTES)
    return response
