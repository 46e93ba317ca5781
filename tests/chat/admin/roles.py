"""Accounts of each role, and something of every kind that a desk shows."""

from dataclasses import dataclass
from uuid import NAMESPACE_DNS, UUID, uuid5

import numpy as np
from django.contrib.auth.models import Group, User
from django.test import Client

from chat.models import EvaluationCase, Feedback, PinnedAnswer, Turn
from chat.models.curation import packed
from creators.embeddings import get_embedder
from creators.models import Creator, Feed, GlossaryEntry, IngestJob, PersonalityDraft, Work
from tests.chat.conversations.rows import NOW, keep, new_owner


def account(name: str, *, group: str = "", creators: tuple[Creator, ...] = ()) -> Client:
    """Somebody of the staff, logged in."""
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    user.curated_creators.set(creators)
    client = Client()
    client.force_login(user)
    return client


@dataclass(frozen=True)
class Belongings:
    """What belongs to one creator at the desk."""

    creator: Creator
    work: Work
    entry: GlossaryEntry
    draft: PersonalityDraft
    turn: Turn
    feedback: Feedback
    pin: PinnedAnswer
    job: IngestJob
    feed: Feed
    case: EvaluationCase

    @property
    def desk_id(self) -> UUID:
        """The turn's name at the desk."""
        return Turn.objects.get(pk=self.turn.pk).desk_id


def belongings(slug: str) -> Belongings:
    """Make a creator with one of each."""
    creator = Creator.objects.create(slug=slug, name=f"The {slug}")
    turn = keep(f"What does {slug} say?", owner=new_owner(), creator=slug).turns.get()
    return Belongings(
        creator=creator,
        work=Work.objects.create(creator=creator, slug=f"{slug}-work", title=f"Work of {slug}", source="a.txt"),
        entry=GlossaryEntry.objects.create(creator=creator, term=f"Term of {slug}"),
        draft=PersonalityDraft.objects.create(creator=creator, tone=["dry"], made_by="model"),
        turn=turn,
        feedback=Feedback.objects.create(turn=turn, rating="down", created=NOW, updated=NOW),
        pin=pinned([f"What does {slug} say?"], creator=creator),
        job=IngestJob.objects.create(creator=creator, label=f"Upload of {slug}"),
        feed=Feed.objects.create(creator=creator, url=f"https://{slug}.example/feed"),
        case=EvaluationCase.objects.create(
            creator=creator, question=f"A case of {slug}", desk_id=uuid5(NAMESPACE_DNS, slug), tier="none", created=NOW
        ),
    )


def pinned(questions: list[str], *, creator: Creator | None, text: str = "Seven.", **more: object) -> PinnedAnswer:
    """Pin an answer to these questions."""
    embedder = get_embedder()
    vectors = np.asarray(embedder.embed_sentences(questions))
    members: dict[str, object] = {"signed": "Ada", "created": NOW, "threshold": 0.75, **more}
    return PinnedAnswer.objects.create(
        creator=creator, questions=questions, text=text, vectors=packed(vectors), space=embedder.space.name, **members
    )
