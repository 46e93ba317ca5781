"""Sessions that are stored when something must be kept under them; before that, all there is of one is its cookie."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone

OWNER = "owner"
"""The member of a session that says whose conversations are its own."""
SWEPT = 50
"""Sessions past their time that each one that is stored removes at most."""


class SessionStore(DatabaseStore):
    """The engine of sessions: one that holds an owner and nothing else is signed into its cookie and stored nowhere.

    So a view makes no row. ``keep`` makes one, as a login does: such a session can be ended by removing its row.
    """

    _stored: Mapping[str, Any] | None = None
    """What this request has stored already."""

    def keep(self) -> None:
        """Store the session now, under a new key, unless it is. Synchronous, for a hop."""
        if self._is_unstored() and self.keys():  # which reads the cookie, before its key is another
            self.create()

    def load(self) -> dict[str, Any]:
        """Return what the cookie says of itself, or what is stored under the key in it; {} for neither."""
        owner = _signed_owner(self.session_key)
        return {OWNER: owner} if owner else super().load()

    def create(self) -> None:
        """Store what there is under a new key, and remove some sessions that are past their time."""
        super().create()
        self._stored = dict(self.items())
        expired = self.model.objects.filter(expire_date__lt=timezone.now()).values("pk")[:SWEPT]
        self.model.objects.filter(pk__in=expired).delete()

    def save(self, must_create: bool = False) -> None:
        """Store the session, or sign it where nothing but an owner is in it; what is stored already, not again."""
        if must_create:
            super().save(must_create=True)
        elif self._is_unstored() and set(self.keys()) == {OWNER}:
            self._session_key = _signer().sign(self[OWNER])
        elif self._is_unstored():
            self.create()
        elif self._stored != dict(self.items()):
            super().save()

    def _is_unstored(self) -> bool:
        return self.session_key is None or _signed_owner(self.session_key) is not None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="chrysopedia.session")


def _signed_owner(session_key: str | None) -> str | None:
    """Return the owner that is signed into a cookie, None where it is no such cookie or past its time."""
    try:
        return _signer().unsign(session_key, max_age=settings.SESSION_COOKIE_AGE) if session_key else None
    except BadSignature:
        return None
