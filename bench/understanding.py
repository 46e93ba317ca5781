"""What messages are taken for before anything is searched: ``python -m bench.understanding FILE``.

Each line of the file is a message: its ``text``, the questions before it as ``history``, the ``creator`` it is put to
if to anyone, and its ``kind``: ``small_talk``, ``collection``, ``comparison``, ``parts``, ``question``, or
``misspelt`` with what is ``meant``. They are asked of the demo, in the database of ``bench.answers``, as a turn would
ask them. Printed is for each kind the share that is taken for it, and every message that isn't.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.answers import load
from bench.relevance import own_database

DEMO = Path("creators", "demo")
LEAST_LETTERS = 4
"""Letters of the words that must stand in a misspelt question once it has been put right."""
TODAY = date(2026, 11, 28)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message of the file, what it was taken for, the question as it was searched, and whether that is right."""

    row: dict[str, Any]
    kind: str
    searched: str
    is_right: bool


def take(row: dict[str, Any]) -> Taken:
    """Return what a turn would take a message for."""
    from chat.turns.replies import topic_search
    from chat.understanding import Heard, find_creators, known_reply, plan_search
    from creators.models import Creator

    creator = Creator.objects.filter(slug=row.get("creator")).first()
    heard = Heard(
        row["text"],
        find_creators(row["text"]),
        creator.pk if creator else None,
        names=(creator.name, *creator.aliases) if creator else (),
        earlier=tuple(row.get("history") or ()),
    )
    if known := known_reply(heard, last=lambda: None, today=TODAY, search=topic_search):
        return Taken(row, known[0], "", row["kind"] == known[0])
    plan = plan_search(heard, today=TODAY)
    searched = " ".join([plan.text, *(f"| {part.label}: {part.text}" for part in plan.parts)])
    return Taken(row, plan.kind, searched, _is_right(row, plan.kind, plan.text))


def _is_right(row: dict[str, Any], kind: str, text: str) -> bool:
    """Say whether a message that is searched is taken as it should be: a question may be searched in any way."""
    match row["kind"]:
        case "misspelt":
            meant = {word for word in _words(row["meant"]) if len(word) >= LEAST_LETTERS}
            return meant <= {*_words(text), *_words(text.replace("-", ""))}
        case "question":
            return True
        case wanted:
            return bool(kind == wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def report(taken: Sequence[Taken]) -> Iterator[str]:
    """Yield what was taken wrong, and a table of the kinds."""
    for one in taken:
        if not one.is_right:
            before = f" (after {one.row['history']})" if one.row.get("history") else ""
            searched = f", searched as: {one.searched}" if one.searched else ""
            yield f"{one.row['kind']}, taken for {one.kind}: {one.row['text']}{before}{searched}"
    yield "\n| kind | messages | right | share |\n| --- | --- | --- | --- |"
    for kind in sorted({one.row["kind"] for one in taken}):
        right = [one.is_right for one in taken if one.row["kind"] == kind]
        yield f"| {kind} | {len(right)} | {sum(right)} | {sum(right) / len(right):.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", choices=["even", "odd"], help="only every other message: the first is even")
    options = parser.parse_args()
    own_database("answers-demo")
    load("demo", DEMO)
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = rows[options.half == "odd" :: 2] if options.half else rows
    print("\n".join(report([take(row) for row in rows])))


if __name__ == "__main__":
    main()
