"""From gaps to answers on 300 questions: asked, grouped at the desk, answered there, asked again.

``python -m bench.gap_loop`` runs the program on a folder of its own with the demo. 30 things that nobody there says
anything about are asked in eight ways each (``questions/gaps.jsonl``), and 60 that somebody does once. A curator then
signs in, reads the lists of groups, and pins an answer to every other gap: to the largest group of it alone, by the
form that the desk shows, with the ways of asking ticked that are meant. All gaps are asked in four new ways, what was
pinned in the old ways too, and the 60 once more. Nothing here reads the database.
"""

import argparse
import asyncio
import html
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench.chaos.house import House, running_house
from tests.program import inherited, python

FOLDER = Path(__file__).parent / "questions"
ANSWERABLE = 60
AT_ONCE = 4
LISTS = ("unanswered", "weak")
NAME, WORD = "ada", "gaps-are-closed"
CURATOR = {"DJANGO_SUPERUSER_USERNAME": NAME, "DJANGO_SUPERUSER_PASSWORD": WORD, "DJANGO_SUPERUSER_EMAIL": ""}
Row = tuple[str, str]
"""A line of the table."""
Field = tuple[str, str]
"""What a form sends of a field."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question came to: who answered it, how fully, and the text."""

    question: str
    answered_by: str
    coverage: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the desk shows it: its address there, and the questions in it."""

    address: str
    questions: tuple[str, ...]


@dataclass(slots=True)
class Desk:
    """The desk of somebody who has signed in, through its pages and forms."""

    house: House
    session: aiohttp.ClientSession
    seconds: list[float] = field(default_factory=list)
    """What each list took to load."""

    async def page(self, address: str) -> str:
        """Return a page of the desk."""
        async with self.session.get(f"{self.house.url}{address.lstrip('/')}") as answer:
            answer.raise_for_status()
            return await answer.text()

    async def send(self, address: str, fields: Sequence[Field]) -> str:
        """Send the form that stands on a page, and return where that leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', await self.page(address))
        data = [*fields, ("csrfmiddlewaretoken", token.group(1) if token else "")]
        async with self.session.post(f"{self.house.url}{address.lstrip('/')}", data=data) as answer:
            answer.raise_for_status()
            return await answer.text()

    async def sign_in(self) -> None:
        """Sign in by the form."""
        await self.send("admin/login/?next=/admin/", [("username", NAME), ("password", WORD)])

    async def groups(self, kind: str) -> list[Group]:
        """Return the groups of a list, which is loaded until it holds all that was asked."""
        links, address = list[str](), f"admin/chat/turn/groups/{kind}/"
        while True:
            began = time.perf_counter()
            page = await self.page(address)
            self.seconds.append(time.perf_counter() - began)
            if "more will be grouped" in page:
                continue
            links += re.findall(r'<li><a href="([^"]+)"><b class="count">', page)
            following = re.search(r'<a href="(\?page=\d+)" rel="next">', page)
            if not following:
                return [Group(link, self._questions(await self.page(link))) for link in links]
            address = f"admin/chat/turn/groups/{kind}/{following.group(1)}"

    @staticmethod
    def _questions(page: str) -> tuple[str, ...]:
        listed = page.partition('<ul class="asked-so">')[2].partition("</ul>")[0]
        return tuple(html.unescape(one) for one in re.findall(r"<li><a [^>]+>([^<]+)</a>", listed))

    async def pin(self, group: Group, text: str, *, is_meant: Callable[[str], bool]) -> tuple[int, int, int]:
        """Tick the ways of asking that are meant, try an answer, heed what the trial advises, and pin it.

        Returns how many questions it would have answered, of how many, and how many others.
        """
        page = await self.page(group.address)
        found = re.search(r'name="threshold" value="([^"]+)"', page)
        threshold = found.group(1) if found else ""
        offered = re.findall(r'<input type="checkbox" name="(ways|near)" value="([^"]+)"[^>]*>\s*([^<]+)</label>', page)
        ticked = [(name, key) for name, key, words in offered if is_meant(html.unescape(words.strip()))]
        fields = [("text", text), ("signed", "Ada"), *ticked]
        tried = html.unescape(await self.send(group.address, [*fields, ("threshold", threshold), ("_try", "yes")]))
        if advised := re.search(r"From ([.\d]+) on it answers nothing else", tried):
            threshold = advised.group(1)
            tried = html.unescape(await self.send(group.address, [*fields, ("threshold", threshold), ("_try", "yes")]))
        told = re.search(r"answered (\d+) of these (\d+), and (nothing|\d+)", tried)
        done = html.unescape(await self.send(group.address, [*fields, ("threshold", threshold), ("_pin", "yes")]))
        if not told or "Pinned." not in done:
            raise RuntimeError(f"The desk did not pin an answer to {group.questions[0]!r}.")
        return int(told.group(1)), int(told.group(2)), int(told.group(3).replace("nothing", "0"))


