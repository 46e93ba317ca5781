"""Clients from npm on Node: each of their ways, and what the documents say in TypeScript, types included."""

import time
from typing import Any

import pytest

from tests.frontends.conftest import Workshop, ended, printed_object
from tests.model_server.server import ModelServer
from tests.site import Site
from tests.tcp_proxy import TcpProxy

pytestmark = pytest.mark.soak


def test_it_is_typed_as_the_clients_want_it(generated: Workshop) -> None:
    checked = generated.tool("tsc", "-p", ".")
    assert (checked.stdout, checked.returncode) == ("", 0)


@pytest.mark.parametrize("name", ["use-the-api-0", "websocket-0", "openai-0", "openai-1", "agents-0", "agui-0"])
def test_its_example_prints_an_answer(workshop: Workshop, site: Site, name: str) -> None:
    assert "de-esser" in workshop.run(name, site)


def test_its_generated_types_are_used(generated: Workshop, site: Site) -> None:
    *answer, found, creator, refused = generated.run("generated-clients-0", site).splitlines()
    assert "de-esser" in "".join(answer)
    assert (found, creator) == ("3 global", "Mara Lindqvist")
    assert refused.startswith("404 ")


@pytest.mark.parametrize("name", ["use-the-api-0", "websocket-0"])
def test_its_example_comes_back_where_the_line_is_cut(
    workshop: Workshop, front: Site, front_model: ModelServer, name: str
) -> None:
    front_model.forget()
    front_model.say_slowly("Four to one, ", "then ", "ten ", "milliseconds.", seconds=0.5)
    with TcpProxy(front.url) as line:
        asked = len(front_model.requests)
        running = workshop.start(name, line.url)
        while len(front_model.requests) == asked and running.poll() is None:
            time.sleep(0.05)
        time.sleep(0.7)
        line.cut()
        assert "Four to one, then ten milliseconds." in ended(running)


def test_ag_uis_agent_asks_goes_on_is_refused_and_leaves(
    workshop: Workshop, front: Site, front_model: ModelServer
) -> None:
    front_model.forget()
    front_model.say("Four to one [1].")
    front_model.say("Because of the peaks [1].")
    front_model.hang_after("Two to one, ")
    running = workshop.start("agui", front)
    assert front_model.closed_early.wait(30) and running.poll() is None  # it stays for a second
    got = printed_object(ended(running))
    assert got["first"]["content"].startswith("Four to one [1].")
    assert got["second"]["content"].startswith("Because of the peaks [1].")
    assert got["first"]["metadata"]["chrysopedia"]["sources"][0]["url"].startswith("http")
    assert got["named"] == ["chrysopedia.sources"] * 3
    assert "422" in got["refused"]


@pytest.fixture(scope="module")
def openai(workshop: Workshop, site: Site) -> Any:
    """What OpenAI's client got."""
    return printed_object(workshop.run("openai", site))


def test_openais_client_gets_the_same_whole_and_streamed(openai: Any) -> None:
    assert openai["whole"]["content"] == openai["streamed"]["content"] != ""
    assert openai["usage"]["total_tokens"] == 0
    assert openai["whole"]["annotations"]


def test_openais_client_gets_responses_with_citations(openai: Any) -> None:
    assert openai["response"] == openai["finished"]
    assert openai["response"]["annotations"][0]["type"] == "url_citation"
    assert "response.output_text.annotation.added" in openai["kinds"]
    assert openai["again"] == {"status": "completed", "previous": True}


def test_openais_client_lists_embeds_and_is_refused(openai: Any) -> None:
    assert "mara-lindqvist" in openai["models"] and openai["model"] == "mara-lindqvist"
    assert openai["vectors"] == [384, 384]
    assert openai["refused"] == {"kind": "NotFoundError", "status": 404, "code": "model_not_found"}


@pytest.fixture(scope="module")
def mcp(workshop: Workshop, site: Site) -> Any:
    """What both clients of the Model Context Protocol got."""
    return printed_object(workshop.run("mcp", site))


@pytest.mark.parametrize("era", ["first", "handshake", "modern"])
def test_mcps_clients_list_read_and_ask(mcp: Any, era: str) -> None:
    got = mcp[era]
    assert got["server"] == "chrysopedia"
    assert {"ask", "search", "list_creators", "list_works", "get_passage"} == set(got["tools"])
    assert got["resource"] == 1
    assert got["answer"]["answer"] and got["answer"]["citations"]
    assert got["refused"][0] is True


def test_mcps_client_speaks_the_later_era(mcp: Any) -> None:
    assert (mcp["handshake"]["spoken"], mcp["modern"]["spoken"]) == ("2025-11-25", "2026-07-28")
