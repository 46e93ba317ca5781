"""The page's reader of event streams, run in a browser."""

from typing import Any

import pytest

from tests.browser.conftest import Opens

pytestmark = pytest.mark.browser

FEED = """async ([path, pieces]) => {
  const { EventParser } = await import(path);
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}"""
READ = """async ([path, cuts]) => {
  const { eventsOf } = await import(path);
  const body = new ReadableStream({
    start(controller) {
      for (const bytes of cuts) controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
  const events = [];
  for await (const event of eventsOf(body)) events.push(event);
  return events;
}"""
MODULE = "/static/chrysopedia/api.js"


def event(data: str, *, name: str = "message", number: str = "") -> dict[str, Any]:
    return {"id": number, "event": name, "data": data}


@pytest.mark.parametrize(
    ("pieces", "events"),
    [
        (["data: a\n\n"], [event("a")]),
        (["data: a\r\n\r\n"], [event("a")]),
        (["data: a\r\rdata: b\r\r"], [event("a"), event("b")]),
        (["data: a\r", "\n\r", "\ndata: b\r\n\r\n"], [event("a"), event("b")]),
        (["\ufeffdata: a\n\n"], [event("a")]),
        ([": still here\n\ndata: a\n\n"], [event("a")]),
        (["data: a\ndata: b\n\n"], [event("a\nb")]),
        (["data\n\n"], [event("")]),
        (["event: done\n\n"], []),
        (
            ["id: 3\nevent: done\ndata:{}\n\ndata: a\n\n"],
            [event("{}", name="done", number="3"), event("a", number="3")],
        ),
        (["data:  two spaces\n\n"], [event(" two spaces")]),
        (["da", "ta: a", "\n", "\n"], [event("a")]),
        (["unknown: x\ndata: a\n\n"], [event("a")]),
        (["data: never ended\n"], []),
    ],
)
def test_it_reads_events(opens: Opens, pieces: list[str], events: list[dict[str, Any]]) -> None:
    assert opens("/nowhere").evaluate(FEED, [MODULE, pieces]) == events


def test_it_reads_characters_that_are_cut_in_two(opens: Opens) -> None:
    cuts = [[byte] for byte in "data: Malmö 😀\n\n".encode()]
    assert opens("/nowhere").evaluate(READ, [MODULE, cuts]) == [event("Malmö 😀")]
