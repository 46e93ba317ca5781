"""Keys for the tests of the doors, stored past the test's transaction, as worker threads read them."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from django.utils import timezone

from chat.conversations import keys
from chat.models import ApiKey, Scope
from chrysopedia.core.database import in_one_hop

MakeKey = Callable[..., Coroutine[Any, Any, str]]


@pytest.fixture
async def make_key(corpus: None) -> AsyncIterator[MakeKey]:
    """Makes a key for everything, or for what is said, and returns its secret."""
    made: list[ApiKey] = []

    async def make(**members: Any) -> str:
        made.append(ApiKey(**{"name": "test", "scopes": Scope.values, "created": timezone.now(), **members}))
        return await in_one_hop(keys.make, made[-1])

    yield make
    await in_one_hop(ApiKey.objects.filter(pk__in=[key.pk for key in made]).delete)


def bearer(secret: str) -> dict[str, str]:
    """Return the header that a key is sent in."""
    return {"Authorization": f"Bearer {secret}"}
