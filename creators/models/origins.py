"""Web origins that may show a creator's chat in a frame: what counts as one, and why anything else doesn't."""

import re
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"(\*\.{LABEL}\.)?({LABEL}\.)*{LABEL}")
LOOPBACK = re.compile(r"(.+\.)?localhost|127(\.\d{1,3}){3}")
EXAMPLE = "https://www.example.com"


def validate_origin(origin: str) -> None:
    """Raise ``ValidationError``, with a sentence, for what is not an origin that may be allowed.

    Allowed are https with a host and perhaps a port, ``https://*.example.com`` for all names under one, and http on
    this machine itself. What passes holds no space, semicolon or quote, so that it can stand in a header.
    """
    if problem := _problem(origin):
        raise ValidationError(f"“{origin}” {problem}", code="origin")


def _problem(origin: str) -> str:
    parts = _parts(origin)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return f"is not the address of a site; write it like {EXAMPLE}."
    if parts.path or parts.query or parts.fragment or origin != f"{parts.scheme}://{parts.netloc}":
        return f"has more than scheme, host and port; leave the rest out, as in {EXAMPLE}."
    host = parts.netloc.rsplit(":", 1)[0] if parts.port is not None else parts.netloc
    if not NAME.fullmatch(host):
        return f"has a host that can't be used; write it in lower case, like {EXAMPLE} or https://*.example.com."
    if parts.scheme == "http" and not LOOPBACK.fullmatch(host):
        return "must begin with https; http is for localhost only."
    return ""


def _parts(origin: str) -> SplitResult | None:
    try:
        parts = urlsplit(origin)
        parts.port  # noqa: B018 - reading it is what validates it
    except ValueError:
        return None
    return parts
