"""The ASGI application that every server runs."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from chrysopedia.core.errors import one_line_failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")

with one_line_failures():
    http = get_asgi_application()
    # They would make the request's own thread, if only to see that nothing is open in it yet.
    request_started.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)

    # These need Django ready. Under "run" the database is up already; another ASGI server starts it here.
    from chat.doors.websocket import ChatSocket
    from chat.llm import MODEL_NAMES, get_model
    from chrysopedia.admission import Admission
    from chrysopedia.edge import Edge, at_path
    from chrysopedia.embedded.server import ensure_for_process
    from chrysopedia.health import Readiness, healthz
    from chrysopedia.preparation import check_index, prepare_reranker
    from chrysopedia.shutdown import lifespan

    admission = Admission()
    application = ProtocolTypeRouter(
        {
            "http": Edge(http, probes={"/healthz": healthz, "/readyz": Readiness()}, admission=admission),
            "websocket": at_path("/ws/v1/chat", ChatSocket.as_asgi(admission=admission)),
            "lifespan": lifespan,
        }
    )

    # Loads their client, which would hold up the first question for most of a second.
    for name in MODEL_NAMES:
        get_model(name)

    ensure_for_process()
    # Some servers load this within their loop, where Django refuses to touch the database.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(check_index).result()
        thread.submit(prepare_reranker, say=logging.getLogger(__name__).info).result()
