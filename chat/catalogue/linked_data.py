"""What a page says in the words of schema.org, for programs: a work with its chapters, a shared conversation."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.duration import duration_iso_string
from django.utils.safestring import SafeString, mark_safe

from chat.catalogue.transcript import Transcript
from chat.conversations.stored import StoredConversation, StoredTurn
from chat.events.events import Citation, Source, Verdict
from chat.grounding.claims import plain_claim
from chrysopedia.core.links import media_address, player_address, web_address
from chrysopedia.core.output import JSONEncoder
from creators.models import Creator, Work

CONTEXT = "https://schema.org"
KINDS: Mapping[str, str] = {"video": "VideoObject", "audio": "PodcastEpisode", "article": "Article", "text": "Article"}
RECORDED = frozenset({"video", "audio"})
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

Node = dict[str, Any]
"""An object of JSON-LD."""


def json_ld(node: Node) -> SafeString:
    """Return an object as what stands in a ``<script type="application/ld+json">``, which nothing in it can end."""
    text = json.dumps({"@context": CONTEXT, **node}, ensure_ascii=False, cls=JSONEncoder)
    return mark_safe(text.translate(_ESCAPED))  # noqa: S308 -- every sign that HTML knows is escaped


def work_node(transcript: Transcript, *, site: str, picture: str, description: str) -> Node:
    """Return a work as a video, an episode or an article; a recording with its chapters as clips.

    ``site`` is the address of this site, ``picture`` the whole address of one that shows what the work is.
    """
    work = transcript.work
    page = f"{site}{reverse('work-detail', args=[work.slug])}"
    seconds = transcript.seconds
    is_recording = work.kind in RECORDED
    node = {
        "@type": KINDS[work.kind],
        "@id": page,
        "url": page,
        "name": work.title,
        "description": description,
        "author": creator_node(work.creator, site=site),
        "datePublished": work.published,
        "dateModified": work.updated,
        "inLanguage": work.language,
        "sameAs": web_address(work.url),
        **_of_kind(work, site=site, picture=picture),
        "duration": duration_iso_string(timedelta(seconds=round(seconds))) if seconds and is_recording else "",
        "hasPart": _clips(transcript, page=page) if seconds else (),
    }
    return _without_empty(node)


def _of_kind(work: Work, *, site: str, picture: str) -> Node:
    """Return what only a work of its kind has; a work that can be heard nowhere has no file."""
    file, player = media_address(work.url), player_address(work.url)
    node: Node
    match work.kind:
        case "video":
            node = {"thumbnailUrl": picture, "uploadDate": work.published, "contentUrl": file, "embedUrl": player}
        case "audio":
            series = {"@type": "PodcastSeries", "name": work.creator.name, "url": _home(work.creator.slug, site)}
            series["webFeed"] = f"{site}{reverse('creator-feed', args=[work.creator.slug])}"
            heard = _without_empty({"@type": "AudioObject", "contentUrl": file, "embedUrl": player})
            node = {"image": picture, "partOfSeries": series, "associatedMedia": heard if len(heard) > 1 else None}
        case _:
            node = {"headline": work.title, "image": picture}
    return node


def creator_node(creator: Creator, *, site: str) -> Node:
    """Return a creator; whether it is a person or a publication nobody has said."""
    return {"@type": "Person", "name": creator.name, "url": _home(creator.slug, site)}


def _home(slug: str, site: str) -> str:
    return f"{site}{reverse('creator-detail', args=[slug])}"


def _clips(transcript: Transcript, *, page: str) -> Sequence[Node]:
    """Return the parts of a recording, each from its second to that of the next, the last to its end."""
    timed = [(chapter.second or 0, chapter) for chapter in transcript.clips]
    ends = [*(second for second, _ in timed[1:]), int(transcript.seconds or 0)]
    return [
        {
            "@type": "Clip",
            "name": chapter.title,
            "startOffset": start,
            "endOffset": end,
            "url": f"{page}?at={start}",
        }
        for (start, chapter), end in zip(timed, ends, strict=False)
        if end > start
    ]


def share_node(conversation: StoredConversation, *, url: str, site: str) -> Node:
    """Return a shared conversation as a page of questions, each with its answer and what that rests on.

    Works that can't be read here any more are left out. For one hop.
    """
    sources = {source.work for turn in conversation.turns for source in turn.sources}
    readable = set(Work.objects.published().filter(slug__in=sources).values_list("slug", flat=True))
    questions = [_question(turn, url=url, site=site, readable=readable) for turn in conversation.turns]
    return _without_empty(
        {
            "@type": "QAPage",
            "@id": url,
            "url": url,
            "name": conversation.title,
            "dateCreated": conversation.created,
            "dateModified": conversation.updated,
            "mainEntity": questions[0] if len(questions) == 1 else questions,
        }
    )


def _question(turn: StoredTurn, *, url: str, site: str, readable: set[str]) -> Node:
    """Return a question; an answer that is only the nearest to one is suggested, one that says "nothing" is none.

    Quotations that don't support what they are cited for are left out: nothing would say so here.
    """
    done = turn.done
    node = {"@type": "Question", "name": turn.head.query, "text": turn.head.query, "dateCreated": turn.created}
    if done is None or done.answered_by == "none":
        return {**node, "answerCount": 0}
    by_number = {source.number: source for source in turn.sources if source.work in readable}
    supporting = (one for one in done.citations if one.verdict != Verdict.UNSUPPORTED)
    cited = [(one, by_number[one.number]) for one in supporting if one.number in by_number]
    answer = {
        "@type": "Answer",
        "text": plain_text(turn.answer),
        "url": f"{url}#turn-{turn.head.turn_id}",
        "dateCreated": turn.ended,
        "author": {"@type": "Organization", "name": "Chrysopedia", "url": f"{site}/"},
        "citation": [_quotation(citation, source, site=site) for citation, source in _once(cited)],
    }
    role = "suggestedAnswer" if done.coverage == "partly" else "acceptedAnswer"
    return {**node, "answerCount": 1, role: _without_empty(answer)}


def plain_text(answer: str) -> str:
    """Return an answer without its markers and signs of formatting, a paragraph on each line."""
    return "\n".join(filter(None, map(plain_claim, answer.split("\n"))))


def _once(cited: Sequence[tuple[Citation, Source]]) -> Sequence[tuple[Citation, Source]]:
    """Return the citations without those that quote again what an earlier one does."""
    return list({(citation.quote, source.work): (citation, source) for citation, source in reversed(cited)}.values())[
        ::-1
    ]


def _quotation(citation: Citation, source: Source, *, site: str) -> Node:
    url = f"{site}{citation.url}" if citation.url.startswith("/") else citation.url
    work = {
        "@type": KINDS.get(source.kind, "CreativeWork"),
        "name": source.title,
        "url": f"{site}{reverse('work-detail', args=[source.work])}",
        "author": {"@type": "Person", "name": source.creator, "url": _home(source.creator_slug, site)},
    }
    speaker = {"@type": "Person", "name": citation.speaker or source.creator}
    return _without_empty(
        {"@type": "Quotation", "text": citation.quote, "author": speaker, "url": url, "isPartOf": work}
    )


def _without_empty(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, "", (), [])}
