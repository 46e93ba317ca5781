"""Two creators merged into one: all that was one's goes to the other, whose address the old one leads to."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, Subquery

from chat.conversations.stored import most_asked_key
from chat.models import ApiKey, DailyQuestions, EvaluationCase, PinnedAnswer, Turn
from chat.moves.plan import MoveError, Plan, number
from chat.moves.works import UNDER_WAY, Moved, clashes, lock_creators, move, of_visibility, speakers_after, what_comes
from chrysopedia.core.text import folded_name
from creators.models import (
    Chunk,
    Creator,
    Embedding,
    Feed,
    FormerSlug,
    GlossaryEntry,
    IngestJob,
    JobFile,
    Personality,
    PersonalityDraft,
    Picture,
    Work,
)
from creators.models.feeds import Episode

BUSY = "Files are being brought in for {names} just now: wait for these uploads, or cancel them."


def plan_merge(creator: Creator, *, into: Creator, with_curators: bool) -> Plan:
    """Say what it comes to if a creator is merged into another, who may see to whom, and what can't be kept."""
    works = list(creator.works.select_related("creator"))
    does = (
        f"{creator.name} is {into.name} from then on: “{creator.name}” becomes another name of {into.name}, and "
        f"/c/{creator.slug} leads to /c/{into.slug}, also for programs and on pages that embed it.",
        what_comes(works, to=into),
        *_what_goes_along(creator, into),
        f"Then {creator.name} is deleted. This can’t be taken back.",
    )
    named = Creator(name=into.name, aliases=[*into.aliases, creator.name, *creator.aliases])
    mind = (
        *_what_differs(creator, into),
        *_who_may(creator, into, with_curators=with_curators),
        *speakers_after(works, to=named),
        *clashes(works, to=into),
        *of_visibility(works, to=into),
        "Answers that were given before go on naming who was their creator then.",
    )
    return Plan(does, mind, _refusals(creator, into))


def _refusals(creator: Creator, into: Creator) -> tuple[str, ...]:
    if creator.pk == into.pk:
        return ("Choose another creator: this is the same one.",)
    return (BUSY.format(names=f"{creator.name} or {into.name}"),) if _is_busy(creator, into) else ()


def _is_busy(*creators: Creator) -> bool:
    return IngestJob.objects.filter(creator__in=creators, state__in=UNDER_WAY).exists()


def _what_goes_along(creator: Creator, into: Creator) -> list[str]:
    """Say what besides works goes to the other creator."""
    same = _same_terms(creator, into)
    found = (
        (creator.glossary.count() - len(same), "glossary entry", "glossary entries"),
        (PinnedAnswer.objects.filter(creator=creator).count(), "pinned answer", ""),
        (EvaluationCase.objects.filter(creator=creator).count(), "test case", ""),
        (creator.feeds.exclude(url__in=into.feeds.values("url")).count(), "subscribed feed", ""),
        (creator.personality_drafts.count(), "draft of a voice", "drafts of a voice"),
        (Turn.objects.filter(creator_slug=creator.slug).count(), "kept question", ""),
        (ApiKey.objects.filter(creators__contains=[creator.slug]).count(), "API key", ""),
    )
    told = [number(count, one, many) for count, one, many in found if count]
    kept = ["fields, links, other names and the sites that may embed"]
    return [f"With {'them' if told else 'it'} go: {', '.join([*told, *kept])}; and the counts of the overview."]


def _what_differs(creator: Creator, into: Creator) -> list[str]:
    """Say what both have, and whose is kept."""
    said = []
    for model, what in ((Personality, "voice"), (Picture, "picture")):
        own = model.objects.filter(creator__in=(creator, into)).count()
        if own == 2:
            said.append(f"Both have a {what}: {into.name}’s is kept, {creator.name}’s is deleted.")
    if creator.summary and into.summary and creator.summary != into.summary:
        said.append(f"Both have a summary: {into.name}’s is kept.")
    if same := _same_terms(creator, into):
        named = ", ".join(sorted(mine.term for mine, _ in same))
        said.append(f"Both have these terms: {named}. They become one each, with what is misheard of both.")
    if twice := creator.feeds.filter(url__in=into.feeds.values("url")):
        said.append(f"Both subscribe to {', '.join(map(str, twice))}: it stays once.")
    if creator.glossary.exists():
        said.append(f"The glossary is applied to all works of {into.name} when they are read again.")
    return said


def _who_may(creator: Creator, into: Creator, *, with_curators: bool) -> list[str]:
    """Say what accounts and keys may do then that they could not do before, or no more."""
    said = []
    keys = ApiKey.objects.filter(creators__contains=[creator.slug]).exclude(creators__contains=[into.slug])
    if count := keys.count():
        said.append(f"{number(count, 'API key')} for {creator.name} may ask {into.name} then.")
    curators = creator.curators.exclude(pk__in=into.curators.values("pk"))
    if names := ", ".join(map(str, curators)):
        said.append(
            f"{names}, who curate {creator.name}, curate {into.name} then."
            if with_curators
            else f"{names}, who curate {creator.name}, see none of it then; an operator can add them to {into.name}."
        )
    return said


