"""Runs of sentences that can be quoted by themselves, and the English by which a sentence depends on another."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chat.events.events import Passage
from chrysopedia.core.text import WORD, stems
from creators.transcripts.segments import seconds_at
from creators.transcripts.sentences import chunk_spans
from creators.transcripts.unmarked import MOST_WORDS, is_stopped


@dataclass(frozen=True, slots=True)
class Quote:
    """A run of sentences to be quoted: the number of its source, its place in the passage and who says it, if known.

    ``start`` and ``end`` are code points of the passage's text; ``score`` is that of the sentence it was chosen for.
    """

    number: int
    start: int
    end: int
    score: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class RatedSentence:
    """A sentence of the passage with this number, counted from 1, without the label of who says it.

    ``bag`` holds its stems. ``follows`` says that the same person said the sentence before it, in the same passage and
    without a pause, ``replies`` that somebody else did. ``is_timed`` says that its second is known.
    """

    number: int
    start: int
    end: int
    text: str
    speaker: str
    bag: frozenset[str]
    follows: bool
    replies: bool
    is_timed: bool = False

    @property
    def is_unmarked(self) -> bool:
        """Whether it is speech without full stops, whose bounds are a guess."""
        return self.is_timed and not is_stopped(self.text)


def sentences_of(passages: Sequence[Passage]) -> list[RatedSentence]:
    """Return every sentence of the passages, in order."""
    return [sentence for number, passage in enumerate(passages, start=1) for sentence in _read(number, passage)]


PAUSE = 4.0
"""Seconds after which what is said goes on no longer with what was said before."""


def _read(number: int, passage: Passage) -> Iterator[RatedSentence]:
    before: tuple[str, int] | None = None
    seconds = partial(seconds_at, passage.marks, length=len(passage.text))
    for start, end in chunk_spans(passage.text, passage.marks):
        speaker = passage.speaker_at(start)
        text = passage.text[start:end]
        follows = before is not None and before[0] == speaker and not passage.text[before[1] : start].strip()
        if follows and before is not None:
            follows = (seconds(start) or 0.0) - (seconds(before[1] - 1) or 0.0) <= PAUSE
        replies = before is not None and before[0] != speaker
        if text:
            bag, is_timed = frozenset(stems(text)), seconds(start) is not None
            yield RatedSentence(number, start, end, text, speaker, bag, follows, replies, is_timed)
            before = speaker, end


BACK = 3
"""Sentences that may be added before one that refers back, or lists figures without saying of what."""
SHORTEST = 3
"""Words below which a sentence answers nothing by itself."""
LEAD = 25
"""Words that the sentence before may have to be quoted too: what is said is often begun there."""


@dataclass(frozen=True, slots=True)
class SentenceRun:
    """The sentences from place ``first`` to place ``last``, both within."""

    first: int
    last: int

    def within(self, sentences: Sequence[RatedSentence]) -> Sequence[RatedSentence]:
        """Return the run's sentences."""
        return sentences[self.first : self.last + 1]

    def words(self, sentences: Sequence[RatedSentence]) -> int:
        """Return how many words it has."""
        return _words(self.within(sentences))


def with_antecedents(sentences: Sequence[RatedSentence], place: int) -> SentenceRun:
    """Return the run of a sentence and those before it that it refers to, said by one person without a break.

    Where sentences begin in speech without full stops is a guess, so nothing is put before one of those.
    """
    first = place
    while _begins_before(sentences[first]) and sentences[first].follows and place - first < BACK:
        first -= 1
    return SentenceRun(first, place)


def _needs_more(sentence: RatedSentence) -> bool:
    return not sentence.is_unmarked and refers_back(sentence.text)


def _begins_before(sentence: RatedSentence) -> bool:
    return _needs_more(sentence) or (not sentence.is_unmarked and lists_figures(sentence.text))


def is_unresolved(sentences: Sequence[RatedSentence], place: int) -> bool:
    """Say whether a sentence refers to something that no run can show; a reply may refer to the question before it."""
    first = with_antecedents(sentences, place).first
    is_reply = sentences[first].replies and is_question(sentences[first - 1].text)
    return _needs_more(sentences[first]) and not is_reply


