"""Kinds of messages answered as a turn without a model answers them: ``python -m bench.kinds FILE demo|talk FOLDER``.

Each line of the file is a message with its ``kind`` (misspelt, parts, compare, collection, smalltalk), the ``creator``
it is put to if to anyone, the places that answer it, each with some words of the work, and what is expected of a right
answer. The first three kinds are judged by rule: the place or its neighbour is among the passages, and quoted; of
several parts under the label of its part. Collection and small talk are printed beside what is expected, for reading.

A message may have a ``plain`` form: the same well spelt, its parts as questions of their own, or what each of those
compared is asked alone. That is asked too, and a second table says how often the message gets what its plain form gets:
the first table alone mixes how a message is understood with how well single questions are answered.
The database is that of ``bench.answers``.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
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
class Alone:
    """The answer to the plain form, for each place: whether it is in sight, and quoted, and the first quotation."""

    in_sight: tuple[bool, ...]
    quoted: tuple[bool, ...]
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A message of the file with its answer, and for each place whether it is among the passages, and quoted.

    ``sections`` are what is answered for each place, all of the answer where it isn't one of parts.
    """

    row: dict[str, Any]
    kind: str
    answer: str
    searched: str
    in_sight: tuple[bool, ...]
    quoted: tuple[bool, ...]
    sections: tuple[str, ...]
    alone: Alone | None = None

    @property
    def name(self) -> str:
        """The kind under which it is counted: creators compared apart from two things that one creator speaks of."""
        kind: str = self.row["kind"]
        people = {_creator_of(place) for place in self.row["answers"]}
        return f"{kind}, one creator" if kind == "compare" and len(people) == 1 else kind

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


async def ask(turn: "Turn") -> "TurnState":
    """Return the state of the turn once it is answered."""
    from chat.turns.answer import answer
    from chat.turns.state import TurnState

    state = TurnState()
    async with aclosing(answer(turn, state)) as events:
        async for _ in events:
            pass
    return state


def answered(row: dict[str, Any], folder: Path) -> Answered:
    """Ask a message, and its plain form if it has one."""
    one = judged(row, asyncio.run(ask(turn_of(row))), folder)
    return replace(one, alone=_alone(row, folder)) if row.get("plain") else one


def _alone(row: dict[str, Any], folder: Path) -> Alone:
    """Ask the plain form: one question for all places, or one for each, of the creator of the place in a comparison."""
    places, plain = row["answers"], row["plain"]
    each = plain if isinstance(plain, list) else [plain] * len(places)
    asked = {
        (question, _creator_of(place) if row["kind"] == "compare" else row["creator"]): None
        for question, place in zip(each, places, strict=True)
    }
    states = {
        (question, creator): asyncio.run(ask(turn_of({**row, "question": question, "creator": creator})))
        for question, creator in asked
    }
    own = [
        states[question, _creator_of(place) if row["kind"] == "compare" else row["creator"]]
        for question, place in zip(each, places, strict=True)
    ]
    return Alone(
        tuple(_is_in_sight(state, place, folder) for state, place in zip(own, places, strict=True)),
        tuple(_is_quoted(state.answer, place["text"]) for state, place in zip(own, places, strict=True)),
        tuple(next(iter(re.findall(r"“[^”]*”", state.answer)), "") for state in own),
    )


def _creator_of(place: dict[str, str]) -> str:
    return place["work"].partition("/")[0]


def judged(row: dict[str, Any], state: "TurnState", folder: Path) -> Answered:
    """Return the answer with what became of each place."""
    places = row["answers"]
    sections = _sections(row, state)
    in_sight = tuple(_is_in_sight(state, place, folder) for place in places)
    quoted = tuple(_is_quoted(text, place["text"]) for text, place in zip(sections, places, strict=True))
    searched = state.rewritten or ""
    if state.parts:
        searched = " | ".join(f"{part.plan.text} ({part.coverage})" for part in state.parts)
    kind = state.understood.kind + ("" if state.reply else f", {state.coverage}")
    return Answered(row, kind, state.answer, searched, in_sight, quoted, sections)


