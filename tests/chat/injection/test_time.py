"""What a hostile answer costs: all that is done with fifty kilobytes takes the time of reading them."""

import time

import pytest

from chat.grounding.citations import Checker
from chat.grounding.markers import MarkerFilter, without_markers
from chat.grounding.marking import SentenceMarker
from chat.rendering.answer import SentenceLocator
from chat.rendering.html_stream import Growing
from chat.rendering.notes import place_anchors
from tests.chat.passages import passage
from tests.chat.rendering.whole import answer_html

pytestmark = pytest.mark.soak

LENGTH = 50_000
SECONDS = 4.0
"""Several times what a slow machine takes; where the time grew with the square of the length it was half a minute."""
SHAPES = {
    "one word": "x",
    "spaces": " ",
    "wide gaps": " " * 4999 + "[9",
    "lines": "\n",
    "spaces and markers": "a" + " " * 999 + "[9]",
    "open brackets": "[",
    "open brackets with daggers": "【†",
    "half markers": "[1",
    "links of markers": "[1](",
    "definitions": "[1]: //",
    "markers": "[1]",
    "cited sentences": "Take a dB off it [1]. ",
    "bare sentences": "Take a few dB off it. ",
    "quotations": "“Take it. Leave it.” ",
    "open quotations": "“",
    "stars": "*",
    "open emphasis": "*a **b _c ",
    "ticks": "`a``b",
    "quotes within quotes": "> ",
    "lists within lists": "- ",
    "pictures": "![",
    "entities": "&#91;",
    "closing signs": ".)\"'",
}


def answer_of(shape: str) -> str:
    unit = SHAPES[shape]
    return "a" + (unit * (LENGTH // len(unit) + 1))[:LENGTH] + "b"


def filtered(answer: str, *, size: int) -> str:
    markers = MarkerFilter(sources=2)
    return "".join([markers.feed(answer[at : at + size]) for at in range(0, len(answer), size)]) + markers.finish()


@pytest.mark.parametrize("size", [4, LENGTH * 2], ids=["in pieces", "at once"])
@pytest.mark.parametrize("shape", SHAPES)
def test_it_filters_markers_in_linear_time(shape: str, size: int) -> None:
    began = time.process_time()
    without_markers(filtered(answer_of(shape), size=size))
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("shape", SHAPES)
def test_it_checks_and_renders_in_linear_time(shape: str) -> None:
    answer = answer_of(shape)
    began = time.process_time()
    checker = Checker([passage(), passage()])
    citations = checker.citations(answer)
    bare = checker.grounding(answer, citations, removed=0).bare
    sentences = SentenceLocator(answer, citations=citations, bare=bare, places=place_anchors(citations))
    answer_html(answer, numbers={1, 2}, sentences=sentences)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("shape", ["one word", "spaces", "spaces and markers", "wide gaps", "lines"])
def test_it_marks_and_shows_what_streams_in_linear_time(shape: str) -> None:
    answer, size = answer_of(shape), LENGTH // 300
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]
    began = time.process_time()
    marker, growing = SentenceMarker(lambda sentence: None), Growing(numbers={1, 2})
    for piece in pieces:
        growing.feed(marker.feed(piece))
    growing.feed(marker.finish())
    assert time.process_time() - began < SECONDS
