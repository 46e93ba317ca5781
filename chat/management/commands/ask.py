"""The command that asks a question from a terminal or in a pipe."""

import json
import logging
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from chat import turns
from chat.events.events import Citation, Done, Failed, Source, Sources, Token
from chat.events.messages import MESSAGES, clock
from chat.events.turn import ANYONE, Question
from chat.llm import run_sync
from chat.rendering import json as whole
from chrysopedia.core import output
from chrysopedia.core.errors import Problem
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import is_blank, without_unseen

MARKER = re.compile(r"\[(\d{1,2})\]")
GOLD, RED, PLAIN = "\033[33m", "\033[31m", "\033[0m"
LINK, END_OF_LINK = "\033]8;;{address}\033\\", "\033]8;;\033\\"


class Command(output.Command):
    """Stream an answer with its sources; ends with 1 where there is none for a reason of the program's."""

    help = "Ask a question and read the answer as it is written, with its sources. '-' reads it from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the question, whom it goes to, and how the answer is written."""
        parser.add_argument("question", help="in quotation marks; - reads standard input")
        parser.add_argument("--creator", metavar="NAME", help="slug, name or alias; everyone without it")
        parser.add_argument(
            "--voice", type=_weight, default=0.0, metavar="W", help="0 to 1: how much it sounds like them"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, as the API gives without streaming")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, and write."""
        logging.disable(logging.INFO)  # the line that a server logs for each turn would stand among the sources
        text = sys.stdin.read() if options["question"] == "-" else options["question"]
        if is_blank(text):
            raise CommandError("There is no question.")
        question = Question(query=text.strip(), creator=options["creator"], personality_weight=options["voice"])
        try:
            run_sync(_print_json(question) if options["json"] else _print_text(question, is_rich=sys.stdout.isatty()))
        except Problem as problem:
            raise CommandError(problem.detail) from None


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise ArgumentTypeError("must be a number from 0 to 1")
    return weight


async def _print_json(question: Question) -> None:
    run = await turns.ask(question, owner=ANYONE)
    _write(json.dumps(await whole.render(run.events()), cls=JSONEncoder, ensure_ascii=False) + "\n")


async def _print_text(question: Question, *, is_rich: bool) -> None:
    run = await turns.ask(question, owner=ANYONE)
    sources: Sequence[Source] = ()
    async with aclosing(run.events()) as events:
        async for event in events:
            match event:
                case Sources():
                    sources = event.sources
                case Token():
                    text = without_unseen(event.text)
                    _write(_linked(text, sources) if is_rich else text)
                case Done():
                    _write("\n" + "".join(f"{line}\n" for line in _notes(event, sources, is_rich=is_rich)))
                case Failed():
                    _write("\n")
                    raise CommandError(event.message)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _linked(text: str, sources: Sequence[Source]) -> str:
    """Return the text with its markers in colour, each a link to its source, for terminals that know links."""
    addresses = {source.number: _address(source.url) for source in sources}

    def marker(found: re.Match[str]) -> str:
        address = addresses.get(int(found[1]))
        return f"{LINK.format(address=address)}{GOLD}{found[0]}{PLAIN}{END_OF_LINK}" if address else found[0]

    return MARKER.sub(marker, text)


def _notes(done: Done, sources: Sequence[Source], *, is_rich: bool) -> Iterator[str]:
    """Yield a line for each cited source and one for each citation that it doesn't support, then what is remarkable."""
    doubtful: dict[int, list[Citation]] = {}
    for citation in done.citations:
        if done.answered_by in {"model", "fallback"} and citation.verdict != "supported":
            doubtful.setdefault(citation.number, []).append(citation)
    cited = [source for source in sources if source.number in done.cited]
    yield from [""] if cited else []
    for source in cited:
        time = f", {clock(source.start_seconds)}" if source.start_seconds is not None else ""
        who = source.speaker or source.creator
        yield without_unseen(f"[{source.number}] {who}, “{source.title}”{time}: {_address(source.url)}")
        for one in doubtful.get(source.number, ()):
            reasons = " ".join(problem.message for problem in one.problems)
            line = without_unseen(f"    {MESSAGES[one.verdict.value]}: “{one.claim}” {reasons}").rstrip()
            yield f"{RED}{line}{PLAIN}" if is_rich else line
    if not cited and done.suggestions:
        yield from ("", *(without_unseen(f"- {one.creator}: {one.topic}") for one in done.suggestions))
    if done.finish != "complete":
        yield MESSAGES[done.reason or done.finish]


def _address(url: str) -> str:
    """Return an address that a terminal can open: one of this site needs its own."""
    address = f"{settings.PUBLIC_URL or f'http://127.0.0.1:{settings.PORT}'}{url}" if url.startswith("/") else url
    return without_unseen(address).replace(" ", "%20")
