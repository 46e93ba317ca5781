"""Who may come in: how many questions, searches and readers are inside at once, by visitor and together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from django.conf import settings

from chrysopedia.core.database import ANSWERS, SEARCHES
from chrysopedia.core.errors import Problem, unavailable
from chrysopedia.core.lanes import Lane
from chrysopedia.core.limits import SHARED, Kind, allowance

LANES: Mapping[Kind, Lane] = MappingProxyType({"questions": ANSWERS, "searches": SEARCHES})
ROOM = 2
"""How many times as many may be inside as are answered: an answer's place is free before its last byte has gone out."""


def used_up(kind: Kind, visitor: str) -> Problem | None:
    """Return the 429 for an address, "" for a visitor with more than that, of which it is known that nothing is left.

    A flood is answered without a thread: on its way through Django each request would take several turns in one.
    """
    try:
        allowance(kind, address=visitor or None).refuse_known()
    except Problem as problem:
        return problem
    return None


class Crowd:
    """How many requests of a kind are inside at once, by visitor and together, with some room for those leaving."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()

    def refusal(self, visitor: str) -> Problem | None:
        """Return the 429 where this visitor has too many inside."""
        most = ROOM * settings.ANSWERS_PER_VISITOR
        if visitor and most and self._inside[visitor] >= most:
            return crowding(f"You are being answered {most} times at once. Wait until one answer has ended.")
        return None

    def refusal_of_all(self) -> Problem | None:
        """Return the 503 where all together have too many inside."""
        if self._inside.total() >= ROOM * settings.MAX_RUNS:
            return unavailable("Too many others are being answered at once. Try again in a few seconds.")
        return None

    def refusal_to_read(self, visitor: str, *, has_session: bool) -> Problem | None:
        """Return the 429 where this visitor reads too many answers again at once."""
        most = settings.READERS_PER_VISITOR * (SHARED if has_session else 1)
        if visitor and most and self._inside[visitor] >= most:
            return crowding(f"You are reading {most} answers at once. Close one of them.")
        return None

    @contextmanager
    def one_more(self, visitor: str) -> Iterator[None]:
        """Count a request while it is inside."""
        self._inside[visitor] += 1
        try:
            yield
        finally:
            self._inside[visitor] -= 1
            if not self._inside[visitor]:
                del self._inside[visitor]


def crowding(detail: str) -> Problem:
    """Return the 429 for a visitor who does too much at once."""
    return Problem(429, "Too many requests", detail, headers={"Retry-After": "2"})


class Admission:
    """Who may come in, of all that this process is asked by whatever door."""

    def __init__(self) -> None:
        self._coming, self._asking, self._reading = Crowd(), Crowd(), Crowd()

    @contextmanager
    def asking(self, kind: Kind, *, address: str, is_apart: bool) -> Iterator[None]:
        """Count a question or a search that is there as a whole; raises ``Problem`` 429 or 503 for one too many."""
        with self.coming(kind, address=address, is_apart=is_apart), self.seated(kind, address=address):
            yield

    @contextmanager
    def coming(self, kind: Kind, *, address: str, is_apart: bool) -> Iterator[None]:
        """Count a question or a search of a visitor; raises ``Problem`` 429 for one too many.

        ``is_apart`` says that the visitor is counted by more than the address.
        """
        visitor = "" if is_apart else address
        if problem := self._coming.refusal(visitor) or used_up(kind, visitor):
            raise problem
        with self._coming.one_more(visitor):
            yield

    @contextmanager
    def seated(self, kind: Kind, *, address: str) -> Iterator[None]:
        """Hold a place for a question or a search that is there as a whole; raises ``Problem`` 503 where none is."""
        if problem := self._asking.refusal_of_all():
            raise problem
        with LANES[kind].seat(address), self._asking.one_more(address):
            yield

    @contextmanager
    def reading(self, *, address: str, has_session: bool) -> Iterator[None]:
        """Count a reader while it is inside; raises ``Problem`` 429 for one too many."""
        problem = self._reading.refusal_to_read(address, has_session=has_session)
        if problem:
            raise problem
        with self._reading.one_more(address):
            yield
