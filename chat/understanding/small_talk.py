"""Small talk: greetings, thanks, questions about the conversation; told from other questions by the whole wording."""

import re
from collections.abc import Callable, Sequence

from chat.understanding.common_spelling import share_in_books
from chat.understanding.frames import NAME, asking_clauses, asks_on, clauses, in_full, without_courtesy
from chat.understanding.intents import LEAST, intent_of
from chat.understanding.phrases import PHRASES, Talk
from chrysopedia.core.text import stem
from creators.models import CorpusLength, TermCount

_UNITS = tuple((kind, re.compile(rf"(?:{one})(?!\S)")) for kind, few in PHRASES.items() for one in few)
_FILLERS = re.compile(
    r"(?:and|so|well|oh|please|pls|plz|then|there|all|everyone|everybody|guys|folks|friend|my friend|man|mate|"
    r"dude|bro|sir|madam|"
    r"now|just|again|anyway|also|today|indeed|really|very much|for now|later|soon|around|tomorrow|too|here|dear|"
    r"NAME|ok|but|you|me|one|for me|i mean|actually)(?!\S)"
)
MAX_WORDS = 16
"""Words from which on nothing is taken for small talk."""


def small_talk_in(text: str, *, names: Sequence[str] = ()) -> Talk | None:
    """Return the kind of small talk that a message consists of, or None if it holds anything else.

    The whole message must be made of known phrases, so a question with a word of its own is never taken for one.
    ``names`` are those of the creators, by which they may be addressed.
    """
    plain = plain_words(text, names=names)
    if not plain:
        return Talk.ACKNOWLEDGEMENT if text.strip("?!. ") else Talk.REPEAT
    if len(plain.split()) > MAX_WORDS:
        return None
    said: list[Talk] = []
    at = 0
    while at < len(plain):
        found = [(match.end(), kind) for kind, phrase in _UNITS if (match := phrase.match(plain, at))]
        filler = _FILLERS.match(plain, at)
        end = max((end for end, _ in found), default=0)
        if filler and filler.end() > end:
            end = filler.end()
        elif found:
            said.append(max(found)[1])
        else:
            return None
        at = end + 1
    return max(said, key=list(Talk).index, default=Talk.GREETING if NAME in plain else None)


CLEAR, WITH_SUBJECT = 0.6, 0.1
"""Margin of an intent from which on a message is small talk that a rule takes for a question about works; the same for
one with a word of its own: "that saved my mix"."""
ADVISED = 0.5
"""Margin from which on what is asked of something is nothing that a search may answer: advice ("should I invest in
better monitors" is none), or how to quote it ("which licence has it?" neither)."""
DOUBTFUL = 0.2
"""Margin below which a message with a word of the trade is a question: "play the hats late", "which mic for rap"."""
MOST_WORDS = 24
"""Words of the longest message whose intent may be small talk."""


def small_talk_like(
    text: str,
    *,
    names: Sequence[str] = (),
    is_of_works: bool = False,
    is_follow_up: bool = False,
    is_of_trade: Callable[[str], bool] = lambda text: False,
) -> Talk | None:
    """Return the kind of small talk that a message is, in known phrases or in others that are like them; else None.

    Of a message of several clauses none may ask for anything else. ``is_of_works`` says that it may ask for works, and
    ``is_of_trade`` is asked of a doubtful one whether it has a word of the corpus's trade.
    """
    bare = without_courtesy(text)
    if talk := small_talk_in(text, names=names) or small_talk_in(bare, names=names) or gibberish_in(text):
        return talk
    if is_follow_up and asks_on(text):
        return None
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", NAME, text, flags=re.IGNORECASE)
    bare = without_courtesy(text)
    least = CLEAR if is_of_works else LEAST["small_talk"]
    if len(bare.split()) > MOST_WORDS or any(_by_intent(clause, least) is None for clause in asking_clauses(bare)):
        return None
    # "Dear Sir, kindly list your works" asks for works, however politely.
    talk = (None if is_of_works else _by_intent(text, least)) or _by_intent(bare, least)
    if talk and (doubt := intent_of(text)) and doubt.margin < DOUBTFUL and is_of_trade(bare):
        return None
    if talk not in _OPENINGS:
        return talk
    # "Dear Sir, may I ask whether a human reads this?": what is asked counts, not how it begins.
    said = [one for piece in clauses(bare) if (one := _by_intent(piece, CLEAR)) is not None]
    return max([talk, *said], key=list(Talk).index)


_WHOLE_WORD = re.compile(r"(?<![\w'’])[^\W_]++(?!['’](?!s\b))")
"""A word, or one with a possessive: "don't" and "we've" stand in no list of words, nor do their halves."""
OF_THE_TRADE, LEAST_CHUNKS = 10, 3
"""Times as often as in books that a word of the trade is said, and the fewest chunks that say it."""


def says_trade_words(text: str) -> bool:
    """Say whether a word of a text stands in the corpus far more often than in books. Synchronous.

    Of none where it isn't known how often books have words.
    """
    if not share_in_books("the"):
        return False
    words = {word: stem(word) for word in _WHOLE_WORD.findall(text.casefold())}
    said = TermCount.objects.frequencies(set(words.values()))
    _, length = CorpusLength.objects.totals()
    return any(
        said.get(one, 0) >= max(LEAST_CHUNKS, OF_THE_TRADE * length * share_in_books(word))
        for word, one in words.items()
    )


_OPENINGS = frozenset({Talk.GREETING, Talk.THANKS, Talk.ACKNOWLEDGEMENT})


def _by_intent(text: str, least: float) -> Talk | None:
    intent = intent_of(text)
    if intent is None or intent.group != "small_talk":
        return None
    is_doubtful = intent.name in {Talk.ADVICE, Talk.CITING} or (intent.subject and intent.name == Talk.SITE)
    least = max(least, WITH_SUBJECT if intent.subject else least, ADVISED if is_doubtful else least)
    return Talk(intent.name) if intent.margin >= least else None


_RUN = 4
"""Neighbouring keys that a word begins with which is a run over them; within "property" they mean nothing."""
_RUNS = tuple(
    row[at : at + _RUN]
    for keys in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for row in (keys, keys[::-1])
    for at in range(len(keys) - _RUN + 1)
)


def gibberish_in(text: str) -> Talk | None:
    """Return that a message is nothing but runs over the keyboard, or keys held down, where it is."""
    words = re.findall(r"[^\W_]+", text.casefold())
    are_runs = all(word.startswith(_RUNS) or (len(word) >= _RUN and len(set(word)) == 1) for word in words)
    return Talk.UNCLEAR if words and are_runs else None


def plain_words(text: str, *, names: Sequence[str] = ()) -> str:
    """Return a message's words without case and punctuation, single spaces between; creators are called ``NAME``."""
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.casefold().replace("’", "'"))
    words = " ".join(map(in_full, found))
    for name in sorted(names, key=len, reverse=True):
        plain = " ".join(re.findall(r"[^\W_]+", name.casefold()))
        if plain:
            words = re.sub(rf"(?<!\S){re.escape(plain)}(?:'s)?(?!\S)", NAME, words)
    return words
