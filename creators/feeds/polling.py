"""Feeds keep themselves: looked at again and again, new episodes queued, those that disappeared kept or withdrawn."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from creators.feeds.fetching import Fetched, FetchError, fetch
from creators.feeds.rss import MOST_BYTES, FeedEpisode, FeedError, ParsedFeed, read_feed
from creators.models import Episode, Feed, IngestJob, JobFile, Work

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a feed's server sent; ``parsed`` is None where nothing has changed since."""

    parsed: ParsedFeed | None
    etag: str = ""
    last_modified: str = ""


def ask(feed: Feed) -> Answer:
    """Fetch a feed unless its server says that it is as it was. Raises ``FetchError`` or ``FeedError``."""
    told = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    sent = {name: value for name, value in told.items() if value and value.isascii() and value.isprintable()}
    answer = fetch(feed.url, most=MOST_BYTES, headers=sent)
    if answer.status == 304:
        return Answer(None, feed.etag, feed.last_modified)
    parsed = read_feed(answer.body, url=answer.url)
    if not parsed.guids:
        raise FeedError("The feed lists no episode; nothing was withdrawn.")
    return Answer(parsed, answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))


def poll(feed: Feed, *, now: datetime) -> IngestJob | None:
    """Look at a feed once and queue what is new; return the job, None where there is nothing to do.

    A feed that can't be had is looked at again later, each time after twice as long, at most a day.
    """
    try:
        answer = ask(feed)
    except (FetchError, FeedError) as error:
        feed.failures, feed.error = feed.failures + 1, str(error)
        pause = min(_interval() * 2 ** min(feed.failures, 12), LONGEST_PAUSE)
        wait = timedelta(seconds=min(getattr(error, "retry_after", 0.0), LONGEST_PAUSE.total_seconds()))
        _note(feed, now=now, pause=max(pause, wait))
        logger.warning("feed %s could not be read: %s", feed.pk, type(error).__name__)
        return None
    feed.failures, feed.error = 0, ""
    with transaction.atomic():
        if answer.parsed:
            feed.title = answer.parsed.title or feed.title
            keep(feed, answer.parsed.episodes)
            _follow_guids(feed, answer.parsed.guids, now=now)
        queued = IngestJob(creator_id=feed.creator_id, feed=feed, label=str(feed)[:200], state=IngestJob.State.QUEUED)
        job = queued if queue_wanted(feed, job=queued) else None
        feed.etag, feed.last_modified = answer.etag, answer.last_modified
        _note(feed, now=now, pause=_interval())
    return job


def _interval() -> timedelta:
    return timedelta(minutes=settings.FEED_MINUTES)


def _note(feed: Feed, *, now: datetime, pause: timedelta) -> None:
    # Whatever a curator changed meanwhile stays.
    Feed.objects.filter(pk=feed.pk).update(
        title=feed.title,
        etag=feed.etag,
        last_modified=feed.last_modified,
        failures=feed.failures,
        error=feed.error,
        checked=now,
        next_poll=now + pause,
    )


SAID, ANEW = ("title", "link", "info", "published"), ("transcript", "is_ingested", "tries")
"""The fields of an episode that its feed says, and those that change with the address of its transcript."""


def keep(feed: Feed, episodes: Iterable[FeedEpisode]) -> None:
    """Store what a feed says of its episodes; a transcript at another address is fetched again."""
    known = {one.guid: one for one in feed.episodes.all()}
    for one in episodes:
        episode = known.get(one.guid) or Episode(feed=feed, guid=one.guid, source=one.source(feed.url))
        is_anew = episode.transcript != one.transcript
        if is_anew:
            episode.transcript, episode.is_ingested, episode.tries = one.transcript, False, 0
        episode.title, episode.link, episode.info = one.title, one.link, one.info
        episode.published = one.published
        # What an ingest, a move or a takedown says of an episode meanwhile stays.
        episode.save(update_fields=(*SAID, *(ANEW if is_anew else ())) if episode.pk else None)


def _follow_guids(feed: Feed, guids: frozenset[str], *, now: datetime) -> None:
    """Withdraw the works of episodes that disappeared, where the curator chose that, and bring back what came back."""
    withdraws = feed.when_gone == Feed.WhenGone.WITHDRAW
    for episode in feed.episodes.filter(gone=None).exclude(guid__in=guids):
        withdrawn = withdraws and _works(feed, episode).filter(is_withdrawn=False).update(is_withdrawn=True)
        Episode.objects.filter(pk=episode.pk).update(gone=now, is_withdrawn=bool(withdrawn))
    for episode in feed.episodes.exclude(gone=None).filter(guid__in=guids):
        if episode.is_withdrawn:
            _works(feed, episode).filter(taken_down=None).update(is_withdrawn=False)
        Episode.objects.filter(pk=episode.pk).update(gone=None, is_withdrawn=False)


def _works(feed: Feed, episode: Episode) -> QuerySet[Work]:
    return Work.objects.filter(creator_id=feed.creator_id, source=episode.source)


def queue_wanted(feed: Feed, *, job: IngestJob) -> bool:
    """Store the job with the episodes that no work was made of and no other job has; return False if there are none."""
    open_states = (IngestJob.State.DRAFT, IngestJob.State.QUEUED, IngestJob.State.RUNNING)
    pending = JobFile.objects.unfinished().filter(job__feed=feed, job__state__in=open_states).values("source")
    wanted = list(feed.episodes.wanted().exclude(source__in=pending))
    if not wanted:
        return False
    job.save()
    JobFile.objects.bulk_create(
        JobFile(job=job, source=one.source, url=one.transcript, info=bytes(one.info)) for one in wanted
    )
    feed.episodes.filter(pk__in=[one.pk for one in wanted]).count_try()
    return True


def subscribe(url: str, answer: Fetched, *, job: IngestJob) -> IngestJob:
    """Store a feed that was fetched, and a draft of the job for its episodes; it is polled once that is accepted.

    Raises ``FeedError`` where it can't be read, or has nothing new with a transcript.
    """
    parsed = read_feed(answer.body, url=answer.url)
    if not parsed.episodes:
        count = parsed.without_transcript
        raise FeedError(f"None of the {count} episodes has a transcript (podcast:transcript) that can be read.")
    with transaction.atomic():
        named = {"title": parsed.title, "is_active": False}
        feed, _ = Feed.objects.get_or_create(creator=job.creator, url=url, defaults=named)
        keep(feed, parsed.episodes)
        job.feed, job.label = feed, str(feed)[:200]
        if parsed.without_transcript:
            job.notes.append(f"{parsed.without_transcript} episodes have no transcript and were passed over")
        if not queue_wanted(feed, job=job):
            raise FeedError("All episodes of this feed that have a transcript are here already, or wait to be.")
    return job
