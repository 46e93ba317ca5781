"""OpenAI's embeddings: vectors of texts by the embedder that this site searches with."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.api.schemas import body_of
from chat.conversations.owner import caller_for
from chat.doors import asking
from chat.events.turn import ANYONE, Terms
from chat.models import Scope
from chat.turns.sandbox_works import SandboxEmbedder
from chrysopedia.core.database import SEARCHES, STORAGE_ERRORS
from chrysopedia.core.errors import FieldError, Problem, invalid, unavailable
from chrysopedia.core.limits import Allowance
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import SomeText, estimated_tokens
from chrysopedia.core.token_vocabulary import read_vocabulary
from creators.embeddings import Embedder, EmbeddingError, SpaceSpec, get_embedder

Vectors = npt.NDArray[np.float32]

MOST_TEXTS = 1000
BATCH = 16
"""Texts that are embedded in one go, and count as one search; others have their turn in between."""
LONGEST = 100_000
"""Characters of a text that are read at all."""
NO_TOKENS = (
    "holds tokens of another model, which this site can't read: send texts (in LangChain, "
    "check_embedding_ctx_length=False), or have its operator set EMBEDDINGS_VOCABULARY"
)
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

    def given(self) -> list[str | list[int]]:
        """Return the texts of the input, as such or as the tokens that they were cut into; raises ``Problem``."""
        is_one = isinstance(self.input, str) or (isinstance(self.input, list) and all(map(_is_token, self.input)))
        given = [self.input] if self.input and is_one else self.input
        if not isinstance(given, list) or not given:
            raise invalid(FieldError("input", "must be a text or a list of texts, and not be empty"))
        if len(given) > MOST_TEXTS:
            raise invalid(FieldError("input", f"has {len(given)} texts; {MOST_TEXTS} are taken at once"))
        if all(isinstance(one, list) and one and all(map(_is_token, one)) for one in given):
            if settings.EMBEDDINGS_VOCABULARY is None:
                raise invalid(FieldError("input", NO_TOKENS))
            return given
        return [_text(one, place) for place, one in enumerate(given)]


def _is_token(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_vocabulary = lru_cache(maxsize=1)(read_vocabulary)


def _read(one: str | list[int], place: int) -> str:
    """Return a text, put together from its tokens where it came in them; raises ``Problem``."""
    if isinstance(one, str):
        return one
    known = _vocabulary(settings.EMBEDDINGS_VOCABULARY)
    if strange := [token for token in one if token not in known]:
        raise invalid(FieldError(f"input.{place}", f"holds {strange[0]}, which is no token of this vocabulary"))
    # A client that cuts a long text may have cut a letter in two.
    return _text(b"".join(known[token] for token in one).decode(errors="ignore"), place)


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
    given = body.given()
    allowance = (caller if caller.grant else replace(caller, owner=ANYONE)).allowance("searches")
    try:
        texts, space, tokens = await SEARCHES.hop(_begin, body, given, terms=caller.terms, allowance=allowance)
        vectors = [
            await SEARCHES.hop(_embed, texts[start : start + BATCH], kind=body.input_type, terms=caller.terms)
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


def _begin(
    body: Request, given: Sequence[str | list[int]], *, terms: Terms, allowance: Allowance
) -> tuple[list[str], SpaceSpec, int]:
    """Check a request against the embedder, and count it; return its texts, the space, and their number of tokens."""
    embedder = embedder_for(terms)
    space = embedder.space
    if body.model not in (asking.EVERYONE, space.name, space.name.rpartition("/")[0]):
        raise _no_model(space)
    if body.dimensions not in (None, space.dimensions):
        raise _refused(f"This model does not support specifying dimensions: its vectors have {space.dimensions}.")
    allowance.take(times=-(-len(given) // BATCH))  # before the texts are read and counted, which takes a while as well
    texts = [_read(one, place) for place, one in enumerate(given)]
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
    return texts, space, sum(min(number, most or number) for number in tokens)


def _tokens(embedder: Embedder, texts: Sequence[str]) -> list[int]:
    """Return how many tokens each text has, about where the embedder can't count."""
    count = getattr(embedder, "count_tokens", None)
    return list(count(texts)) if count else [estimated_tokens(text) for text in texts]


def embedder_for(terms: Terms) -> Embedder:
    """Return what embeds on these terms. Synchronous: the first call may load a model."""
    return SandboxEmbedder() if terms.is_sandbox else get_embedder()


def _embed(texts: Sequence[str], *, kind: Literal["query", "passage"], terms: Terms) -> Vectors:
    embedder = embedder_for(terms)
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
