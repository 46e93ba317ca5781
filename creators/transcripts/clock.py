"""The clocks that transcripts are written in: ``01:02:03,450``, ``02:03.4``, ``1:02``, ``62.5``."""

import re

CLOCK = r"\d{1,4}:\d{2}(?::\d{2}){0,2}(?:[.,]\d{1,3})?"
"""A clock as found in running text; a fourth field counts frames and is passed over."""

_CLOCK = re.compile(
    r"(?:(?:(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,7})(?P<frames>:\d{2})?(?:[.,](?P<part>\d{1,9}))?",
    re.ASCII,
)


def seconds_of(clock: str) -> float | None:
    """Return the seconds a clock shows, or ``None`` where it is broken (``00:61:00``, ``aa:bb``).

    Without hours, minutes may go beyond 59, and a lone number is seconds.
    """
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return None
    hours, minutes, seconds = (int(match[field] or 0) for field in ("hours", "minutes", "seconds"))
    if (match["minutes"] and seconds > 59) or (match["hours"] and minutes > 59):
        return None
    if match["frames"] and not match["hours"]:
        return None
    whole = hours * 3600 + minutes * 60 + seconds
    return whole + float(f"0.{match['part']}") if match["part"] else float(whole)


def clock_of(seconds: float) -> str:
    """Return seconds as people write them: ``1:02:03.4``."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}"
