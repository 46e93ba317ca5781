"""The answer without a model on questions that people would ask: ``python -m bench.answers talk|demo FOLDER``.

``bench/questions`` holds the questions, written by several hands who read a passage and then asked as a stranger
would, with pointers to where it is answered and no words of the sources. Those of every other work, by hash, are
locked: ``--locked`` asks them, once, at the end. Those with a number are later sets over the same
texts, asked whole; on ``talk-training`` and ``demo-training`` the question adapter was fitted. ``FOLDER`` holds a
folder for each creator, or is ``creators/demo``. The first run loads and embeds it into a database of its own, below
``var/bench`` unless ``DATA_DIR`` names another.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.relevance import own_database

if TYPE_CHECKING:
    from chat.events.events import Passage
    from chat.grounding.quote_runs import Quote
    from chat.retrieval import Retrieved, SearchQuery

QUESTIONS = Path(__file__).with_name("questions")
LATER = (
    *("talk-2", "talk-3", "talk-4", "talk-5", "talk-6", "talk-training"),
    *("demo-3", "demo-4", "demo-5", "demo-6", "demo-training"),
)
POINTED = frozenset({"plain", "paraphrase", "misspelt", "parts", "compare", "follow-up"})
"""Kinds whose pointers are to places; those of the others are to works."""
UNANSWERED = frozenset({"none", "near-miss"})
SHARE = 0.5
"""Share of a place's runs of four words that a passage must hold to be the right one, or its neighbour."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is answered: the file, its runs of four words, and its seconds where they are known."""

    file: str
    runs: frozenset[tuple[str, ...]]
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question, whom it is put to (None: everyone), where it is answered, and words that an answer must hold."""

    id: str
    text: str
    creator: str | None
    kind: str
    history: tuple[str, ...]
    places: tuple[Place, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question: the rank of the right passage and of the quote that answers, 0 where there is none."""

    question: Question
    coverage: str
    passage: int
    quote: int
    answer: str


