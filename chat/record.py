"""What becomes of a turn while it streams: kept in one place, so that it can be ended at any point."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from chat.events import AnsweredBy, Done, Finish, Usage
from chat.grounding.citations import citations_of
from chat.llm.breaker import Standing
from chat.turns import Turn
from chat.values import Passage, Suggestion, Tier, Timings
from chat.words import WORDS

CHARACTERS_A_TOKEN = 4


@dataclass(slots=True)
class Record:
    """The state of one turn; times are in whole milliseconds since the turn began."""

    pieces: list[str] = field(default_factory=list)
    passages: tuple[Passage, ...] = ()
    tier: Tier = Tier.NONE
    weights: Mapping[str, float] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    answered_by: AnsweredBy = "none"
    finish: Finish = "complete"
    voice_applied: float = 0.0
    usage: Usage | None = None
    prompt_characters: int = 0
    """Length of the prompt that a model was asked, 0 where none was."""
    tokens: int = 0
    """Pieces that the model gave, as far as they came."""
    retrieval: int | None = None
    first_token: int | None = None
    markers_removed: int = 0
    standings: Mapping[str, Standing] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """The models, by the names that settings give them, that failed before their first word."""

    @property
    def answer(self) -> str:
        """All that was streamed so far."""
        return "".join(self.pieces)

    def done(self, turn: Turn, *, total: int) -> Done:
        """Return the last event of a turn that was answered."""
        citations = citations_of(self.answer, self.passages)
        return Done(
            conversation_id=turn.conversation_id,
            turn_id=turn.id,
            cascade_tier=self.tier,
            answered_by=self.answered_by,
            finish=self.finish,
            voice_applied=self.voice_applied,
            cited=tuple(sorted({citation.number for citation in citations})),
            citations=citations,
            rewritten_query=None,
            usage=self.usage or self._estimate(),
            timings_ms=Timings(retrieval=self.retrieval, first_token=self.first_token, total=total),
            suggestions=self.suggestions,
            voice_note=self._voice_note(turn),
        )

    def _voice_note(self, turn: Turn) -> str | None:
        """Return why the voice that was asked for is not in the answer; None where it is, or nobody answered."""
        is_missing = turn.question.personality_weight > 0 and not self.voice_applied
        if not is_missing or self.answered_by == "none":
            return None
        if turn.asked and self.tier is not Tier.CREATOR:
            return WORDS["note_others"].format(creator=turn.asked.name)
        if self.answered_by == "quotes":
            return WORDS["note_quotes"]
        if turn.asked is None:
            return WORDS["voice_choose"]
        return None if turn.asked.voice.is_known else WORDS["voice_unknown"].format(creator=turn.asked.name)

    def _estimate(self) -> Usage | None:
        """Return what an answer cost that was ended before the model told; a model counts its pieces as tokens."""
        if not self.prompt_characters or self.finish == "complete":
            return None
        prompt = math.ceil(self.prompt_characters / CHARACTERS_A_TOKEN)
        return Usage(prompt_tokens=prompt, completion_tokens=self.tokens, estimated=True)

    def tell_breakers(self) -> None:
        """Have the models' breakers know how this turn ended. Synchronous, for a hop."""
        spoke = {"model": "primary", "fallback": "fallback"}.get(self.answered_by)
        for name, standing in self.standings.items():
            standing.heard(failed=name in self.failed, answered=name == spoke)
