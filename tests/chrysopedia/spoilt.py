"""A creator with works, and conversations, in each stored text of which stands every character that nobody sees."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, JSONField, Model, SlugField, TextField
from django.utils import timezone

from chat import conversations
from chat.events.turn import Owner
from chat.models import ApiKey, Conversation, EvaluationCase, ExpectedPassage, Feedback, PinnedAnswer
from chat.models.curation import packed
from creators.embeddings import get_embedder
from creators.ingest import Facts, SourceFile, ingest
from creators.models import Chunk, Creator, Domain, GlossaryEntry, Personality, PersonalityDraft, Recut, Work, WorkFile
from creators.models.feeds import Episode, Feed
from creators.models.jobs import IngestJob, JobFile
from creators.transcripts.revision import chunk_text_to_json
from tests.chat.conversations.rows import keep, new_owner
from tests.unseen import SEVERAL, STORED

SPOILT = "spoilt"
SAID = "On a lead vocal I set the ratio of the compressor to three to one, with an attack of 20 ms. All in the sea rum."
NAMES = frozenset(
    {
        "state",
        "worker",
        "stage",
        "scopes",
        "beginning",
        "creators",
        "origins",
        "kind",
        "made_by",
        "rating",
        "reason",
        "owner",
        "token",
        "source",
        "space",
        "lexeme",
    }
)
"""Fields that hold a name which the program gave, as those of slugs and digests do; no reader's or creator's words."""
OUT_OF_SIGHT = frozenset({"Space", "TermCount", "Calibration", "Picture", "DailyQuestions"})
"""Models of which no text is shown but such names."""
MEMBERS = frozenset(
    {"creator_slug", "work", "tier", "cascade_tier", "answered_by", "finish", "verdict", "kind", "published"}
)


@dataclass(frozen=True)
class Spoilt:
    """What a walk needs to know of them."""

    owner: Owner
    conversation: str
    turn: str
    token: str
    work: str
    rows: tuple[Model, ...]


def spoil(value: Any, *, room: int | None = None) -> Any:
    """Return a text, or a JSON value in all its texts, with what nobody sees after the first character."""
    if isinstance(value, str):
        return value[:1] + (STORED if room is None else SEVERAL[: max(0, room - len(value))]) + value[1:]
    if isinstance(value, dict):
        return {key: one if key in MEMBERS or key.endswith("_id") else spoil(one) for key, one in value.items()}
    return [spoil(one) for one in value] if isinstance(value, list) else value


def texts_of(model: type[Model]) -> Iterator[Any]:
    """Yield the fields of a model that hold words."""
    for field in model._meta.concrete_fields:
        is_name = isinstance(field, SlugField) or field.name in NAMES or bool(field.choices)
        is_name = is_name or field.name.endswith(("_slug", "_hash", "_origins", "tier", "_by", "digest", "finish"))
        if isinstance(field, CharField | TextField | JSONField | ArrayField) and not is_name:
            yield field


def spoil_row(row: Model) -> None:
    changes: dict[str, Any] = {}
    for field in texts_of(type(row)):
        value = getattr(row, field.name)
        if isinstance(field, ArrayField):
            changes[field.name] = [spoil(one, room=field.base_field.max_length) for one in value]
        else:
            changes[field.name] = spoil(value, room=getattr(field, "max_length", None))
    type(row)._base_manager.filter(pk=row.pk).update(**changes)


def spoilable_models() -> set[str]:
    """Return the names of the models that have fields with words."""
    models = [model for app in ("creators", "chat") for model in apps.get_app_config(app).get_models()]
    return {model.__name__ for model in models if list(texts_of(model))} - OUT_OF_SIGHT


def _corpus() -> Iterable[Model]:
    domain = Domain.objects.create(slug=SPOILT, name="Spoilt", lowering=["softens"], ratio_names=["to"])
    creator = Creator.objects.create(
        slug=SPOILT,
        name="Ada",
        aliases=["Lady"],
        summary="Sums.",
        links=[{"label": "Home", "url": "https://a.example"}],
    )
    creator.domains.add(domain)
    words = {"summary": "Dry.", "tone": ["dry"], "vocabulary": ["glue"], "phrases": ["there you go"]}
    quote = {"quote": "It is all in.", "work": SPOILT, "title": "Vocals", "seconds": None}
    examples = [{"part": "tone", "trait": "dry", "quotes": [quote]}]
    yield Personality.objects.create(creator=creator, habits=["sums"], avoid=["hello"], **words)
    yield PersonalityDraft.objects.create(creator=creator, examples=examples, made_by="statistics", **words)
    entry = {"term": "Serum", "heard": ["sea rum"], "meaning": "A synth.", "is_reviewed": True}
    yield GlossaryEntry.objects.create(creator=creator, **entry)
    files = [SourceFile(source=f"{n}.txt", size=len(SAID), read=SAID.encode) for n in ("one", "two")]
    facts = Facts(title="Compressing a lead vocal", kind="video", url="https://youtu.be/abc_-123")
    assert [one.status for one in ingest(creator, files, embedder=get_embedder(), facts=facts)] == ["new", "new"]
    yield from creator.works.all()
    yield from WorkFile.objects.filter(work__creator=creator)
    for chunk in Chunk.objects.filter(creator=creator):
        chunk.heading, chunk.marks = "A chapter", [[0, 0.0, 100.0, "Guest"]]
        chunk.recut = Recut.objects.create(work=chunk.work, base=[chunk_text_to_json(chunk.as_ingested)])
        chunk.save(update_fields=["heading", "marks", "recut"])
        yield from (chunk, chunk.recut)
    yield from _brought_in(creator)
    yield from (domain, creator)


def _brought_in(creator: Creator) -> Iterable[Model]:
    feed = Feed.objects.create(creator=creator, url="https://a.example/feed", title="A feed", error="No answer.")
    yield Episode.objects.create(feed=feed, guid="1", source="1", title="One", transcript="https://a.example/1.vtt")
    failed = {"label": "Two files", "notes": ["One was passed over."], "error": "The embedder is away."}
    job = IngestJob.objects.create(creator=creator, feed=feed, state="failed", facts={"title": "Vocals"}, **failed)
    yield JobFile.objects.create(job=job, source="one.txt", detail="It can't be read.", state="failed")
    yield from (job, feed)


def _by_curators(creator: Creator) -> Iterable[Model]:
    """Yield an answer that is pinned and answers nothing, and a key that opens nothing."""
    vectors = get_embedder().embed_questions(["How?"])
    answer = {"text": "By ear.", "quote": "All in.", "signed": "Ada", "questions": ["How?"], "is_active": False}
    now = timezone.now()
    yield PinnedAnswer.objects.create(creator=creator, vectors=packed(vectors), created=now, **answer)
    known = {"question": "How?", "earlier": [{"question": "What?", "answer": "That."}], "tier": "creator"}
    case = EvaluationCase.objects.create(creator=creator, desk_id=UUID(int=7), created=now, **known)
    yield ExpectedPassage.objects.create(case=case, work=creator.works.all()[0], quote="All in.")
    yield case
    yield ApiKey.objects.create(name="A key", beginning="cp_x", digest="0" * 64, scopes=["chat"], revoked=now)


@contextmanager
def spoilt() -> Iterator[Spoilt]:
    """Store them, and remove them after the block; synchronous, and committed, as pages are read in other threads."""
    owner, now = new_owner(), timezone.now()  # what is older is removed by the next turn
    rows = list(_corpus())
    kept = keep("How much pre-delay?", "And on drums?", owner=owner, creator=SPOILT, now=now)
    first, second = kept.turns.in_order()
    rated = Feedback.objects.create(turn=first, rating="down", comment="Too long.", created=now, updated=now)
    token = conversations.share(kept.public_id, owner=owner, now=now).token
    rows += [first, second, kept, rated, *_by_curators(Creator.objects.get(slug=SPOILT))]
    for row in rows:
        spoil_row(row)
    work = next(row for row in rows if isinstance(row, Work))
    try:
        yield Spoilt(owner, str(kept.public_id), str(first.pk), token, work.slug, tuple(rows))
    finally:
        ApiKey.objects.filter(digest="0" * 64).delete()
        Conversation.objects.filter(turns__creator_slug=SPOILT).delete()  # those that the tests began as well
        Creator.objects.filter(slug=SPOILT).delete()
        Domain.objects.filter(slug=SPOILT).delete()
