"""Works moved to another creator: their passages, vectors and counts with them, and what else rests on them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from chat.catalogue.questions import forget_examples
from chat.models import ExpectedPassage, PinnedAnswer
from chat.moves.plan import MoveError, Plan, number
from chat.understanding.names import labels_in
from creators.models import Chunk, Creator, Embedding, IngestJob, JobFile, PersonalityDraft, Work
from creators.models.feeds import Episode

NAMED = 5
"""Speakers, works and feeds that a sentence names; of more it gives the number."""
KEPT = 380
"""Characters of a source that stay when it is called otherwise, so that it has room before it."""
MANY, A_MINUTE = 1000, 8000
"""Passages from which on it is said how long they take, and how many take a minute on a machine that is busy."""
UNDER_WAY = (IngestJob.State.QUEUED, IngestJob.State.RUNNING)


@dataclass(frozen=True, slots=True)
class Moved:
    """The keys of the works that were moved, and of which the source that another had is called otherwise now."""

    works: tuple[int, ...]
    renamed: Mapping[int, tuple[str, str]]


def plan_move(works: Sequence[Work], *, to: Creator) -> Plan:
    """Say what it comes to if works, each with its creator, go to another one."""
    moving = [work for work in works if work.creator_id != to.pk]
    does = [what_comes(moving, to=to)]
    if stay := len(works) - len(moving):
        does.append(f"{number(stay, 'work')} of the chosen {'is' if stay == 1 else 'are'} {to.name}’s already.")
    refusals = [] if moving else [f"All of these are {to.name}’s already."]
    if under_way(moving):
        refusals.append("Some of their files are being brought in just now: wait for these uploads, or cancel them.")
    mind = (
        *speakers_after(moving, to=to),
        *clashes(moving, to=to),
        *of_visibility(moving, to=to),
        *_rest_on(moving, to=to),
        *_of_feeds(moving),
        "Answers that were given before go on naming who was their creator then.",
    )
    return Plan(tuple(does), mind if moving else (), tuple(refusals))


def what_comes(works: Sequence[Work], *, to: Creator) -> str:
    """Say how much comes to a creator."""
    chunks = Chunk.objects.filter(work__in=[work.pk for work in works]).count()
    said = (
        f"{number(len(works), 'work')} with {number(chunks, 'passage')} will be {to.name}’s: searched, cited and "
        f"listed as theirs from then on."
    )
    return said if chunks < MANY else f"{said} {told_how_long(chunks)}"


def told_how_long(chunks: int) -> str:
    """Say how long so many passages take, each of which is put into the index over vectors anew."""
    minutes = -(-chunks // A_MINUTE)
    return (
        f"That takes up to {number(minutes, 'minute')}; all is as it was until it is done, also with the page closed."
    )


def under_way(works: Sequence[Work]) -> bool:
    """Tell whether a file of one of these works waits for a worker, or is in the hands of one."""
    pairs = {(work.creator_id, work.source) for work in works}
    files = JobFile.objects.unfinished().filter(job__state__in=UNDER_WAY, job__creator__in={one for one, _ in pairs})
    return not pairs.isdisjoint(files.values_list("job__creator", "source"))


def speakers_after(works: Sequence[Work], *, to: Creator) -> list[str]:
    """Say who in these works would be taken for their new creator."""
    labels: dict[int, list[str]] = {work.pk: [] for work in works}
    for key, label in labels_in(list(labels)):
        labels[key].append(label)
    own: Counter[str] = Counter()
    silent = strange = 0
    for work in works:
        moved = Work(creator=to, creator_label=work.creator_label)
        taken = [label for label in labels[work.pk] if moved.speaker_named(label) == to.name]
        own.update(taken)
        silent += not labels[work.pk]
        strange += bool(labels[work.pk]) and not taken
    said = [f"In {number(count, 'work')} “{label}” is taken for {to.name}." for label, count in own.most_common(NAMED)]
    if silent:
        said.append(f"In {number(silent, 'work')} nobody is named: all that is said there counts as {to.name}’s words.")
    if strange:
        said.append(
            f"In {number(strange, 'work')} nobody is called like {to.name}: whoever is named there counts as a guest. "
            f"“Set who is the creator” in the list of works puts that right."
        )
    return said


class Twin(Enum):
    """What another work from a file of the same name is to a work that comes."""

    SHOWN = "the same text, which is searched"
    WITHDRAWN = "the same text, withdrawn"
    OTHER = "another text"


def twins(works: Sequence[Work], *, to: Creator) -> list[tuple[Work, Twin]]:
    """Return the works whose source another work of their new creator has, and what that is to them."""
    found = Work.objects.filter(creator=to, source__in=[work.source for work in works])
    others = {other.source: other for other in found.only("source", "content_hash", "is_withdrawn")}
    return [(work, _twin(work, others[work.source])) for work in works if work.source in others]


def _twin(work: Work, other: Work) -> Twin:
    if other.content_hash != work.content_hash:
        return Twin.OTHER
    return Twin.WITHDRAWN if other.is_withdrawn else Twin.SHOWN


def clashes(works: Sequence[Work], *, to: Creator) -> list[str]:
    """Say which works come from files of which the creator has works already."""
    found = twins(works, to=to)
    twice, withdrawn, other = (
        ", ".join(f"“{work.title}”" for work, twin in found if twin is wanted)
        for wanted in (Twin.SHOWN, Twin.WITHDRAWN, Twin.OTHER)
    )
    said = (
        [f"{to.name} has the same text already: {twice}. What comes is withdrawn, so that none is found twice."]
        if twice
        else []
    )
    if withdrawn:
        said.append(
            f"{to.name} has the same text already, withdrawn: {withdrawn}. What comes stays as it is: withdraw it, "
            f"too, if nobody is to find that text."
        )
    if other:
        said.append(
            f"{to.name} has other works from files of the same name: {other}. Both stay, and a file "
            f"that comes again is taken for {to.name}’s."
        )
    return said


def of_visibility(works: Sequence[Work], *, to: Creator) -> list[str]:
    """Say whether visitors would find works no more, or works that they could not find before."""
    if not to.is_published and any(work.creator.is_published for work in works):
        return [f"{to.name} is not published: visitors find these works no more until they are."]
    if to.is_published and any(not work.creator.is_published for work in works):
        return [f"{to.name} is published: visitors find works then that they could not find before."]
    return []


def _rest_on(works: Sequence[Work], *, to: Creator) -> list[str]:
    keys, froms = [work.pk for work in works], {work.creator_id for work in works}
    pins = PinnedAnswer.objects.filter(work__in=keys, creator__in=froms).count()
    cases = ExpectedPassage.objects.filter(work__in=keys, case__creator__in=froms).values("case").distinct().count()
    said = []
    if pins:
        said.append(
            f"Pinned answers for questions to their former creator that rest on them: {pins:,}. They cite {to.name} "
            f"then, in nobody’s name but the curator’s."
        )
    if cases:
        said.append(f"Test cases asked of their former creator that expect them: {cases:,}. They would fail then.")
    said.append("Quotes from them leave the drafts of their former creator’s voice; a voice that was accepted stays.")
    return said


def _of_feeds(works: Sequence[Work]) -> list[str]:
    sources, froms = [work.source for work in works], {work.creator_id for work in works}
    episodes = Episode.objects.filter(feed__creator__in=froms, source__in=sources, feed__is_active=True)
    feeds = sorted({str(one.feed) for one in episodes.select_related("feed")})
    said = [
        "A file that is brought in for their former creator again makes a work there again: from now on bring them in "
        "for the new one."
    ]
    if feeds:
        named = ", ".join(feeds[:NAMED])
        said.append(f"The feed {named} stays where it is, and brings none of these again, even where they change.")
    return said


@transaction.atomic
def move(works: Collection[int], *, to: Creator, now: datetime) -> Moved:
    """Have works, by key, be another creator's at once, in every leg of the search. Synchronous.

    Raises ``MoveError`` where one of them is being brought in.
    """
    lock_creators(to)
    locked = Work.objects.select_for_update(of=("self",)).filter(pk__in=works).exclude(creator=to)
    rows = list(locked.select_related("creator").order_by("pk"))
    if under_way(rows):
        raise MoveError("Some of their files are being brought in just now: wait for these uploads, or cancel them.")
    former = {work.creator.slug for work in rows}
    for slug in former:
        forget_examples(slug)
    same = {work.pk: twin for work, twin in twins(rows, to=to)}
    renamed = _renamed(rows, taken={work.source for work in rows if work.pk in same})
    _leave_feeds(rows, to=to)
    for work in rows:
        _, source = renamed.get(work.pk, ("", work.source))
        work.creator, work.source, work.updated = to, source, now
    keys = [work.pk for work in rows]
    PersonalityDraft.objects.filter(creator__slug__in=former).forget_works({work.slug for work in rows})
    Work.objects.bulk_update(rows, ["creator", "source", "updated"], batch_size=500)
    Chunk.objects.filter(work__in=keys).update(creator=to)
    Embedding.objects.filter(chunk__work__in=keys).update(creator=to)  # which has no index by work
    Work.objects.filter(pk__in=[key for key, twin in same.items() if twin is Twin.SHOWN]).update(is_withdrawn=True)
    PinnedAnswer.objects.filter(work__in=keys).exclude(creator=to).update(in_their_name=False)
    transaction.on_commit(lambda: forget_examples(to.slug))
    return Moved(tuple(keys), renamed)


def lock_creators(*creators: Creator) -> list[Creator]:
    """Have other moves of these creators wait, and return them as they are then, by key.

    Whatever changes works takes its locks in one order: creators, then works, then passages. This lock lets rows be
    written that name a creator, so that what holds a work and cuts its passages is not in the way.
    """
    rows = Creator.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in creators])
    return list(rows.order_by("pk"))


def _leave_feeds(works: Sequence[Work], *, to: Creator) -> None:
    """Have no feed of their former creators bring these works again; those of their new creator may."""
    theirs = [Q(feed__creator=work.creator_id, source=work.source) for work in works]
    for first in range(0, len(theirs), 100):
        Episode.objects.filter(reduce(or_, theirs[first : first + 100])).update(is_moved=True)
    Episode.objects.filter(feed__creator=to, source__in=[work.source for work in works]).update(is_moved=False)


def _renamed(works: Sequence[Work], *, taken: set[str]) -> dict[int, tuple[str, str]]:
    """Return the old and the new source of the works whose source is taken, by key."""
    renamed = {}
    for work in works:
        if work.source in taken:
            renamed[work.pk] = (work.source, f"{work.creator.slug}-{work.pk}/{work.source[-KEPT:]}")
        taken.add(work.source)
    return renamed
