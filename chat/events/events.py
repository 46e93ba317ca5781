"""The events of a turn and the values they carry: the one stream that every door renders."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import Literal
from uuid import UUID

import numpy as np
import numpy.typing as npt

from chrysopedia.core.text import estimated_tokens
from creators.transcripts.segments import Correction, Mark


class Tier(StrEnum):
    """Whose words a passage may come from; each tier holds the one before."""

    CREATOR = "creator"
    DOMAIN = "domain"
    GLOBAL = "global"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


TOKENS_A_MESSAGE = 12
"""That the template of a model adds to a message, about."""
TOKEN_MARGIN = 1.1
"""By how much a model's own tokens may be more than are estimated."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is asked: messages in order, how freely it may speak, and how many passages stand in them."""

    messages: tuple[Message, ...]
    temperature: float
    max_tokens: int
    passages: int = 0

    @property
    def tokens(self) -> int:
        """About how many tokens the prompt and the longest answer to it have together."""
        said = sum(ceil(TOKEN_MARGIN * estimated_tokens(one.content)) + TOKENS_A_MESSAGE for one in self.messages)
        return said + self.max_tokens


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another work in which a passage stands in nearly the same words."""

    title: str
    creator: str
    work: str
    url: str


@dataclass(frozen=True, slots=True)
class Window:
    """Two sentences of a passage, by offsets in its text, and the cosine of their vector with the question's."""

    start: int
    end: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Passage:
    """What was found for a turn: a chunk or two side by side, with the sentences around them, scores and tier.

    ``chunk_id``, ``start`` and ``end`` are of what was found, which stands in ``text`` at ``found``. ``cosine`` and
    ``lexical`` are the two legs (the latter 0 to 1); ``relevance`` is one calibrated probability.
    ``url`` is the work's own address, "" where it has none.
    """

    chunk_id: int
    text: str
    marks: tuple[Mark, ...]
    heading: str
    start: float | None
    end: float | None
    work_slug: str
    title: str
    kind: str
    url: str
    creator_slug: str
    creator: str
    tier: Tier
    cosine: float
    lexical: float
    relevance: float
    corrections: tuple[Correction, ...] = ()
    also: tuple[Elsewhere, ...] = ()
    published: str = ""
    """The day its work came out, as an ISO date, "" where that is unknown."""
    vector: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    """Its embedding in the space that was searched."""
    found: tuple[int, int] | None = None
    """Where in the text stands what was found; None for all of it."""
    windows: tuple[Window, ...] = field(default=(), compare=False, repr=False)
    """The windows of what was found; none where it was embedded before there were any."""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Who speaks under each label of the marks, "" where that is no name; the creator under their own name."""

    def speaker_at(self, offset: int) -> str:
        """Return who says the character at an offset, "" where the transcript doesn't name anybody."""
        at = bisect_right(self.marks, offset, key=lambda mark: mark.offset) - 1
        return self.names.get(label, label) if at >= 0 and (label := self.marks[at].speaker) else ""

    @property
    def speaker(self) -> str:
        """Who says most of it, "" where nobody is named."""
        said = Counter[str]()
        ends = [*(mark.offset for mark in self.marks[1:]), len(self.text)]
        for mark, end in zip(self.marks, ends, strict=False):  # a text without marks has an end all the same
            said[self.speaker_at(mark.offset)] += end - mark.offset
        return max(said, key=said.__getitem__, default="")

    @property
    def guests(self) -> tuple[str, ...]:
        """Who speaks in it beside the creator, by name."""
        return tuple(sorted({name for name in self.names.values() if name and name != self.creator}))


@dataclass(frozen=True, slots=True)
class Source:
    """A consulted passage as the reader sees it; the members of the contract's ``sources``."""

    number: int
    title: str
    creator: str
    creator_slug: str
    work: str
    kind: str
    url: str
    start_seconds: float | None
    end_seconds: float | None
    tier: Tier
    relevance: float
    excerpt: str
    also: tuple[Elsewhere, ...] = ()
    speaker: str = ""
    """Who says most of it, "" where the transcript names nobody; another name than the creator's is a guest's."""
    published: str = ""
    """The day its work came out, as an ISO date, "" where that is unknown."""


class Verdict(StrEnum):
    """How well a sentence of the answer rests on the passage it cites."""

    SUPPORTED = "supported"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"


FlawKind = Literal["number", "unit", "swapped", "negation", "missing", "hedge", "source", "language", "attribution"]


