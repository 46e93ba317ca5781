"""Who speaks: the hosts of works, their guests, and the works in which somebody appears."""

import re
from collections import Counter
from collections.abc import Sequence

from chat.events.messages import counted
from chat.understanding.catalogue import MOST_ROWS, Collection, creators
from chat.understanding.collection import CollectionQuestion, own_words
from chat.understanding.common_spelling import is_known
from chat.understanding.names import Speaker, speakers_called, speakers_in
from chat.understanding.reply import Reply, Row, counted_over, described, harmless, title_of
from chat.understanding.titles import works_titled
from creators.embeddings.weights import word_rarity
from creators.models import Chunk, Work
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans

MOST_WORKS = MOST_ROWS * 50
REGULAR = 0.5
"""Share of a creator's works in which somebody speaks who hosts them rather than visits."""
MOST_VOICES = 8


def guests(question: CollectionQuestion, collection: Collection, named: Sequence[Work]) -> Reply | None:
    """Name who speaks besides the creators, in the works that are named, or in all."""
    works = named or collection.newest_works(MOST_WORKS)
    found = [one for one in speakers_in(works) if not one.is_creator]
    writer = collection.writer()
    of = _of(collection, named)
    if not found:
        writer.say(f"No guest is named in the transcripts of {of}.")
        writer.add(*introductions(works))
        writer.say(counted_over(len(works)))
        return writer.reply()
    if not named and question.subject:
        return None
    writer.say(f"In {of} these speak besides their creator:")
    writer.add(*_appearance_rows(found, works))
    writer.say(counted_over(len(works)))
    return writer.reply()


def hosts(question: CollectionQuestion, collection: Collection, named: Sequence[Work]) -> Reply:
    """Name who speaks in the works that are named, or in most of a creator's; of everybody's, list the creators."""
    if not named and not collection.ids:
        return creators(question, collection)
    works = named or collection.newest_works(MOST_WORKS)
    speaking = speakers_in(works)
    by_id = {work.pk: work for work in works}
    often = Counter(one.name for one in speaking)
    made = Counter(work.creator_id for work in works)
    voices = [(name, by_id[next(one.work for one in speaking if one.name == name)]) for name, _ in often.most_common()]
    regular = [(name, work) for name, work in voices if often[name] >= REGULAR * made[work.creator_id]]
    writer = collection.writer()
    of = _of(collection, named)
    if not voices:
        writer.say(f"The transcripts of {of} name nobody who speaks. They are published as the works of:")
        writer.add(*(Row(f"{harmless(work.creator.name)}, as in {described(work)}", work) for work in _one_each(works)))
        writer.add(*introductions(works))
    else:
        writer.say(f"In {of} there speak:")
        writer.add(*(_voice(name, often[name], work) for name, work in (regular or voices)[:MOST_VOICES]))
        rest = len(voices) - len((regular or voices)[:MOST_VOICES])
        if rest:
            writer.say(f"And {counted(rest, 'other', 'others')} in fewer of them.")
    writer.say(counted_over(len(works)))
    return writer.reply()


_INTRODUCES = re.compile(
    r"\b(?:I['’]m|I am|[Mm]y name(?:['’]s| is)|meet|(?:joined|hosted) by|guests?(?: today| this week)?|your hosts?|"
    r"here with)\b[^.?!]{0,60}?\b[A-Z][a-z]+ [A-Z][\w'’]+"
)
"""What is said where somebody introduces a person by two names."""
FIRST_CHUNKS, MOST_INTRODUCED = 3, 3


def introductions(works: Sequence[Work]) -> list[Row]:
    """Return how the first of these works introduce who speaks, in their own words, where no label says it."""
    rows: list[Row] = []
    for work in works[:MOST_INTRODUCED]:
        for chunk in Chunk.objects.visible().filter(work=work).order_by("position")[:FIRST_CHUNKS]:
            for start, end in chunk_spans(chunk.text, chunk.timing):
                said = " ".join(chunk.text[start:end].split())
                if _INTRODUCES.search(said) and len(rows) < MOST_INTRODUCED:
                    seconds = seconds_at(chunk.timing, start, length=len(chunk.text))
                    rows.append(Row(f"{title_of(work)} says: “{harmless(said)}”", work, said, seconds))
    return rows


def _voice(name: str, times: int, work: Work) -> Row:
    where = f" ({counted(times, 'work', 'works')}), for instance in {described(work)}" if times > 1 else ""
    return Row(f"{harmless(name)}{where}" if where else f"{harmless(name)}, in {described(work)}", work)