def _sections(row: dict[str, Any], state: "TurnState") -> tuple[str, ...]:
    """Return what stands under the label for each place: in a comparison that of its creator, else of its part."""
    places = row["answers"]
    under = re.split(r"(?:^|\n\n)\*\*[^*\n]+\*\*\n\n", state.answer)[1:]
    creators = [part.plan.creator.slug if part.plan.creator else "" for part in state.parts]
    if row["kind"] == "compare":
        by_creator = dict(zip(creators, under, strict=False))
        return tuple(by_creator.get(_creator_of(place), state.answer) for place in places)
    return tuple(under) if len(under) == len(places) else (state.answer,) * len(places)


def _is_in_sight(state: "TurnState", place: dict[str, str], folder: Path) -> bool:
    return any(_is_near(one, place, folder) for one in state.passages)


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
    if one.alone:
        sight, quoted = list(map(int, one.alone.in_sight)), list(map(int, one.alone.quoted))
        yield f"plain in sight {sight}, quoted {quoted}: {'as much' if lost(one) == ((), ()) else 'LOST'}"
    yield f"taken for {one.kind}" + (f"; searched: {one.searched}" if one.searched else "")
    yield f"{one.answer}\n"


def report(answered: Sequence[Answered]) -> Iterator[str]:
    """Yield a table of the kinds that are judged by rule, and one of what their plain forms get."""
    names = sorted(
        {one.name for one in answered if one.row["kind"] in JUDGED},
        key=lambda name: JUDGED.index(name.partition(",")[0]),
    )
    yield "| kind | asked | all in sight | all quoted | right |\n| --- | --- | --- | --- | --- |"
    for name in names:
        few = [one for one in answered if one.name == name]
        sight, quoted = sum(all(one.in_sight) for one in few), sum(all(one.quoted) for one in few)
        right = sum(one.is_right for one in few)
        yield f"| {name} | {len(few)} | {sight} | {quoted} | {right} ({right / len(few):.2f}) |"
    yield "\n| of what the plain form gets | in sight | quoted | as much of all | same quotation first |"
    yield "| --- | --- | --- | --- | --- |"
    for name in names:
        if few := [one for one in answered if one.name == name and one.alone]:
            yield beside(name, few)


def beside(name: str, few: Sequence[Answered]) -> str:
    """Return the row of a kind: of the places that the plain form gets, how many the message gets too.

    As much is got of a message where each of its places is as much in sight and as well quoted.
    """
    pairs = [(one.alone, one, at) for one in few if one.alone for at in range(len(one.in_sight))]
    sight = [one.in_sight[at] for alone, one, at in pairs if alone.in_sight[at]]
    quoted = [one.quoted[at] for alone, one, at in pairs if alone.quoted[at]]
    same = [alone.first[at] in one.sections[at] for alone, one, at in pairs if alone.first[at]]
    as_much = sum(lost(one) == ((), ()) for one in few)
    counts = (f"{sum(got)} of {len(got)} ({sum(got) / max(1, len(got)):.2f})" for got in (sight, quoted, same))
    in_sight, is_quoted, is_same = counts
    return f"| {name} | {in_sight} | {is_quoted} | {as_much} of {len(few)} ({as_much / len(few):.2f}) | {is_same} |"


def lost(one: Answered) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the places, by index, that the plain form has in sight and the message has not, and those quoted so."""
    if one.alone is None:
        return (), ()
    sight = tuple(at for at, has in enumerate(one.alone.in_sight) if has and not one.in_sight[at])
    return sight, tuple(at for at, has in enumerate(one.alone.quoted) if has and not one.quoted[at])


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
    all_answered = [answered(row, options.folder) for row in rows]
    print("\n".join(line for one in all_answered for line in shown(one)))
    print("\n".join(report(all_answered)))


if __name__ == "__main__":
    main()