def _same_terms(creator: Creator, into: Creator) -> list[tuple[GlossaryEntry, GlossaryEntry]]:
    """Return the entries of a creator of which the other has one as far decided about, each with that."""
    theirs = {_decided(one): one for one in into.glossary.all()}
    return [(one, theirs[key]) for one in creator.glossary.all() if (key := _decided(one)) in theirs]


def _decided(entry: GlossaryEntry) -> tuple[str, bool, bool]:
    return folded_name(entry.term), entry.is_reviewed, entry.is_refused


@transaction.atomic
def merge(creator: Creator, *, into: Creator, with_curators: bool, now: datetime) -> Moved:
    """Give all that a creator has to another one and delete them. Raises ``MoveError``. Synchronous.

    ``with_curators`` has whoever curates the one curate the other.
    """
    locked = lock_creators(creator, into)
    if len(locked) != 2:
        raise MoveError("One of the two is gone, or they are the same. Nothing was changed.")
    creator, into = (next(one for one in locked if one.pk == key) for key in (creator.pk, into.pk))
    if _is_busy(creator, into):
        raise MoveError(BUSY.format(names=f"{creator.name} or {into.name}"))
    _merge_terms(creator, into)
    _move_rows(creator, into)  # before the works: what rests on them goes along
    moved = move(list(creator.works.values_list("pk", flat=True)), to=into, now=now)
    _move_feeds(creator, into, moved)
    _move_pages(creator, into)
    _join_facts(creator, into)
    if with_curators:
        into.curators.add(*creator.curators.all())
    slug = creator.slug
    _give_to_owners(creator)
    creator.delete()
    FormerSlug.objects.update_or_create(slug=slug, defaults={"creator": into})
    keys = [most_asked_key(slug), most_asked_key(into.slug)]
    transaction.on_commit(lambda: cache.delete_many(keys))
    return moved


def _give_to_owners(creator: Creator) -> None:
    """Have passages be their works' creators' where they still name one whose work it was before: they go with them."""
    owner = Work.objects.filter(pk=OuterRef("work_id")).values("creator")[:1]
    for model in (Chunk, Embedding):
        model.objects.filter(creator=creator).update(creator=Subquery(owner))


def _merge_terms(creator: Creator, into: Creator) -> None:
    for mine, theirs in _same_terms(creator, into):
        theirs.heard = list(dict.fromkeys([*theirs.heard, *mine.heard]))
        theirs.meaning = theirs.meaning or mine.meaning
        theirs.save(update_fields=["heard", "meaning"])
        mine.delete()
    creator.glossary.update(creator=into)


def _move_feeds(creator: Creator, into: Creator, moved: Moved) -> None:
    """Move the feeds that the other has not; their episodes follow the sources of their works."""
    creator.feeds.filter(url__in=into.feeds.values("url")).delete()
    sources = dict(moved.renamed.values())
    episodes = list(Episode.objects.filter(feed__creator=creator, source__in=sources))
    for one in episodes:
        one.source = sources[one.source]
    Episode.objects.bulk_update(episodes, ["source"])
    own = into.works.filter(pk__in=moved.works).values("source")
    Episode.objects.filter(feed__creator=creator, source__in=own).update(is_moved=False)
    Feed.objects.filter(creator=creator).update(creator=into)


def _move_rows(creator: Creator, into: Creator) -> None:
    """Move what names the creator by key or by slug. A draft of an upload is looked at anew."""
    drafts = IngestJob.objects.filter(creator=creator, state=IngestJob.State.DRAFT)
    JobFile.objects.filter(job__in=drafts).update(found=None)
    for model in (IngestJob, PersonalityDraft, PinnedAnswer, EvaluationCase, FormerSlug):
        model.objects.filter(creator=creator).update(creator=into)
    for single in (Personality, Picture):
        if not single.objects.filter(creator=into).exists():
            single.objects.filter(creator=creator).update(creator=into)


def _move_pages(creator: Creator, into: Creator) -> None:
    """Move what was asked of the creator: it goes on with the other, under the words that were read."""
    Turn.objects.filter(creator_slug=creator.slug).update(creator_slug=into.slug)
    DailyQuestions.objects.rename(creator.slug, to=into.slug)
    ApiKey.objects.rename_creator(creator.slug, to=into.slug)


def _join_facts(creator: Creator, into: Creator) -> None:
    """Add the names, links, fields and sites of one creator to those of the other."""
    names = [creator.name, *creator.aliases]
    known = {folded_name(one) for one in (into.name, *into.aliases)}
    into.aliases = [*into.aliases, *(one for one in dict.fromkeys(names) if folded_name(one) not in known)]
    into.links = [*into.links, *(one for one in creator.links if one not in into.links)]
    into.embed_origins = list(dict.fromkeys([*into.embed_origins, *creator.embed_origins]))
    into.summary = into.summary or creator.summary
    into.domains.add(*creator.domains.all())
    into.save()
