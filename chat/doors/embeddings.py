"""OpenAI's embeddings: vectors of texts by the embedder that this site searches with."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.api.schemas import body_of
from chat.conversations.owner import caller_for
from chat.doors import asking
from chat.events.turn import ANYONE
from chat.models import Scope
from chrysopedia.core.database import SEARCHES, STORAGE_ERRORS
from chrysopedia.core.errors import FieldError, Problem, invalid, unavailable
from chrysopedia.core.limits import Allowance
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import SomeText, estimated_tokens
from creators.embeddings import Embedder, EmbeddingError, SpaceSpec, get_embedder

Vectors = npt.NDArray[np.float32]

MOST_TEXTS = 256
BATCH = 16
"""Texts that are embedded in one go, and count as one search; others have their turn in between."""
LONGEST = 100_000
"""Characters of a text that are read at all."""
_TEXT: TypeAdapter[str] = TypeAdapter(SomeText)


class Request(BaseModel):
    """What ``POST /v1/embeddings`` takes; ``input_type`` and ``truncate`` are additions that others have, too."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(min_length=1, max_length=300)]
    input: Any
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = None
    input_type: Literal["query", "passage"] = "query"
    truncate: Literal["NONE", "END"] = "NONE"

    def texts(self) -> list[str]:
        """Return the texts of the input; raises ``Problem``."""
        given = [self.input] if isinstance(self.input, str) else self.input
        if not isinstance(given, list) or not given:
            raise invalid(FieldError("input", "must be a text or a list of texts, and not be empty"))
        if len(given) > MOST_TEXTS:
            raise invalid(FieldError("input", f"has {len(given)} texts; {MOST_TEXTS} are taken at once"))
        if all(isinstance(one, int | list) for one in given):
            raise invalid(FieldError("input", "holds tokens, which mean nothing to this model: send texts"))
        return [_text(one, place) for place, one in enumerate(given)]


def _text(value: Any, place: int) -> str:
    try:
        text = _TEXT.validate_python(value, strict=True)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise invalid(FieldError(f"input.{place}", reason)) from None
    if len(text) > LONGEST:
        raise invalid(FieldError(f"input.{place}", f"has more than {LONGEST} characters"))
    return text


@csrf_exempt  # caller_for asks for the token where there is a session
@require_POST
async def embeddings(request: HttpRequest) -> HttpResponse:
    """Return a vector for each text, as OpenAI's embeddings do; raises ``Problem``."""
    caller = await caller_for(request, scope=Scope.SEARCH)
    body = body_of(request, Request)
    texts = body.texts()
    allowance = (caller if caller.grant else replace(caller, owner=ANYONE)).allowance("searches")
    try:
        space, tokens = await SEARCHES.hop(_begin, body, texts, allowance=allowance)
        vectors = [
            await SEARCHES.hop(_embed, texts[start : start + BATCH], kind=body.input_type)
            for start in range(0, len(texts), BATCH)
        ]
        # A hundred thousand numbers take a while to write down as well, which no other reader should wait for.
        as_text = body.encoding_format == "base64"
        response = await SEARCHES.hop(_answer, vectors, space=space, tokens=tokens, as_text=as_text)
    except (*STORAGE_ERRORS, EmbeddingError) as error:
        raise unavailable("Nothing can be embedded at the moment. Try again in a few seconds.") from error
    for name, value in allowance.headers().items():
        response.headers[name] = value
    return response


def _begin(body: Request, texts: Sequence[str], *, allowance: Allowance) -> tuple[SpaceSpec, int]:
    """Check a request against the embedder, and count it; return the space and how many tokens the texts have."""
    embedder = get_embedder()
    space = embedder.space
    if body.model not in (asking.EVERYONE, space.name, space.name.rpartition("/")[0]):
        raise _no_model(space)
    if body.dimensions not in (None, space.dimensions):
        raise _refused(f"This model does not support specifying dimensions: its vectors have {space.dimensions}.")
    allowance.take(times=-(-len(texts) // BATCH))  # before the texts are counted, which takes a while as well
    tokens = _tokens(embedder, texts)
    most: int | None = getattr(embedder, "most_tokens", None)
    too_long = [place for place, number in enumerate(tokens) if most and number > most]
    if too_long and body.truncate == "NONE":
        place = too_long[0]
        detail = (
            f"This model's maximum context length is {most} tokens, however input.{place} has {tokens[place]}. "
            "Send it in parts, or with truncate: END."
        )
        raise _refused(detail, code="context_length_exceeded")
    return space, sum(min(number, most or number) for number in tokens)


def _tokens(embedder: Embedder, texts: Sequence[str]) -> list[int]:
    """Return how many tokens each text has, about where the embedder can't count."""
    count = getattr(embedder, "count_tokens", None)
    return list(count(texts)) if count else [estimated_tokens(text) for text in texts]


def _embed(texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
    embedder = get_embedder()
    return embedder.embed_questions(texts) if kind == "query" else embedder.embed_passages(texts)


def _answer(vectors: Sequence[Vectors], *, space: SpaceSpec, tokens: int, as_text: bool) -> JsonResponse:
    rows = [
        {"object": "embedding", "index": number, "embedding": _written(vector, as_text=as_text)}
        for number, vector in enumerate(np.concatenate(vectors))
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    document = {"object": "list", "data": rows, "model": space.name, "usage": usage}
    return JsonResponse(document, encoder=JSONEncoder)


def _written(vector: Vectors, *, as_text: bool) -> list[float] | str:
    """Return a vector as numbers, or as the base64 of its little-endian floats of 32 bits."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if as_text else vector.tolist()


def _refused(detail: str, *, code: str = "") -> Problem:
    return Problem(status=400, title="Invalid request", detail=detail, extra={"code": code} if code else {})


def _no_model(space: SpaceSpec) -> Problem:
    detail = f"There is no such model for embeddings here. Name {asking.EVERYONE} or {space.name}."
    return Problem(status=404, title="Not found", detail=detail, extra={"code": "model_not_found"})