@dataclass(frozen=True, slots=True)
class Issue:
    """What a sentence says otherwise than the passage it cites: its ``words``, and a ``message`` for readers."""

    kind: FlawKind
    words: str
    message: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One sentence of the answer and one source it rests on.

    ``start`` and ``end`` are offsets of the sentence in the joined answer, in code points.
    """

    number: int
    claim: str
    start: int
    end: int
    quote: str
    start_seconds: float | None
    end_seconds: float | None
    url: str
    heard: str = ""
    """The quote as it was transcribed, where the glossary put it right; else empty."""
    verdict: Verdict = Verdict.WEAK
    problems: tuple[Issue, ...] = ()
    speaker: str = ""
    """Who says the quote, "" where the transcript names nobody."""
    before: str = ""
    after: str = ""
    """The sentences around the quote, said by the same speaker; "" where the passage begins or ends with it."""
    found: bool = False
    """Whether the program set the marker, because the passage says what the model cited nothing for."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the answer, by offsets in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grounding:
    """How an answer stands on its sources: sentences by what they cite, citations by their verdict.

    ``claims`` are sentences that claim something; ``bare`` those of them that cite nothing. A sentence with several
    markers counts once in ``cited`` and once for each of them in the verdicts.
    """

    claims: int = 0
    cited: int = 0
    uncited: int = 0
    supported: int = 0
    weak: int = 0
    unsupported: int = 0
    markers_removed: int = 0
    bare: tuple[Span, ...] = ()
    found: int = 0
    """Citations whose markers the program set."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What one creator says of a parameter, and where; ``published`` is an ISO date, "" where it is unknown."""

    number: int
    creator: str
    work: str
    published: str
    value: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A parameter of which the passages of different creators say different things."""

    parameter: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """How long the parts of a turn took, in whole milliseconds; None where it did not come to that."""

    retrieval: int | None
    first_token: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic that does exist, offered where nothing answers the question."""

    topic: str
    creator: str
    creator_slug: str
    work: str


@dataclass(frozen=True, slots=True)
class Respelling:
    """A word of a question that nobody here says, and the word that it was searched as."""

    written: str
    meant: str


QuestionKind = Literal["question", "small_talk", "collection", "comparison", "parts"]


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was taken before anything was searched.

    ``works`` are the slugs of the works that it was narrowed to, ``notes`` what a reader should know of all this, in
    sentences.
    """

    kind: QuestionKind = "question"
    corrections: tuple[Respelling, ...] = ()
    works: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


AS_ASKED = Understood()

AnsweredBy = Literal["model", "fallback", "quotes", "pinned", "catalogue", "conversation", "none"]
Finish = Literal["complete", "length", "cut", "stopped"]
Coverage = Literal["full", "partly", "none"]
"""Whether the sources answer the question, only come near it, or don't speak of it."""
ErrorCode = Literal["retrieval_unavailable", "model_unavailable", "internal"]


NOT_GROUNDED = Grounding()


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens a turn cost; an answer that was stopped or broke off is counted and ``estimated`` here."""

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False

    def filled(self, about: "Usage") -> "Usage":
        """Return what counts where a model tells nothing, or that it was nothing: there the estimate does."""
        asked, written = self.prompt_tokens or about.prompt_tokens, self.completion_tokens or about.completion_tokens
        return Usage(asked, written, self.estimated)


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages consulted; once, before any token; empty in tier ``none``."""

    sources: tuple[Source, ...]
    type: Literal["sources"] = "sources"


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the answer."""

    text: str
    type: Literal["token"] = "token"


@dataclass(frozen=True, slots=True)
class Done:
    """The end of an answer and all there is to know about it; once, last."""

    conversation_id: UUID
    turn_id: UUID
    cascade_tier: Tier
    answered_by: AnsweredBy
    finish: Finish
    voice_applied: float
    cited: tuple[int, ...]
    citations: tuple[Citation, ...]
    rewritten_query: str | None
    usage: Usage | None
    timings_ms: Timings
    suggestions: tuple[Suggestion, ...] = ()
    grounding: Grounding = NOT_GROUNDED
    disagreements: tuple[Disagreement, ...] = ()
    voice_note: str | None = None
    """Why the voice that was asked for is not in the answer, in a sentence."""
    memory_note: str | None = None
    """A sentence where the turn could not be remembered."""
    model_note: str | None = None
    """Why no language model was asked, in a sentence, where what may be spent in a day is used up."""
    coverage: Coverage = "full"
    understood: Understood = AS_ASKED
    reason: Literal["repetition"] | None = None
    """Why an answer was stopped where nobody asked for it: the model said the same over and over."""
    quoted_from: int | None = None
    """Where the creators' own words begin, in code points, if they follow a model's answer that is hardly supported."""
    type: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """The end of a turn that could not be answered, in place of ``Done``; ``message`` is for readers."""

    code: ErrorCode
    message: str
    retryable: bool
    conversation_id: UUID
    turn_id: UUID
    type: Literal["error"] = "error"


Event = Sources | Token | Done | Failed
NumberedEvent = tuple[int, Event]
"""An event with its number in the turn, from 1."""
