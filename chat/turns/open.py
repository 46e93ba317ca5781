"""Accepting a question: the creator it is for, the conversation's lock, and what was said before."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connections

from chat import conversations, streams
from chat.conversations import memory
from chat.events.turn import Owner, Question, TurnHead
from chat.prompts import Voice
from chat.turns.answer import HARDLY_SUPPORTED
from chat.turns.state import AskedCreator, Turn
from chrysopedia.core.database import CACHE_ERRORS, STORAGE_ERRORS
from chrysopedia.core.errors import Problem, not_found
from chrysopedia.core.limits import Allowance, take_place
from chrysopedia.core.text import without_unseen
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


Opener = Callable[..., Turn]
"""Makes a turn of a question, which holds its conversation's lock; takes what ``open_from_corpus`` takes."""


class Busy(Exception):
    """Another turn of the conversation is running."""

    def __init__(self, turn_id: UUID) -> None:
        super().__init__(str(turn_id))
        self.turn_id = turn_id

    def problem(self) -> Problem:
        """Return the 409 that names the running turn."""
        return Problem(
            status=409,
            title="A turn is running",
            detail="This conversation is still answering the question before. Wait for its end and ask again.",
            headers={"Retry-After": "2"},
            extra={"running_turn_id": str(self.turn_id)},
        )


def open_turn(opener: Callable[[], Turn], *, allowance: Allowance | None = None) -> Turn:
    """Return the turn that an opener makes, once it is counted and has its visitor's place.

    Raises ``Problem`` 404, 429 and ``Busy``. Synchronous.
    """
    place = None
    if allowance:
        allowance.take()
        place = take_place(allowance)
    try:
        turn = opener()
    except BaseException:
        if place:
            place.release()
        raise
    return replace(turn, place=place)


def open_from_corpus(
    question: Question, *, owner: Owner, turn_id: UUID, began: float, now: datetime, process: str, tick: int
) -> Turn:
    """Return the turn, which holds its conversation's lock; others know that ``process`` has it since ``tick``.

    It is kept from here on, where conversations are. Raises ``Problem`` 404 and ``Busy``. Synchronous.
    """
    if question.conversation_id and conversations.is_shared_id(question.conversation_id):
        # Whoever has the link knows it: a conversation begun under it would be open to them all.
        raise not_found("conversation", hint="A share is for reading: ask without its conversation_id.")
    creator = published(question.creator) if question.creator else None
    head = TurnHead(
        turn_id=turn_id,
        conversation_id=question.conversation_id or uuid4(),
        owner=owner,
        query=question.query,
        creator=creator.slug if creator else "",
        creator_name=without_unseen(creator.name) if creator else "",
        weight=question.personality_weight,
    )
    lock = memory.lock(owner=owner, conversation_id=head.conversation_id, turn_id=turn_id)
    if isinstance(lock, UUID):
        raise Busy(lock)
    try:
        remembered, replaces = _history(question, head, now=now)
        with suppress(*CACHE_ERRORS):
            streams.announce(streams.StoredRun(head, process=process, tick=tick))
    except BaseException:
        lock.release()
        raise
    conversations.begin(head, replaces=replaces, now=now)
    if question.message_id:
        with suppress(*CACHE_ERRORS):
            memory.name_question(question.message_id, head)
    history = memory.only(remembered, question.keeps)
    asked = _asked(creator) if creator else None
    return Turn(head=head, asked=asked, history=history, lock=lock, began=began, remembered=remembered)


def abandon(turn: Turn) -> None:
    """Free the lock of a turn that nobody will ever run. Synchronous; a cache that fails frees it in time."""
    try:
        with suppress(*STORAGE_ERRORS):
            turn.release()
            streams.retract(turn.head.turn_id)
            conversations.withdraw(turn.head)
    finally:
        connections.close_all()


def published(named: str) -> Creator:
    """Return the creator of this name; raises ``Problem`` 404. Synchronous."""
    creator = Creator.objects.published().select_related("personality").named(named)
    if creator is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    return creator


def _asked(creator: Creator) -> AskedCreator:
    return AskedCreator(id=creator.pk, names=(creator.name, *creator.aliases), voice=voice_of(creator))


def _replaced(question: Question, said: Sequence[memory.Exchange], turn: TurnHead) -> UUID | None:
    """Return the first turn that a question replaces; what is stored goes further back than memory.

    Only a question that is asked anew replaces any. A page that was left open shows fewer turns than there are, and
    one that sends its last message alone shows none.
    """
    if question.replaces or not question.is_anew:
        return question.replaces
    if question.message_id and (named := memory.question_named(question.message_id, turn)):
        return named
    if not question.keeps:
        return None
    first = conversations.first_after(question.keeps, owner=turn.owner, conversation_id=turn.conversation_id)
    return first or memory.after(said, question.keeps)


def _sent_back(question: str, answer: str) -> memory.Exchange:
    """Return what a client says was asked and answered, as it would be remembered here."""
    before, lead, _ = answer.partition(HARDLY_SUPPORTED)
    quoted_from = len(before) + len(lead) if lead else None
    return memory.exchange(turn_id=uuid4(), question=question, answer=answer, quoted_from=quoted_from)


def _history(question: Question, turn: TurnHead, *, now: datetime) -> tuple[tuple[memory.Exchange, ...], UUID | None]:
    """Return what was said before, and the first turn that the question replaces, which is forgotten with the rest."""
    owner, conversation_id = turn.owner, turn.conversation_id
    if question.said is not None:
        pairs = question.said[-memory.MOST_TURNS :]
        return tuple(_sent_back(asked, answer) for asked, answer in pairs), None
    # A conversation that begins here has an id that nobody knew: there is nothing to recall.
    said = memory.recall(owner=owner, conversation_id=conversation_id) if question.conversation_id else ()
    if question.conversation_id and not said:
        said = conversations.remembered(owner=owner, conversation_id=conversation_id, now=now)
    replaces = _replaced(question, said, turn)
    if replaces is None:
        return said, None
    kept = memory.before(said, replaces)
    if kept is None:
        # Memory is shorter than what is stored, and turns that failed never were in it.
        replaced = conversations.turns_from(replaces, owner=owner, conversation_id=conversation_id)
        if not replaced and not question.replaces:
            return said, None
        if not replaced:
            raise not_found("turn to replace in this conversation")
        kept = tuple(one for one in said if UUID(one.turn_id) not in replaced)
    with suppress(*CACHE_ERRORS):
        memory.remember(kept, owner=owner, conversation_id=conversation_id)
    return kept, replaces
