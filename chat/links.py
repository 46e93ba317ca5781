"""Addresses of this site as they are given to others."""

from django.conf import settings
from django.http import HttpRequest


def share_url(token: str, request: HttpRequest) -> str:
    """Return the whole address of a shared conversation: under ``PUBLIC_URL``, or else as this request came."""
    path = f"/share/{token}"
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
