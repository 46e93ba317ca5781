"""Replies that need no search of what was said: what is understood of a question, or pinned to it, in a turn."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from chat import conversations
from chat.conversations.memory import Exchange
from chat.curation import pinned_reply
from chat.events.events import Passage, Suggestion
from chat.grounding.markers import without_markers
from chat.models import PinnedAnswer
from chat.retrieval import build_query, retrieve
from chat.turns.state import SPEAKERS, Turn, TurnState
from chat.understanding import (
    Heard,
    LastAnswer,
    find_creators,
    invented_in,
    known_reply,
    says_trade_words,
    small_talk_like,
)
from chrysopedia.core.revision import revision_of
from chrysopedia.core.text import stems
from creators.embeddings import get_embedder
from creators.models import Creator, Domain, GlossaryEntry

TOPIC_PASSAGES = 12
SMALL_TABLES = (Creator, Domain, Creator.domains.through, GlossaryEntry, PinnedAnswer)
"""What every question needs and hardly anybody changes: it is kept by its revision, which is one query."""
MOST_OF_TOPIC = 0.6
"""Share of a topic's words, each weighed by how rare it is, that a passage about it has."""


def heard_in(turn: Turn) -> Heard:
    """Return the question of a turn with what was said before it, but for small talk. Synchronous."""
    asked = turn.asked
    before = _exchanges(turn)
    revision = revision_of(SMALL_TABLES)
    return Heard(
        turn.head.query,
        find_creators(turn.head.query, revision=revision),
        asked.id if asked else None,
        names=asked.names if asked else (),
        earlier=tuple(one.question for one in before),
        last_answer=before[-1].answer if before else "",
        revision=revision,
    )


def _exchanges(turn: Turn) -> list[Exchange]:
    names = turn.asked.names if turn.asked else ()
    return [
        one for one in turn.history if small_talk_like(one.question, names=names, is_of_trade=says_trade_words) is None
    ]


def reply_to(turn: Turn, state: TurnState, *, heard: Heard) -> bool:
    """Take up the reply to small talk and to questions about the collection, or what a curator pinned to the question.

    False where it needs a search. Synchronous, for a hop; raises ``EmbeddingError``.
    """
    today = timezone.localdate()
    known = known_reply(heard, last=lambda: last_answer(turn), today=today, search=topic_search)
    if known is not None:
        kind, reply = known
        state.replied(reply, kind=kind)
    elif pinned := pinned_reply(heard.text, creator_id=heard.creator_id, today=today, revision=heard.revision):
        state.replied(pinned, kind="question")
    return state.reply is not None


def last_answer(turn: Turn) -> LastAnswer | None:
    """Return the last answer of the conversation that was none to small talk; without receipts where it isn't kept."""
    if not (before := _exchanges(turn)):
        return None
    kept = conversations.turn(UUID(before[-1].turn_id), owner=turn.head.owner)
    if kept is None or kept.done is None:
        return LastAnswer(before[-1].question, without_markers(before[-1].answer))
    done, invented = kept.done, []
    if done.answered_by in SPEAKERS.values():
        bare = done.grounding.bare
        invented = invented_in(kept.answer, done.citations, bare=bare, quoted_from=done.quoted_from or 0)
    return LastAnswer(before[-1].question, kept.answer, kept.sources, done.citations, tuple(invented))


def topic_search(topic: str, creator_id: int | None) -> tuple[Sequence[Passage], Sequence[Suggestion]]:
    """Return the passages about a topic, of a creator or of everyone, and what to suggest where there are none.

    What comes near without answering is about it where it has most of its words.
    """
    found = retrieve(
        build_query(topic, creator_id=creator_id, embedder=get_embedder()), creator_id=creator_id, limit=TOPIC_PASSAGES
    )
    if found.coverage == "full":
        return found.passages, ()
    most = MOST_OF_TOPIC * sum(found.weights.values())
    near = tuple(one for one in found.passages if _share(one, found.weights) >= most)
    return near, found.suggestions


def _share(passage: Passage, weights: Mapping[str, float]) -> float:
    said = set(stems(f"{passage.title} {passage.text}"))
    return sum(weight for word, weight in weights.items() if word in said)
