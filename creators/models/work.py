"""Works, and the chunks and embeddings that are searched of them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import connection, models
from django.db.models import Func, Value
from django.db.models.functions import Length, Lower, Now, StrIndex
from pgvector.django import VectorField

from chrysopedia.core.text import folded, folded_name
from creators.models.creator import Creator
from creators.transcripts.revision import Changes, ChunkText, chunk_text_from_json, marks_from_json
from creators.transcripts.segments import Correction, Mark, as_heard


def folded_sql(text: models.Expression) -> Func:
    """Return the words of a text in lower case with one space between them, as ``folded`` does; for a query."""
    words = Func(Lower(text), Value(r"[^[:alnum:]]+"), Value(" "), Value("g"), function="regexp_replace")
    return Func(words, function="btrim", output_field=models.TextField())


class WorkQuerySet(models.QuerySet["Work"]):
    """Queries over works."""

    def published(self) -> Self:
        """Only those that visitors may read: not withdrawn, of a published creator."""
        return self.filter(is_withdrawn=False, creator__is_published=True)

    def with_lengths(self) -> Self:
        """Each with ``seconds``, where its last chunk ends; None in a text without times."""
        chunks = apps.get_model("creators", "Chunk").objects.filter(work=models.OuterRef("pk"))
        return self.annotate(seconds=models.Subquery(chunks.order_by("-position").values("end_seconds")[:1]))

    def by_length(self, *, longest_first: bool) -> Self:
        """Those with times, each with its ``seconds``, the longest or the shortest first."""
        seconds = models.F("seconds")
        timed = self.with_lengths().filter(models.Q(("seconds__isnull", False)))
        return timed.order_by(seconds.desc() if longest_first else seconds.asc(), "title", "pk")

    def lasting(self, least: float, most: float) -> Self:
        """Those with times that last so many seconds, both included, each with its ``seconds``."""
        return self.with_lengths().filter(models.Q(("seconds__gte", least)), models.Q(("seconds__lte", most)))

    def newest_first(self) -> Self:
        """By date, those without one last."""
        return self.order_by(models.F("published").desc(nulls_last=True), "title", "pk")

    def in_order_of(self, by: str) -> Self:
        """By ``title``, ``published``, ``updated`` or ``seconds``, with a minus from the last to the first.

        Those that lack it come last either way; ``seconds`` needs ``with_lengths``.
        """
        name = models.F(by.removeprefix("-"))
        key = name.desc(nulls_last=True) if by.startswith("-") else name.asc(nulls_last=True)
        return self.order_by(key, "title", "pk")

    def taken_down_with(self, hashes: Iterable[str]) -> Self:
        """Those that were taken down and say one of these passages, by the hashes of their texts."""
        return self.filter(taken_down__isnull=False, chunks__text_hash__in=list(hashes)).distinct()

    def named_in(self, words: str) -> Self:
        """Those in whose title each of these words stands, whatever the case."""
        found = self
        for word in words.split():
            found = found.filter(title__icontains=word)
        return found

    def within(self, since: date | None, until: date | None) -> Self:
        """Those that came out within these days, both included; None leaves an end open."""
        found = self.filter(published__gte=since) if since else self
        return found.filter(published__lte=until) if until else found

    def titled_in(self, text: str) -> Self:
        """Those whose title, or its part before a colon, stands in a text in lower case, the longest title first."""
        head = Func(models.F("title"), Value(":"), Value(1), function="split_part", output_field=models.TextField())
        inside = self.annotate(at=StrIndex(Value(text), folded_sql(head)))
        return inside.filter(models.Q(("at__gt", 0))).order_by(Length("title").desc(), "pk")

    def below(self, folder: str, *, creator: Creator) -> Self:
        """Those of a creator, not withdrawn, whose source lies in a folder; ``folder`` ends with a slash."""
        return self.filter(creator=creator, is_withdrawn=False, source__startswith=folder)

    def move(self, source: str, *, to: str, creator: Creator) -> None:
        """Have a creator's work follow its file, which lies elsewhere or is called otherwise now."""
        self.filter(creator=creator, source=source).update(source=to)

    def withdraw(self) -> int:
        """Have them neither searched nor shown; return of how many that is news. No feed brings them back."""
        self._episodes().update(is_withdrawn=False)
        return self.filter(is_withdrawn=False).update(is_withdrawn=True, updated=Now())

    def give_back(self) -> int:
        """Have them searched and shown again; return of how many that is news."""
        self._episodes().update(is_withdrawn=False)
        return self.filter(is_withdrawn=True).update(is_withdrawn=False, taken_down=None, updated=Now())

    def _episodes(self) -> "models.QuerySet[Any]":
        """The episodes of feeds that these works were made of, which say whether the feed has withdrawn them."""
        own = Work.objects.filter(
            pk__in=self.values("pk"), creator=models.OuterRef("feed__creator"), source=models.OuterRef("source")
        )
        return apps.get_model("creators", "Episode").objects.filter(models.Exists(own))

    def hashes(self, creator: Creator) -> dict[str, str]:
        """Return the content hash of each of this creator's sources, by source."""
        return dict(self.filter(creator=creator).values_list("source", "content_hash"))


