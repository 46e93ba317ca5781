"""What Django's DATABASES and CACHES hold: from a URL, or for the embedded defaults."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chrysopedia.env import Environment, SettingError

EXAMPLE = "postgresql://user:password@db.example:5432/chrysopedia"
POOL = {"min_size": 1, "max_size": 10, "timeout": 5}
COMMON = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def embedded_database(*, socket_dir: Path) -> dict[str, Any]:
    """Return the settings for the embedded PostgreSQL, which listens on a private socket only."""
    options = {"pool": dict(POOL), "connect_timeout": 5}
    return COMMON | {"NAME": "chrysopedia", "USER": "chrysopedia", "HOST": str(socket_dir), "OPTIONS": options}


def database_from_url(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return the settings for a PostgreSQL URL; its query holds options of libpq, such as ``sslmode``.

    Raises ``SettingError``, whose message never holds the URL: there is a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingError(name, "is not a URL (is the port a number?)", example=EXAMPLE) from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingError(name, "must begin with postgresql://", example=EXAMPLE)
    if not parts.path.strip("/"):
        raise SettingError(name, "names no database", example=EXAMPLE)
    query = dict(parse_qsl(parts.query))
    return COMMON | {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder can't stand in the host's place, so libpq takes it in the query as well.
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {"pool": dict(POOL), "connect_timeout": 5} | query,
        # A transaction pooler may stand in between, and there a cursor does not outlive its transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


def cache_for(env: Environment) -> dict[str, Any]:
    """Return the settings of the cache: Redis when REDIS_URL is set, else a table of the database."""
    schemes = ("redis", "rediss", "unix")
    url = env.string("REDIS_URL")
    if not url:
        return {
            "BACKEND": "chrysopedia.core.cache.DatabaseCache",
            "LOCATION": "chrysopedia_cache",
            "TIMEOUT": 3600,
        }
    if urlsplit(url).scheme not in schemes:
        raise SettingError("REDIS_URL", "must begin with redis:// or rediss://", example="redis://127.0.0.1:6379/0")
    return {
        "BACKEND": "chrysopedia.core.redis_cache.RedisCache",
        "LOCATION": url,
        "TIMEOUT": 3600,
        "KEY_PREFIX": "chrysopedia",
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 2, "SOCKET_TIMEOUT": 2},
    }