def grown(
    sentences: Sequence[RatedSentence],
    place: int,
    *,
    most: int,
    taken: Sequence[SentenceRun] = (),
    leads: bool = False,
) -> SentenceRun:
    """Return the run of at most ``most`` words in which a sentence is quoted, without sentences that are ``taken``.

    It begins where the thought does: with what the sentence refers to, else, with ``leads``, with the one before it,
    where a sentence that lacks the question's words has its subject. It goes on with
    what is said next, as an answer often follows the words that it was found by, until time passes.
    """
    first = with_antecedents(sentences, place).first
    if leads and first == place and _may_lead(sentences, place):
        first -= 1
    run = SentenceRun(first, place)
    if run.words(sentences) > most or meets(run, taken) or is_too_long(sentences, run):
        run = SentenceRun(place, place)
    while goes_on(sentences, run.last):
        longer = SentenceRun(run.first, run.last + 1)
        if longer.words(sentences) > most or meets(longer, taken) or is_too_long(sentences, longer):
            break
        run = longer
    last = run.last
    while last > place and _says_nothing_more(sentences[last].text):
        last -= 1
    return SentenceRun(run.first, last)


def _says_nothing_more(text: str) -> bool:
    """Say whether a sentence at the end of a run only leads on, or assents: "Exactly.", "Is that right?"."""
    return announces_answer(text) or (len(text.split()) < SHORTEST and not NUMBER.search(text))


def _may_lead(sentences: Sequence[RatedSentence], place: int) -> bool:
    """Say whether the sentence before may go before this one. Where speech has no full stops, a begin is a guess."""
    before = sentences[place - 1] if place else None
    if before is None or not sentences[place].follows or sentences[place].is_unmarked:
        return False
    is_short = len(before.text.split()) <= LEAD
    return is_short and not refers_back(before.text) and may_answer(before.text, is_timed=before.is_timed)


def meets(run: SentenceRun, others: Sequence[SentenceRun]) -> bool:
    """Say whether a run shares a sentence with others."""
    return any(run.first <= other.last and other.first <= run.last for other in others)


def is_too_long(sentences: Sequence[RatedSentence], run: SentenceRun) -> bool:
    """Say whether a run is speech without full stops of more words than can be read without them."""
    said = run.within(sentences)
    return any(sentence.is_unmarked for sentence in said) and _words(said) > MOST_WORDS


def goes_on(sentences: Sequence[RatedSentence], place: int) -> bool:
    """Say whether the sentence after this one goes on with what is said, in the same passage and without a pause."""
    after = place + 1
    if after == len(sentences) or sentences[after].number != sentences[place].number:
        return False
    # What somebody else asks next leads on to something else.
    asks = sentences[after].replies and is_question(sentences[after].text)
    return not asks and (sentences[after].follows or sentences[after].replies)


def _words(sentences: Sequence[RatedSentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)


FILLERS = frozenset(
    "and but so or now well yeah yes yep no okay ok right then um uh er ah oh hmm like just actually basically really "
    "look listen anyway also i mean you know kind of sort".split()
)
"""Words that speech opens with or is strewn with: they refer to nothing, and add nothing to what a sentence says."""
NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {word: str(10 * number) for number, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}
POINTERS = frozenset("its they them their theirs he him his she her hers which".split())
"""Words that point at something an earlier sentence names."""
HALF_POINTERS = frozenset("this that these those such both neither there".split())
"""The same, unless a noun follows: "this works", but not "this compressor"."""
NO_NOUNS = frozenset(
    "is isn't was wasn't are aren't were have has had do does did don't doesn't didn't will won't would can could "
    "cannot can't may might must should shall means mean meant makes make made gives give gave lets let leads happens "
    "happened works work worked comes came goes go went takes took helps helped causes caused allows allowed becomes "
    "became seems sounds looks keeps brings said include includes included involves involved being been also and or "
    "just really only not never always usually often still all then of i we you".split()
)
"""What may stand after a word that points by itself."""
BEING = frozenset("is was are were isn't wasn't aren't will would may might can could has have had must".split())
"""What follows a "there" that says no more than that something exists."""
PREDICATES = BEING | frozenset(
    "i you we they he she it am be do does did don didn doesn can cannot should shall let means makes gives takes goes "
    "comes sounds works gets needs wants".split()
)
"""Words of which one stands in nearly every whole sentence of speech: persons, and the commonest verbs."""
PLEONASTIC = re.compile(
    r"it(?:['’]s|\s+(?:is|was|has been|(?:will|would|may|might|can) be))\s+(?:[\w’'-]+\s+){1,3}?"
    r"(?:that|how|whether|why|if|when|to\s+(?!(?:the|an?|its?|his|her|their)\b|\d))"
    r"|it\s+(?:seems|appears|turns out|depends)\b|it\s+(?:takes|helps)\b.*\bto\b"
)
"""An "it" that stands for nothing: "it is important to", "it depends on"."""
ASKS_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|far|old|large|big|often|high|low|tall|fast|slow|wide|deep|loud)\b"
    r"|\b(?:percent|percentage|number|ratio|amount|when|year|date)\b",
    re.IGNORECASE,
)
NUMBER = re.compile(
    rf"\d|\b(?:{'|'.join(list(NUMBERS)[1:])}|hundred|thousand|million|half|once|twice)\b",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r":$"
    r"|\blet(?:['’]s|\s+(?:us|me))\s+(?:\w+\s+)?"
    r"(?:talk|look|start|begin|go|move|turn|get|take|see|hear|tell|show|explain|walk)\b"
    r"|\b(?:i|we)(?:['’]ll|['’]m|['’]re|\s+(?:will|am|are|shall|want|wanted))\s+(?:\w+\s+){0,2}"
    r"(?:tell|show|explain|talk|discuss|cover|describe|give you|get to|come to|go through|walk)\b"
    r"|\b(?:often|always|sometimes|been) (?:asked|ask me)\b"
    r"|^(?:\w+\s+)?(?:tell|give|show|walk|remind) (?:me|us)\b"
    r"|\bhere(?:['’]s| is| are) (?:how|what|why|the|my|some)\b[^,;:]{0,40}$"
    r"|^(?:hello|hi|hey|welcome)\b|\bwith me (?:today )?(?:is|are)\b"
    r"|\bthis (?:article|episode|video|talk|lesson|tutorial|chapter|show) (?:gives|shows|covers|explains|is about)\b"
    r"|^(?:\w+,? )?today(?:['’]s|,? (?:is|it['’]s|we|i['’]m|i (?:want|will)|only|no|just|the|an?|one|two)\b)"
    r"|\btoday(?:,| we)(?:['’]re| are)? (?:talk|look|decide|make|build|learn|cover|start)"
    r"|\b(?:no|wait|oh),? sorry\b|\blet me (?:say|put|rephrase|correct) (?:that|it|this)\b|\bscratch that\b"
    r"|\b(?:two|three|four|five|several|a few|some|a couple of) "
    r"(?:things|reasons|ways|steps|rules|points|answers|solutions|options|kinds)\b"
    r"[^,;:]{0,30}$",
    re.IGNORECASE,
)
"""Phrases that greet, introduce, announce an answer without giving it, or take back what is said before them."""
TAG = re.compile(
    r"\b(?:right|okay|ok|yeah|huh|you know|you see|(?:isn|doesn|don|aren|wasn)['’]t (?:it|they|you|he|she))\?"
)
"""The end of a statement that only sounds like a question."""
_WORD_OR_STOP = re.compile(rf"{WORD.pattern}|[,.;:!?]")
_QUESTION = re.compile(r"[?？؟][\"'”’»)\]]*$")
_HEADING = re.compile(r".{0,59}[\w)]", re.DOTALL)