async def ask_all(house: House, questions: Sequence[str]) -> list[Asked]:
    """Ask each in a conversation of its own, some at once, and return what each came to, in their order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(question: str) -> Asked:
        async with gate, aiohttp.ClientSession() as session:
            body = {"query": question, "stream": False}
            async with session.post(f"{house.url}api/v1/chat", json=body) as answer:
                answer.raise_for_status()
                told = await answer.json()
        done = told.get("done", told)
        return Asked(question, done["answered_by"], done["coverage"], told.get("answer") or told.get("text", ""))

    return await asyncio.gather(*map(one, questions))


def pairs(groups: Iterable[Group], gap_of: dict[str, str]) -> tuple[int, int, int]:
    """Return the pairs of questions in one group, of these the pairs of one gap, and all pairs of one gap there are."""
    together = right = 0
    seen: Counter[str] = Counter()
    for group in groups:
        names = [gap_of[question] for question in group.questions]
        seen.update(names)
        for one, other in combinations(names, 2):
            together += 1
            right += one == other
    return together, right, sum(count * (count - 1) // 2 for count in seen.values())


def mostly(group: Group, gap_of: dict[str, str]) -> str:
    """Return the gap of which most questions of a group are."""
    return Counter(gap_of[question] for question in group.questions).most_common(1)[0][0]


def share(part: int, of: int) -> str:
    """Return a count of so many, with its share."""
    return f"{part} of {of}" + (f" ({part / of:.2f})" if of else "")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody says anything about: a name for it, the ways in which it is asked first, and later."""

    name: str
    asked: tuple[str, ...]
    again: tuple[str, ...]


