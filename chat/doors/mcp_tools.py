"""The tools and resources that agents get over MCP: asking, searching, and reading what creators have said."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, ValidationError

from chat import turns
from chat.api.chat import search_for
from chat.doors.library import Library, library_for
from chat.events.turn import MAX_QUERY, USUAL, Owner, Question, Terms
from chat.models import Scope
from chat.rendering import json as whole
from chrysopedia.core.database import SEARCHES, in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.limits import Allowance, Kind
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import Text, is_blank

SCHEME = "chrysopedia://work/"
"""What the address of a work as a resource begins with; its slug follows."""


async def _permit_all(scope: Scope, creator: str | None) -> None:
    """Let anything be done, as on the operator's own machine."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls a tool, at which address of this site, and how to find what they have left of a kind.

    ``site`` has no slash at its end; ``allowance`` gives None where nothing is counted. ``permit`` raises ``Problem``
    403 where a key is not good for a scope, or for whom is asked.
    """

    owner: Owner
    site: str
    allowance: Callable[[Kind], Allowance | None]
    permit: Callable[[Scope, str | None], Awaitable[None]] = _permit_all
    terms: Terms = USUAL

    @property
    def library(self) -> Library:
        """What they may read in."""
        return library_for(self.terms)

    def absolute(self, address: str) -> str:
        """Return an address of this site in full, any other as it is."""
        return f"{self.site}{address}" if address.startswith("/") else address


class Ask(Schema):
    """Ask a question."""

    question: Annotated[Text, Field(max_length=MAX_QUERY, description="The question, in plain words.")]
    creator: Annotated[Text, Field(description="Slug, name or alias of one creator; everyone without it.")] = ""
    voice: Annotated[float, Field(ge=0, le=1, description="How much the answer sounds like the creator.")] = 0.0
    conversation_id: Annotated[UUID | None, Field(description="Of an earlier answer, to go on from it.")] = None


class Search(Schema):
    """Search passages."""

    query: Annotated[Text, Field(min_length=1, max_length=MAX_QUERY)]
    creator: Annotated[Text, Field(description="Slug, name or alias of one creator; everyone without it.")] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class ListCreators(Schema):
    """List the creators."""


class ListWorks(Schema):
    """List works."""

    creator: Annotated[Text, Field(description="Slug, name or alias of one creator; everyone without it.")] = ""
    offset: Annotated[int, Field(ge=0, lt=10**9, description="How many to pass over.")] = 0


class GetPassage(Schema):
    """Read a passage."""

    work: Annotated[Text, Field(description="Slug of the work, as sources and list_works give it.")]
    seconds: Annotated[float | None, Field(ge=0, description="A second of it; its beginning without.")] = None


async def _ask(given: Ask, caller: Caller) -> dict[str, Any]:
    if is_blank(given.question):
        raise ValueError("question: it holds no words")
    question = Question(
        query=given.question,
        creator=given.creator or None,
        conversation_id=given.conversation_id,
        personality_weight=given.voice,
    )
    await caller.permit(Scope.CHAT, question.creator)
    allowance = caller.allowance("questions")
    run = await turns.ask(question, owner=caller.owner, allowance=allowance, terms=caller.terms)
    with run.ends_with_reader():
        return await whole.render(run.events())


async def _search(given: Search, caller: Caller) -> dict[str, Any]:
    await caller.permit(Scope.SEARCH, given.creator or None)
    allowance = caller.allowance("searches")

    def counted() -> dict[str, Any]:
        if allowance is not None:
            allowance.take()
        search = search_for(caller.terms)
        return search(given.query, creator=given.creator or None, limit=given.limit).model_dump(mode="json")

    return await SEARCHES.hop(counted)


async def _list_creators(given: ListCreators, caller: Caller) -> dict[str, Any]:
    return {"creators": await in_one_hop(caller.library.creators)}


async def _list_works(given: ListWorks, caller: Caller) -> dict[str, Any]:
    works, has_more = await in_one_hop(caller.library.works_after, given.offset, given.creator)
    works = [{**work, "url": caller.absolute(work["url"])} for work in works]
    return {"works": works, "next_offset": given.offset + len(works) if has_more else None}


async def _get_passage(given: GetPassage, caller: Caller) -> dict[str, Any]:
    found = await in_one_hop(caller.library.passage, given.work, given.seconds)
    return {**found, "url": caller.absolute(found["url"])}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what agents are told of it, the form of its arguments, and what it does."""

    description: str
    arguments: type[Schema]
    call: Callable[[Any, Caller], Awaitable[dict[str, Any]]]


TOOLS: Mapping[str, Tool] = {
    "ask": Tool(
        "Answer a question from what creators have said. Every claim has a numbered source with the second at which it "
        "was said, and a verdict on how well the source supports it. `coverage` says whether it is an answer (full), "
        "only the nearest (partly), or nothing (none).",
        Ask,
        _ask,
    ),
    "search": Tool("Find passages in what creators have said, best first, without an answer.", Search, _search),
    "list_creators": Tool("List the creators who can be asked.", ListCreators, _list_creators),
    "list_works": Tool("List works, newest first, a hundred at a time.", ListWorks, _list_works),
    "get_passage": Tool("Read the passage of a work around a second, or its beginning.", GetPassage, _get_passage),
}


async def call_tool(name: str, arguments: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """Return the result of a tool as MCP has it; what the caller can put right is a result that says how.

    Raises ``KeyError`` for an unknown tool.
    """
    tool = TOOLS[name]
    try:
        found = await tool.call(tool.arguments.model_validate(dict(arguments)), caller)
    except ValidationError as error:
        reasons = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
        return _failed("; ".join(reasons))
    except ValueError as error:
        return _failed(str(error))
    except Problem as problem:
        reasons = [f"{one.field}: {one.reason}" for one in problem.errors]
        return _failed(" ".join([problem.detail, *reasons]))
    structured = json.loads(json.dumps(found, cls=JSONEncoder))
    return {"content": [{"type": "text", "text": _text_of(name, structured, caller)}], "structuredContent": structured}


def _failed(message: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": message}], "isError": True}


def _text_of(name: str, found: Mapping[str, Any], caller: Caller) -> str:
    """Return the result for a model that reads text only: the answer and its sources, else the values as JSON."""
    if name != "ask":
        return json.dumps(found, ensure_ascii=False)
    cited = set(found["cited"])
    sources = [
        f"[{one['number']}] {one['speaker'] or one['creator']}, “{one['title']}”: {caller.absolute(one['url'])}"
        for one in found["sources"]
        if one["number"] in cited
    ]
    return "\n\n".join([found["answer"], *(["Sources:\n" + "\n".join(sources)] if sources else [])])
