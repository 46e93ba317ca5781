"""What a question is, and what is searched for it, decided from its wording, the conversation and the catalogue."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chat.events.events import Passage, QuestionKind, Respelling, Suggestion, Understood
from chat.events.messages import MESSAGES
from chat.understanding import catalogue, details, ranking, speakers
from chat.understanding.called import called_creators
from chat.understanding.catalogue import Collection
from chat.understanding.collection import Ask, CollectionQuestion, normal_words, own_words, points_back
from chat.understanding.collection_intents import collection_questions
from chat.understanding.collection_rules import collection_question
from chat.understanding.comparing import compared, compared_subject, compares
from chat.understanding.conversation import LastAnswer, conversation_reply
from chat.understanding.language import NAMES, language_of, language_of_works
from chat.understanding.mentions import Search, mentions, works_about, works_meant
from chat.understanding.names import NamedCreator, NamedQuestion, find_creators
from chat.understanding.narrowing import Narrowing, narrowing_in
from chat.understanding.orders import ANY_LENGTH
from chat.understanding.parts import split_parts, without_frame
from chat.understanding.phrases import Talk
from chat.understanding.reply import Reply, joined
from chat.understanding.small_talk import plain_words, says_trade_words, small_talk_like
from chat.understanding.spelling import put_right
from chat.understanding.subject_rules import IS_GUEST
from chat.understanding.titles import works_titled
from creators.glossary.vocabulary import common_words
from creators.models import Creator, Work

_ASKING_ON = frozenset(("more", "tell me more", "what else", "anything else", "continue", "next", "and", "why", "how"))
"""What asks on about what was answered, and nothing where nothing was."""
_POINTING = frozenset({"it", "this", "that", "one"})

TopicSearch = Callable[[str, int | None], tuple[Sequence[Passage], Sequence[Suggestion]]]
"""Searches a creator's works, everyone's for None, for a topic; where nothing is found, it has what to suggest."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A question as it arrives: its words, who is asked, and the questions before it, oldest first.

    ``named`` has the creators that it names. ``creator_id`` is None for everyone together; ``names`` are the name and
    the aliases of who is asked. ``revision`` is that of the small tables when it arrived, "" for what is kept of none.
    """

    text: str
    named: NamedQuestion
    creator_id: int | None = None
    names: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    last_answer: str = ""
    revision: str = ""


def known_reply(
    heard: Heard, *, last: Callable[[], LastAnswer | None], today: date, search: TopicSearch
) -> tuple[QuestionKind, Reply] | None:
    """Return the reply to a question that needs no search of what was said, with its kind; None for any other.

    ``last`` finds the last answer. Synchronous: it reads the catalogue.
    """
    as_written = list(_as_written(heard))
    is_of_works = any(
        collection_question(named.text, today=today, is_follow_up=bool(heard.earlier)) for named in as_written
    )
    collection = Collection(heard.creator_id)
    if talk := _talk(heard, is_of_works=is_of_works):
        return "small_talk", conversation_reply(talk, collection, last=last())
    put = _put_right(heard)
    for named in [*([put.named] if put else []), *as_written]:
        if reply := _collection_reply(named, heard, today=today, search=search):
            return "collection", reply
    if put and (talk := _talk(put, is_of_works=False)):
        return "small_talk", conversation_reply(talk, collection, last=last())
    return None


def _as_written(heard: Heard) -> Iterator[NamedQuestion]:
    """Yield the question, and where words of the name of whoever is asked stand in it, with those as the name."""
    yield heard.named
    words = {word for name in heard.names for word in re.findall(r"\w{4,}", name.casefold())} - common_words()
    own = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b", re.IGNORECASE)
    if words and own.search(heard.named.text):
        yield replace(heard.named, text=own.sub("NAME", heard.named.text))


def _put_right(heard: Heard) -> Heard | None:
    """Return the question with its misspelt words put right, None where none is misspelt."""
    text, corrections = put_right(heard.text, creator_id=heard.creator_id, leave=heard.named.spans)
    return replace(heard, text=text, named=find_creators(text, revision=heard.revision)) if corrections else None


_BOTH = re.compile(
    r"(?<=\?)\s+|[,;.]?\s+(?:and|also)\s+(?=(?:what|which|who|when|how|was|were|is|are|do|does|did|has|have)\b)",
    re.IGNORECASE,
)
"""What parts two questions of one message."""


def _collection_reply(named: NamedQuestion, heard: Heard, *, today: date, search: TopicSearch) -> Reply | None:
    """Return the reply to a question about the collection, or to two in one message, each told by its wording."""
    both = [] if heard.earlier else [replace(named, text=piece) for piece in _BOTH.split(named.text.strip()) if piece]
    if len(both) == 2 and all(collection_question(one.text, today=today) for one in both):
        # "… and how long is it?": the rows of the first say that.
        asked = both[:1] if points_back(normal_words(both[1].text)) else both
        replies = [reply for one in asked if (reply := _one_reply(one, heard, today=today, search=search))]
        if len(replies) == len(asked):
            # "How many videos have you, and how many articles?" has one answer.
            told = list({reply.text: reply for reply in replies}.values())
            return joined(*told) if len(told) > 1 else told[0]
    return _one_reply(named, heard, today=today, search=search)


def _one_reply(named: NamedQuestion, heard: Heard, *, today: date, search: TopicSearch) -> Reply | None:
    is_comparison, is_follow_up = len(named.creators) > 1, bool(heard.earlier)
    understood = collection_questions(named.text, today=today, is_follow_up=is_follow_up, is_comparison=is_comparison)
    for question in understood:
        creators = named.creators
        if question.ask in {Ask.ABOUT, Ask.MENTIONS} and compares(named):
            continue
        if question.ask in {Ask.ABOUT, Ask.MENTIONS, Ask.CREATORS} and _BESIDES.search(named.text):
            creators = _others(creators)
        if reply := _of_collection(question, Collection(heard.creator_id, creators), search):
            return reply
        if question.ask is Ask.APPEARANCES and question.noun and IS_GUEST.search(named.text):
            # Where no label says who speaks, the work that names the guest is the one.
            about = replace(question, ask=Ask.ABOUT)
            return _of_collection(about, Collection(heard.creator_id, creators), search)
    collection = Collection(heard.creator_id, named.creators)
    if not is_follow_up and (who := speakers.speaker_named(normal_words(named.text), collection)):
        return speakers.appearances(CollectionQuestion(Ask.APPEARANCES, who), collection)
    return None


_BESIDES = re.compile(r"\b(?:besides|other than|apart from|except(?: for)?|but not|not just) NAME\b", re.IGNORECASE)
MOST_OTHERS = 50
"""Creators who may be meant by "anybody besides Ana"; of more, everybody is."""


def _others(named: Sequence[NamedCreator]) -> tuple[NamedCreator, ...]:
    found = Creator.objects.published().exclude(pk__in=[one.id for one in named]).order_by("pk")[: MOST_OTHERS + 1]
    others = tuple(NamedCreator(one.pk, one.slug, one.name, one.summary, 0) for one in found)
    return others if len(others) <= MOST_OTHERS else ()


_QUESTIONS = re.compile(r"(?<=\?)\s+")
MOST_ASIDE = 6
"""Words of a second question that only asks on about the first."""


def _talk(heard: Heard, *, is_of_works: bool) -> Talk | None:
    """Return the small talk that it consists of; after other questions "how does it work?" is none."""
    if compares(heard.named):
        return None
    names = [*heard.names, *(heard.text[start:end] for start, end in heard.named.spans)]
    text = heard.text
    first, *others = _QUESTIONS.split(text.strip())
    if len(others) == 1 and len(others[0].split()) <= MOST_ASIDE and points_back(normal_words(others[0])):
        # "Do you keep what I type here? Who can read it?"
        text = first
    talk = small_talk_like(
        text,
        names=names,
        is_of_works=is_of_works,
        is_follow_up=bool(heard.earlier),
        is_of_trade=says_trade_words,
    )
    if talk is None and speakers.asks_who_answers(normal_words(text), Collection(heard.creator_id)):
        return Talk.IDENTITY
    if plain_words(heard.text) in _ASKING_ON and not heard.earlier:
        return Talk.HELP
    is_pointing = bool(_POINTING & set(plain_words(heard.text).split()))
    return None if talk in {Talk.HELP, Talk.IDENTITY, Talk.ADVICE} and heard.earlier and is_pointing else talk


def _of_collection(question: CollectionQuestion, collection: Collection, search: TopicSearch) -> Reply | None:
    if question.ask in {Ask.MENTIONS, Ask.ABOUT}:
        question = replace(question, subject=put_right(question.subject, creator_id=collection.asked)[0])
    search_these = _search_of(collection, search)
    if question.ask is Ask.LIST and question.subject:
        # "The bonus episodes" are those that are called so; where none is, the word says nothing of the list.
        is_called = works_titled(question.subject, creators=collection.ids)
        question = replace(question, ask=Ask.ABOUT, is_title=True) if is_called else replace(question, subject="")
    if question.ask is Ask.ABOUT:
        if who := speakers.speaker_named(question.subject, collection):
            return speakers.appearances(replace(question, subject=who), collection)
        about = works_about(question, collection, search=search_these)
        # What is described in so many words, and not found by them, is a question for the search.
        return about if about.sources or len(question.subject.split()) <= MOST_NAMING else None
    if question.ask is Ask.COMPARISON:
        sides = [replace(question, subject=own_words(side)) for side in (question.subject, question.other)]
        return ranking.compared(
            question, collection, *(works_meant(side, collection, search=search_these) for side in sides)
        )
    if question.ask not in _OF_NAMED:
        return _OF_ALL.get(question.ask, _listed)(question, collection)
    named: list[Work] = []
    if question.subject:
        named = works_meant(question, collection, search=search_these)
        is_left = question.is_title or question.ask not in {Ask.CHAPTERS, Ask.WORK} or len(collection.ids) != 1
        if not named and is_left:
            return None
    return _OF_NAMED[question.ask](question, collection, named)


def _listed(question: CollectionQuestion, collection: Collection) -> Reply:
    is_ordered = question.orders and question.seconds == ANY_LENGTH
    return ranking.extremes(question, collection) if is_ordered else catalogue.list_works(question, collection)


MOST_NAMING = 5
"""Words up to which a subject names a topic."""
MOST_SEARCHED = 8
"""Creators whose works are searched one by one; where more are meant, everyone's are searched at once."""


