"""What cannot be done with kept conversations, as problems."""

from chrysopedia.core.problems import Problem, not_found


def not_kept() -> Problem:
    """Return the 409 for something that needs kept conversations where the site keeps none."""
    return Problem(
        status=409,
        title="Not kept",
        detail="Conversations are not kept on this site, so there is nothing to share or to rate.",
    )


def nothing_to_share() -> Problem:
    """Return the 409 for a conversation in which nothing has been answered yet."""
    return Problem(
        status=409,
        title="Nothing to share",
        detail="Nothing has been answered in this conversation yet. Share it when there is an answer.",
    )


def no_conversation() -> Problem:
    """Return the 404 for a conversation that is not there, or not for this owner."""
    return not_found("conversation", hint="GET /api/v1/conversations lists those that are kept for you.")


def no_turn() -> Problem:
    """Return the 404 for a turn that is not there, or not for this owner."""
    return not_found("turn", hint="It may have been replaced or removed.")


def no_share() -> Problem:
    """Return the 404 for a link that leads nowhere, or nowhere any more."""
    return not_found("shared conversation", hint="Its owner may have stopped sharing it.")
