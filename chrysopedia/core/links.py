"""Links that open a work where something was said: two seconds early in what has times, at the words in a text."""

import re
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit
from urllib.parse import quote as percent_encoded

from chrysopedia.core.fragments import edges_of, with_fragment
from chrysopedia.core.videos import video_page

LEAD_SECONDS = 2.0
MEDIA = tuple(".mp4 .m4v .mov .webm .ogv .mp3 .m4a .aac .flac .ogg .oga .opus .wav".split())
OPENED = {"http", "https"}


def link_to(*, url: str, work: str, seconds: float | None, quote: str = "") -> str:
    """Return the address that opens the work at the second, or at the quote in a text without times.

    Without an address of its own that a browser may open, the link leads to the work's page here.
    """
    parts = _parts(url)
    if parts is None:
        return _here(work, seconds=seconds, quote=quote)
    second = None if seconds is None else early(seconds)
    if page := video_page(parts, second=second):
        return page
    if parts.path.lower().endswith(MEDIA):
        return urlunsplit(parts if second is None else parts._replace(fragment=f"t={second}"))
    if second is None and quote:
        parts = parts._replace(fragment=with_fragment(parts.fragment, words=quote))
    return urlunsplit(parts)


def web_address(url: str) -> str:
    """Return the address of a whole work if it is one that a browser may open, http or https with a host; else ""."""
    parts = _parts(url)
    return (video_page(parts, second=None) or urlunsplit(parts)) if parts else ""


def early(seconds: float) -> int:
    """Return the whole second at which to open, never before the beginning."""
    return max(0, int(seconds - LEAD_SECONDS))


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address, None for anything but http and https: a script is no place to read."""
    try:
        parts = urlsplit(url.strip())
        is_open = parts.scheme in OPENED and parts.hostname and re.fullmatch(r'[^\s\\<>"]+', parts.netloc)
    except ValueError:
        return None
    if not is_open:
        return None
    return parts._replace(path=_escaped(parts.path), query=_escaped(parts.query), fragment=_escaped(parts.fragment))


def _escaped(part: str) -> str:
    """Return the part with what no address may hold escaped, and all else, escapes too, as it was."""
    return percent_encoded(part, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")


def _here(work: str, *, seconds: float | None, quote: str) -> str:
    """Return the address of the work's page, at the second and at the words said there.

    The page marks them on the server, as ``#cited``, so that the sentence is found by any browser.
    """
    at = [("at", f"{seconds:.3f}")] if seconds is not None else []
    said = [("say", edge) for edge in edges_of(quote)]
    query = urlencode([*at, *said], errors="replace")
    return f"/w/{work}" + (f"?{query}" if query else "") + ("#cited" if said else "")
