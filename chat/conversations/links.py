"""Addresses of this site as they are given to others."""

from django.conf import settings
from django.http import HttpRequest


def site_url(request: HttpRequest) -> str:
    """Return the address of this site without a slash at its end: ``PUBLIC_URL``, or else as this request came."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def share_url(token: str, request: HttpRequest) -> str:
    """Return the whole address of a shared conversation."""
    return f"{site_url(request)}/share/{token}"
