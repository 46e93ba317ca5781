"""The sandbox: turns whose events come from a script, for programs that are being written; nothing of them is stored.

A script takes the place of search, models and what is kept, behind the same head, lock and run as any turn, so that
every door plays it as it plays an answer: it can be read, resumed and stopped, and answers the same each time.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from django.utils.text import slugify

from chat import streams
from chat.conversations import memory
from chat.events.events import (
    AnsweredBy,
    Citation,
    Coverage,
    Done,
    Event,
    Failed,
    Finish,
    Grounding,
    Source,
    Sources,
    Suggestion,
    Tier,
    Timings,
    Token,
    Usage,
    Verdict,
)
from chat.events.turn import Owner, Question, TurnHead
from chat.streams.run import Stop
from chat.turns.open import Busy
from chat.turns.sandbox_works import WORKS, require_known
from chat.turns.state import Turn
from chrysopedia.core.database import CACHE_ERRORS, STORAGE_ERRORS, in_one_hop
from chrysopedia.core.text import without_unseen

NAMED = re.compile(r"\s*sandbox:([a-z]+)\b")
"""How a question names its script: ``sandbox:slow``."""
PIECE = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a scripted answer, and the source that it cites; 0 for none."""

    text: str
    number: int = 0
    verdict: Verdict = Verdict.SUPPORTED


@dataclass(frozen=True, slots=True)
class Script:
    """What a turn says, and how: seconds before the first piece, before each other, and once in the middle."""

    sentences: tuple[Sentence, ...]
    answered_by: AnsweredBy = "model"
    coverage: Coverage = "full"
    finish: Finish = "complete"
    share: float = 1.0
    """How much of it is said before its end comes."""
    fails: Literal["retrieval_unavailable", "internal"] | None = None
    before: float = 0.0
    between: float = 0.0
    pause: float = 0.0

    @property
    def pieces(self) -> tuple[str, ...]:
        """The tokens, as far as they are said."""
        words = PIECE.findall(" ".join(marked(one) for one in self.sentences))
        return tuple(words[: round(len(words) * self.share)])

    @property
    def sources(self) -> tuple[Source, ...]:
        """The passages consulted."""
        return () if self.coverage == "none" else tuple(work.source for work in WORKS)


ANSWER = (
    Sentence("This is an answer of the sandbox, the same each time.", 1),
    Sentence("Its second sentence cites another source.", 2),
    Sentence("Its third has a receipt that is weak.", 1, Verdict.WEAK),
)
NOTHING = (Sentence("No source here answers that."),)
NEAREST = (Sentence("Nobody says exactly that; this is the nearest:"), Sentence("“The nearest of the sandbox.”", 2))
SCRIPTS: Mapping[str, Script] = {
    "full": Script(ANSWER),
    "slow": Script(ANSWER, before=2.0, between=0.25),
    "cut": Script(ANSWER, finish="cut", share=0.5),
    "error": Script(ANSWER, fails="internal", share=0.5),
    "unavailable": Script(ANSWER, fails="retrieval_unavailable", share=0.0),
    "none": Script(NOTHING, answered_by="none", coverage="none"),
    "partly": Script(NEAREST, answered_by="quotes", coverage="partly"),
    "long": Script(tuple(Sentence(f"This is sentence {n} of a long answer.", 1 + n % 2) for n in range(1, 401))),
    "resumed": Script(ANSWER, pause=5.0),
}


def script_for(query: str) -> Script:
    """Return the script that a question names; the full answer where it names none."""
    named = NAMED.match(query.casefold())
    return SCRIPTS.get(named[1] if named else "", SCRIPTS["full"])


