"""One first visit in Chromium over a line as slow as wished: what came over it, and when what was there."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True, slots=True)
class Line:
    """A line to the server: milliseconds to an answer, bytes in a second, and whether it takes compression."""

    latency: float
    rate: float
    is_compressed: bool = True


SLOW_3G = Line(latency=400, rate=50_000)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit cost: requests, bytes on the wire with headers, bytes unpacked, and milliseconds.

    ``painted``: HTML and styles are there, so the box can be used; ``ready``: all modules have run.
    """

    requests: int
    wire: int
    unpacked: int
    painted: float
    ready: float
    hosts: frozenset[str]


def visit(chromium: Browser, url: str, *, line: Line = SLOW_3G) -> Visit:
    """Open a page with an empty cache and wait for all of it."""
    plain = {} if line.is_compressed else {"Accept-Encoding": "identity"}
    with chromium.new_context(viewport={"width": 360, "height": 740}, extra_http_headers=plain) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        counts = _counted(session, line)
        hosts: set[str] = set()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(url, wait_until="load", timeout=120_000)
        painted, ready = page.evaluate(PAINTED), page.evaluate(READY)
        return Visit(**counts, painted=painted, ready=ready, hosts=frozenset(hosts))


def _counted(session: CDPSession, line: Line) -> dict[str, int]:
    """Slow the line down and return the counts, which go on growing."""
    counts = {"requests": 0, "wire": 0, "unpacked": 0}

    def finished(event: dict[str, Any]) -> None:
        counts["requests"] += 1
        counts["wire"] += int(event["encodedDataLength"])

    def received(event: dict[str, Any]) -> None:
        counts["unpacked"] += event["dataLength"]

    session.on("Network.loadingFinished", finished)
    session.on("Network.dataReceived", received)
    session.send("Network.enable")
    speed = {"latency": line.latency, "downloadThroughput": line.rate, "uploadThroughput": line.rate}
    session.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    return counts
