"""Kinds of messages answered as a turn without a model answers them: ``python -m bench.kinds FILE demo|talk FOLDER``.

Each line of the file is a message with its ``kind`` (misspelt, parts, compare, collection, smalltalk), the ``creator``
it is put to if to anyone, the places that answer it, each with some words of the work, and what is expected of a right
answer. The first three kinds are judged by rule: the place or its neighbour is among the passages, and quoted; of
several parts under the label of its part. Collection and small talk are printed beside what is expected, for reading.
The database is that of ``bench.answers``.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.answers import load
from bench.relevance import own_database

if TYPE_CHECKING:
    from chat.events.events import Passage
    from chat.turns.state import Turn, TurnState

NOBODY = UUID(int=0)
JUDGED = ("misspelt", "parts", "compare")
NEAR = 700
"""Letters of a work on either side of a place within which a passage is its neighbour: about a chunk."""
LEAST_QUOTED = 0.6
"""Share of a place's words that stand together in a quotation of the place."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A message of the file with its answer, and for each place whether it is among the passages, and quoted."""

    row: dict[str, Any]
    kind: str
    answer: str
    searched: str
    in_sight: tuple[bool, ...]
    quoted: tuple[bool, ...]

    @property
    def is_right(self) -> bool:
        """Whether all places are in sight, and quoted where two creators aren't compared."""
        return all(self.in_sight) and (self.row["kind"] == "compare" or all(self.quoted))


def turn_of(row: dict[str, Any]) -> "Turn":
    """Return the turn of a message, on which no model is asked and nothing is kept."""
    from chat.events.turn import Owner, TurnHead
    from chat.turns.open import voice_of
    from chat.turns.state import AskedCreator, Turn, TurnOptions
    from chrysopedia.core.cache import Lock
    from creators.models import Creator

    creator = Creator.objects.select_related("personality").filter(slug=row["creator"]).first()
    head = TurnHead(NOBODY, NOBODY, Owner(""), row["question"], row["creator"], creator.name if creator else "")
    asked = AskedCreator(creator.pk, (creator.name, *creator.aliases), voice_of(creator)) if creator else None
    lock = Lock(key="", token="")
    return Turn(head, asked, (), lock, began=time.monotonic(), options=TurnOptions(models=()))


async def ask(row: dict[str, Any], turn: "Turn") -> "TurnState":
    """Return the state of the turn once it is answered."""
    from chat.turns.answer import answer
    from chat.turns.state import TurnState

    state = TurnState()
    async with aclosing(answer(turn, state)) as events:
        async for _ in events:
            pass
    return state


def judged(row: dict[str, Any], state: "TurnState", folder: Path) -> Answered:
    """Return the answer with what became of each place."""
    places = row["answers"]
    sections = _sections(state.answer) if len(state.parts) == len(places) else [state.answer] * len(places)
    in_sight = tuple(any(_is_near(one, place, folder) for one in state.passages) for place in places)
    quoted = tuple(_is_quoted(text, place["text"]) for text, place in zip(sections, places, strict=False))
    searched = state.rewritten or ""
    if state.parts:
        searched = " | ".join(f"{part.plan.text} ({part.coverage})" for part in state.parts)
    kind = state.understood.kind + ("" if state.reply else f", {state.coverage}")
    return Answered(row, kind, state.answer, searched, in_sight, quoted)


def _sections(answer: str) -> list[str]:
    """Return what stands under each label of an answer of several parts."""
    return re.split(r"(?:^|\n\n)\*\*[^*\n]+\*\*\n\n", answer)[1:]


def _is_quoted(answer: str, place: str) -> bool:
    """Say whether a quotation holds a place, or begins or ends within it."""
    said, wanted = " ".join(_words(answer)), _words(place)
    least = max(1, round(LEAST_QUOTED * len(wanted)))
    runs = (" ".join(wanted[at : at + least]) for at in range(len(wanted) - least + 1))
    return any(f" {run} " in f" {said} " for run in runs)


def _is_near(passage: "Passage", place: dict[str, str], folder: Path) -> bool:
    """Say whether a passage holds a place, or lies beside it in its work."""
    if passage.work_slug not in _slugs(place["work"]):
        return False
    work = " ".join(_words(_spoken(folder / place["work"])))
    own, wanted = _words(passage.text), " ".join(_words(place["text"]))
    if f" {wanted} " in f" {' '.join(own)} ":
        return True
    at = work.find(wanted)
    begin = work.find(" ".join(own[:6]))
    end = work.find(" ".join(own[-6:]))
    return at < 0 or any(there >= 0 and abs(there - at) <= NEAR for there in (begin, end))


def _slugs(file: str) -> frozenset[str]:
    from creators.models import Work

    return frozenset(Work.objects.filter(source__contains=Path(file).name).values_list("slug", flat=True))


def _spoken(path: Path) -> str:
    """Return the words of a file without times and markup."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        text = " ".join(re.findall(r'"text": *"((?:[^"\\]|\\.)*)"', text)).replace("\\n", " ")
    return re.sub(r"<[^>]*>|^\d+$|[\d:.,]+ *-->.*", " ", text, flags=re.MULTILINE)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "'"))


def shown(one: Answered) -> Iterator[str]:
    """Yield a message and its answer for reading."""
    row = one.row
    verdict = "" if row["kind"] not in JUDGED else "right " if one.is_right else "WRONG "
    yield f"## {verdict}{row['kind']} [{row['creator'] or 'everyone'}] {row['question']}"
    yield f"expects: {row['expects']}"
    if row["answers"]:
        yield f"in sight {list(map(int, one.in_sight))}, quoted {list(map(int, one.quoted))}"
    yield f"taken for {one.kind}" + (f"; searched: {one.searched}" if one.searched else "")
    yield f"{one.answer}\n"


def report(answered: Sequence[Answered]) -> Iterator[str]:
    """Yield a table of the kinds that are judged by rule."""
    yield "| kind | asked | all in sight | all quoted | right |\n| --- | --- | --- | --- | --- |"
    for kind in JUDGED:
        few = [one for one in answered if one.row["kind"] == kind]
        if few:
            sight, quoted = sum(all(one.in_sight) for one in few), sum(all(one.quoted) for one in few)
            right = sum(one.is_right for one in few)
            yield f"| {kind} | {len(few)} | {sight} | {quoted} | {right} ({right / len(few):.2f}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("corpus", choices=["demo", "talk"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["even", "odd"], help="only every other message: the first is even")
    parser.add_argument("--kind", help="only messages of this kind")
    options = parser.parse_args()
    own_database(f"answers-{options.corpus}")
    load(options.corpus, options.folder)
    rows = [json.loads(line) for line in options.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = rows[options.half == "odd" :: 2] if options.half else rows
    rows = [row for row in rows if row["corpus"] == options.corpus and options.kind in {None, row["kind"]}]
    answered = [judged(row, asyncio.run(ask(row, turn_of(row))), options.folder) for row in rows]
    print("\n".join(line for one in answered for line in shown(one)))
    print("\n".join(report(answered)))


if __name__ == "__main__":
    main()
