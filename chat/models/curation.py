"""What curators work with: the vectors of questions that were asked, and the answers that they pin to some."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from chat.models.conversation import Turn
from creators.models import Chunk, Creator, Work

Vectors = npt.NDArray[np.float32]
"""Embeddings of length one, shape (n, dimensions)."""

_STORED_AS = np.float16  # whose rounding moves a cosine by less than 0.001


def packed(vectors: Vectors) -> bytes:
    """Return vectors as they are stored, two bytes a number."""
    return vectors.astype(_STORED_AS).tobytes()


def unpacked(stored: bytes, *, dimensions: int) -> Vectors:
    """Return stored vectors, shape (n, dimensions)."""
    return np.frombuffer(stored, dtype=_STORED_AS).astype(np.float32).reshape(-1, dimensions)


class QuestionVectorQuerySet(models.QuerySet["QuestionVector"]):
    """Queries over the vectors of questions."""

    def keep(self, turns: Sequence[Any], vectors: Vectors, *, space: str) -> None:
        """Store the vector of each of these turns, by id, in a space."""
        rows = [
            QuestionVector(turn_id=turn, space=space, vector=packed(vector))
            for turn, vector in zip(turns, vectors, strict=True)
        ]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["turn"], update_fields=["space", "vector"], batch_size=500
        )


class QuestionVector(models.Model):
    """A question that was asked, by itself, in the space of one embedder. It goes with its turn."""

    # Without a constraint of the database's: the version before, which doesn't know of it, goes on removing turns.
    turn = models.OneToOneField(
        Turn, models.CASCADE, primary_key=True, related_name="question_vector", db_constraint=False
    )
    space = models.CharField(max_length=200)
    vector = models.BinaryField()

    objects = QuestionVectorQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.turn_id} in {self.space}"


LEAST_THRESHOLD, THRESHOLD = 0.6, 0.8
"""Cosines of two questions from which on one answer may serve both: the least that can be set, and the usual one.

Of 485 questions that three people wrote, each meant differently, 25 pairs reach the first and none the second.
"""


class PinnedAnswerQuerySet(models.QuerySet["PinnedAnswer"]):
    """Queries over pinned answers."""

    def live(self, today: date) -> Self:
        """Only those that answer on this day: switched on, and not past their time."""
        return self.filter(models.Q(expires=None) | models.Q(expires__gte=today), is_active=True)

    def asked_of(self, creator_id: int | None) -> Self:
        """Only those for questions to this creator; None is everyone together."""
        return self.filter(creator_id=creator_id)

    def with_sources(self) -> Self:
        """Each with ``is_gone``: whether its work is hidden or gone, or no longer says the sentence it rests on."""
        said = Chunk.objects.visible().filter(work=models.OuterRef("work"), text__contains=models.OuterRef("quote"))
        return self.annotate(is_gone=~models.Q(quote="") & ~models.Exists(said))


class PinnedAnswer(models.Model):
    """An answer that a curator wrote, or chose among a creator's words, for all questions that mean the same.

    ``questions`` are what was asked in words, and ``vectors`` theirs in ``space``: a question is answered whose cosine
    with one of them reaches ``threshold``. ``quote`` is the sentence of ``work`` that it rests on, "" where it
    rests on none. ``creator`` is None for questions to everyone.
    """

    creator = models.ForeignKey(Creator, models.CASCADE, null=True, blank=True, related_name="+")
    questions = models.JSONField(default=list)
    space = models.CharField(max_length=200)
    vectors = models.BinaryField()
    threshold = models.FloatField(
        default=THRESHOLD,
        validators=[MinValueValidator(LEAST_THRESHOLD), MaxValueValidator(1)],
        help_text="How alike a question has to be, from 0.6 to 1.",
    )
    text = models.TextField(max_length=4000)
    work = models.ForeignKey(Work, models.SET_NULL, null=True, blank=True, related_name="+")
    quote = models.TextField(blank=True, editable=False)
    in_their_name = models.BooleanField(
        "in the creator’s name",
        default=False,
        help_text="Only with the creator’s consent. Without it the answer says which curator wrote it.",
    )
    signed = models.CharField(max_length=150, help_text="The name that stands under the answer.")
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    created = models.DateTimeField(editable=False)
    expires = models.DateField(null=True, blank=True, help_text="The last day on which it answers; empty for always.")
    is_active = models.BooleanField("answers", default=True, help_text="Switch it off to take the answer back.")

    objects = PinnedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return str(self.questions[0]) if self.questions else "A pinned answer"

    @property
    def phrasings(self) -> Vectors:
        """The vectors of its questions, shape (n, dimensions)."""
        return unpacked(bytes(self.vectors), dimensions=self._dimensions)

    @property
    def _dimensions(self) -> int:
        return len(bytes(self.vectors)) // np.dtype(_STORED_AS).itemsize // max(1, len(self.questions))

    def matches(self, vectors: Vectors) -> npt.NDArray[np.bool_]:
        """Say of each of these questions of the same space, shape (n, dimensions), whether it is answered by this."""
        near: npt.NDArray[np.bool_] = (vectors @ self.phrasings.T).max(axis=1) >= self.threshold
        return near
