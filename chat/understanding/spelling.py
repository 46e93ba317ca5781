"""Misspelt and misheard words of a question, put right by the words that the corpus itself says."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance.OSA import distance, normalized_similarity
from rapidfuzz.process import extract

from chat.events.events import Respelling
from chat.understanding.common_spelling import (
    SHORTEST,
    are_forms,
    common_slip,
    common_word,
    is_compound,
    is_derived,
    is_itself,
    is_known,
)
from chat.understanding.slips import HURRIED, HURRIEDLY, MIXED, figures_put_right, is_likely_slip, other_endings
from chrysopedia.core.text import stem
from creators.glossary.vocabulary import common_words, letters, phonetic_key, phonetic_spelling, similarity
from creators.models import Chunk, CorpusLength, TermCount

MOST_CHUNKS = 3_000
"""Chunks, the newest, whose words are known: about half a million words, read in a fifth of a second once."""
WELL_KNOWN = 5
"""Times that a word of fewer letters than ``SHORTEST`` must be said to be meant by one that sounds the same."""
LEAST_SIMILAR = 0.81
"""Similarity of two words, 0 to 1, from which on one may be a misspelling of the other."""
SOUNDS_ALIKE = 0.75
"""The same for two words whose consonants sound the same."""
LEAST_HEARD = 0.7
"""Similarity of the sounds from which on a word of that length may be meant: "gane" is "gain", not "gone"."""
MOST_WRONG = 3
"""Letters that may be wrong, missing, too many or swapped."""
LONG = 6
"""Letters from which on two of a word may have slipped, however it sounds then."""
CLIPPED = 3
"""Letters from which on a word that only lacks the end of a familiar one is short for it: "comp"."""
FAMILIAR = 2
"""Times that a word must be said to be meant by another of which more than one letter is wrong."""

_WORD = re.compile(r"[^\W\d_]+(?!['’][^\W\d_]{2})")
_SAID = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
"""A word of a question, where hyphens stand as they come, and one of the corpus, whose hyphens are meant."""


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
    is_hurried = MIXED.search(text) or HURRIEDLY.search(text)
    if not is_hurried and all(match[0].casefold() in common_words() for match in found):
        return text, ()
    return _put_right_at(text, creator_id, tuple(leave), CorpusLength.objects.totals())


@lru_cache(maxsize=64)
def _put_right_at(
    text: str, creator_id: int | None, leave: tuple[tuple[int, int], ...], totals: tuple[int, int]
) -> tuple[str, tuple[Respelling, ...]]:
    """Put a question right by the words of the corpus at these totals: it is asked for more than once in a turn."""
    text, figures = figures_put_right(text)
    text, hurried = _hurried_put_right(text, leave)
    found = [match for match in _WORD.finditer(text) if _may_change(match, leave)]
    doubtful = {match[0] for match in found if match[0].casefold() not in common_words()}
    everyones = vocabulary_of(*totals, None)
    meant = _meant_by(doubtful, vocabulary_of(*totals, creator_id), everyones, is_own=creator_id is not None)
    joined = dict(_joined(text, found, doubtful, everyones))
    inside = {match.span() for match in found for start, end in joined if start <= match.start() < end}
    spans = joined | {one.span(): meant[one[0]] for one in found if one[0] in meant and one.span() not in inside}
    changed = {text[start:end]: better for (start, end), better in sorted(spans.items())}
    for (start, end), better in sorted(spans.items(), reverse=True):
        text = text[:start] + better + text[end:]
    return text, (*figures, *hurried, *(Respelling(word, better) for word, better in changed.items()))


def _hurried_put_right(text: str, leave: Sequence[tuple[int, int]]) -> tuple[str, tuple[Respelling, ...]]:
    """Return the text with little words written out; no name that ``leave`` spans is one of so few letters."""
    found = [match[0] for match in HURRIEDLY.finditer(text) if _may_change(match, leave)]
    if not found or MIXED.search(text):
        return text, ()
    meant = {word: HURRIED[word.casefold()] for word in found}
    text = HURRIEDLY.sub(lambda match: meant.get(match[0], match[0]), text)
    return text, tuple(Respelling(word, better) for word, better in meant.items())


def _meant_by(doubtful: Collection[str], own: Vocabulary, everyones: Vocabulary, *, is_own: bool) -> dict[str, str]:
    """Return what is meant by those of these words that are misspelt.

    Who misspells one word may well have misspelt one that happens to be English: "lightening" beside "invoyce".
    """
    known = TermCount.objects.frequencies({stem(word.casefold()) for word in doubtful})
    meant: dict[str, str] = {}
    is_careless = False
    for word in sorted(doubtful, key=lambda one: is_known(one.casefold())):
        lower = word.casefold()
        has_stem = known.get(stem(lower), 0)
        better = _meant(lower, own, has_stem=has_stem, is_own=is_own, is_careless=is_careless) or _meant(
            lower, everyones, has_stem=has_stem, is_careless=is_careless
        )
        if better and better != lower:
            meant[word] = better
            is_careless |= not is_known(lower) and letters(better) != letters(word)
    return meant


def _joined(
    text: str, found: Sequence[re.Match[str]], doubtful: Collection[str], vocabulary: Vocabulary
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the spans of two words beside each other that are one: "tresh hold", with the word that is meant."""
    taken = 0
    for one, other in pairwise(found):
        if one.start() < taken:
            continue
        own = letters(one[0].casefold() + other[0].casefold())
        is_beside = text[one.end() : other.start()] == " " and not {one[0], other[0]}.isdisjoint(doubtful)
        near = nearest_word(own, vocabulary) if is_beside and len(own) > LONG else ""
        is_exact = bool(near) and letters(near) == own
        is_little = not {one[0].casefold(), other[0].casefold()}.isdisjoint(_LITTLE)
        is_familiar = bool(near) and vocabulary.words[letters(near)][1] >= FAMILIAR and not is_little
        is_alike = phonetic_key(own) == phonetic_key(letters(near)) and distance(own, letters(near)) <= 2
        if is_alike and (is_familiar or is_exact):
            taken = other.end()
            yield (one.start(), taken), near


