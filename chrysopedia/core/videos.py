"""Addresses of videos: which video one names, in any of the spellings in use, and its page at a second."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlunsplit

NOCOOKIE = {"youtube-nocookie.com", "www.youtube-nocookie.com"}
YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com"}
YOUTUBE_MUSIC = {"music.youtube.com"}
YOUTUBE_SHORT = {"youtu.be", "www.youtu.be"}
VIMEO = {"vimeo.com", "www.vimeo.com"}
VIMEO_PLAYER = {"player.vimeo.com"}
TIMES = {"t", "start", "time_continue"}

_ID = r"([\w-]{1,64})"
_YOUTUBE_PATH = re.compile(rf"/(?:shorts|live|embed|v)/{_ID}/?", re.ASCII)
_VIMEO_PATH = re.compile(r"/video/(\d{1,20})/?", re.ASCII)


def video_page(parts: SplitResult, *, second: int | None) -> str:
    """Return the page of a video at the second, or its beginning; "" for an address of another site."""
    if parts.hostname in YOUTUBE | YOUTUBE_MUSIC | YOUTUBE_SHORT | NOCOOKIE:
        return _youtube(parts, second)
    if parts.hostname in VIMEO | VIMEO_PLAYER:
        return _vimeo(parts, second)
    return ""


def _youtube(parts: SplitResult, second: int | None) -> str:
    video = _youtube_id(parts)
    is_page = parts.hostname in YOUTUBE_SHORT or (parts.hostname in YOUTUBE and parts.path.rstrip("/") == "/watch")
    if video and not is_page:  # shorts, lives and embedded players take no time in their address
        parts = SplitResult("https", "www.youtube.com", "/watch", urlencode({"v": video}), "")
    if not video or second is None:
        return urlunsplit(parts)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in TIMES]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("t", f"{second}s")]), fragment=""))


def _youtube_id(parts: SplitResult) -> str:
    """Return the id of the video, "" for any other page of theirs."""
    if parts.hostname in YOUTUBE_SHORT:
        found = re.fullmatch(rf"/{_ID}/?", parts.path, re.ASCII)
    elif parts.path.rstrip("/") == "/watch":
        found = re.fullmatch(_ID, dict(parse_qsl(parts.query)).get("v", ""), re.ASCII)
    else:
        found = _YOUTUBE_PATH.fullmatch(parts.path)
    return found[1] if found else ""


def _vimeo(parts: SplitResult, second: int | None) -> str:
    found = _VIMEO_PATH.fullmatch(parts.path) if parts.hostname in VIMEO_PLAYER else None
    if found:
        secret = dict(parse_qsl(parts.query)).get("h", "")  # without it an unlisted video is not shown
        is_unlisted = re.fullmatch(r"\w{1,40}", secret, re.ASCII)
        path = f"/{found[1]}/{secret}" if is_unlisted else f"/{found[1]}"
        parts = SplitResult("https", "vimeo.com", path, "", "")
    return urlunsplit(parts if second is None else parts._replace(fragment=f"t={second}s"))
