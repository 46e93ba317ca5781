"""Whose request it is: an API key's, the page's session's, or anyone's who can name the id of a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from chat.conversations.keys import Grant, bearer, grant_for, unauthorized
from chat.events.turn import ANYONE, USUAL, Owner, Terms
from chat.models import Scope
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.limits import Allowance, Kind, allowance, client_address
from chrysopedia.core.sessions import OWNER, SessionStore

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that only read."""


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def owner_of(request: HttpRequest) -> Owner:
    """Return the owner of a request. Reads the session, and stores one under which something is done: for a hop.

    Raises ``Problem`` 403 for an unsafe method that comes with the page's session but without its CSRF token.
    """
    key = key_in(request.session) if request.session.session_key else None
    if key is None:
        return ANYONE
    if request.method not in SAFE:
        _require_csrf(request)
        _keep(request.session)
    return Owner(key)


def key_in(session: SessionBase | Mapping[str, object]) -> str | None:
    """Return the key of the owner whose session this is, None where it is nobody's."""
    named = session.get(OWNER)
    return f"session-{named}" if named else None


async def owner_for(request: HttpRequest) -> Owner:
    """Return the owner of a request; a caller without the session cookie costs no hop."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ANYONE
    return await in_one_hop(owner_of, request)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API: the owner of what they do there, their address, and what their key allows if they have one."""

    owner: Owner
    address: str | None
    grant: Grant | None = None

    @property
    def terms(self) -> Terms:
        """On what terms their questions are answered."""
        return self.grant.terms if self.grant else USUAL

    def allowance(self, kind: Kind) -> Allowance:
        """Return what they have left of a kind; raises ``Problem`` 429 where it is known that nothing is.

        A key counts by itself, from wherever it is used: the servers of an integrator ask for many people.
        """
        if self.grant:
            found = allowance(kind, address=None, owner=self.owner.key, own=_own_limit(self.grant, kind))
        else:
            found = allowance(kind, address=self.address, owner="" if self.owner == ANYONE else self.owner.key)
        found.refuse_known()
        return found

    async def require(self, scope: Scope, creator: str | None) -> None:
        """Raise ``Problem`` 403 where their key is not good for this, or not of this creator (None for everyone)."""
        if self.grant:
            self.grant.require(scope)
            await self.require_creator(creator)

    async def require_creator(self, named: str | None) -> None:
        """Raise ``Problem`` 403 where their key may not ask this creator, or everyone (None)."""
        if self.grant and self.grant.creators:
            await in_one_hop(self.grant.require_creator, named)


async def caller_for(request: HttpRequest, *, scope: Scope | None = Scope.CHAT) -> Caller:
    """Return who sent a request of the API; one with neither key nor session cookie costs no hop.

    Raises ``Problem`` 401 for a key that doesn't hold, and for a caller without any where the site wants one; 403 for a
    key that is not good for this. Without a scope it may be good for anything, and what is done asks for one.
    """
    secret, address = bearer(request.headers.get("Authorization", "")), address_of(request)
    if secret is not None:
        grant = await in_one_hop(grant_for, secret, now=timezone.now())
        grant.require(scope, origin=request.headers.get("Origin", ""))
        return Caller(grant.owner, address, grant)
    owner = await owner_for(request)
    if owner == ANYONE and not settings.ANONYMOUS_API:
        raise unauthorized("This site answers callers with a key: send Authorization: Bearer cp_….")
    return Caller(owner, address)


def _own_limit(grant: Grant, kind: Kind) -> int | None:
    return {"questions": grant.questions_per_minute, "searches": grant.searches_per_minute}.get(kind)


def allowance_for(request: HttpRequest, kind: Kind, *, owner: Owner, name: str = "") -> Allowance:
    """Return what this visitor has left of a kind; raises ``Problem`` 429 where it is known that nothing is."""
    found = allowance(kind, address=address_of(request), owner="" if owner == ANYONE else owner.key, name=name)
    found.refuse_known()
    return found


def address_of(request: HttpRequest) -> str | None:
    """Return the address of whoever sent a request, None where it isn't known."""
    peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
    return client_address(peer, forwarded, trusted=settings.TRUSTED_PROXIES)


def begin_ownership(request: HttpRequest) -> Owner:
    """Return the owner of the page's session, made where it has none yet; for a hop, which stores it for a question."""
    if OWNER not in request.session:
        request.session[OWNER] = str(uuid4())
    if request.method not in SAFE:
        _keep(request.session)
    return Owner(f"session-{request.session[OWNER]}")


def _keep(session: SessionBase) -> None:
    if isinstance(session, SessionStore) and settings.KEEP_CONVERSATIONS:
        session.keep()


def _no_view(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the check is wanted")


def _require_csrf(request: HttpRequest) -> None:
    check = _Check(_no_view)
    check.process_request(request)
    if check.process_view(request, _no_view, (), {}):
        raise Problem(
            status=403,
            title="Forbidden",
            detail="Send the page's CSRF token in X-CSRFToken, or reload the page; without its cookie none is needed.",
        )