def refers_back(text: str) -> bool:
    """Say whether a sentence opens with a word that refers to something named in an earlier sentence.

    A filler before it changes nothing: "So it does that." refers back, "So the ratio is three to one." does not.
    """
    folded = text.casefold().replace("’", "'")
    for match in _WORD_OR_STOP.finditer(folded):
        word, _, ending = match[0].partition("'")
        if word == "because":
            return "," not in folded
        if match[0] not in FILLERS and match[0] != ",":
            return _is_reference(word, bool(ending), folded[match.end() :], folded[match.start() :])
    return False


def _is_reference(word: str, is_shortened: bool, rest: str, whole: str) -> bool:
    if word in HALF_POINTERS:
        following = _WORD_OR_STOP.search(rest)
        is_alone = is_shortened or following is None or not following[0][0].isalnum() or following[0] in NO_NOUNS
        exists = word == "there" and (is_shortened or (following is not None and following[0] in BEING))
        return is_alone and not exists if word != "there" else not exists
    return word in POINTERS or (word == "it" and not PLEONASTIC.match(whole))


def lists_figures(text: str) -> bool:
    """Say whether a sentence only lists figures: "Ratio 4:1, attack 10 ms." says nothing of whose they are.

    A shorter one is a reply: "One."
    """
    words = text.casefold().replace("’", "'").split()
    if len(words) < SHORTEST:
        return False
    is_said = any(word.strip(",.;:!?").partition("'")[0] in PREDICATES for word in words)
    return not is_said and bool(NUMBER.search(" ".join(words[:3])))


def is_question(text: str) -> bool:
    """Say whether a sentence is a question."""
    return bool(_QUESTION.search(text)) and not TAG.search(text.casefold()[-12:])


def announces_answer(text: str) -> bool:
    """Say whether a sentence asks or announces something: the answer is then in the sentence after it."""
    return is_question(text) or bool(ANNOUNCES.search(text.rstrip(".!… ")))


def may_answer(text: str, *, is_timed: bool = False) -> bool:
    """Say whether a sentence may be an answer: no question, announcement or heading (which has no full stop).

    What is said at a time is no heading, whether it has a full stop or not.
    """
    return not announces_answer(text) and (is_timed or not _HEADING.fullmatch(text))
