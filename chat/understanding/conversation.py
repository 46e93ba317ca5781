"""Replies to small talk, and to questions about the conversation: the last answer again, shorter, its sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from chat.events.events import Citation, Source, Span, Suggestion, Tier, Verdict
from chat.events.messages import MESSAGES, VOICE_STOPS, counted
from chat.grounding.markers import markers_in, without_markers
from chat.understanding.catalogue import Collection
from chat.understanding.language import NAMES, language_of_works
from chat.understanding.phrases import Talk
from chat.understanding.reply import Reply, harmless, listed, title_of
from chrysopedia.core.text import without_unseen
from creators.models import Creator, Work
from creators.transcripts.sentences import sentence_spans

MOST_SUGGESTIONS = 4
SHORT_WORDS = 30
"""Words from which on only the first sentence of a quotation is given to somebody who wants it shorter."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The last turn that answered something: what was asked, and the answer with its receipts."""

    question: str
    text: str
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    invented: tuple[Span, ...] = ()
    """What no source says of it, in order: it is not said again."""


def invented_in(answer: str, citations: Sequence[Citation], *, bare: Sequence[Span], quoted_from: int) -> list[Span]:
    """Return what no source says of a model's answer, in order.

    That is all before ``quoted_from``, and behind it the ``bare`` sentences and those that every receipt accuses.
    """
    held = {(one.start, one.end) for one in citations if one.verdict is not Verdict.UNSUPPORTED}
    accused = {(one.start, one.end) for one in citations} - held
    sentences = sorted(accused | {(one.start, one.end) for one in bare})
    before = [Span(0, min(quoted_from, len(answer)))] if quoted_from else []
    return before + [Span(start, end) for start, end in sentences if start >= quoted_from]


def conversation_reply(talk: Talk, collection: Collection, *, last: LastAnswer | None) -> Reply:
    """Return the reply to small talk; ``last`` is None where nothing was answered before. Synchronous."""
    tier = Tier.GLOBAL if collection.asked is None else Tier.CREATOR
    if last and talk in {Talk.REPEAT, Talk.SHORTER}:
        return _said_again(last, tier, is_shorter=talk is Talk.SHORTER)
    if last and talk is Talk.SOURCES and last.citations:
        return _sources(last, tier)
    works = _newest(collection)
    is_lost = last is None and talk in {Talk.REPEAT, Talk.SHORTER, Talk.LAST_QUESTION}
    suggestions = tuple(map(_suggestion, works)) if talk in _SUGGESTING or is_lost else ()
    return Reply(_sentences(talk, collection, works, last), "conversation", tier, suggestions=suggestions)


_SUGGESTING = frozenset({Talk.GREETING, Talk.PRESENCE, Talk.HELP, Talk.IDENTITY})
_OF_WORKS = frozenset({Talk.GREETING, Talk.PRESENCE, Talk.HELP, Talk.IDENTITY, Talk.SOURCES, Talk.CONTACT, Talk.ADVICE})
"""What is answered in other words by one creator than by everyone."""
_WITH_EXAMPLES = frozenset({Talk.GREETING, Talk.HELP, Talk.IDENTITY})
"""What is answered with what can be asked about."""


def _sentences(talk: Talk, collection: Collection, works: Sequence[Work], last: LastAnswer | None) -> str:
    if talk in {Talk.LAST_QUESTION, Talk.WRONG} and last:
        return MESSAGES[f"talk_{talk}_after"].format(question=harmless(last.question))
    if talk in {Talk.REPEAT, Talk.SHORTER, Talk.LAST_QUESTION}:
        return MESSAGES["talk_nothing_before"]
    if talk in {Talk.PRIVACY, Talk.DELETION, Talk.LANGUAGE, Talk.MODEL, Talk.SITE}:
        return _settings(talk, collection)
    creator = Creator.objects.only("summary").filter(pk=collection.asked).first() if collection.asked else None
    if talk is Talk.MANNER and creator:
        return MESSAGES["talk_manner_creator"].format(creator=collection.owner(), plain=VOICE_STOPS[0])
    if talk not in _OF_WORKS:
        return MESSAGES[f"talk_{talk}"]
    count = collection.works().count()
    key = f"talk_{talk}" if creator else f"talk_{talk}_everyone"
    sentence = MESSAGES[key].format(creator=collection.owner(), works=counted(count, "work", "works"))
    return f"{sentence} {_examples(creator, works)}".strip() if talk in _WITH_EXAMPLES else sentence


def _examples(creator: Creator | None, works: Sequence[Work]) -> str:
    """Return what can be asked about: a creator's subject, else who can be asked, or some titles."""
    about = harmless(creator.summary) if creator else _everyone()
    titles = listed(list(dict.fromkeys(title_of(work) for work in works))[:2])
    return about or (MESSAGES["talk_topics"].format(titles=titles) if titles else "")


