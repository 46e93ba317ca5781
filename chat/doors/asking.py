"""What the doors share: a question is let in for its caller, answered, and ended when its only reader leaves."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.http import HttpRequest

from chat import turns
from chat.api.schemas import ChatBody, validated
from chat.conversations.owner import Caller, caller_for
from chat.events.events import Citation, Done, Event, Failed, NumberedEvent, Source, Sources, Token, Verdict
from chat.events.serialize import payload
from chat.events.turn import Question, Terms
from chat.rendering.json import STATUSES
from chat.rendering.markdown import escape_markdown
from chat.streams import Run
from chat.turns.sandbox_works import CREATOR as SANDBOX
from chrysopedia.core.errors import Problem, not_found
from creators.models import Creator

EVERYONE = "chrysopedia"
"""The name by which all creators are asked where a protocol wants a model."""
UNGUESSABLE = 16
"""Characters from which on a random id of a conversation is one that nobody guesses: the AI SDK's own have 16."""
FOOTER = "\n\n---\nSources\n"
"""What the footer of an answer begins with, in clients that show nothing but text."""
SHORT_WORDS = frozenset("a ai at by i id in is my no of on or to ui us we".split())
"""Words of one letter or two that stand in ids; others are taken for a part of something random."""
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^A-Za-z0-9]+")
_UTTERABLE = re.compile(r"(?=.*[aeiouy])(?!.*[^aeiouy]{4})(?!.*[jqxz].*[jqxz]).+")
"""What may be a word: it has a vowel, no four consonants in a row, and not two of the rarest letters."""
_WEIGHTED = re.compile(r"(?P<name>.+?)(?:@(?P<weight>[01](?:\.\d{1,3})?))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was let in: the run that answers it, and the headers that every door sends with it."""

    run: Run
    headers: dict[str, str]


def question_from(members: dict[str, Any]) -> Question:
    """Return a question by the members of ``POST /api/v1/chat``, so that all doors have its rules.

    Raises ``Problem`` 422.
    """
    return validated(members, ChatBody).question()


async def ask(request: HttpRequest, question: Question) -> Asked:
    """Let a question in for whoever sent the request, and start its answer; raises ``Problem``."""
    return await ask_for(await caller_for(request), question)


async def ask_for(caller: Caller, question: Question) -> Asked:
    """Let a caller's question in, and start its answer; raises ``Problem``."""
    await caller.require_creator(question.creator)
    allowance = caller.allowance("questions")
    run = await turns.ask(question, owner=caller.owner, allowance=allowance, terms=caller.terms)
    ids = {"X-Turn-Id": str(run.head.turn_id), "X-Conversation-Id": str(run.head.conversation_id)}
    return Asked(run, {**ids, **allowance.headers()})


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a whole."""

    text: str
    sources: tuple[Source, ...]
    done: Done

    @property
    def receipts(self) -> dict[str, Any]:
        """What the JSON of ``POST /api/v1/chat`` has beside the answer, by the names of the contract."""
        return {"sources": payload(Sources(self.sources)), **payload(self.done)}


def whole(events: Sequence[Event]) -> Answer:
    """Return the answer that all events of a turn make; raises ``Problem`` for a turn that failed."""
    (sources,) = [event.sources for event in events if isinstance(event, Sources)] or [()]
    text = "".join(event.text for event in events if isinstance(event, Token))
    match events[-1]:
        case Done() as done:
            return Answer(text, sources, done)
        case Failed() as failed:
            raise problem_of(failed)
    raise RuntimeError("a stream ended without a terminal event")


async def answered(asked: Asked) -> Answer:
    """Wait for a whole answer; whoever is gone meanwhile ends it. Raises ``Problem`` for a turn that failed."""
    with asked.run.ends_with_reader():
        async with aclosing(asked.run.events()) as events:
            return whole([event async for event in events])


async def batches(asked: Asked) -> AsyncGenerator[Sequence[NumberedEvent], None]:
    """Yield the events that wait together, and an empty batch after each silence; whoever leaves ends the answer."""
    with asked.run.ends_with_reader():
        async with aclosing(asked.run.batches()) as parts:
            async for part in parts:
                yield part


def problem_of(failed: Failed) -> Problem:
    """Return the problem that a failed turn is, for protocols that have errors."""
    return Problem(
        status=STATUSES[failed.code],
        title="No answer",
        detail=failed.message,
        headers={"Retry-After": "5"} if failed.retryable else {},
        extra={"code": failed.code},
    )


def creator_and_weight(model: str) -> tuple[str | None, float]:
    """Return whom a model's name such as ``mara-lindqvist@0.5`` asks (None for everyone), and the voice's weight.

    Raises ``Problem`` 404 for a weight above 1.
    """
    found = _WEIGHTED.fullmatch(model.strip())
    name, weight = (found["name"], float(found["weight"] or 0)) if found else ("", 0.0)
    if not name or weight > 1:
        raise no_model()
    return (None if name == EVERYONE else name), weight


def conversation_of(name: str) -> UUID | None:
    """Return the conversation of the id that a client made for it; None for one that may be guessed.

    An id is the right to its conversation, so a short one, such as ``chat``, or one of words and numbers, such
    as the ``DEFAULT_THREAD_ID`` of assistant-ui or ``thread-1700000000000``, would have strangers share theirs.
    """
    if found := uuid_in(name):
        return found
    if len(name) < UNGUESSABLE or _is_words(name):
        return None
    return uuid5(NAMESPACE_URL, f"chrysopedia-ui-chat:{name}")


def _is_words(name: str) -> bool:
    """Tell whether an id seems to be of words and numbers, apart or in camel case with one number at most.

    Of random ids such as the AI SDK's 16 letters and digits a few in ten thousand do, too.
    """
    parts = re.findall(r"[^\W_]+", name)
    if all(one.isdigit() or (one in (one.lower(), one.upper(), one.title()) and one.isalpha()) for one in parts):
        return True
    pieces = [piece for part in parts for piece in _CAMEL.findall(part)]
    words = [piece.lower() for piece in pieces if not piece.isdigit()]
    if len(pieces) - len(words) > 1 or sum(map(len, words)) < 4 * len(words):
        return False
    return all(_UTTERABLE.fullmatch(word) and (len(word) > 2 or word in SHORT_WORDS) for word in words)


def uuid_in(text: str | None) -> UUID | None:
    """Return the UUID that a text is, None where it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def is_known_origin(origin: str, *, host: str) -> bool:
    """Tell whether a page is this site's, called by this host, or of another that may call the API."""
    return origin in settings.CORS_ALLOWED_ORIGINS or urlsplit(origin).netloc == host


def no_model() -> Problem:
    """Return the 404 for a model that isn't there."""
    problem = not_found("model", hint="GET /v1/models lists those there are.")
    problem.extra["code"] = "model_not_found"
    return problem


def model_names(terms: Terms) -> list[str]:
    """Return what can be named as a model: everyone, and each creator by slug. Synchronous, for a hop."""
    if terms.is_sandbox:
        return [EVERYONE, SANDBOX]
    return [EVERYONE, *Creator.objects.published().order_by("slug").values_list("slug", flat=True)]


def absolute(url: str, *, site: str) -> str:
    """Return an address that opens from anywhere; works without one of their own are read on this site."""
    return f"{site}{url}" if url.startswith("/") else url


def footer(done: Done, sources: Sequence[Source], *, site: str) -> str:
    """Return what is put under an answer for clients that drop all but its text: each cited place with its link.

    "" where nothing is cited.
    """
    by_number = {source.number: source for source in sources}
    lines = [
        _footer_line(citation, by_number[citation.number], site=site)
        for citation in {(one.number, one.start_seconds): one for one in done.citations}.values()
        if citation.number in by_number
    ]
    return FOOTER + "".join(f"- {line}\n" for line in sorted(lines)) if lines else ""


def _footer_line(citation: Citation, source: Source, *, site: str) -> str:
    at = "" if citation.start_seconds is None else f" at {clock(citation.start_seconds)}"
    doubt = "" if citation.verdict == Verdict.SUPPORTED else f" ({citation.verdict})"
    title, creator = escape_markdown(source.title), escape_markdown(source.creator)
    return f"[{citation.number}] [{title}]({absolute(citation.url, site=site)}), {creator}{at}{doubt}"


def clock(seconds: float) -> str:
    """Return seconds as one reads them on a player, such as ``1:02:03``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def without_footer(text: str) -> str:
    """Return an answer that a client sends back, without the footer it was given with it."""
    return text.partition(FOOTER)[0]
