"""What may go wrong at a model server, as a ``ModelError`` that says neither the key nor the prompt."""

import aiohttp
import httpx2
import openai

from chat.llm.base import ModelError
from chat.llm.stream import code_of

# Everything the client raises for a request or a stream that failed.
FAILURES = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    aiohttp.ClientError,
    OSError,
    ValueError,
)

_WAIT_WITHOUT_ADVICE = 0.1
_LONGEST_WAIT = 2.0


def as_model_error(error: Exception) -> ModelError:
    """Name a failure by its kind and status: its own message may quote the key or the prompt."""
    match error:
        case openai.APIStatusError(status_code=status):
            retryable = status in {408, 409, 425, 429} or status >= 500
            return ModelError(f"the model server answered {status} {code_of(error.body)}".rstrip(), retryable)
        case openai.APITimeoutError() if _is_timeout(error):
            return ModelError("no connection to the model server in time", retryable=True)
        case openai.APIConnectionError():
            return ModelError(f"no connection to the model server ({_kind(_origin(error))})", retryable=True)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | ValueError():
            return ModelError(f"no request can be made of the model's settings ({_kind(error)})", retryable=False)
        case _:
            return ModelError(f"the connection to the model server broke ({_kind(error)})", retryable=True)


def wait_before_retry(error: Exception) -> float | None:
    """Seconds to wait before asking once more; None if that can't help soon enough for a reader.

    A timeout has used up the reader's patience, and a long Retry-After is time for the fallback.
    """
    match error:
        case openai.APITimeoutError() if _is_timeout(error):
            return None
        case openai.APIConnectionError():
            return _WAIT_WITHOUT_ADVICE
        case openai.APIStatusError(status_code=status) if status == 429 or status >= 500:
            return _advised(error.response.headers.get("retry-after", ""))
        case _:
            return None


def rejected_field(error: Exception, sent: dict[str, object]) -> str | None:
    """The optional field among those sent that this refusal names, if there is one.

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


def _advised(retry_after: str) -> float | None:
    try:
        wait = float(retry_after)
    except ValueError:
        return _WAIT_WITHOUT_ADVICE
    return wait if 0 <= wait <= _LONGEST_WAIT else None


def _is_timeout(error: BaseException) -> bool:
    # The client's transport calls a connection that was closed a timeout, too.
    return isinstance(_origin(error), TimeoutError)


def _origin(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _kind(error: BaseException | None) -> str:
    return type(error).__name__