def _settings(talk: Talk, collection: Collection) -> str:
    """Say what is kept of conversations, what answers here, or in which language questions are understood."""
    if talk is Talk.MODEL:
        return MESSAGES["talk_model" if settings.CHAT_MODELS else "talk_no_model"]
    if talk is Talk.SITE:
        return MESSAGES["talk_site"].format(kept=MESSAGES["talk_site_kept"] if settings.KEEP_CONVERSATIONS else "")
    if talk in {Talk.PRIVACY, Talk.DELETION}:
        kept = "talk_kept" if talk is Talk.PRIVACY else "talk_deletion"
        key = kept if settings.KEEP_CONVERSATIONS else "talk_not_kept"
        sent = f" {MESSAGES['talk_sent']}" if talk is Talk.PRIVACY and settings.CHAT_MODELS else ""
        return MESSAGES[key].format(days=settings.RETENTION_DAYS) + sent
    language = language_of_works(collection.ids) or "en"
    return MESSAGES["talk_language"].format(said=NAMES.get(language, language))


def _everyone() -> str:
    names = list(Creator.objects.published().order_by("name").values_list("name", flat=True)[:7])
    shown = [harmless(name) for name in names[:6]] + (["others"] if len(names) > 6 else [])
    return f"You can ask {listed(shown)}." if shown else ""


def _newest(collection: Collection) -> list[Work]:
    return list(collection.works().newest_first()[:MOST_SUGGESTIONS])


def _suggestion(work: Work) -> Suggestion:
    return Suggestion(without_unseen(work.title), without_unseen(work.creator.name), work.creator.slug, work.slug)


def _said_again(last: LastAnswer, tier: Tier, *, is_shorter: bool) -> Reply:
    """Return the last answer without what no source says of it, and a word on that."""
    held = _without_invented(last)
    if not held.text.strip():
        return Reply(MESSAGES["talk_nothing_held"], "conversation", tier)
    reply = _shorter(held, tier) if is_shorter else Reply(held.text, "conversation", tier, held.sources, held.citations)
    return replace(reply, text=f"{reply.text}\n\n{MESSAGES['talk_only_held']}") if last.invented else reply


def _without_invented(last: LastAnswer) -> LastAnswer:
    """Return the last answer without what no source says, its receipts moved to where their sentences are now."""
    text, at, kept = "", 0, []
    for span in (*last.invented, Span(len(last.text), len(last.text))):
        piece = last.text[at : span.start]
        lost = at - len(text) + (len(piece) - len(piece.lstrip()) if not text else 0)
        text += piece if text else piece.lstrip()
        kept += [
            replace(one, start=one.start - lost, end=one.end - lost)
            for one in last.citations
            if at <= one.start < span.start
        ]
        at = span.end
    return replace(last, text=text.rstrip(), citations=tuple(kept), invented=())


def _shorter(last: LastAnswer, tier: Tier) -> Reply:
    """Return the last answer up to its first markers, and of a long quotation no more than the first sentence."""
    markers = markers_in(last.text)
    if not markers:
        first = sentence_spans(last.text)[:1]
        return Reply(last.text[: first[0][1]] if first else last.text, "conversation", tier)
    marker = re.compile(r"(?:\[\d+\])+").match(last.text, markers[0][0])
    end = marker.end() if marker else len(last.text)
    text = _first_sentence(last.text[: markers[0][0]].rstrip()) + " " + last.text[markers[0][0] : end]
    numbers = {number for at, number in markers if at < end}
    kept = {one.number: one for one in reversed(last.citations) if one.number in numbers and one.start < end}
    cited = tuple(replace(one, claim=without_markers(text).strip(), start=0, end=len(text)) for one in kept.values())
    return Reply(text, "conversation", tier, last.sources, cited)


def _first_sentence(text: str) -> str:
    spans = sentence_spans(text)
    if len(text.split()) <= SHORT_WORDS or len(spans) < 2:
        return text
    first = text[: spans[0][1]].rstrip()
    return first + "”" if first.count("“") > first.count("”") else first


def _sources(last: LastAnswer, tier: Tier) -> Reply:
    """Return the sources of the last answer as a list, each with its first receipt."""
    text, citations = MESSAGES["talk_rests_on"] + "\n", []
    by_number = {source.number: source for source in last.sources}
    for citation in {one.number: one for one in reversed(last.citations)}.values():
        source = by_number[citation.number]
        claim = f"“{harmless(source.title)}” by {harmless(source.creator)}"
        start = len(text) + 3
        text += f"\n- {claim} [{citation.number}]"
        citations.append(replace(citation, claim=claim, start=start, end=len(text)))
    return Reply(text, "conversation", tier, last.sources, tuple(citations))
