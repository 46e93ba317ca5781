"""Failures of model servers: what each means, whether asking again helps, and what of it a log may hold."""

import re
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

import aiohttp
import httpx2
import openai

from chat.llm.base import ModelError

# Everything that the client raises for a request or a stream that failed.
CLIENT_ERRORS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    aiohttp.ClientError,
    OSError,
    ValueError,
)

_DEFAULT_WAIT = 0.1
_MAX_WAIT = 2.0


def as_model_error(error: Exception, *, asked: Sequence[str]) -> ModelError:
    """Return a failure by its kind, its status and what the server said of it; ``asked`` is what the visitor said.

    Its own message is not taken as it stands: it may quote the key or the question.
    """
    match error:
        case openai.APIStatusError(status_code=status) if 300 <= status < 400:
            reason = (
                f"the model server sends elsewhere ({status}), which is not followed: put its address in the settings"
            )
            return ModelError(reason, retryable=False)
        case openai.APIStatusError(status_code=status):
            retryable = status in {408, 409, 425, 429} or status >= 500
            return ModelError(f"the model server answered {status}{_told(error.body, asked)}", retryable)
        case openai.APITimeoutError() if _is_timeout(error):
            return ModelError("no connection to the model server in time", retryable=True)
        case openai.APIConnectionError():
            return ModelError(f"no connection to the model server ({_kind(_origin(error))})", retryable=True)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | ValueError():
            return ModelError(f"no request can be made of the model's settings ({_kind(error)})", retryable=False)
        case _:
            return ModelError(f"the connection to the model server broke ({_kind(error)})", retryable=True)


_TOO_LONG = re.compile(
    r"context[_ -]?(?:length|size|window)|exceed_context|maximum context|max_model_len|n_ctx"
    r"|(?:prompt|input|request|message)s?(?: text)? (?:is|are|was|were) too (?:long|large)|too many (?:input )?tokens"
    r"|reduce the length",
    re.IGNORECASE,
)
"""What servers say of a prompt that is longer than the model's context."""
_CONTEXT = re.compile(
    r"(?:context (?:length|size|window)|max_model_len|n_ctx|maximum)\D{0,40}?(?<!\d)(\d{3,7})(?!\d)", re.IGNORECASE
)
_SHRINK = 0.6
"""Share of a refused prompt's tokens that is tried where the server doesn't say what it takes."""
LEAST_CONTEXT, SURELY_LESS = 256, 0.9


def context_in(body: object, *, tokens: int) -> int | None:
    """Return the tokens of context that a refusal for length tells of, None where it is for something else.

    ``tokens`` is what the prompt and its answer were estimated at.
    """
    fields = body if isinstance(body, dict) else {"message": body}
    said = " ".join(
        str(fields[key])[:_LONGEST_MESSAGE] for key in ("code", "type", "message", "error") if key in fields
    )
    if not _TOO_LONG.search(said):
        return None
    told = fields.get("n_ctx")
    found = _CONTEXT.search(said)
    context = told if type(told) is int else int(found[1]) if found else int(tokens * _SHRINK)
    # An estimate that was too low would make the same prompt again.
    return max(LEAST_CONTEXT, min(context, int(tokens * SURELY_LESS)))


def wait_before_retry(error: Exception) -> float | None:
    """Return the seconds to wait before asking once more; None if that can't help soon enough for a reader.

    A timeout has used up the reader's patience, and a long Retry-After is time for the fallback.
    """
    match error:
        case openai.APITimeoutError() if _is_timeout(error):
            return None
        case openai.APIConnectionError():
            return _DEFAULT_WAIT
        case openai.APIStatusError(status_code=status) if status == 429 or status >= 500:
            return _retry_after(error.response.headers.get("retry-after", ""))
        case _:
            return None


def rejected_field(error: Exception, sent: dict[str, object]) -> str | None:
    """Return the optional field among those sent that this refusal names, if there is one.

    Servers differ in what they take: some know no ``stream_options``, some models no
    ``temperature``, some ask for ``max_completion_tokens`` instead of ``max_tokens``.
    """
    if not isinstance(error, openai.APIStatusError) or error.status_code not in {400, 422}:
        return None
    named = {
        "stream_options": "stream_options" in error.message,
        "temperature": error.param == "temperature",
        "max_tokens": "max_completion_tokens" in error.message,
    }
    return next((field for field in named if field in sent and named[field]), None)


