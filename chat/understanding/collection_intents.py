"""Questions about the collection told by their intent, where no rule knows their wording."""

import re
from collections.abc import Iterator
from datetime import date

from chat.understanding.collection import (
    Ask,
    CollectionQuestion,
    is_only_these,
    normal_words,
    noun_in,
    own_words,
    points_back,
    subject_in,
)
from chat.understanding.collection_rules import collection_question
from chat.understanding.dates import period_in
from chat.understanding.frames import NAME, asking_clauses, asks_on, without_courtesy
from chat.understanding.intents import Intent, intent_of
from chat.understanding.orders import ANY_LENGTH, Order, lasting_in, order_of, orders_in

LEAST_MARGIN, OF_A_SENTENCE, CLEAR = 0.1, 0.6, 0.5
"""Margin of an intent from which on a question that doesn't name works is one about the collection; where only one of
its sentences is; and where it goes before the rules, which know nothing of such questions."""
NO_RULE = frozenset({Ask.HOSTS, Ask.TEXTS, Ask.RECORDINGS, Ask.CHAPTERS, Ask.CADENCE})
OF_ALL = frozenset({Ask.TEXTS, Ask.RECORDINGS, Ask.CADENCE})
ABOUT_SOMETHING = frozenset({Ask.ABOUT, Ask.MENTIONS, Ask.APPEARANCES})
MOST_OWN = 3
"""Everyday words that may be what works are about, where no other words are: "list the bonus ones"."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def collection_questions(
    text: str, *, today: date, is_follow_up: bool = False, is_comparison: bool = False
) -> Iterator[CollectionQuestion]:
    """Yield what a question may ask of the collection, the likelier first: by the rules, and by its intent.

    Whoever names several creators compares them, unless it is clear that the catalogue is meant.
    """
    by_rule = collection_question(text, today=today, is_follow_up=is_follow_up)
    found = collection_question_by_intent(text, today=today, is_follow_up=is_follow_up)
    by_intent, margin = found or (None, 0.0)
    if by_intent and is_comparison and (margin < CLEAR or by_intent.ask in ABOUT_SOMETHING):
        by_intent = None
    asks = [by_rule, by_intent]
    # What is in a work that is named, and what there is besides recordings, no intent tells.
    is_sure = by_rule is not None and (by_rule.ask is Ask.WORK or _BESIDES.search(text))
    if by_intent and margin >= CLEAR and not is_sure and (by_intent.ask in NO_RULE or _is_loose(by_rule)):
        asks.reverse()
    if of := _CHAPTERS_OF.search(text):
        asks.append(CollectionQuestion(Ask.CHAPTERS, of["x"], is_title=True))
    yield from filter(None, asks)


def _is_loose(question: CollectionQuestion | None) -> bool:
    """Say whether a rule has found nothing but that works are listed or counted."""
    if question is None or question.ask not in {Ask.LIST, Ask.COUNT}:
        return False
    return question == CollectionQuestion(question.ask, noun=question.noun)


_BESIDES = re.compile(r"\b(?:besides|other than|apart from|except)\b", re.IGNORECASE)
_CHAPTERS_OF = re.compile(
    r"\b(?:chapters?|sections?|headings?|parts?|contents|outline|structure)(?: are there)? (?:of|in) "
    r"(?P<x>.+?)[\s?.!]*$",
    re.IGNORECASE,
)
"""What leads up to a title whose chapters are asked for; of what is no title it says nothing."""


def collection_question_by_intent(
    text: str, *, today: date, is_follow_up: bool = False
) -> tuple[CollectionQuestion, float] | None:
    """Return what a question asks of the collection by its intent, and the intent's margin; else None."""
    if is_follow_up and asks_on(text):
        return None
    text = without_courtesy(text)
    period = period_in(text, today=today)
    without = f"{text[: period.span[0]]} {text[period.span[1] :]}" if period else text
    found = None if _ASKS_WITHIN.match(text) else _intent_in(without)
    if found is None:
        return None
    asking, intent = found
    words = normal_words(asking)
    if is_follow_up and not noun_in(words) and points_back(words):
        return None
    ask, order = _asked(intent)
    # Whether something came out on a day, or since, asks for the works of that time.
    ask = Ask.LIST if ask is Ask.CADENCE and period else ask
    orders, number = orders_in(words)
    if order and order not in orders:
        orders, number = (order,), 1
    subject = "" if ask in OF_ALL else " ".join(intent.subject.replace(NAME, " ").split())
    if ask in ABOUT_SOMETHING:
        subject = subject_in(subject)
    if ask in ABOUT_SOMETHING and not subject:
        subject = _subject_after(words)
        if ask is Ask.ABOUT and not subject and len(own_words(words).split()) <= MOST_OWN:
            subject = own_words(words)
    own, is_title = own_words(words), False
    if not subject and not order and (ask is Ask.LIST or (ask in OF_WORKS and _names_a_thing(words))):
        subject, is_title = own, ask is Ask.COUNT
    if (ask in ABOUT_SOMETHING and not subject) or (ask is Ask.MENTIONS and not _IS_SAID.search(words)):
        return None
    question = CollectionQuestion(
        ask,
        subject,
        orders if order or ask in {Ask.LENGTH, Ask.DATE} else (),
        noun_in(words),
        period,
        is_title,
        seconds=lasting_in(words) or ANY_LENGTH,
        is_only=is_only_these(words),
        number=number,
    )
    return question, intent.margin