def _meant(word: str, vocabulary: Vocabulary, *, has_stem: int, is_own: bool = False, is_careless: bool = False) -> str:
    """Return the word that is meant by one that isn't common, "" where it is its own.

    ``is_own`` says that the vocabulary is that of the creator asked, who may write it with a hyphen. ``has_stem`` says
    how many chunks have the word in some form: of more than one, only another ending may be meant. Of what is made of a
    common word by an ending only the sound counts. ``is_careless`` says that words beside it are misspelt: then one
    that is English may be, too.
    """
    own = letters(word)
    if not word.isascii() and own in common_words():
        return ""
    if has_stem and own in vocabulary.words:
        # "sidechain" of a creator who writes "side-chain".
        said = vocabulary.words[own][0]
        return said if is_own and "-" in said and "-" not in word else ""
    for other in other_endings(own):
        if other in vocabulary.words or (len(other) >= LONG and other in common_words()):
            return vocabulary.words.get(other, (other,))[0]
    without_e = re.sub(r"e(?=ing$)", "", own)
    if without_e != own and (without_e in vocabulary.words or without_e in common_words()):
        return without_e
    if has_stem and not is_known(word) and (same := _same_stem(word, vocabulary)):
        return same if same != word else ""
    near = _near_meant(word, own, vocabulary) if has_stem < FAMILIAR else ""
    is_right = not is_careless and letters(near) != own and is_itself(word, near)
    return "" if is_right else near


def _near_meant(word: str, own: str, vocabulary: Vocabulary) -> str:
    """Return the word meant by one of which the corpus knows no form, with these letters; "" where it is its own."""
    if own in vocabulary.words or own in _CASUAL or _is_clipped(own, vocabulary):
        return vocabulary.words.get(own, ("",))[0]
    near = nearest_word(own, vocabulary)
    if is_compound(own) and (not near or vocabulary.words[letters(near)][1] < FAMILIAR):
        return ""
    has_root = is_derived(word, common_words())
    if near and _is_sure(own, letters(near)):
        return near
    # Nearly every word of four letters is another one with an ending: "men" and "meny".
    common = common_word(own) if not has_root or len(own) <= SHORTEST else ""
    if near and common and _hears(own, common) > _hears(own, letters(near)):
        return common
    if near and len(own) == SHORTEST and vocabulary.words[letters(near)][1] >= WELL_KNOWN:
        return near
    slipped = common_slip(own, is_derived=has_root)
    return slipped or (common if has_root else near or common or _of_root(own, vocabulary))


