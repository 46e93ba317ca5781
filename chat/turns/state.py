"""The state of a turn: what was accepted, and what became of it while it is answered."""

import asyncio
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from chat.conversations.memory import Exchange
from chat.events.events import (
    AS_ASKED,
    AnsweredBy,
    Citation,
    Coverage,
    Done,
    Finish,
    Passage,
    Prompt,
    QuestionKind,
    Source,
    Suggestion,
    Tier,
    Timings,
    Understood,
    Usage,
)
from chat.events.messages import MESSAGES
from chat.events.turn import USUAL, Terms, TurnHead
from chat.grounding.citations import Checker, disagreements_of
from chat.grounding.disagreements import Conflict
from chat.grounding.markers import MarkerFilter
from chat.grounding.marking import SentenceMarker
from chat.llm import MODEL_NAMES, BreakerState, ChatModel, spending
from chat.llm.spending import NOTHING, Charge, Cost, Reservation
from chat.prompts import Voice
from chat.turns.search import FoundPart
from chat.understanding import Reply
from chrysopedia.core.cache import Lock


@dataclass(frozen=True, slots=True)
class AskedCreator:
    """The creator who was asked, as far as answering needs one; ``names`` are the name and the aliases."""

    id: int
    names: tuple[str, ...]
    voice: Voice


PASSAGES = 6
"""Passages that a turn consults."""


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """How a question is answered; a replay is where a curator tries other ways than the usual.

    ``threshold`` is the relevance from which on any tier answers, None for what the calibration says. ``models`` are
    the names of those that may be asked, in this order; with () the quotations answer.
    """

    passages: int = PASSAGES
    threshold: float | None = None
    models: tuple[Literal["primary", "fallback"], ...] = MODEL_NAMES


@dataclass(frozen=True, slots=True)
class Turn:
    """An accepted question: what names it, who is asked, what is remembered, and the conversation's lock.

    ``asked`` is None for everyone together. ``began`` is a reading of the monotonic clock, in seconds.
    """

    head: TurnHead
    asked: AskedCreator | None
    history: tuple[Exchange, ...]
    lock: Lock
    began: float
    place: Lock | None = None
    """The visitor's, of those at which one is answered at once."""
    options: TurnOptions = TurnOptions()
    terms: Terms = USUAL
    remembered: tuple[Exchange, ...] | None = None
    """What stays remembered, where that is more than ``history``: a page may not show all that was said."""

    def release(self) -> None:
        """Give back the lock and the place. Synchronous."""
        self.lock.release()
        if self.place:
            self.place.release()


def elapsed(turn: Turn) -> int:
    """Return the whole milliseconds since the turn began."""
    return round((time.monotonic() - turn.began) * 1000)


SPEAKERS: Mapping[str, AnsweredBy] = MappingProxyType({"primary": "model", "fallback": "fallback"})
"""Who an answer is by, by the names that settings give the models."""
CHARACTERS_A_TOKEN = 4
ENDS = re.compile(r"[.!?。！？\n]").search
"""Where a sentence may end."""


