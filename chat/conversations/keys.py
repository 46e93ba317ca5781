"""API keys as callers use them: made, known again by their secret, and revoked together with what they are doing."""

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.text import slugify

from chat import streams
from chat.conversations.stored import open_turns
from chat.events.turn import Owner, Terms
from chat.llm import spending
from chat.models import ApiKey, Kind, Scope
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from creators.models import Creator

PREFIX = "cp_"
NOBODY = "anonymous"
"""What clients that insist on a key may send in place of one."""
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{40}}")
_VISIBLE = 10


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key in force allows; ``creators`` are slugs, empty for all.

    A limit of None is the site's; a cap of 0 is none, beyond the site's.
    """

    id: UUID
    scopes: frozenset[str]
    creators: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    questions_per_minute: int | None = None
    searches_per_minute: int | None = None
    tokens_per_day: int = 0
    money_per_day: float = 0.0
    is_sandbox: bool = False

    @property
    def owner(self) -> Owner:
        """Whose conversations are those that are begun by the key."""
        return Owner(_owner_key(self.id))

    @property
    def terms(self) -> Terms:
        """On what terms it is answered."""
        return Terms(self.owner.key, self.tokens_per_day, self.money_per_day, self.is_sandbox)

    def require(self, scope: Scope | None, *, origin: str = "") -> None:
        """Raise ``Problem`` 403 where the key is not good for this, or not from a page of this origin ("" for none)."""
        if scope and scope not in self.scopes:
            raise _forbidden(f'This key has no scope "{scope}". Make one that has, with manage.py key add.')
        if origin and self.origins and origin not in self.origins:
            raise _forbidden("This key is not for pages of this site.")

    def require_creator(self, named: str | None) -> None:
        """Raise ``Problem`` 403 where the key may not ask this creator, or everyone (None). Synchronous, for a hop."""
        if not self.creators:
            return
        if self.is_sandbox:  # where nothing of the corpus is looked up
            slug = slugify(named or "")
        else:
            creator = Creator.objects.published().named(named) if named else None
            slug = creator.slug if creator else ""
        if slug not in self.creators:
            raise _forbidden(f"This key may ask: {', '.join(sorted(self.creators))}. Name one of them.")


def payer_of(key: ApiKey) -> str:
    """Return the name under which is counted what models cost for a key."""
    return _owner_key(key.pk)


def uncounted(*, now: datetime) -> list[str]:
    """Return, where a cap on money holds, of the site or of a key, a sentence for each model that it doesn't count."""
    is_capped = settings.MONEY_PER_DAY or ApiKey.objects.in_force(now).filter(money_per_day__gt=0).exists()
    return spending.unpriced() if is_capped else []


def make(key: ApiKey) -> str:
    """Store a new key and return its secret, which nobody can tell again. Synchronous."""
    secret = PREFIX + secrets.token_urlsafe(30)
    key.beginning, key.digest = secret[:_VISIBLE], _digest(secret)
    key.save(force_insert=True)
    return secret


def bearer(authorization: str) -> str | None:
    """Return the secret in an ``Authorization`` header; None where it holds none, or the word for nobody."""
    scheme, _, value = authorization.partition(" ")
    secret = value.strip()
    return secret if scheme.lower() == "bearer" and secret != NOBODY else None


def grant_for(secret: str, *, now: datetime) -> Grant:
    """Return what a secret allows now; raises ``Problem`` 401. Synchronous, for a hop.

    It is looked up each time, so that a revocation holds for the very next request, in every process.
    """
    if not _SHAPE.fullmatch(secret):
        raise unauthorized("This is no API key. Send Authorization: Bearer cp_…, or none.")
    key = ApiKey.objects.in_force(now).filter(digest=_digest(secret)).first()
    if key is None:
        raise unauthorized("This API key is not known here, or it was revoked, or its time is over.")
    ApiKey.objects.note_use(key, now=now)
    return Grant(
        id=key.pk,
        scopes=frozenset(key.scopes),
        creators=frozenset(key.creators),
        origins=frozenset(key.origins),
        questions_per_minute=key.questions_per_minute,
        searches_per_minute=key.searches_per_minute,
        tokens_per_day=key.tokens_per_day,
        money_per_day=float(key.money_per_day),
        is_sandbox=key.kind == Kind.SANDBOX,
    )


async def revoke(key_id: UUID, *, now: datetime) -> int:
    """End a key for good, and the answers that are being written for it; return how many those were.

    Answers are found where conversations are kept; without that, they come to their own end.
    """

    def end() -> list[UUID]:
        ApiKey.objects.filter(pk=key_id, revoked=None).update(revoked=now)
        return open_turns(owner)

    owner, stopped = Grant(id=key_id, scopes=frozenset()).owner, 0
    for turn_id in await in_one_hop(end):
        with suppress(Problem):
            stopped += await streams.stop(turn_id, owner=owner)
    return stopped


def unauthorized(detail: str) -> Problem:
    """Return the 401 for a caller who has to show a key that holds."""
    return Problem(status=401, title="Unauthorized", detail=detail, headers={"WWW-Authenticate": "Bearer"})


def _owner_key(key_id: UUID) -> str:
    return f"key-{key_id}"


def _forbidden(detail: str) -> Problem:
    return Problem(status=403, title="Forbidden", detail=detail)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