def _search_of(collection: Collection, search: TopicSearch) -> Search:
    """Return a search of the works of these creators only: what others say would take the places of theirs."""
    ids = collection.ids
    if not 1 < len(ids) <= MOST_SEARCHED:
        only = ids[0] if len(ids) == 1 else None
        return lambda topic: search(topic, only)

    def search_each(topic: str) -> tuple[Sequence[Passage], Sequence[Suggestion]]:
        found = [search(topic, one) for one in ids]
        passages = sorted((one for passages, _ in found for one in passages), key=lambda one: -one.relevance)
        return passages, found[0][1]

    return search_each


_OF_ALL: Mapping[Ask, Callable[[CollectionQuestion, Collection], Reply | None]] = {
    Ask.MENTIONS: mentions,
    Ask.COUNT: catalogue.count_works,
    Ask.YEARS: catalogue.count_by_year,
    Ask.TOPICS: catalogue.topics,
    Ask.CREATORS: catalogue.creators,
    Ask.TEXTS: catalogue.of_form,
    Ask.RECORDINGS: catalogue.of_form,
    Ask.CADENCE: details.cadence,
    Ask.APPEARANCES: speakers.appearances,
}
"""What answers a question about all works; any other lists them."""
_OF_NAMED: Mapping[Ask, Callable[[CollectionQuestion, Collection, Sequence[Work]], Reply | None]] = {
    Ask.WORK: details.one_work,
    Ask.LENGTH: details.facts,
    Ask.DATE: details.facts,
    Ask.CHAPTERS: details.chapters,
    Ask.GUESTS: speakers.guests,
    Ask.HOSTS: speakers.hosts,
}
"""What answers a question about the works that it names, or about all where it names none."""


