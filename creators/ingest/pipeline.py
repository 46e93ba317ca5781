"""The ingest of many files: read one by one, embedded in batches, stored one transaction a work."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from creators.embeddings.base import Embedder
from creators.embeddings.spaces_part import space_of
from creators.glossary import Rule, rules_of
from creators.ingest.prepare import Prepared, fingerprint, prepare
from creators.ingest.sources import SourceFile
from creators.ingest.store import Vector, known_vectors, passage_text, store, text_hash
from creators.ingest.values import Facts, Outcome
from creators.models import Creator, GlossaryEntry, Space, Work
from creators.models.terms import fold_terms
from creators.transcripts import TranscriptError

BATCH = 64
"""Texts that are gathered over several works before they are embedded together."""

LONGEST_NAME = 500
FOLD_EVERY = 500
"""Works after which the counts of their terms are folded, so that no question has to add up too many changes."""


@dataclass(slots=True)
class _Waiting:
    """Works read and not yet stored, with the texts they still need vectors for."""

    works: list[tuple[Prepared, dict[str, Vector]]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def ingest(
    creator: Creator, files: Iterable[SourceFile], *, embedder: Embedder, facts: Facts | None = None
) -> Iterator[Outcome]:
    """Bring the creator's works up to date with the files and yield what became of each.

    A file that can't be read is an outcome, not an error; a database that fails is an error.
    What was yielded is stored: stopping at any point leaves each work as it was or as it should be.
    """
    space = space_of(embedder)
    hashes = Work.objects.hashes(creator)
    rules = rules_of(GlossaryEntry.objects.applying_to(creator.pk).reviewed())
    waiting = _Waiting()
    stored = 0
    for file in files:
        result = _read(file, hashes=hashes, facts=facts or Facts(), rules=rules)
        if isinstance(result, Outcome):
            yield result
            continue
        known = known_vectors(creator, file.source, space=space) if file.source in hashes else {}
        _queue(waiting, result, known=known)
        if len(waiting.texts) >= BATCH:
            yield from _flush(waiting, creator=creator, space=space, embedder=embedder)
            stored += len(waiting.works)
            waiting = _Waiting()
            if stored >= FOLD_EVERY:
                fold_terms()
                stored = 0
    yield from _flush(waiting, creator=creator, space=space, embedder=embedder)
    if stored or waiting.works:
        fold_terms()


def _read(file: SourceFile, *, hashes: dict[str, str], facts: Facts, rules: Sequence[Rule]) -> Prepared | Outcome:
    if len(file.source) > LONGEST_NAME or not file.source.isprintable():
        detail = f"{file.source!r}: has a name that can't be kept; rename the file"
        return Outcome(source=file.source, status="failed", size=file.size, detail=detail)
    try:
        data = file.read()
        content_hash = fingerprint(file, data, facts=facts, rules=rules)
        if hashes.get(file.source) == content_hash:
            return Outcome(source=file.source, status="unchanged", size=len(data))
        return prepare(file, data, content_hash=content_hash, facts=facts, rules=rules)
    except TranscriptError as error:
        return Outcome(source=file.source, status="failed", size=file.size, detail=str(error))
    except OSError as error:
        reason = error.strerror or "can't be read"
        return Outcome(source=file.source, status="failed", size=file.size, detail=f"{file.source}: {reason}")


def _queue(waiting: _Waiting, prepared: Prepared, *, known: dict[str, Vector]) -> None:
    waiting.works.append((prepared, known))
    for draft in prepared.drafts:
        hashed = text_hash(draft)
        if hashed not in known:
            waiting.texts[hashed] = passage_text(heading=draft.heading, text=draft.text)


def _flush(waiting: _Waiting, *, creator: Creator, space: Space, embedder: Embedder) -> Iterator[Outcome]:
    fresh: dict[str, Vector] = {}
    if waiting.texts:
        fresh = dict(zip(waiting.texts, embedder.embed_passages(list(waiting.texts.values())), strict=True))
    for prepared, known in waiting.works:
        is_new = store(prepared, creator=creator, space=space, vectors={**fresh, **known})
        hashed = {text_hash(draft) for draft in prepared.drafts}
        yield Outcome(
            source=prepared.source,
            status="new" if is_new else "changed",
            size=prepared.size,
            chunks=len(prepared.drafts),
            embedded=len(hashed - known.keys()),
            detail="; ".join(prepared.warnings),
        )