class Work(models.Model):
    """One work of a creator, read from one source."""

    class Kind(models.TextChoices):
        """What a work is, which decides how a link into it is written."""

        VIDEO = "video"
        AUDIO = "audio"
        ARTICLE = "article"
        TEXT = "text"

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="works")
    slug = models.SlugField(unique=True, max_length=120)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    url = models.URLField(max_length=1000, blank=True, help_text="Where the work can be seen or read, if anywhere.")
    published = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    is_withdrawn = models.BooleanField(default=False, help_text="Withdrawn works are never searched or shown.")
    source = models.CharField(max_length=500, help_text="The file it was read from, within the folder given to ingest.")
    creator_label = models.CharField(
        max_length=100,
        blank=True,
        help_text=(
            "The name before the creator's own words, such as SPEAKER_00. Left empty, it is whoever is called like the "
            "creator; everybody else who has a name is a guest."
        ),
    )
    content_hash = models.CharField(max_length=64, editable=False)
    asides = models.JSONField(default=list, db_default=[], editable=False)
    """What is shown with the text and neither searched nor quoted, in order: ``[position, offset, kind, text]``, where
    it stands before that offset of the chunk at that position; after all of them where there is no such chunk."""
    updated = models.DateTimeField(auto_now=True, db_default=Now())
    """When its text or what is known of it last changed here."""
    taken_down = models.DateTimeField(null=True, editable=False)
    """When it was taken down, at the desk or by command, until it is given back."""

    objects = WorkQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        constraints = (models.UniqueConstraint(fields=("creator", "source"), name="one_work_a_source"),)

    def __str__(self) -> str:
        return self.title

    def labels(self) -> dict[str, int]:
        """Return the labels before what is said, with the number of chunks in which each speaks, the most first."""
        found: Counter[str] = Counter()
        for marks in self.chunks.values_list("marks", flat=True):
            found.update(list(dict.fromkeys(str(mark[3]) for mark in marks if mark[3])))
        return dict(found.most_common())

    def speaker_named(self, label: str) -> str:
        """Return who speaks under a label of the transcript: the creator or a guest by name, "" for nobody known.

        The creator is whom ``creator_label`` names, else whoever is called by the creator's name, a part or an alias.
        """
        creator = self.creator
        return speaker_named(label, own=self.creator_label, creator=creator.name, aliases=creator.aliases)


def speaker_named(label: str, *, own: str, creator: str, aliases: Sequence[str]) -> str:
    """Return who speaks under a label in a work whose ``creator_label`` is ``own``, as ``Work.speaker_named`` does."""
    if label == own and label:
        return creator
    if not label or _NO_NAME.fullmatch(label):
        return ""
    if own:
        return label
    words = set(folded(folded_name(label)).split())
    names = map(folded_name, (creator, *aliases))
    is_own = any(words <= set(folded(name).split()) for name in names)
    return creator if is_own else label


