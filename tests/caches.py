"""Both caches that the program runs on, for what has to hold on each."""

import pytest
from pytest_django import Settings


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.redis)])
def either_cache(request: pytest.FixtureRequest, settings: Settings) -> str:
    """Run the test on the database cache and on a real Redis."""
    if request.param == "redis":
        settings.CACHES = {
            "default": {
                "BACKEND": "chrysopedia.core.cache.RedisCache",
                "LOCATION": request.getfixturevalue("redis_server"),
            }
        }
    return str(request.param)
