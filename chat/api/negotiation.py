"""Whether a caller wants events or one JSON object."""


def wants_json(*, accept: str, stream: bool | None) -> bool:
    """Say what to answer with: ``stream`` wins; else JSON only where Accept takes JSON and no kind of events.

    A media range with ``q=0`` is one that the caller doesn't take (RFC 9110, section 12.4.2).
    """
    if stream is not None:
        return not stream
    taken = {name for name, quality in map(_range, accept.split(",")) if quality > 0}
    takes_json = bool(taken & {"application/json", "application/*"})
    return takes_json and not taken & {"text/event-stream", "text/*", "*/*"}


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0