_NO_NAME = re.compile(
    r"(?:unknown )?(?:speaker|spk|voice|participant|caller|person|host|co-?host|guest|interviewer|interviewee|narrator"
    r"|moderator|presenter|audience|man|woman|male|female|everyone|all|both|unknown)(?:[\s_#-]*(?:\d+|[a-z]))?",
    re.IGNORECASE,
)
"""What tools and transcribers write where they know no name."""


class ChunkQuerySet(models.QuerySet["Chunk"]):
    """Queries over chunks."""

    def visible(self) -> Self:
        """Those that visitors may read: not hidden, of works not withdrawn, of published creators."""
        return self.filter(is_hidden=False, work__is_withdrawn=False, work__creator__is_published=True)

    def openings(self, works: Sequence[int]) -> dict[int, str]:
        """Return the text that each of these works begins with, by work."""
        rows = self.filter(work__in=works, is_hidden=False).order_by("work", "position").distinct("work")
        return dict(rows.values_list("work", "text"))

    def saying(self, words: str) -> Self:
        """Those that hold these words next to each other, in any of their forms."""
        return self.filter(search=SearchQuery(words, config="english", search_type="phrase"))

    def without_embedding(self, space: "Space | None") -> Self:
        """Those that have no vector in this space and should; all of them where the space does not exist yet."""
        searched = self.filter(is_hidden=False)
        if space is None:
            return searched
        return searched.exclude(pk__in=Embedding.objects.filter(space=space).values("chunk_id"))


class Chunk(models.Model):
    """Whole segments of a work packed together, with their times.

    ``marks`` is a list of ``[offset, start, end, speaker]``: where a segment begins in ``text`` and its seconds.
    ``corrections`` is a list of ``[offset, length, original]``: where the glossary put ``text`` right.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="chunks")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    text = models.TextField()
    heading = models.TextField(blank=True)
    marks = models.JSONField(default=list)
    corrections = models.JSONField(default=list)
    start_seconds = models.FloatField(null=True)
    end_seconds = models.FloatField(null=True)
    text_hash = models.CharField(max_length=64)
    words = models.PositiveIntegerField(help_text="The length that BM25 normalises by.")
    is_hidden = models.BooleanField(default=False, db_default=False)
    """Neither searched, quoted nor shown; it has no vectors then."""
    is_preferred = models.BooleanField(default=False, db_default=False)
    """It goes before others that are about as relevant."""
    said = models.JSONField(null=True, default=None, editable=False)
    """What ingest made of it, ``{text, marks, corrections}``, where a curator changed that; else None."""
    recut = models.ForeignKey(
        "creators.Recut", on_delete=models.SET_NULL, null=True, editable=False, db_index=False, related_name="chunks"
    )
    """What ingest made of it and those around it, where a curator split or joined them; else None."""
    changes = models.JSONField(default=dict, db_default={}, editable=False)
    """What a curator changed, ``{texts, speakers}``, each by the number of the sentence in what was said."""
    search = models.GeneratedField(
        expression=SearchVector("heading", "text", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ChunkQuerySet.as_manager()

    class Meta:
        ordering = ("work", "position")
        constraints = (models.UniqueConstraint(fields=("work", "position"), name="one_chunk_a_position"),)
        indexes = (
            GinIndex(fields=["search"], name="chunk_search"),
            models.Index(fields=["recut"], condition=models.Q(recut__isnull=False), name="chunk_recut"),
        )

    def __str__(self) -> str:
        return f"{self.work_id}#{self.position}"

    @property
    def timing(self) -> tuple[Mark, ...]:
        """The marks as values."""
        return marks_from_json(self.marks)

    @property
    def corrected(self) -> tuple[Correction, ...]:
        """The corrections as values."""
        return tuple(Correction(offset=row[0], length=row[1], original=row[2]) for row in self.corrections)

    @property
    def as_ingested(self) -> ChunkText:
        """The text as ingest made it, whatever a curator changed since."""
        if self.said is None:
            return ChunkText(self.text, self.timing, self.corrected)
        return chunk_text_from_json(self.said)

    @property
    def revision(self) -> Changes:
        """The changes as values."""
        texts, speakers = (self.changes.get(kind, {}) for kind in ("texts", "speakers"))
        return Changes({int(at): one for at, one in texts.items()}, {int(at): one for at, one in speakers.items()})

    def as_heard(self) -> str:
        """Return the text as the transcriber wrote it."""
        return as_heard(self.text, self.corrected)


class Space(models.Model):
    """A vector space: the model that made its vectors. Vectors of two spaces are never compared."""

    name = models.CharField(max_length=200, unique=True)
    dimensions = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name

    @property
    def index_name(self) -> str:
        """The name of the HNSW index over this space's vectors."""
        return f"embedding_hnsw_{self.pk}"


