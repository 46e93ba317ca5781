"""A kept question answered once more, as a turn answers it but with other settings; nothing is kept of it."""

import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid5

from chat import conversations
from chat.conversations.stored import State, StoredTurn, as_remembered
from chat.models import Turn as StoredRow
from chat.models import TurnQuerySet
from chat.turns.answer import answer
from chat.turns.open import voice_of
from chat.turns.state import AskedCreator, Turn, TurnOptions, TurnState, elapsed
from chrysopedia.core.cache import Lock
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.text import without_unseen
from creators.models import Creator


@dataclass(frozen=True, slots=True)
class AnsweredAgain:
    """What came of a question that was asked again: as its reader would have seen it, and the state of the turn."""

    stored: StoredTurn
    state: TurnState


def turn_again(
    row: StoredRow, *, creator: Creator | None, weight: float, options: TurnOptions, earlier: TurnQuerySet
) -> Turn:
    """Return a turn as it stood when it was accepted, with what was said before it; synchronous.

    ``row`` was read with its conversation. ``earlier`` are the turns that may be read; of its conversation those before
    it are remembered. The ids are none that anybody has a right by.
    """
    said = as_remembered(earlier.filter(conversation=row.conversation, number__lt=row.number))
    head = replace(
        conversations.without_reader(row).head,
        turn_id=uuid5(row.desk_id, "again"),
        creator=creator.slug if creator else "",
        creator_name=without_unseen(creator.name) if creator else "",
        weight=weight,
    )
    asked = None
    if creator:
        asked = AskedCreator(creator.pk, (creator.name, *creator.aliases), voice_of(creator))
    lock = Lock(key="", token="")
    return Turn(head, asked, said, lock, began=time.monotonic(), options=options)


async def answer_again(turn: Turn, *, now: datetime) -> AnsweredAgain:
    """Answer through the function that a turn's stream calls; raises what that raises. The site pays for it."""
    state = TurnState()
    turn = replace(turn, began=time.monotonic())
    try:
        async with aclosing(answer(turn, state)) as events:
            async for _ in events:
                pass
    finally:
        await in_one_hop(_settle, turn, state, now=now)
    done = state.done(turn, total=elapsed(turn))
    stored = StoredTurn(turn.head, 1, state.answer, state.sources, done, State.ANSWERED, created=now, ended=now)
    return AnsweredAgain(stored, state)


def _settle(turn: Turn, state: TurnState, *, now: datetime) -> None:
    """Have the models' breakers know how it ended, and count what it cost."""
    with suppress(*STORAGE_ERRORS):
        state.tell_breakers()
        state.pay(turn, now=now)
