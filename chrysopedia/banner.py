"""What the server says once it listens: where it is, what it runs on and how to stop it."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from chrysopedia.addresses import Address


def banner(address: Address) -> str:
    """Return the lines for the terminal."""
    url = settings.PUBLIC_URL or address.url
    rows = {
        "Page": f"{url}/",
        "Admin": f"{url}/admin/  (make admin makes an account)",
        "API": f"{url}/api/v1/docs",
        "Database": _database(),
        "Cache": _cache(),
        "Embedder": _embedder(),
        "Answers": _answers(),
        "Stop": "Ctrl-C",
    }
    return "\n".join(["Chrysopedia is listening.", *(f"  {name:<9} {value}" for name, value in rows.items())])


def _database() -> str:
    if settings.EMBEDDED_POSTGRES:
        return f"embedded PostgreSQL in {_short(settings.DATA_DIR)}"
    database = settings.DATABASES["default"]
    return f"PostgreSQL, {database['NAME']} on {database['HOST'] or 'the local socket'}"


def _cache() -> str:
    cache = settings.CACHES["default"]
    if "redis" in cache["BACKEND"]:
        return f"Redis on {_host(cache['LOCATION'])}"
    return "a table of the database"


def _embedder() -> str:
    options = settings.EMBEDDER["OPTIONS"]
    if "base_url" in options:
        return f"{options['model']} on {_host(options['base_url'])}"
    return f"MiniLM on this machine ({options['precision']})"


def _answers() -> str:
    models = [model["OPTIONS"] for model in settings.CHAT_MODELS.values()]
    if not models:
        return "quotes, no language model configured"
    return ", else ".join(f"{model['model']} on {_host(model['base_url'])}" for model in models)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or parts.path


def _short(folder: Path) -> str:
    checkout = Path(settings.BASE_DIR)
    return str(folder.relative_to(checkout)) if folder.is_relative_to(checkout) else str(folder)
