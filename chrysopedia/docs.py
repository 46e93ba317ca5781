"""The page that shows the API in the browser: Swagger UI from our own files, under a policy of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Swagger

from chrysopedia.csp import HEADER, header

POLICY = header(img_src="'self' data:")
"""The signs of Swagger UI are pictures within its style sheet; in all else it gets by with the strict policy."""


class Docs(Swagger):
    """Swagger UI, whose page carries the policy that it needs."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page."""
        response = super().render_page(request, api, **kwargs)
        response.headers[HEADER] = POLICY
        return response
