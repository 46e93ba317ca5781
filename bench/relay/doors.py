"""What each door adds to the time to the first token: asked in turn, in rounds, beside the events of REST."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.relay.asking import do, warm
from bench.relay.engines import Bench
from bench.relay.figures import Row, Sizes, lost, percentile
from bench.relay.job import Result

HEADER = ("engine", "door", "p50 ms", "p95 ms", "added p50", "added p95", "lost")


@dataclass(frozen=True, slots=True)
class Door:
    """Where a question is asked, by which body, and from which bytes on the tokens are repeated."""

    path: str
    members: Callable[[str], dict[str, Any]]
    done: str
    is_socket: bool = False

    def body(self, question: str) -> str:
        """Return the request."""
        return json.dumps(self.members(question))


def _said(question: str) -> list[dict[str, Any]]:
    parts = [{"type": "text", "text": question}]
    return [{"id": "1", "role": "user", "content": question, "parts": parts}]


def _of_model(question: str) -> dict[str, Any]:
    return {"model": "chrysopedia", "messages": _said(question), "input": question, "stream": True}


def _of_page(question: str) -> dict[str, Any]:
    return {"id": "", "threadId": "t", "runId": "r", "messages": _said(question)}


DOORS: Mapping[str, Door] = {
    "events": Door("/api/v1/chat", lambda question: {"query": question}, "event: done"),
    "completions": Door("/v1/chat/completions", _of_model, '"finish_reason": "stop"'),
    "responses": Door("/v1/responses", _of_model, "event: response.output_text.done"),
    "AI SDK": Door("/api/v1/ui/chat", _of_page, '"type": "data-receipts"'),
    "WebSocket": Door(
        "/ws/v1/chat", lambda question: {"type": "ask", "query": question}, '"type": "done"', is_socket=True
    ),
    "AG-UI": Door("/api/v1/agui", _of_page, '"type": "TEXT_MESSAGE_END"'),
}


def measure(bench: Bench, engines: Sequence[str], sizes: Sizes) -> Iterator[Row]:
    """The time to the first token at each door of this program, one question after the other."""
    for name in (one for one in engines if one.startswith("ours")):
        found: dict[str, list[Result]] = {door: [] for door in DOORS}
        with bench.engine(name) as engine:
            for door in DOORS.values():
                warm(bench, replace(engine, door=door))
            for _ in range(sizes.rounds):
                for named, door in DOORS.items():
                    asked = {"tokens": 20, "streams": sizes.requests // sizes.rounds, "at_once": 1}
                    found[named].append(do(bench, replace(engine, door=door), "flat-20", **asked))
        usual = _shares(found["events"])
        for named, results in found.items():
            took = _shares(results)
            added = [one - other for one, other in zip(took, usual, strict=True)]
            yield [name, named, *(f"{one:.2f}" for one in [*took, *added]), lost(*results)]


def _shares(results: Sequence[Result]) -> list[float]:
    """Return p50 and p95 of all rounds together, in milliseconds."""
    firsts = [first for result in results for first in result.firsts]
    return [1000 * percentile(firsts, share) for share in (50, 95)]
