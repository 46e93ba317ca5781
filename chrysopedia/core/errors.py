"""Errors by who reads them: problem documents for clients, one line for operators."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from chrysopedia.core.text import without_unseen


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of a request and what is wrong with it, in words."""

    field: str
    reason: str


@dataclass(eq=False)
class Problem(Exception):
    """An error with an HTTP status and a sentence that says what to do.

    ``detail`` is read by people, so nothing of the inside may stand in it; ``extra`` holds added members.
    """

    status: int
    title: str
    detail: str
    errors: Sequence[FieldError] = ()
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.title}: {self.detail}"

    def document(self) -> dict[str, object]:
        """Return the members of the problem document."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"field": error.field, "reason": error.reason} for error in self.errors],
            **self.extra,
        }


OPENAI = "/v1/"
"""Where the API of OpenAI is spoken, errors included."""


def written(problem: Problem, *, path: str) -> tuple[int, str, dict[str, object]]:
    """Return the status, content type and document of a problem, in the protocol that is spoken at a path."""
    if not path.startswith(OPENAI):
        return problem.status, "application/problem+json", problem.document()
    # OpenAI refuses with 400 what is well-formed and breaks a rule.
    return 400 if problem.status == 422 else problem.status, "application/json", openai_error(problem)


_OPENAI_CODES = {401: "invalid_api_key", 404: "not_found", 409: "conflict", 429: "rate_limit_exceeded"}


def openai_error(problem: Problem) -> dict[str, object]:
    """Return a problem as OpenAI's API writes errors; a member ``code`` of the problem is the error's."""
    kind = "rate_limit_error" if problem.status == 429 else "invalid_request_error"
    reasons = "; ".join(f"{error.field}: {error.reason}".removeprefix(": ") for error in problem.errors)
    error = {
        "message": reasons or problem.detail,
        "type": "server_error" if problem.status >= 500 else kind,
        "param": next((error.field for error in problem.errors), None),
        "code": problem.extra.get("code") or _OPENAI_CODES.get(problem.status),
    }
    return {"error": error}


def invalid(*errors: FieldError) -> Problem:
    """Return the 422 for fields that are well-formed JSON and break a rule."""
    return Problem(
        status=422,
        title="Invalid request",
        detail="Correct the fields named in errors and send the request again.",
        errors=errors,
    )


def not_found(what: str, *, hint: str = "") -> Problem:
    """Return the 404 for something that is not there, or not there for this caller: the two are never told apart."""
    return Problem(status=404, title="Not found", detail=f"There is no such {what}." + (f" {hint}" if hint else ""))


def unavailable(detail: str, *, retry_after: int = 5) -> Problem:
    """Return the 503 for a service behind this one that doesn't answer."""
    headers = {"Retry-After": str(retry_after)}
    return Problem(status=503, title="Service unavailable", detail=detail, headers=headers)


MISCONFIGURED = 2


class OperatorError(Exception):
    """Something that only the person at the keyboard can put right; the message is one line that says how."""

    def __str__(self) -> str:
        return " ".join(without_unseen(super().__str__()).split())


@contextmanager
def one_line_failures() -> Iterator[None]:
    """Turn an ``OperatorError`` into its line on stderr and exit status 2."""
    try:
        yield
    except OperatorError as error:
        sys.stderr.write(f"chrysopedia: {error}\n")
        raise SystemExit(MISCONFIGURED) from None