def _of_root(word: str, vocabulary: Vocabulary) -> str:
    """Return a word with its root put right, its ending kept: "distorting" for "destorting"; "" where it is right."""
    for ending in ("ing", "ed", "ers", "er", "s"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= LONG:
            near = nearest_word(root, vocabulary) or common_word(root)
            better = near.removesuffix("e") + ending if ending != "s" else near + ending
            is_word = len(near) >= LONG - 1 and (not near.endswith(ending[:1]) or near[-1:] == "e")
            return better if is_word and phonetic_key(near) == phonetic_key(root) else ""
    return ""


def _is_sure(word: str, known: str) -> bool:
    """Say whether two words sound the same, or two letters beside each other changed places."""
    is_swap = sorted(word) == sorted(known) and distance(word, known) == 1
    return is_swap or phonetic_spelling(word) == phonetic_spelling(known)


def _hears(word: str, known: str) -> float:
    return normalized_similarity(phonetic_spelling(word), phonetic_spelling(known))


def _is_clipped(word: str, vocabulary: Vocabulary) -> bool:
    """Say whether a word is a familiar one without its end."""
    return len(word) <= SHORTEST and any(
        len(known) >= len(word) + CLIPPED and known.startswith(word) and vocabulary.words[known][1] >= FAMILIAR
        for known in vocabulary.keys
    )


def _same_stem(word: str, vocabulary: Vocabulary) -> str:
    """Return the word of this stem that is meant by a misspelt one, "" where that is a form of its own."""
    said = {known for known, _ in vocabulary.words.values()}
    if is_derived(word, said) or is_derived(word, common_words()):
        return ""
    forms = (one for one in said if stem(one) == stem(word) and not are_forms(word, one))
    near = [one for one in forms if distance(one, word) <= 2 and not is_derived(one, {word})]
    return max(near, key=lambda one: similarity(one, word), default="")


def _may_change(match: re.Match[str], leave: Sequence[tuple[int, int]]) -> bool:
    is_named = any(start < match.end() and match.start() < end for start, end in leave)
    # A capital within a question is a name, and names that nobody here says are many.
    is_name = match[0][0].isupper() and (match.start() > 0 or match[0].isupper())
    return len(letters(match[0])) >= SHORTEST - 1 and not is_named and not is_name


@lru_cache(maxsize=8)
def vocabulary_of(documents: int, words: int, creator_id: int | None) -> Vocabulary:
    """Return the words of a creator, of everyone for None; the totals say which state of the corpus they are of."""
    chunks = Chunk.objects.visible().order_by("-pk")
    own = chunks.filter(creator_id=creator_id) if creator_id is not None else chunks
    said: Counter[str] = Counter()
    for text in own.values_list("text", flat=True)[:MOST_CHUNKS]:
        said.update(word.casefold() for word in _SAID.findall(text))
        said.update(part for word in _SAID.findall(text) if "-" in word for part in word.casefold().split("-"))
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


_LITTLE = frozenset("a an the of on in at to for with by from and or but is are was use used do does my your".split())
_CASUAL = frozenset(
    "wat wats whats hows wheres whos dont doesnt didnt cant wont isnt arent shouldnt wouldnt couldnt youre theyre ive "
    "thats theres lets gimme lemme gonna wanna gotta dunno kinda sorta cuz coz tho thru vid vids pls plz thx thnx "
    "abt btw imho lol".split()
)
"""Words as they are written in a hurry."""


def nearest_word(own: str, vocabulary: Vocabulary) -> str:
    """Return the word that is most likely meant by these letters, "" where none is near enough."""
    own = re.sub(r"sh[au]n(?=s?$)", "tion", own)
    if own in vocabulary.words:
        return vocabulary.words[own][0]
    if any(own[0] == small[0] and is_likely_slip(own, small) for small in _EMPTY):
        return ""
    close = extract(own, vocabulary.keys, scorer=distance, score_cutoff=MOST_WRONG, limit=None)
    found = [(key, *vocabulary.words[key]) for key, _, _ in close]
    near = [
        (_likeness(own, key), normalized_similarity(own, key), times, known)
        for key, known, times in found
        if _is_near(own, key, times)
    ]
    return max(near)[3] if near else ""


def _likeness(word: str, known: str) -> int:
    """Return how likely one word is meant by the other: swapped letters, and the same sound, outweigh a wrong one."""
    return (phonetic_key(word) == phonetic_key(known)) + (sorted(word) == sorted(known)) - distance(word, known)


def _is_near(word: str, known: str, times: int) -> bool:
    """Say whether a word may be a misspelling of a known one that begins like it.

    One wrong letter always may be; more only in a longer word that sounds like a familiar one.
    """
    key, other = phonetic_key(word), phonetic_key(known)
    if stem(word) == stem(known) or are_forms(word, known) or not _begin_alike(word, known):
        return False
    if len(word) < SHORTEST:
        return word[-1] != "s" and times >= WELL_KNOWN and phonetic_spelling(word) == phonetic_spelling(known)
    if len(word) == SHORTEST:
        heard = normalized_similarity(phonetic_spelling(word), phonetic_spelling(known))
        is_heard = distance(word, known) <= MOST_WRONG - 1 and key == other and heard >= LEAST_HEARD
        return is_heard or (times >= FAMILIAR and _is_slip(word, known))
    if distance(word, known) == 1:
        return is_likely_slip(word, known) or phonetic_spelling(word) == phonetic_spelling(known)
    least = SOUNDS_ALIKE if key == other else LEAST_SIMILAR
    return times >= FAMILIAR and (similarity(word, known) >= least or _is_mistyped(word, known))


def _is_slip(word: str, known: str) -> bool:
    """Say whether one letter of a short word was left out, or two changed places, within it."""
    ends_alike = word[0] == known[0] and word[-1] == known[-1]
    return sorted(word) == sorted(known) or (ends_alike and len(known) > len(word) and distance(word, known) == 1)


def _is_mistyped(word: str, known: str) -> bool:
    """Say whether two letters of a long word slipped: it begins and ends alike, and has nearly the same letters."""
    strange = (Counter(word) - Counter(known)).total()
    ends_alike = word[:2] == known[:2] or (word[0], word[-1]) == (known[0], known[-1])
    return min(len(word), len(known)) >= LONG and strange <= 1 and ends_alike and distance(word, known) <= 2


def _begin_alike(word: str, known: str) -> bool:
    firsts = phonetic_spelling(word)[:1], phonetic_spelling(known)[:1]
    return word[0] == known[0] or firsts[0] == firsts[1] or set(firsts) <= set("ckq")
