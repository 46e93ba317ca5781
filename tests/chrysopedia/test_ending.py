"""How a process ends under the server for production while somebody reads: they have their last event."""

from typing import Any

import pytest

from tests.chat.sse import events_in
from tests.model_server.server import ModelServer
from tests.site import Site, uvicorn_site

pytestmark = pytest.mark.soak

QUESTION = {"query": "How much pre-delay should a vocal reverb have?"}


def ended_while_read(site: Site) -> list[tuple[int, str, Any]]:
    """Return the events that a reader gets of an answer in the middle of which the process is told to end."""
    said = ""
    with site.client() as client, client.stream("POST", "/api/v1/chat", json=QUESTION) as response:
        for text in response.iter_text():
            if "event: token" in text and "event: token" not in said:
                site.end()
            said += text
    return events_in(said)


def test_it_tells_readers_of_an_answer_that_it_stops(site: Site, model_server: ModelServer) -> None:
    model_server.hang_after("Twenty milliseconds ")
    with uvicorn_site(site, model_server, SHUTDOWN_GRACE_SECONDS="0.2") as uvicorn:
        *_, (_, name, done) = ended_while_read(uvicorn)
    assert (name, done["finish"]) == ("done", "stopped")


def test_it_lets_an_answer_come_to_its_end_first(site: Site, model_server: ModelServer) -> None:
    model_server.say_slowly("Twenty ", "milliseconds ", "[1].", seconds=0.1)
    with uvicorn_site(site, model_server, SHUTDOWN_GRACE_SECONDS="0.9") as uvicorn:
        *_, (_, name, done) = ended_while_read(uvicorn)
    assert (name, done["finish"]) == ("done", "complete")
