"""Misspelt and misheard words of a question, put right by the words that the corpus itself says."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance.OSA import distance
from rapidfuzz.process import extract

from chat.events.events import Respelling
from chrysopedia.core.text import stem
from creators.glossary.vocabulary import common_words, letters, phonetic_key, phonetic_spelling, similarity
from creators.models import Chunk, CorpusLength, TermCount

MOST_CHUNKS = 3_000
"""Chunks, the newest, whose words are known: about half a million words, read in a fifth of a second once."""
SHORTEST = 4
"""Letters from which on a word is put right: a shorter one is near to too many."""
LEAST_SIMILAR = 0.8
"""Similarity of two words, 0 to 1, from which on one may be a misspelling of the other."""
SOUNDS_ALIKE = 0.75
"""The same for two words whose consonants sound the same."""
MOST_WRONG = 3
"""Letters that may be wrong, missing, too many or swapped."""
FAMILIAR = 2
"""Times that a word must be said to be meant by another of which more than one letter is wrong."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?!['’][^\W\d_]{2})")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a corpus says, with how often, by their letters alone: "pre-delay" by "predelay"."""

    keys: Sequence[str]
    words: Mapping[str, tuple[str, int]]


def put_right(
    text: str, *, creator_id: int | None, leave: Sequence[tuple[int, int]] = ()
) -> tuple[str, tuple[Respelling, ...]]:
    """Return a question with its misspelt words put right, and these words.

    A word that the corpus knows is never changed, nor one that is common English, nor what lies in a span of ``leave``.
    The words of the creator asked are known best. Synchronous.
    """
    found = [match for match in _WORD.finditer(text) if _may_change(match, leave)]
    unknown = _unknown([match[0] for match in found])
    if not unknown:
        return text, ()
    documents, words = CorpusLength.objects.totals()
    vocabulary = vocabulary_of(documents, words, creator_id)
    meant = {word: best for word in unknown if (best := nearest_word(word, vocabulary))}
    for match in reversed(found):
        if match[0] in meant:
            text = text[: match.start()] + meant[match[0]] + text[match.end() :]
    return text, tuple(
        Respelling(word, meant[word]) for word in dict.fromkeys(match[0] for match in found) if word in meant
    )


def _may_change(match: re.Match[str], leave: Sequence[tuple[int, int]]) -> bool:
    is_named = any(start < match.end() and match.start() < end for start, end in leave)
    return len(letters(match[0])) >= SHORTEST and not is_named and not match[0].isupper()


def _unknown(words: Sequence[str]) -> set[str]:
    """Return the words that neither the corpus nor common English knows, in any of their forms and parts."""
    stems = {
        word: {stem(part) for part in (word.casefold(), *word.casefold().split("-")) if part}
        for word in words
        if not all(_is_common(part) for part in word.casefold().split("-"))
    }
    known = TermCount.objects.frequencies(set().union(*stems.values())) if stems else {}
    return {word for word, own in stems.items() if not any(part in known for part in own)}


_ENDINGS: Sequence[tuple[str, str]] = tuple(
    (end, more)
    for end, roots in (
        ("ies", ("y",)), ("ied", ("y",)), ("ier", ("y",)), ("iest", ("y",)), ("s", ("",)), ("es", ("",)),
        ("ed", ("", "e")), ("ing", ("", "e")), ("er", ("", "e")), ("ly", ("",)), ("y", ("",)), ("able", ("",)),
        ("ness", ("",)), ("less", ("",)),
    )
    for more in roots
)  # fmt: skip
"""Endings of English words, and what stands in their place in the word that they end."""
_PREFIXES = ("mis", "un", "re", "dis", "over", "under", "out")


def _is_common(word: str) -> bool:
    """Say whether a word is common English, or made of a common word by a prefix or an ending."""
    common = common_words()
    bare = next(
        (word.removeprefix(one) for one in _PREFIXES if word.startswith(one) and len(word) > len(one) + 3), word
    )
    for form in {word, bare}:
        roots = [form, *(form.removesuffix(end) + more for end, more in _ENDINGS if form.endswith(end))]
        if any(len(root) > 2 and root in common for root in roots):
            return True
    return False


@lru_cache(maxsize=8)
def vocabulary_of(documents: int, words: int, creator_id: int | None) -> Vocabulary:
    """Return the words of a creator, of everyone for None; the totals say which state of the corpus they are of."""
    chunks = Chunk.objects.visible().order_by("-pk")
    own = chunks.filter(creator_id=creator_id) if creator_id is not None else chunks
    said: Counter[str] = Counter()
    for text in own.values_list("text", flat=True)[:MOST_CHUNKS]:
        said.update(word.casefold() for word in _WORD.findall(text))
    known: dict[str, tuple[str, int]] = {}
    for word, times in said.most_common():
        if len(key := letters(word)) >= SHORTEST and word not in _EMPTY:
            known.setdefault(key, (word, times))
    return Vocabulary(tuple(known), known)


_EMPTY = frozenset(
    "which what when where with that this then than there they them their these those have from your were will would "
    "could should about after "
    "before into over some such very much many more most only just like also because been being does doing here make "
    "made want need know think "
    "said says tell told thing things really going gonna maybe even every other always never still back well "
    "good".split()
)


def nearest_word(word: str, vocabulary: Vocabulary) -> str:
    """Return the word that is most likely meant, "" where none is near enough."""
    own = letters(word)
    if own in vocabulary.words:
        return vocabulary.words[own][0]
    if any(distance(own, small, score_cutoff=1) <= 1 for small in _EMPTY):
        return ""
    close = extract(own, vocabulary.keys, scorer=distance, score_cutoff=MOST_WRONG, limit=None)
    found = [(key, *vocabulary.words[key]) for key, _, _ in close]
    near = [(similarity(own, key), times, known) for key, known, times in found if _is_near(own, key, times)]
    return max(near)[2] if near else ""


def _is_near(word: str, known: str, times: int) -> bool:
    """Say whether a word may be a misspelling of a known one that begins like it.

    One wrong letter always may be; more only in a longer word that sounds like a familiar one.
    """
    key, other = phonetic_key(word), phonetic_key(known)
    if stem(word) == stem(known) or not _begin_alike(word, known):
        return False
    if distance(word, known) == 1:
        return len(word) > SHORTEST or key == other
    least = SOUNDS_ALIKE if key == other else LEAST_SIMILAR
    return len(word) > SHORTEST and times >= FAMILIAR and similarity(word, known) >= least


def _begin_alike(word: str, known: str) -> bool:
    firsts = phonetic_spelling(word)[:1], phonetic_spelling(known)[:1]
    return word[0] == known[0] or firsts[0] == firsts[1] or set(firsts) <= set("ckq")
