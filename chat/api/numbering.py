"""Where a reader goes on in a stream of events."""

from django.http import HttpRequest

from chrysopedia.core.problems import FieldError, invalid

LAST_NUMBER = 2**31


def last_event_id(request: HttpRequest) -> int:
    """Return the number of the last event received: of ``?after=`` and ``Last-Event-ID`` the one further on.

    Raises ``Problem`` 422.
    """
    return max(
        _number(request.GET.get("after", ""), name="after"),
        _number(request.headers.get("Last-Event-ID", ""), name="Last-Event-ID"),
    )


def _number(text: str, *, name: str) -> int:
    sent = text.strip()
    if not sent:
        return 0
    if not (sent.isascii() and sent.isdigit() and len(sent) <= len(str(LAST_NUMBER))):
        raise invalid(FieldError(name, "must be the number of an event, such as 7"))
    return int(sent)