def _retry_after(retry_after: str) -> float | None:
    try:
        wait = float(retry_after)
    except ValueError:
        return _DEFAULT_WAIT
    return wait if 0 <= wait <= _MAX_WAIT else None


def _is_timeout(error: BaseException) -> bool:
    # The client's transport calls a connection that was closed a timeout, too.
    return isinstance(_origin(error), TimeoutError)


def _origin(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _kind(error: BaseException | None) -> str:
    return type(error).__name__


class ReportedError(ModelError):
    """A failure that the model reported in the midst of its answer, with what it said of it, not yet fit for a log."""

    def __init__(self, body: object) -> None:
        super().__init__("the model reported an error", retryable=True)
        self.body = body

    def told(self, *, asked: Sequence[str]) -> ModelError:
        """Return it with what may be logged of what the model said."""
        return ModelError(f"{self.reason}{_told(self.body, asked)}", self.retryable)


_CODE = re.compile(r"[a-z_]{1,40}")
"""A word of a protocol, such as ``context_length_exceeded``: there is no room in it for a key or a question."""
_LONGEST_MESSAGE, _LONGEST_TOLD = 2000, 120
_WORD = re.compile(r"\w+(?:['’-]\w+)*")

# What servers of models speak of. Of all else that a message holds, names and questions above all, nothing is logged.
_VOCABULARY = frozenset(
    """
    a acceleration access account after again allocate allowed already an and any api are argument array as at
    authentication authorization available bad balance batch be because been before bigger billing body broken
    buffer busy but by cache can cannot capacity chat closed code completion completions concurrent configured
    connection contains content context could couldn't count credit credits cuda currently cut daily deadline
    decode denied deprecated device disabled disk does doesn't down driver empty enabled encode end endpoint
    engine enough error errors exceed exceeded exceeding exceeds exhausted exist existing expected expired
    failed failure field fields file for forbidden format found free full gateway generation given gpu greater
    had has have header high host hour http image in incorrect increase increasing input instance insufficient
    internal invalid is isn't it its json key kv large larger later length less limit limited limits llama load
    loaded loading longer many max maximum may memory message messages method minute missing mode model models
    more must name need network no not null number of off offline on only open or organization out output over
    overloaded parallel parameter parse parser payment per permission please pool prompt property provided
    provider proxy pull quota range rate reached ready reason received reduce refused rejected remote request
    requested requests required requires reset resource resources response retry role run runner running runtime
    schema second seconds sequence server service session shift shorten size slot slots slow small start started
    starting status stop stopped stream string supported suspended system template temporarily than that the
    there this time timed timeout to token tokens too tool tools total traffic try trying type unable
    unauthorized unavailable unexpected unknown unsupported up upstream use used user value version vram wait
    was were when which window with without worker wrong you your
    """.split()
)


def _told(body: object, asked: Sequence[str]) -> str:
    """Return what a body says of the failure: its code in words, else its type and its message."""
    fields = body if isinstance(body, dict) else {"message": body}
    code, kind = (str(fields.get(key)) if fields.get(key) is not None else "" for key in ("code", "type"))
    if _CODE.fullmatch(code):
        return f" {code}"
    message = _message(fields, asked)
    return (f" {kind}" if _CODE.fullmatch(kind) else "") + (f": {message}" if message else "")


def _message(fields: Mapping[str, object], asked: Sequence[str]) -> str:
    """Return what a server's message says, with … for all that may be somebody's words, "" where little is left."""
    said = (fields.get(key) for key in ("message", "error", "detail"))
    message = next((one for one in said if isinstance(one, str)), "")[:_LONGEST_MESSAGE].casefold().strip()
    if message.startswith("<"):
        return ""  # a page of a gateway, whose words are those of its menu
    theirs = {pair for text in asked for pair in pairwise(_WORD.findall(text.casefold()))}
    runs = _safe_runs(_WORD.findall(message), theirs)
    return " … ".join(" ".join(run) for run in runs if len(run) > 1)[:_LONGEST_TOLD]


def _safe_runs(words: Sequence[str], theirs: Set[tuple[str, str]]) -> list[list[str]]:
    """Return the words of the vocabulary, in runs; of two in a row that the visitor said none is among them."""
    echoed = {at + step for at, pair in enumerate(pairwise(words)) if pair in theirs for step in (0, 1)}
    runs: list[list[str]] = [[]]
    for at, word in enumerate(words):
        is_known = word in _VOCABULARY or (word.isascii() and word.isdigit() and len(word) < 8)
        if is_known and at not in echoed:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return runs