_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent|current|up[- ]to[- ]date)\b(?: \w+)? (?:views?|opinions?|takes?|advice|"
    r"thoughts?|positions?|words?|"
    r"recommendations?|thinking|settings?|values?|stance)\b|\b(?:nowadays|these days|most recently|by now)\b",
    re.IGNORECASE,
)
"""What somebody says who wants the newest that was said."""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A part of a question that is searched by itself: the label of its answer, its words, and whose words count.

    ``after`` is the part that it asks on about, "" where it stands alone.
    """

    label: str
    text: str
    creator: NamedCreator | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What is searched: ``text``, or each of the ``parts`` where there are any.

    ``creators`` are primary keys of those whom the question names, ``narrowing`` the works that it names.
    """

    text: str
    kind: QuestionKind = "question"
    parts: tuple[PlannedPart, ...] = ()
    creators: tuple[int, ...] = ()
    narrowing: Narrowing | None = None
    wants_newest: bool = False
    corrections: tuple[Respelling, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rewritten(self) -> str | None:
        """The question with its words put right, None where they were right."""
        return self.text if self.corrections else None

    @property
    def understood(self) -> Understood:
        """What the reader is told of it."""
        return Understood(kind=self.kind, corrections=self.corrections, notes=self.notes)


def plan_search(heard: Heard, *, today: date) -> SearchPlan:
    """Return what to search for a question. Synchronous: it reads the catalogue and the words of the corpus."""
    scope = (heard.creator_id,) if heard.creator_id is not None else ()
    if (language := language_of(heard.text)) != "en":
        return SearchPlan(heard.text, notes=_language_notes(language, scope))
    named = heard.named
    text, corrections = put_right(heard.text, creator_id=heard.creator_id, leave=named.spans)
    notes: tuple[str, ...] = ()
    if corrections:
        words = ", ".join(dict.fromkeys(one.meant for one in corrections))
        notes = (MESSAGES["searched_for"].format(words=words),)
        named = find_creators(text, revision=heard.revision)
    if heard.creator_id is None:
        named = called_creators(text, named, revision=heard.revision)
    plan = SearchPlan(text, corrections=corrections, notes=notes)
    if beside := compared(named, _asked(heard)):
        subject = without_frame(compared_subject(named.text)) or text
        # Each writes a word their own way: "side-chain" and "sidechain".
        spelt = [put_right(subject, creator_id=one.id)[0] for one in beside]
        parts = tuple(PlannedPart(one.name, words, one) for one, words in zip(beside, spelt, strict=True))
        return replace(plan, kind="comparison", parts=parts)
    others = tuple(one.id for one in named.creators if one.id != heard.creator_id)
    narrowing = narrowing_in(named.text, creators=others or scope, today=today)
    if narrowing is None and (parts_of_it := split_parts(text)):
        parts = tuple(PlannedPart(one.label, one.text, after=one.after) for one in parts_of_it)
        return replace(plan, kind="parts", parts=parts, creators=others)
    return replace(plan, creators=others, narrowing=narrowing, wants_newest=bool(_NEWEST.search(text)))


def _asked(heard: Heard) -> NamedCreator | None:
    creator = Creator.objects.filter(pk=heard.creator_id).first() if heard.creator_id is not None else None
    return NamedCreator(creator.pk, creator.slug, creator.name, creator.summary, 0) if creator else None


def _language_notes(language: str, creators: tuple[int, ...]) -> tuple[str, ...]:
    """Return that the question is in another language than the works; () where it isn't, or that is unknown."""
    works = language_of_works(creators)
    if not works or works == language:
        return ()
    asked, said = NAMES.get(language, language), NAMES.get(works, works)
    return (MESSAGES["other_language"].format(asked=asked, said=said),)