OF_WORKS = frozenset({Ask.COUNT, Ask.LENGTH, Ask.DATE})
_OF_EVERYTHING = re.compile(r"\b(?:all|everything|total|altogether|together|whole|lot)\b")
_HOW_MANY = re.compile(r"\bhow many (?P<what>\w+)")


def _names_a_thing(words: str) -> bool:
    """Say whether everyday words stand where works would: "how many users", "how long does a release take"."""
    own = own_words(words).split()
    if counted := _HOW_MANY.search(words):
        return counted["what"] in own
    return bool(own) and not noun_in(words) and words.startswith("how long") and not _OF_EVERYTHING.search(words)


_ASKS_WITHIN = re.compile(r"in (?:the|your|his|her|their|that|NAME's) [^,]+, (?:what|how|why)\b", re.IGNORECASE)
"""How a question begins that asks for what is said in a work."""


def _intent_in(text: str) -> tuple[str, Intent] | None:
    """Return the words that ask something of the collection, and their intent: the whole message or a sentence."""
    whole = _of_collection(text)
    others = [one for one in map(intent_of, asking_clauses(text)) if one is not None and one.group != "collection"]
    if whole and (whole.margin >= LEAST_MARGIN or noun_in(normal_words(text), is_strong=True)):
        # "In the episode on reverb, what did you say …": one of its clauses asks for what is said.
        is_other = any(one.subject for one in others) and len(asking_clauses(text)) > 1
        return None if is_other else (text, whole)
    # "I've a 50 min commute, how long is it?": what leads up to it, or is said beside it, asks nothing.
    pieces = dict.fromkeys([*_SENTENCE.split(text), *asking_clauses(text)])
    found = [(one, intent) for one in pieces if (intent := _of_collection(one)) and intent.margin >= OF_A_SENTENCE]
    if len(pieces) < 2 or not found or any(one.subject for one in others):
        return None
    return max(found, key=lambda one: one[1].margin)


def _of_collection(text: str) -> Intent | None:
    intent = intent_of(text)
    return intent if intent and intent.group == "collection" else None


_IS_SAID = re.compile(r"\b(?:mention|sa(?:y|id)|word|term|talk|speak|spoke|come|came|bring|brought|refer|utter|drop)")
"""What somebody says who asks how often something is said; "how often is it held?" asks for another thing."""


def _asked(intent: Intent) -> tuple[Ask, Order]:
    """Return what an intent asks for; who asks for a list or a number of works of a subject asks about that."""
    order = order_of(intent.name)
    ask = Ask.LIST if order else Ask(intent.name)
    if intent.subject and ask is Ask.COUNT:
        return Ask.MENTIONS, ""
    if intent.subject and ask in {Ask.LIST, Ask.TOPICS, Ask.CREATORS}:
        return Ask.ABOUT, ""
    return ask, order


_BEFORE_SUBJECT = re.compile(r".*\b(?:about|on|of|for|with|cover|covers|into) (?P<x>.+)$")


def _subject_after(words: str) -> str:
    """Return what follows the last word that leads up to a subject, where the subject is an everyday word."""
    found = _BEFORE_SUBJECT.match(words)
    return subject_in(found["x"]) if found else ""