# A search asks for these each time: written out they take half of what the queries made of parts do.
WINDOWS_SQL = "SELECT chunk_id, windows FROM creators_embedding WHERE space_id = %s AND chunk_id = ANY(%s)"
VECTORS_SQL = "SELECT chunk_id, vector_send(vector) FROM creators_embedding WHERE space_id = %s AND chunk_id = ANY(%s)"


def _received(vector: bytes) -> npt.NDArray[np.float32]:
    """Return a vector as pgvector sends it: two numbers of two bytes, then its own, the most significant byte first."""
    return np.frombuffer(vector, ">f4", offset=4).astype(np.float32)


class EmbeddingQuerySet(models.QuerySet["Embedding"]):
    """Queries over embeddings."""

    def without_windows(self, space: "Space") -> Self:
        """Those that were made before windows of sentences were embedded too."""
        return self.filter(space=space, windows=b"")

    def windows_of(self, chunks: Sequence[int], *, space: "Space") -> dict[int, bytes]:
        """Return the packed windows of these chunks in a space, by chunk; those that have none are left out."""
        with connection.cursor() as cursor:
            cursor.execute(WINDOWS_SQL, [space.pk, list(chunks)])
            return {chunk: windows for chunk, windows in cursor.fetchall() if windows}

    def of_chunks(self, chunks: Sequence[int], *, space: Space) -> dict[int, npt.NDArray[np.float32]]:
        """Return the vectors of these chunks in a space, by chunk."""
        with connection.cursor() as cursor:
            cursor.execute(VECTORS_SQL, [space.pk, list(chunks)])
            return {chunk: _received(vector) for chunk, vector in cursor.fetchall()}


class Embedding(models.Model):
    """A chunk in one vector space.

    Creator and work stand here too, so that a filtered search needs no join below the index scan. The work's row is
    not watched: with its chunks go their embeddings, and a check would scan this table for each work that is deleted.
    """

    chunk = models.ForeignKey(Chunk, on_delete=models.CASCADE, related_name="embeddings")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="+", db_index=False)
    work = models.ForeignKey(Work, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    vector = VectorField()
    windows = models.BinaryField(default=b"", db_default=b"")
    """The vectors of its windows of sentences, packed; empty where it was embedded before there were any."""

    objects = EmbeddingQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("chunk", "space"), name="one_vector_a_space"),)
        indexes = (models.Index(fields=["space", "creator"], name="embedding_scope"),)

    def __str__(self) -> str:
        return f"{self.chunk_id} in {self.space_id}"

    @classmethod
    def of(cls, chunk: Chunk, *, space: Space, vector: npt.NDArray[np.float32], windows: bytes = b"") -> Self:
        """Return the embedding of a stored chunk, not stored yet."""
        own = {"creator_id": chunk.creator_id, "work_id": chunk.work_id}
        return cls(chunk=chunk, space=space, vector=vector, windows=windows, **own)
