"""The voice of a creator, out of what is stored; by itself, so that the values of a turn need no models."""

from chat.prompts.voice import Voice
from creators.models import Creator, Personality


def voice_of(creator: Creator) -> Voice:
    """Return how a creator sounds; a voice that is not known where nobody wrote it down. May ask the database."""
    own: Personality | None = getattr(creator, "personality", None)
    if own is None:
        return Voice(name=creator.name)
    return Voice(
        name=creator.name,
        summary=own.summary,
        tone=tuple(own.tone),
        vocabulary=tuple(own.vocabulary),
        habits=tuple(own.habits),
        phrases=tuple(own.phrases),
        avoid=tuple(own.avoid),
    )
