"""What the adapter is fitted on: each creator's passages and windows as vectors, and the questions put to them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.answers import QUESTIONS, SHARE, Place, is_kept_aside, place_of, runs_of
from chat.retrieval import lexical
from chat.retrieval.query import without_names
from creators.embeddings.windows import unpacked, window_spans
from creators.models import Creator, Embedding
from creators.transcripts.sentences import chunk_spans

Vectors = npt.NDArray[np.float32]
FITTED_ON = ("talk", "talk-2", "talk-training", "demo-training")
"""The sets of questions, but for those about works that are kept aside."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A creator's passages, n of them, with m windows: ``owners`` says to which passage each window belongs."""

    ids: tuple[int, ...]
    texts: tuple[str, ...]
    vectors: Vectors
    windows: Vectors
    window_texts: tuple[str, ...]
    owners: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to one creator: ``words`` (n) is what words say for each passage, the rest where it is answered."""

    text: str
    creator: str
    words: Vectors
    passages: tuple[int, ...]
    windows: tuple[int, ...]


def corpora() -> dict[str, Corpus]:
    """Return the corpora by the creators' slugs."""
    rows: dict[str, list[Embedding]] = defaultdict(list)
    for row in Embedding.objects.select_related("chunk__work__creator").order_by("chunk_id"):
        rows[row.chunk.work.creator.slug].append(row)
    return {slug: _corpus(found) for slug, found in rows.items()}


def _corpus(rows: Sequence[Embedding]) -> Corpus:
    vectors = np.stack([np.asarray(row.vector, np.float32) for row in rows])
    windows = [unpacked(bytes(row.windows), dimensions=vectors.shape[1]) for row in rows]
    texts = [
        row.chunk.text[begin:end]
        for row in rows
        for begin, end in window_spans(chunk_spans(row.chunk.text, row.chunk.timing))
    ]
    return Corpus(
        ids=tuple(row.chunk_id for row in rows),
        texts=tuple(row.chunk.text for row in rows),
        vectors=vectors,
        windows=np.concatenate(windows),
        window_texts=tuple(texts),
        owners=np.repeat(np.arange(len(rows)), [len(one) for one in windows]),
    )


def asked_of(known: dict[str, Corpus], *, folders: Sequence[Path]) -> Iterator[Asked]:
    """Yield the questions that name one creator, and whose answer was found in the corpus."""
    names = {one.slug: (one.name, *one.aliases) for one in Creator.objects.all()}
    for name in FITTED_ON:
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            pointed = [answer for answer in row["answers"] if answer.get("line")]
            is_plain = row["creator"] in known and not row.get("history")
            if is_plain and pointed and not any(is_kept_aside(answer["file"]) for answer in pointed):
                corpus = known[row["creator"]]
                places = [
                    place_of(answer, folder)
                    for answer in pointed
                    for folder in folders
                    if (folder / answer["file"]).is_file()
                ]
                text = without_names(row["question"], names[row["creator"]]) or row["question"]
                asked = Asked(text, row["creator"], _words(text, corpus), *_where(places, corpus))
                if asked.passages:
                    yield asked


def _words(text: str, corpus: Corpus) -> Vectors:
    terms = lexical.query_terms(text, context="")
    overlaps = lexical.overlaps(terms, chunks=list(corpus.ids)) if terms.weights else {}
    return np.array([overlaps[chunk].words if chunk in overlaps else 0.0 for chunk in corpus.ids], np.float32)


def _where(places: Sequence[Place], corpus: Corpus) -> tuple[tuple[int, ...], tuple[int, ...]]:
    passages = [number for number, text in enumerate(corpus.texts) if _is_there(text, places)]
    near = set(passages)
    windows = [
        number
        for number, (owner, text) in enumerate(zip(corpus.owners, corpus.window_texts, strict=True))
        if owner in near and _is_there(text, places)
    ]
    return tuple(passages), tuple(windows)


def _is_there(text: str, places: Sequence[Place]) -> bool:
    runs = runs_of(text)
    shared = [(len(runs & place.runs), min(len(runs), len(place.runs))) for place in places]
    return any(count and count >= SHARE * least for count, least in shared)
