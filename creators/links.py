"""Links that open a work at a second, two seconds early so that the reader hears the sentence begin."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LEAD_SECONDS = 2.0
YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"}
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
MEDIA = (".mp4", ".webm", ".mp3", ".m4a", ".ogg", ".wav", ".opus")


def link_to(*, url: str, work: str, seconds: float | None) -> str:
    """Return the address that opens the work at the second; without a URL of its own, its page here, at the sentence.

    ``seconds`` is None in a work without times, whose link then opens it at its beginning.
    """
    if not url:
        return f"/w/{work}" if seconds is None else f"/w/{work}?at={seconds:.3f}"
    if seconds is None:
        return url
    parts = urlsplit(url)
    if parts.hostname in YOUTUBE:
        query = [*((key, value) for key, value in parse_qsl(parts.query) if key != "t"), ("t", f"{early(seconds)}s")]
        return urlunsplit(parts._replace(query=urlencode(query)))
    if parts.hostname in VIMEO:
        return urlunsplit(parts._replace(fragment=f"t={early(seconds)}s"))
    if parts.path.lower().endswith(MEDIA):
        return urlunsplit(parts._replace(fragment=f"t={early(seconds)}"))
    return url


def early(seconds: float) -> int:
    """Return the whole second at which to open, never before the beginning."""
    return max(0, int(seconds - LEAD_SECONDS))
