"""The table of the doors: what each can do is said in the documents, and each cell is held by a test that is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.program import CHECKOUT

COLUMNS = ("text", "sources", "receipts", "resume", "stop", "errors", "keys", "limits")
LAWS = "chat/doors/test_laws.py::test_it_says_the_same_at_every_door"
EACH = "chat/doors/test_every_door.py::test_it"
DOORS = "chat/doors/test"
BACK = "chat/streams/test_coming_back.py::test_it"
HELD = {
    "REST, events": (
        "chat/api/test_chat.py::test_it_streams_events_in_the_order_of_the_contract",
        "chat/api/test_chat.py::test_it_sends_every_field_of_done_and_of_a_source",
        "chat/api/test_chat.py::test_it_sends_every_field_of_done_and_of_a_source",
        f"{BACK}_goes_on_after_the_last_event_received",
        f"{BACK}_stops_from_either_process",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[events]",
        f"{EACH}_holds_a_key_to_its_creators[events]",
        f"{EACH}_counts_what_is_asked[events]",
    ),
    "REST, JSON": (
        f"{LAWS}[by_json]",
        "chat/api/test_chat.py::test_it_answers_json_with_the_same_content",
        f"{LAWS}[by_json]",
        "chat/api/test_idempotency.py::test_it_gives_it_in_another_form",
        f"{BACK}_ends_a_json_answer_whose_caller_left",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[json]",
        f"{EACH}_holds_a_key_to_its_creators[json]",
        f"{EACH}_counts_what_is_asked[json]",
    ),
    "Chat completions": (
        f"{LAWS}[by_openai_stream]",
        f"{DOORS}_openai.py::test_it_puts_the_sources_under_the_answer",
        f"{DOORS}_openai.py::test_it_cites_where_each_sentence_stands",
        "",
        f"{EACH}_stops_the_model_within_a_second_when_its_reader_leaves[completions-stream]",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[completions-stream]",
        f"{DOORS}_openai.py::test_it_refuses_a_wrong_key_as_openai_does",
        f"{EACH}_counts_what_is_asked[completions]",
    ),
    "Responses": (
        f"{LAWS}[by_responses]",
        f"{DOORS}_responses.py::test_it_answers_with_citations_and_receipts",
        f"{DOORS}_responses.py::test_it_answers_with_citations_and_receipts",
        "",
        f"{EACH}_stops_the_model_within_a_second_when_its_reader_leaves[responses-stream]",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[responses-stream]",
        f"{EACH}_refuses_a_wrong_key[responses]",
        f"{EACH}_counts_what_is_asked[responses]",
    ),
    "AI SDK": (
        f"{LAWS}[by_ui_stream]",
        f"{DOORS}_ui_stream.py::test_it_names_sources_by_addresses_that_open",
        f"{LAWS}[by_ui_stream]",
        f"{DOORS}_ui_stream.py::test_it_goes_on_where_a_page_was_reloaded",
        f"{DOORS}_ui_stream.py::test_it_stops_what_is_being_written",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[ui]",
        f"{EACH}_holds_a_key_to_its_creators[ui]",
        f"{EACH}_counts_what_is_asked[ui]",
    ),
    "AG-UI": (
        f"{LAWS}[by_agui]",
        f"{DOORS}_agui.py::test_it_names_sources_by_addresses_that_open",
        f"{DOORS}_agui.py::test_it_puts_the_receipts_into_the_messages_metadata",
        "",
        f"{EACH}_stops_the_model_within_a_second_when_its_reader_leaves[agui]",
        f"{DOORS}_agui.py::test_it_ends_a_run_that_failed_by_its_error",
        f"{EACH}_holds_a_key_to_its_creators[agui]",
        f"{EACH}_counts_what_is_asked[agui]",
    ),
    "MCP over HTTP": (
        f"{LAWS}[by_mcp]",
        f"{DOORS}_mcp.py::test_it_answers_with_what_the_api_answers",
        f"{LAWS}[by_mcp]",
        "",
        f"{EACH}_stops_the_model_within_a_second_when_its_reader_leaves[mcp]",
        f"{EACH}_tells_in_its_protocol_that_an_answer_failed[mcp]",
        f"{EACH}_holds_a_key_to_its_creators[mcp]",
        f"{EACH}_counts_what_is_asked[mcp]",
    ),
    "MCP over a pipe": (
        f"{DOORS}_mcp.py::test_it_answers_over_a_pipe",
        f"{DOORS}_mcp.py::test_it_answers_over_a_pipe",
        f"{DOORS}_mcp.py::test_it_answers_over_a_pipe",
        "",
        f"{DOORS}_mcp.py::test_it_stops_the_model_over_a_pipe",
        f"{DOORS}_mcp.py::test_it_says_over_a_pipe_what_is_wrong",
        "",
        "",
    ),
    "WebSocket": (
        f"{LAWS}[by_websocket]",
        f"{DOORS}_websocket.py::test_it_sends_the_events_of_a_turn_as_frames",
        f"{LAWS}[by_websocket]",
        f"{DOORS}_websocket.py::test_it_goes_on_from_an_event",
        f"{DOORS}_websocket.py::test_it_stops_an_answer",
        f"{DOORS}_websocket.py::test_it_tells_that_an_answer_failed",
        f"{DOORS}_websocket.py::test_it_takes_a_key_that_is_sent_later",
        f"{DOORS}_websocket.py::test_it_counts_what_is_asked",
    ),
    "Command line": (
        f"{LAWS}[by_command]",
        f"{DOORS}_ask.py::test_it_writes_the_answer_and_its_sources_into_a_pipe",
        f"{LAWS}[by_command]",
        "",
        f"{DOORS}_ask.py::test_it_stops_the_model_when_it_is_interrupted",
        f"{DOORS}_ask.py::test_it_says_what_is_wrong",
        "",
        "",
    ),
}
"""Which test holds each cell, in the order of the columns; "" where the protocol has no place for it."""
CELLS = [
    pytest.param(door, column, test, id=f"{door}: {column}")
    for door, tests in HELD.items()
    for column, test in zip(COLUMNS, tests, strict=True)
]


def table() -> dict[str, dict[str, str]]:
    """Return the cells of the table in the documents, by door and column."""
    page = (CHECKOUT / "docs/reference/doors.md").read_text()
    head, _, *rows = [re.split(r" \| ", line.strip("| ")) for line in page.splitlines() if line.startswith("|")]
    return {re.sub(r"\[(.*)\]\(.*\)", r"\1", row[0]): dict(zip(head[1:], row[1:], strict=True)) for row in rows}


@cache
def source(path: str) -> tuple[str, frozenset[str]]:
    """Return the text of a file of tests, and the names of its tests."""
    text = (CHECKOUT / "tests" / Path(path)).read_text()
    named = (
        node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return text, frozenset(named)


def test_its_table_has_each_door_and_nothing_else() -> None:
    assert {door: tuple(cells) for door, cells in table().items()} == dict.fromkeys(HELD, COLUMNS)


@pytest.mark.parametrize(("door", "column", "test"), CELLS)
def test_it_is_held(door: str, column: str, test: str) -> None:
    told = table()[door][column]
    assert told.startswith("— ") == (test == "")
    if not test:
        assert len(told.split()) > 3, "say why"
        return
    path, name, case = re.fullmatch(r"([^:]+)::(\w+)(?:\[(.+)\])?", test).groups()  # type: ignore[union-attr]  # all match
    text, named = source(path)
    assert name in named
    assert not case or re.search(rf"\b{case}\b", text)