@dataclass(slots=True)
class TurnState:
    """The state of one turn; times are in whole milliseconds since the turn began."""

    pieces: list[str] = field(default_factory=list)
    passages: tuple[Passage, ...] = ()
    sources: tuple[Source, ...] = ()
    checker: Checker = field(default_factory=lambda: Checker(()))
    markers: MarkerFilter = field(default_factory=lambda: MarkerFilter(sources=0))
    checking: "asyncio.Future[None] | None" = None
    """The sentences that are being checked in a thread."""
    tier: Tier = Tier.NONE
    coverage: Coverage = "none"
    weights: Mapping[str, float] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    reply: Reply | None = None
    """The answer, where it was known before anything was searched."""
    understood: Understood = AS_ASKED
    rewritten: str | None = None
    """The question as it was searched, where words of it were put right."""
    parts: tuple[FoundPart, ...] = ()
    """The parts of the question that were searched by themselves; () where it is one."""
    speaker: str = ""
    """Who alone is to be quoted, because the question names them."""
    answered_by: AnsweredBy = "none"
    finish: Finish = "complete"
    reason: Literal["repetition"] | None = None
    sentences: SentenceMarker = field(default_factory=lambda: SentenceMarker(lambda sentence: None))
    """Sets markers behind what a model says without citing."""
    quoted_from: int | None = None
    voice_applied: float = 0.0
    usage: Usage | None = None
    prompt: Prompt | None = None
    """What a model was asked, None where none was."""
    ready: Mapping[str, ChatModel] = field(default_factory=dict)
    """Models that were made ready to be asked while passages were searched for, by the names that settings give."""
    raw: list[str] = field(default_factory=list)
    """What the model said, piece by piece, before anything was put right."""
    tokens: int = 0
    """Pieces that the model gave, as far as they came."""
    asked_model: str = ""
    """The model that was asked last, by the name that settings give it."""
    reserved: Reservation | None = None
    """What was set aside for models, where there is a cap."""
    unshown: Cost = NOTHING
    """What a model cost of which nothing can be shown."""
    is_paid: bool = False
    model_note: str | None = None
    retrieval: int | None = None
    first_token: int | None = None
    breaker_states: Mapping[str, BreakerState] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """The models, by the names that settings give them, that failed before their first word."""

    def found(self, passages: tuple[Passage, ...], *, sources: tuple[Source, ...], checker: Checker) -> None:
        """Take up the passages that the answer will rest on, as readers see them, and what checks it on them."""
        self.passages, self.sources, self.checker = passages, sources, checker
        self.coverage = "full" if passages else "none"
        self.markers = MarkerFilter(sources=len(passages))
        self.sentences = SentenceMarker(checker.supporting)

    def replied(self, reply: Reply, *, kind: QuestionKind) -> None:
        """Take up an answer that brings its own receipts."""
        self.reply, self.understood = reply, replace(self.understood, kind=kind)
        self.sources, self.suggestions, self.tier = reply.sources, reply.suggestions, reply.tier
        self.answered_by, self.coverage = reply.answered_by, "full"

    def fall_silent(self, *, has_failed: bool = True) -> None:
        """Take back that a model answered: nothing of what it said can be shown."""
        self.unshown = self.cost()
        if has_failed:
            self.failed += [name for name, said in SPEAKERS.items() if said == self.answered_by]
        self.markers = MarkerFilter(sources=len(self.passages))
        self.usage, self.prompt, self.finish = None, None, "complete"

    def say(self, text: str) -> None:
        """Add a piece of the answer; where a sentence may have ended, those before it are checked in a thread."""
        self.pieces.append(text)
        is_busy = self.checking is not None and not self.checking.done()
        if self.passages and not is_busy and ENDS(text):
            loop = asyncio.get_running_loop()
            self.checking = loop.run_in_executor(None, self.checker.check, self.answer)

    @property
    def answer(self) -> str:
        """All that was streamed so far."""
        return "".join(self.pieces)

    def done(self, turn: Turn, *, total: int) -> Done:
        """Return the last event of a turn that was answered, checking what was not checked while it streamed."""
        citations = self._citations()
        return Done(
            conversation_id=turn.head.conversation_id,
            turn_id=turn.head.turn_id,
            cascade_tier=self.tier,
            answered_by=self.answered_by,
            finish=self.finish,
            voice_applied=self.voice_applied,
            cited=tuple(sorted({citation.number for citation in citations})),
            citations=citations,
            rewritten_query=self.rewritten,
            usage=self.usage or self._estimate(),
            timings_ms=Timings(retrieval=self.retrieval, first_token=self.first_token, total=total),
            suggestions=self.suggestions,
            disagreements=disagreements_of(self.conflicts, self.passages),
            grounding=self.checker.grounding(self.answer, citations, removed=self.markers.removed),
            voice_note=self._voice_note(turn),
            model_note=self.model_note,
            coverage=self.coverage,
            understood=self.understood,
            reason=self.reason,
            quoted_from=self.quoted_from,
        )

    def _citations(self) -> tuple[Citation, ...]:
        """Return the receipts: a reply's own, as far as it was said, else what the checker finds."""
        if self.reply is None:
            return self.checker.citations(self.answer, found=self.sentences.places)
        return tuple(one for one in self.reply.citations if one.end <= len(self.answer))

    def _voice_note(self, turn: Turn) -> str | None:
        """Return why the voice that was asked for is not in the answer; None where it is, or nobody answered."""
        is_missing = turn.head.weight > 0 and not self.voice_applied
        if not is_missing or self.reply or self.answered_by == "none":
            return None
        if turn.asked and self.tier is not Tier.CREATOR:
            return MESSAGES["note_others"].format(creator=turn.head.creator_name)
        if self.answered_by == "quotes":
            return MESSAGES["note_quotes"]
        if turn.asked is None:
            return MESSAGES["voice_choose"]
        return None if turn.asked.voice.is_known else MESSAGES["voice_unknown"].format(creator=turn.head.creator_name)

    def _estimate(self) -> Usage | None:
        """Return what an answer cost that was ended before the model told; a model counts its pieces as tokens."""
        if self.prompt is None or self.finish == "complete":
            return None
        return self._about(self.prompt)

    def _about(self, prompt: Prompt) -> Usage:
        characters = sum(len(message.content) for message in prompt.messages)
        asked = math.ceil(characters / CHARACTERS_A_TOKEN)
        return Usage(prompt_tokens=asked, completion_tokens=self.tokens, estimated=True)

    def cost(self) -> Cost:
        """Return what models cost: as they say, or an estimate where they don't, or say that it was nothing."""
        if self.prompt is None or self.asked_model in self.failed:
            return self.unshown
        about = self._about(self.prompt)
        return spending.cost_of((self.usage or about).filled(about), model=self.asked_model)

    def charge(self) -> Charge:
        """Return what models cost, with the name of the one that was asked last."""
        return spending.charge_of(self.cost(), model=self.asked_model)

    def pay(self, turn: Turn, *, now: datetime) -> None:
        """Count what models cost, once. Synchronous, for a hop."""
        if not self.is_paid:
            spending.settle(spending.payers_for(turn.terms), self.cost(), reserved=self.reserved, now=now)
            self.is_paid = True

    def tell_breakers(self) -> None:
        """Have the models' breakers know how this turn ended. Synchronous, for a hop."""
        for name, breaker in self.breaker_states.items():
            breaker.report(failed=name in self.failed, answered=SPEAKERS.get(name) == self.answered_by)
