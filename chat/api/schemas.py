"""What requests may hold, and what a search answers: bodies, the form of a reply, the last event's number, passages."""

import json
import re
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chat.events.events import Tier
from chat.events.turn import MAX_QUERY, Question
from chrysopedia.core.errors import FieldError, Problem, invalid
from chrysopedia.core.text import SomeText, Text

_B = TypeVar("_B", bound=BaseModel)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _parse_uuid(value: object) -> object:
    if isinstance(value, str):
        if not _UUID.fullmatch(value):
            raise ValueError("must be a UUID such as 0b0e4a1e-7f5c-4c39-9d5e-2f1f6a4f2a11")
        return UUID(value)
    return value


Id = Annotated[UUID | None, BeforeValidator(_parse_uuid)]


class ChatBody(BaseModel):
    """What ``POST /api/v1/chat`` takes; unknown fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")

    query: Annotated[SomeText, Field(max_length=MAX_QUERY, description="The question.")]
    creator: Annotated[Text | None, Field(description="Slug, name or alias; absent asks everyone.")] = None
    conversation_id: Annotated[Id, Field(description="Goes on with a conversation; made when absent.")] = None
    personality_weight: Annotated[
        float, Field(ge=0.0, le=1.0, allow_inf_nan=False, description="How much of their voice shows; 0 if absent.")
    ] = 0.0
    stream: Annotated[bool | None, Field(description="True for events, false for JSON; wins over Accept.")] = None
    replaces: Annotated[Id, Field(description="A turn of this conversation that is asked anew.")] = None

    def question(self) -> Question:
        """Return the question as the service takes it."""
        return Question(
            query=self.query,
            creator=self.creator or None,
            conversation_id=self.conversation_id,
            personality_weight=self.personality_weight,
            replaces=self.replaces,
        )


def chat_body(request: HttpRequest) -> ChatBody:
    """Return the request's body; raises ``Problem`` 400, 415 or 422. Its size was seen to at the edge."""
    return body_of(request, ChatBody)


def body_of(request: HttpRequest, kind: type[_B]) -> _B:
    """Return the request's body as a model of this kind; raises ``Problem`` 400, 415 or 422."""
    return validated(parse_json(_read_body(request)), kind)


def validated(value: Any, kind: type[_B]) -> _B:
    """Return a JSON value as a model of this kind; raises ``Problem`` 422."""
    if not isinstance(value, dict):
        raise invalid(FieldError("", "the body must be a JSON object"))
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise invalid(*(_field_error(one) for one in error.errors(include_url=False))) from None


def _read_body(request: HttpRequest) -> bytes:
    body = request.body
    if not body:
        raise Problem(status=400, title="Malformed JSON", detail='Send a JSON object such as {"query": "…"}.')
    if request.content_type != "application/json":
        raise Problem(
            status=415, title="Unsupported media type", detail="Send the question as Content-Type: application/json."
        )
    return body


def parse_json(body: bytes) -> Any:
    """Return what a body says; raises ``Problem`` 400 for one that is no JSON."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else _reason(error)
        raise Problem(status=400, title="Malformed JSON", detail=f"The body is not JSON: {reason}.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error) if "JSON" in str(error) else "it holds a number that is too long"


def _field_error(error: Any) -> FieldError:
    name = ".".join(str(part) for part in error["loc"] if not str(part).startswith("function"))
    return FieldError(field=name, reason=error["msg"].removeprefix("Value error, "))


def wants_json(*, accept: str, stream: bool | None) -> bool:
    """Tell whether to answer with one JSON document instead of a stream of events.

    ``stream`` decides where it is given; else ``accept``, the header, must take JSON and no kind of event stream.

    A media range with ``q=0`` is one that the caller doesn't take (RFC 9110, section 12.4.2).
    """
    if stream is not None:
        return not stream
    taken = {name for name, quality in map(_media_range, accept.split(",")) if quality > 0}
    takes_json = bool(taken & {"application/json", "application/*"})
    return takes_json and not taken & {"text/event-stream", "text/*", "*/*"}


def _media_range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


MAX_EVENT_NUMBER = 2**31


def last_event_id(request: HttpRequest) -> int:
    """Return the number of the last event received: of ``?after=`` and ``Last-Event-ID`` the one further on.

    Raises ``Problem`` 422.
    """
    return max(
        _event_number(request.GET.get("after", ""), name="after"),
        _event_number(request.headers.get("Last-Event-ID", ""), name="Last-Event-ID"),
    )


def _event_number(text: str, *, name: str) -> int:
    sent = text.strip()
    if not sent:
        return 0
    if not (sent.isascii() and sent.isdigit() and len(sent) <= len(str(MAX_EVENT_NUMBER))):
        raise invalid(FieldError(name, "must be the number of an event, such as 7"))
    return int(sent)


class AlsoIn(Schema):
    """Another work in which a passage stands."""

    title: str
    creator: str
    work: str
    url: str


class FoundPassage(Schema):
    """A passage as ``/search`` returns it: a source with its whole text and the score of each leg."""

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
    cosine: float
    lexical: float
    excerpt: str
    also: list[AlsoIn]
    text: str


class SearchResult(Schema):
    """The passages, best first, and the tier that the cascade stopped at."""

    cascade_tier: Tier
    passages: list[FoundPassage]
