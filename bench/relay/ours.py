"""This program as any ASGI server runs it, with its retrieval done beforehand; with daphne: ``-m bench.relay.ours``."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

from bench.relay.canned import kept


def _application() -> Any:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.relay.settings")
    django.setup()
    from chat.turns import search
    from chrysopedia.asgi import application

    found = kept(Path(os.environ["DATA_DIR"]))
    search.retrieve = lambda *_question, **_where: found  # type: ignore[attr-defined]
    return application


application = _application()


def main() -> None:
    """Serve as ``manage.py run`` does, on the port given."""
    from chrysopedia.bind import Address
    from chrysopedia.serving import serve

    serve(
        application,
        addresses=[Address("127.0.0.1", int(sys.argv[1]))],
        signals=[signal.SIGTERM, signal.SIGINT],
        on_listening=lambda: None,
    )


if __name__ == "__main__":
    main()