@dataclass(slots=True)
class Loop:
    """The loop, step by step; ``rows`` is the table that it comes to."""

    house: House
    gaps: list[Gap]
    answerable: list[str]
    is_verbose: bool
    rows: list[Row] = field(default_factory=list)

    @property
    def gap_of(self) -> dict[str, str]:
        """The gap of each question; one that can be answered is one of its own."""
        gaps = {question: one.name for one in self.gaps for question in (*one.asked, *one.again)}
        return {**{question: question for question in self.answerable}, **gaps}

    async def run(self) -> None:
        """Do it all."""
        first = [question for one in self.gaps for question in one.asked] + self.answerable
        random.Random(1).shuffle(first)
        told = await ask_all(self.house, first)
        self._count("asked first", told)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            desk = Desk(self.house, session)
            await desk.sign_in()
            lists = {kind: await desk.groups(kind) for kind in LISTS}
            self._grouped(lists, desk)
            pinned = await self._pin(desk, lists)
            again = await self._ask_again(pinned)
            await self._come_back(desk, pinned, again)

    def _count(self, when: str, told: Sequence[Asked]) -> None:
        gaps = [one for one in told if one.question not in self.answerable]
        for name, some in (("gaps", gaps), ("answerable", [one for one in told if one.question in self.answerable])):
            states = Counter(one.coverage for one in some)
            self.rows.append((f"{when}: {name}", ", ".join(f"{key} {count}" for key, count in states.most_common())))

    def _grouped(self, lists: dict[str, list[Group]], desk: Desk) -> None:
        gap_of = self.gap_of
        for kind, groups in lists.items():
            together, right, all_ = pairs(groups, gap_of)
            held = sum(len(group.questions) for group in groups)
            self.rows.append((f"{kind}: groups, questions", f"{len(groups)}, {held}"))
            self.rows.append((f"{kind}: pairs in a group that mean the same", share(right, together)))
            self.rows.append((f"{kind}: pairs that mean the same in a group", share(right, all_)))
            if self.is_verbose:
                for group in groups:
                    print(kind, len(group.questions), Counter(gap_of[one] for one in group.questions).most_common(4))
        self.rows.append(("loading a list, s", f"{len(desk.seconds)} times, the longest {max(desk.seconds):.1f}"))

    async def _pin(self, desk: Desk, lists: dict[str, list[Group]]) -> dict[str, list[Group]]:
        """Pin an answer to the groups of every other gap, as long as any stands in a list; return them by gap."""
        pinned: dict[str, list[Group]] = {}
        trials = []
        for gap in (one.name for one in self.gaps[::2]):
            own = [group for groups in lists.values() for group in groups if mostly(group, self.gap_of) == gap]
            largest = sorted(own, key=lambda group: -len(group.questions))[:1]
            for group in largest:
                text = f"This is what is to be said of {gap}."
                trials.append(await desk.pin(group, text, is_meant=partial(self._is_of, gap)))
                pinned.setdefault(gap, []).append(group)
        answered, of, others = (sum(trial[at] for trial in trials) for at in range(3))
        self.rows.append(("answers pinned, gaps", f"{len(trials)}, {len(pinned)}"))
        self.rows.append(("the trials say: of their groups", share(answered, of)))
        self.rows.append(("the trials say: of other groups", str(others)))
        left = {group.address for kind in LISTS for group in await desk.groups(kind)}
        gone = sum(group.address not in left for groups in pinned.values() for group in groups)
        self.rows.append(("groups that left the list", share(gone, len(trials))))
        return pinned

    async def _ask_again(self, pinned: dict[str, list[Group]]) -> list[Asked]:
        """Ask what was pinned in old words and in new ones, what was not, and what can be answered."""
        own = [one for one in self.gaps if one.name in pinned]
        other = [one for one in self.gaps if one.name not in pinned]
        old = await ask_all(self.house, [question for one in own for question in one.asked])
        new = await ask_all(self.house, [question for one in own for question in one.again])
        rest = await ask_all(self.house, [question for one in other for question in (*one.asked, *one.again)])
        known = await ask_all(self.house, self.answerable)
        for name, told in (("in the old words", old), ("in new words", new)):
            found = sum(self._is_right(one) for one in told)
            wrong = sum(one.answered_by == "pinned" and not self._is_right(one) for one in told)
            self.rows.append((f"pinned gaps {name}: rightly pinned", share(found, len(told))))
            self.rows.append((f"pinned gaps {name}: wrongly pinned", share(wrong, len(told))))
        for name, told in (("other gaps", rest), ("answerable", known)):
            wrong = sum(one.answered_by == "pinned" for one in told)
            self.rows.append((f"{name}: wrongly pinned", share(wrong, len(told))))
        if self.is_verbose:
            for one in (*old, *new, *rest, *known):
                if one.answered_by == "pinned" and not self._is_right(one):
                    print("wrongly:", one.question, "->", one.text[:60])
        return [one for one in (*old, *new) if one.answered_by != "pinned"]

    def _is_of(self, gap: str, question: str) -> bool:
        return self.gap_of.get(question) == gap

    def _is_right(self, told: Asked) -> bool:
        return told.answered_by == "pinned" and f"to be said of {self.gap_of[told.question]}." in told.text

    async def _come_back(self, desk: Desk, pinned: dict[str, list[Group]], missed: Sequence[Asked]) -> None:
        """See that what was asked again without its answer stands in a list."""
        listed = {question for kind in LISTS for group in await desk.groups(kind) for question in group.questions}
        failed = [one for one in missed if one.coverage != "full"]
        back = sum(one.question in listed for one in failed)
        self.rows.append(("asked again without success: in a list once more", share(back, len(failed))))


async def main(folder: Path, *, is_verbose: bool) -> None:
    """Do it and print the table."""
    rows = [json.loads(line) for line in (FOLDER / "gaps.jsonl").read_text().splitlines()]
    gaps = [Gap(row["gap"], tuple(row["asked"]), tuple(row["again"])) for row in rows]
    demo = [json.loads(line) for line in (FOLDER / "demo.jsonl").read_text().splitlines()]
    kinds = {"paraphrase", "plain", "misspelt", "compare"}
    answerable = [row["question"] for row in demo if row["kind"] in kinds][:ANSWERABLE]
    async with running_house(folder=folder) as house:
        environment = {**inherited(), "DATA_DIR": str(folder), **CURATOR}
        await asyncio.to_thread(python, "manage.py", "createsuperuser", "--noinput", environ=environment)
        loop = Loop(house, gaps, answerable, is_verbose)
        await loop.run()
    print("| | |\n|---|---|")
    for name, value in loop.rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="print each group and each wrong answer")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="gap-loop-") as name:
        Path(name).chmod(0o711)  # PostgreSQL may run as another user and has to get through
        asyncio.run(main(Path(name) / "data", is_verbose=given.verbose))