def questions_of(corpus: str, folder: Path, *, is_locked: bool) -> Iterator[Question]:
    """Yield the questions of one half, of the later set all."""
    for line in (QUESTIONS / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key = row["answers"][0]["file"] if row["answers"] else row["id"]
        if corpus in LATER or hashlib.sha256(key.encode()).digest()[0] % 2 == is_locked:
            yield _question(row, folder)


def is_kept_aside(file: str) -> bool:
    """Say whether nothing is fitted on questions about this work: of a quarter of them, by hash."""
    return hashlib.sha256(file.encode()).digest()[1] % 4 == 0


def _question(row: dict[str, Any], folder: Path) -> Question:
    return Question(
        id=row["id"],
        text=row["question"],
        creator=row["creator"],
        kind=row["kind"],
        history=tuple(row.get("history", ())),
        places=tuple(place_of(answer, folder) for answer in row["answers"]),
        words=tuple(word.casefold() for word in row["words"]),
    )


def place_of(answer: dict[str, Any], folder: Path) -> Place:
    """Return a pointer with the words that it points to: files differ in form, so they are compared by their words."""
    runs: frozenset[tuple[str, ...]] = frozenset()
    if answer.get("line"):
        lines = (folder / answer["file"]).read_text(encoding="utf-8", errors="replace").splitlines()
        spoken = [
            re.sub(r"<[^>]*>|[\d:.,]+ *-->.*", " ", line) for line in lines[answer["line"] - 1 : answer["last_line"]]
        ]
        runs = runs_of(" ".join(spoken))
    return Place(answer["file"], runs, answer.get("start"), answer.get("end"))


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """Return all runs of four words of a text; of a shorter one the whole."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(zip(*(words[shift:] for shift in range(4)), strict=False)) or frozenset({tuple(words)})


def holds(passage: "Passage", place: Place, *, text: str) -> bool:
    """Say whether a text of the passage is where the question is answered."""
    runs = runs_of(text)
    shared = len(runs & place.runs)
    if place.runs and shared >= SHARE * min(len(runs), len(place.runs)):
        return True
    is_timed = None not in (place.start, place.end, passage.start, passage.end)
    same_work = passage.work_slug in _slugs(place.file)
    return is_timed and same_work and shared > 0


def _slugs(file: str) -> frozenset[str]:
    from creators.models import Work

    stem = Path(file).name
    return frozenset(Work.objects.filter(source__contains=stem).values_list("slug", flat=True))


def ask(question: Question) -> Found:
    """Ask a question as a turn without a language model does."""
    query, found = search(question)
    return quoted(question, query, found)


def search(question: Question) -> "tuple[SearchQuery, Retrieved]":
    """Return the query of a question and what is retrieved for it."""
    from chat.retrieval import build_query, retrieve
    from chat.turns.search import with_what_is_asked
    from creators.embeddings import get_embedder
    from creators.models import Creator

    creator = Creator.objects.get(slug=question.creator) if question.creator else None
    query = build_query(
        question.text,
        creator_id=creator.pk if creator else None,
        names=[creator.name, *creator.aliases] if creator else (),
        earlier=list(question.history),
        embedder=get_embedder(),
    )
    found = retrieve(query, creator_id=creator.pk if creator else None, limit=6)
    return query, with_what_is_asked(found, query.text, known=(creator.name, *creator.aliases) if creator else ())


def quoted(question: Question, query: "SearchQuery", found: "Retrieved") -> Found:
    """Return what is quoted of the passages retrieved, and whether it answers the question."""
    from chat.grounding.quote_scores import QuoteQuery
    from chat.grounding.quotes import ANSWER, NEAREST, best_quotes
    from creators.embeddings import get_embedder

    quotes = best_quotes(
        found.passages,
        query=QuoteQuery(question.text, query.vector, found.weights, query.context),
        embed=get_embedder().embed_sentences,
        shape=ANSWER if found.coverage == "full" else NEAREST,
    )
    texts = [(found.passages[one.number - 1], text) for one, text in _runs(quotes, found.passages)]
    return Found(
        question,
        coverage=found.coverage,
        passage=_rank(any(holds(one, place, text=one.text) for place in question.places) for one in found.passages),
        quote=_rank(_answers(question, passage, text) for passage, text in texts),
        answer=" | ".join(text for _, text in texts),
    )


def _runs(quotes: "Sequence[Quote]", passages: "Sequence[Passage]") -> "Iterator[tuple[Quote, str]]":
    """Yield what is quoted, run by run: of several people who speak in turn, together."""
    for place, one in enumerate(quotes):
        if place and quotes[place - 1].score == one.score and quotes[place - 1].number == one.number:
            continue
        same = [other for other in quotes if (other.score, other.number) == (one.score, one.number)]
        yield one, passages[one.number - 1].text[one.start : same[-1].end]


def _answers(question: Question, passage: "Passage", text: str) -> bool:
    """Say whether a quote comes from the right place and holds one of the words that an answer must hold."""
    is_there = any(holds(passage, place, text=text) for place in question.places)
    spoken = text.casefold()
    return is_there and (not question.words or any(word in spoken for word in question.words))


def _rank(hits: Iterator[bool]) -> int:
    return next((place for place, is_hit in enumerate(hits, start=1) if is_hit), 0)


def report(asked: Sequence[Found]) -> Iterator[str]:
    """Yield a table: for each kind how many are answered in full, in part and not, found, quoted and quoted first."""
    yield "| kind | asked | full | partly | none | right passage among six | quoted | quoted first |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    kinds = Counter(one.question.kind for one in asked)
    pointed = [one for one in asked if one.question.kind in POINTED]
    rows = [(kind, [one for one in asked if one.question.kind == kind]) for kind in sorted(kinds)]
    for name, few in [*rows, ("all with a place", pointed)]:
        yield _row(name, few)
    yield ""
    yield from stages(pointed)
    unanswered = [one for one in asked if one.question.kind in UNANSWERED]
    full = sum(one.coverage == "full" for one in unanswered)
    yield f"\nnobody answers it, and it is answered in full: {full} of {len(unanswered)}"


FIRST = 3
"""Passages of which most of what is quoted is taken."""


def stages(asked: Sequence[Found]) -> Iterator[str]:
    """Yield where the questions that are answered somewhere are lost, stage by stage; each is counted once."""
    shown = [one for one in asked if one.coverage != "none"]
    unquoted = [one for one in shown if one.passage and not one.quote]
    lost = {
        "nothing shown": [one for one in asked if one.coverage == "none"],
        "shown, the right passage not among the six": [one for one in shown if not (one.passage or one.quote)],
        f"behind the first {FIRST}, other sentences quoted": [one for one in unquoted if one.passage > FIRST],
        f"among the first {FIRST}, other sentences quoted": [one for one in unquoted if one.passage <= FIRST],
        "quoted, not first": [one for one in shown if one.quote > 1],
        "quoted first": [one for one in shown if one.quote == 1],
    }
    yield "| where they are lost | questions | paraphrases |"
    yield "| --- | --- | --- |"
    for stage, few in lost.items():
        yield f"| {stage} | {len(few)} | {sum(one.question.kind == 'paraphrase' for one in few)} |"


def _row(name: str, asked: Sequence[Found]) -> str:
    shares = [
        *(sum(one.coverage == coverage for one in asked) for coverage in ("full", "partly", "none")),
        sum(one.passage > 0 for one in asked),
        sum(one.quote > 0 for one in asked),
        sum(one.quote == 1 for one in asked),
    ]
    full, partly, none, *rest = [f"{share / max(len(asked), 1):.2f}" for share in shares]
    if name in POINTED or name == "all with a place":
        return f"| {name} | {len(asked)} | {full} | {partly} | {none} | {' | '.join(rest)} |"
    return f"| {name} | {len(asked)} | {full} | {partly} | {none} | | | |"


def load(corpus: str, folder: Path) -> None:
    """Bring in the creators of a folder that aren't there yet."""
    from django.core.management import call_command

    from creators.models import Work
    from creators.transcripts import SUFFIXES

    for creator in sorted(path for path in folder.iterdir() if path.is_dir()):
        if not Work.objects.filter(creator__slug=creator.name).exists():
            named = [] if (creator / "creator.toml").is_file() else [f"--create={creator.name}"]
            # A file of any other ending is read where it is named; of what has none of ours, everything is.
            is_told = any(path.suffix in SUFFIXES for path in creator.iterdir())
            paths = [creator] if is_told else sorted(creator.iterdir())
            call_command("ingest", creator.name, *map(str, paths), *named, quiet=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=["talk", "demo", *LATER])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--locked", action="store_true", help="ask the half that nothing was tuned on")
    parser.add_argument("--show", action="store_true", help="print each question with what was quoted")
    options = parser.parse_args()
    corpus = options.corpus.partition("-")[0]
    own_database(f"answers-{corpus}")
    load(corpus, options.folder)
    asked = [ask(one) for one in questions_of(options.corpus, options.folder, is_locked=options.locked)]
    if options.show:
        for one in asked:
            head = f"{one.question.id} {one.question.kind} {one.coverage} p{one.passage} q{one.quote}"
            print(f"{head}: {one.question.text}\n    {one.answer}")
    print("\n".join(report(asked)))


if __name__ == "__main__":
    main()
