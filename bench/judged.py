"""Judged questions in a database of their own: SQuAD and MTRAG as a corpus, each article or pool a creator."""

import gzip
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from creators.embeddings import get_embedder
from creators.embeddings.spaces import space_of
from creators.embeddings.windows import packed, texts_of
from creators.models import Chunk, Creator, Embedding, Space, Work
from creators.models.terms import fold_terms

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Passage:
    """What becomes a chunk: ``creator`` is its article or pool, ``key`` its name in the judgements."""

    creator: str
    key: str
    text: str


@dataclass(frozen=True)
class Judged:
    """A question of a creator, the keys of the passages that answer it, with their gain, and the words that do."""

    creator: str
    text: str
    keys: dict[str, int]
    answers: tuple[str, ...] = ()
    rewrite: str = ""
    asked: tuple[str, ...] = ()
    answered: str = ""

    @property
    def stands_alone(self) -> bool:
        """Say whether a person left it as it was, up to case and punctuation, when asked to make it whole."""
        return re.findall(r"\w+", self.text.casefold()) == re.findall(r"\w+", self.rewrite.casefold())


def squad(folder: Path) -> tuple[list[Passage], list[Judged]]:
    """Return the paragraphs and questions of ``dev-v1.1.json``; a creator is called by its article's number."""
    articles = json.loads((folder / "dev-v1.1.json").read_text(encoding="utf-8"))["data"]
    passages, questions = [], []
    for number, article in enumerate(articles):
        for place, paragraph in enumerate(article["paragraphs"]):
            passages.append(Passage(creator=f"{number}", key=f"{number}-{place}", text=paragraph["context"]))
            for asked in paragraph["qas"]:
                keys, answers = {f"{number}-{place}": 1}, tuple(map(_answer, asked["answers"]))
                questions.append(Judged(creator=f"{number}", text=asked["question"], keys=keys, answers=answers))
    return passages, questions


def mtrag(folder: Path) -> tuple[list[Passage], list[Judged]]:
    """Return the pools and the turns of ``tasks.jsonl``; a creator is called by its field."""
    passages = [
        Passage(creator=path.name.split("_")[1].split(".")[0], key=row["_id"], text=_titled(row))
        for path in sorted(folder.glob("pool_*.jsonl.gz"))
        for row in map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
    ]
    tasks = (folder / "tasks.jsonl").read_text(encoding="utf-8").splitlines()
    return passages, [_turn(json.loads(task)) for task in tasks]


def stored(passages: Sequence[Passage], *, embed: Embed | None = None) -> dict[str, int]:
    """Return the chunk of each key, after storing the passages where the database has no creator yet."""
    space = space_of(get_embedder())
    if not Creator.objects.exists():
        _store(passages, space=space, embed=embed or get_embedder().embed_passages)
    missing = Chunk.objects.without_embedding(space)
    if Chunk.objects.count() != len(passages) or missing.exists():
        raise SystemExit("The database holds something else: name another folder with DATA_DIR.")
    return {passages[chunk.position].key: chunk.pk for chunk in Chunk.objects.only("pk", "position")}


@transaction.atomic
def _store(passages: Sequence[Passage], *, space: Space, embed: Embed) -> None:
    works = {name: _work(name) for name in dict.fromkeys(passage.creator for passage in passages)}
    chunks = [
        Chunk(
            work=works[passage.creator],
            creator_id=works[passage.creator].creator_id,
            position=position,
            text=passage.text.replace("\x00", " "),
            text_hash=str(position),
            words=len(passage.text.split()),
        )
        for position, passage in enumerate(passages)
    ]
    Chunk.objects.bulk_create(chunks, batch_size=500)
    Embedding.objects.bulk_create(_embeddings(chunks, space=space, embed=embed), batch_size=500)
    fold_terms()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _embeddings(chunks: Sequence[Chunk], *, space: Space, embed: Embed) -> list[Embedding]:
    texts = [texts_of(heading="", text=chunk.text, marks=()) for chunk in chunks]
    vectors = embed([text.whole for text in texts])
    windows = embed([window for text in texts for window in text.windows])
    parts = np.split(windows, np.cumsum([len(text.windows) for text in texts])[:-1])
    return [
        Embedding.of(chunk, space=space, vector=vector, windows=packed(part))
        for chunk, vector, part in zip(chunks, vectors, parts, strict=True)
    ]


def _work(name: str) -> Work:
    creator = Creator.objects.create(slug=f"bench-{name}", name=f"Bench {name}")
    return Work.objects.create(creator=creator, slug=f"bench-{name}", title=name, source=name, content_hash="")


def _answer(answer: str | dict[str, Any]) -> str:
    """Return an answer's words; the published file keeps their place beside them, ours does not."""
    return answer if isinstance(answer, str) else str(answer["text"])


def _titled(row: dict[str, str]) -> str:
    return f"{row['title']}\n{row['text']}" if row.get("title") else row["text"]


def _turn(task: dict[str, Any]) -> Judged:
    said = [turn["text"] for turn in task["history"] if turn["role"] == "agent"]
    return Judged(
        creator=task["domain"],
        text=task["lastturn"],
        keys=task["qrels"],
        rewrite=task["rewrite"],
        asked=tuple(turn["text"] for turn in task["history"] if turn["role"] == "user")[:-1],
        answered=said[-1] if said else "",
    )