def open_sandbox(
    question: Question, *, owner: Owner, turn_id: UUID, began: float, now: datetime, process: str, tick: int
) -> Turn:
    """Return a turn that holds its conversation's lock; raises ``Problem`` 404 and ``Busy``. Synchronous.

    It leaves nothing but its run in the cache, by which one may come back to it.
    """
    require_known(question.creator)
    conversation_id = question.conversation_id or uuid4()
    head = TurnHead(
        turn_id=turn_id,
        conversation_id=conversation_id,
        owner=owner,
        query=question.query,
        creator=slugify(question.creator or ""),
        creator_name=without_unseen(question.creator or ""),
        weight=question.personality_weight,
    )
    lock = memory.lock(owner=owner, conversation_id=conversation_id, turn_id=turn_id)
    if isinstance(lock, UUID):
        raise Busy(lock)
    with suppress(*CACHE_ERRORS):
        streams.announce(streams.StoredRun(head, process=process, tick=tick))
    return Turn(head=head, asked=None, history=(), lock=lock, began=began)


async def stream_sandbox(turn: Turn, *, stop: Stop | None = None) -> AsyncGenerator[Event, None]:
    """Yield the events of a turn's script, with the lock released before the last one, or where it is closed early."""
    script, stop, said = script_for(turn.head.query), stop or Stop(), ""
    is_settled = False
    try:
        if script.fails != "retrieval_unavailable":
            yield Sources(script.sources)
        with stop.interrupts():
            async with aclosing(_said(script)) as pieces:
                async for piece in pieces:
                    said += piece
                    yield Token(piece)
        await in_one_hop(_release, turn)
        is_settled = True
        yield _end(turn, script, said, finish=stop.heeded)
    finally:
        if not is_settled:
            await streams.runs_here().settle(in_one_hop(_release, turn))


async def _said(script: Script) -> AsyncGenerator[str, None]:
    pieces = script.pieces
    for place, piece in enumerate(pieces):
        pause = script.before if place == 0 else script.between
        await asyncio.sleep(pause + (script.pause if place == len(pieces) // 2 else 0.0))
        yield piece


def _release(turn: Turn) -> None:
    with suppress(*STORAGE_ERRORS):
        turn.release()


def _end(turn: Turn, script: Script, said: str, *, finish: Finish | None) -> Done | Failed:
    head = turn.head
    if script.fails and finish is None:
        message = "The sandbox was asked for an error."
        return Failed(script.fails, message, retryable=True, conversation_id=head.conversation_id, turn_id=head.turn_id)
    cited = citations(script.sentences, said)
    is_found = script.coverage != "none"
    return Done(
        conversation_id=head.conversation_id,
        turn_id=head.turn_id,
        cascade_tier=Tier.CREATOR if is_found else Tier.NONE,
        answered_by=script.answered_by,
        finish=finish or script.finish,
        voice_applied=head.weight if script.answered_by == "model" else 0.0,
        cited=tuple(sorted({one.number for one in cited})),
        citations=cited,
        rewritten_query=None,
        usage=Usage(100, len(PIECE.findall(said))) if script.answered_by == "model" else None,
        timings_ms=Timings(retrieval=0, first_token=0, total=0),
        suggestions=() if is_found else (Suggestion("the sandbox", "Sandbox", "sandbox", "sandbox-1"),),
        grounding=_grounding(cited),
        coverage=script.coverage,
    )


def marked(sentence: Sentence) -> str:
    """Return a sentence with its marker."""
    return f"{sentence.text} [{sentence.number}]" if sentence.number else sentence.text


def citations(sentences: Sequence[Sentence], said: str) -> tuple[Citation, ...]:
    """Return the receipts of those sentences that were said to their ends."""
    found, start = [], 0
    for one in sentences:
        end = start + len(marked(one))
        if one.number and end <= len(said.rstrip()):
            source = WORKS[one.number - 1].source
            receipt = Citation(
                number=one.number,
                claim=one.text,
                start=start,
                end=end,
                quote=source.excerpt,
                start_seconds=source.start_seconds,
                end_seconds=source.end_seconds,
                url=source.url,
                verdict=one.verdict,
                speaker=source.speaker,
            )
            found.append(receipt)
        start = end + 1
    return tuple(found)


def _grounding(cited: Sequence[Citation]) -> Grounding:
    supported = sum(one.verdict == Verdict.SUPPORTED for one in cited)
    return Grounding(claims=len(cited), cited=len(cited), supported=supported, weak=len(cited) - supported)
