"""Links to a place in a work: the second of a video, the sentence of a text."""

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.parse import quote as percent_encoded

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


def player_address(url: str) -> str:
    """Return the address at which a video of YouTube or Vimeo plays in a frame, "" for any other."""
    parts = _parts(url)
    if parts is None:
        return ""
    page = urlsplit(video_page(parts, second=None))
    if page.hostname in YOUTUBE | YOUTUBE_MUSIC | YOUTUBE_SHORT and (video := _youtube_id(page)):
        return f"https://www.youtube-nocookie.com/embed/{video}"
    found = re.fullmatch(r"/(\d{1,20})(?:/(\w{1,40}))?/?", page.path, re.ASCII) if page.hostname in VIMEO else None
    if found:
        return f"https://player.vimeo.com/video/{found[1]}" + (f"?h={found[2]}" if found[2] else "")
    return ""


def media_address(url: str) -> str:
    """Return the address of a work if it is that of a media file which a browser may open, else ""."""
    address = web_address(url)
    return address if urlsplit(address).path.lower().endswith(MEDIA) else ""


WHOLE_WORDS = 8
EDGE_WORDS = 4


def text_fragment(words: str) -> str:
    """Return ``:~:text=…`` for the words, "" for none.

    Of a long sentence only the first and the last words are named: the page may differ a little in between.
    """
    edges = edges_of(words)
    return f":~:text={','.join(map(_encoded, edges))}" if edges else ""


def edges_of(words: str) -> tuple[str, ...]:
    """Return by what a sentence is found: itself where it is short, else its first and its last words; () for none."""
    found = words.split()
    if len(found) <= WHOLE_WORDS:
        return (" ".join(found),) if found else ()
    return " ".join(found[:EDGE_WORDS]), " ".join(found[-EDGE_WORDS:])


def with_fragment(fragment: str, *, words: str) -> str:
    """Return the fragment of an address with one that finds the words in place of any it had for that."""
    return fragment.partition(":~:")[0] + text_fragment(words)


def _encoded(words: str) -> str:
    """Return the words as a text directive takes them; a hyphen has a meaning there and quote() leaves it as it is."""
    return percent_encoded(words, safe="", errors="replace").replace("-", "%2D")


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
