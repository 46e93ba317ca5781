"""What a question is, decided from its wording, the conversation and the catalogue, before anything is searched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from chat.events.events import Passage, QuestionKind, Suggestion
from chat.understanding import catalogue
from chat.understanding.catalogue import Collection
from chat.understanding.collection import Ask, CollectionQuestion, collection_question, collection_question_by_intent
from chat.understanding.conversation import LastAnswer, conversation_reply
from chat.understanding.mentions import mentions, works_about
from chat.understanding.names import NamedQuestion
from chat.understanding.reply import Reply
from chat.understanding.small_talk import Talk, plain_words, small_talk_like

_POINTING = frozenset({"it", "this", "that"})

TopicSearch = Callable[[str, int | None], tuple[Sequence[Passage], Sequence[Suggestion]]]
"""Searches a creator's works, everyone's for None, for a topic; where nothing is found, it has what to suggest."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A question as it arrives: its words, who is asked, and the questions before it, oldest first.

    ``named`` has the creators that it names. ``creator_id`` is None for everyone together; ``names`` are the name and
    the aliases of who is asked.
    """

    text: str
    named: NamedQuestion
    creator_id: int | None = None
    names: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    last_answer: str = ""


def known_reply(
    heard: Heard, *, last: Callable[[], LastAnswer | None], today: date, search: TopicSearch
) -> tuple[QuestionKind, Reply] | None:
    """Return the reply to a question that needs no search of what was said, with its kind; None for any other.

    ``last`` finds the last answer. Synchronous: it reads the catalogue.
    """
    named = heard.named
    if talk := _talk(heard):
        return "small_talk", conversation_reply(talk, Collection(heard.creator_id), last=last())
    # Whoever names two creators without a wording that is known compares them.
    is_comparison = len(named.creators) > 1
    for understood in (collection_question, *([] if is_comparison else [collection_question_by_intent])):
        question = understood(named.text, today=today, is_follow_up=bool(heard.earlier))
        if question and (reply := _of_collection(question, Collection(heard.creator_id, named.creators), search)):
            return "collection", reply
    return None


def _talk(heard: Heard) -> Talk | None:
    """Return the small talk that it consists of; after other questions "how does it work?" is none."""
    names = [*heard.names, *(heard.text[start:end] for start, end in heard.named.spans)]
    talk = small_talk_like(heard.text, names=names)
    points_back = bool(_POINTING & set(plain_words(heard.text).split()))
    return None if talk in {Talk.HELP, Talk.IDENTITY} and heard.earlier and points_back else talk


def _of_collection(question: CollectionQuestion, collection: Collection, search: TopicSearch) -> Reply | None:
    match question.ask:
        case Ask.MENTIONS:
            return mentions(question, collection)
        case Ask.ABOUT:
            one = collection.ids[0] if len(collection.ids) == 1 else None
            return works_about(question, collection, search=lambda topic: search(topic, one))
        case _:
            return catalogue.answer(question, collection)