def _one_each(works: Sequence[Work]) -> list[Work]:
    return list({work.creator_id: work for work in reversed(works)}.values())[:MOST_VOICES]


def appearances(question: CollectionQuestion, collection: Collection) -> Reply | None:
    """Name the works in which somebody speaks, or whose titles name them."""
    works = collection.newest_works(MOST_WORKS)
    speaking = speakers_called(question.subject, speakers_in(works))
    writer = collection.writer()
    if speaking:
        writer.add(*_appearance_rows(speaking, works))
        writer.say(counted_over(len(works)))
        return writer.reply()
    named = works_titled(question.subject, creators=collection.ids)
    if not named:
        return None
    writer.say("The title names them:")
    many = len(collection.ids) != 1
    writer.add(*(Row(described(work, with_creator=many), work) for work in named[:MOST_ROWS]))
    writer.say(counted_over(len(works)))
    return writer.reply()


def _of(collection: Collection, named: Sequence[Work]) -> str:
    return title_of(named[0]) if len(named) == 1 else f"the works of {collection.owner()}"


def _appearance_rows(speaking: Sequence[Speaker], works: Sequence[Work]) -> list[Row]:
    by_id = {work.pk: work for work in works}
    often = Counter(one.name for one in speaking)
    rows = []
    for name, _ in often.most_common(MOST_ROWS):
        for work in [by_id[one.work] for one in speaking if one.name == name][:3]:
            rows.append(Row(f"{harmless(name)} speaks in {described(work)}", work))
    return rows[:MOST_ROWS]


MOST_NAMED = 3
RARE = 0.2
"""Rarity from which on a word alone may be somebody's name: Jonas, but not Will."""
_WHICH_OR_WHO = re.compile(r"^(?:and |so )?(?:(?:in |on )?which|who)\b")
_WHAT_IS_SAID = re.compile(r"^(?:and |so )?(?:what(?! (?:episode|show|podcast|one|video|number))|why|how|where did)\b")


def speaker_named(words: str, collection: Collection) -> str:
    """Return the words that name somebody who speaks in these works, where a message asks nothing but about them."""
    own = own_words(words).replace("'s", "").split()
    if not own or len(own) > MOST_NAMED or _WHAT_IS_SAID.match(words):
        return ""
    voices = [one for one in speakers_in(collection.newest_works(MOST_WORKS)) if not one.is_creator]
    called = [word for word in own if speakers_called(word, voices)]
    is_told = len(called) > 1 or any(word_rarity(word) >= RARE for word in called)
    is_name = is_told and bool(speakers_called(" ".join(called), voices))
    most_others = 1 if _WHICH_OR_WHO.match(words) else 0
    return " ".join(called) if is_name and len(own) - len(called) <= most_others else ""


_ARE_YOU = re.compile(
    r"^(?:so |wait |and )?(?:are you|is (?:this|it|that)|(?:am|do) i (?:really )?"
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|writ(?:e|ing)) (?:to|with))\b"
)
_BESIDE_NAMES = frozenset(
    "answering typing writing talking chatting speaking himself herself really real bot human machine else mr ms mrs "
    "dr professor".split()
)
"""How somebody asks who answers, and words that may stand beside the names."""


_ARE_YOU_ONLY = re.compile(r"(?:so |wait |and )?are you (?:really |actually )?((?:[^\W\d_]{2,}+ ?){1,2})")


def _asks_a_name(words: str) -> bool:
    """Say whether a message asks nothing but "are you …?" of what only a name can be: "are you chris krycho?"."""
    asked = _ARE_YOU_ONLY.fullmatch(words)
    # Where the list of English words is left out, none can be told from a name.
    # "Are you sidechaining?" asks what is done, though no list has the word.
    return (
        asked is not None
        and is_known("you")
        and not all(is_known(word) or word.endswith("ing") for word in asked[1].split())
    )


def asks_who_answers(words: str, collection: Collection) -> bool:
    """Say whether a message asks if somebody answers who speaks in these works: "are you Aaron or Sjors?"."""
    if _asks_a_name(words):
        return True
    own = own_words(words).replace("'s", "").split() if _ARE_YOU.match(words) else []
    if not own or len(own) > 2 * MOST_NAMED:
        return False
    voices = speakers_in(collection.newest_works(MOST_WORKS))
    called = {word for word in own if speakers_called(word, voices)}
    return bool(called) and set(own) - called <= _BESIDE_NAMES
