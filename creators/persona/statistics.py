"""A draft by counting: the words and phrases that a creator uses oftener than the other creators do."""

from collections.abc import Container, Iterable, Mapping

from chrysopedia.core.text import folded
from creators.models import Creator, PersonalityDraft, Work
from creators.persona.examples import traits_of
from creators.persona.grams import LONGEST, Tally, length_of, others_tally, own_tally
from creators.persona.log_odds import z_score
from creators.persona.utterances import Said, said_by, texts_of_others
from creators.persona.values import Drafted, DraftingError

LEAST_TIMES, LEAST_PLACES = 3, 2
"""A phrase is said so often, and in so many works; in so many chunks of a creator with one work."""
SURE = 1.645
"""The z-score from which on a phrase counts as theirs: five in a hundred are as high by chance."""
USUAL = 0.1
"""A word that stands in a larger share of the others' chunks belongs to the language, not to a vocabulary."""
SHORTEST = 3
"""Letters from which on a word may belong to a vocabulary."""
LONGEST_GRAM = 100
MOST = 12


def draft_by_counting(creator: Creator) -> Drafted:
    """Return the vocabulary and the phrases that set the creator apart, the surest first.

    Raises ``DraftingError`` where there are no others to compare with, or too little was said.
    """
    works = Work.objects.filter(creator=creator, is_withdrawn=False).count()
    own = own_tally(said_by(creator), place=_by_chunk if works == 1 else _by_work)
    often = {gram for gram, times in own.times.items() if times >= LEAST_TIMES and own.places[gram] >= LEAST_PLACES}
    words = {word for gram in often for word in gram.split()}
    others = others_tally(texts_of_others(creator), wanted=often | words)
    if not others.chunks:
        raise DraftingError(
            f"{creator.name} is the only creator with works here: what is theirs shows only beside others. "
            "Bring in another creator, or set a language model."
        )
    scores = _scores([gram for gram in often if _may_be_theirs(gram, creator)], own=own, others=others)
    usual = {word for word in words if others.places[word] > USUAL * others.chunks}
    chosen = _chosen(scores, usual=usual)
    traits = tuple(traits_of(chosen, said=said_by(creator)))
    if not traits:
        raise DraftingError(f"{creator.name} has said too little to tell what is theirs.")
    return Drafted(PersonalityDraft.Maker.STATISTICS, traits)


def _by_work(said: Said, number: int) -> int:
    return said.work


def _by_chunk(said: Said, number: int) -> int:
    return number


def _may_be_theirs(gram: str, creator: Creator) -> bool:
    """Say whether a phrase may be part of a voice: figures are facts, and a name only says who speaks.

    What is longer than words are is some code or address, and might not fit into the column.
    """
    if len(gram) > LONGEST_GRAM:
        return False
    names = {word for name in (creator.name, *creator.aliases) for word in folded(name).split()}
    return not any(any(sign.isdigit() for sign in word) or word in names for word in gram.split())


def _scores(often: Iterable[str], *, own: Tally, others: Tally) -> dict[str, float]:
    scores = {}
    for gram in often:
        length = length_of(gram)
        totals = {"own_total": own.totals[length], "others_total": others.totals[length]}
        score = z_score(own.times[gram], others.times[gram], **totals)
        if score >= SURE:
            scores[gram] = score
    return scores


def _chosen(scores: Mapping[str, float], *, usual: Container[str]) -> dict[str, str]:
    """Return the part that each chosen phrase belongs to, the surest first, without those that say the same again."""
    chosen: dict[str, list[str]] = {"vocabulary": [], "phrases": []}
    for gram in sorted(scores, key=lambda gram: (-scores[gram], gram)):
        part = _part(gram, usual)
        if part and len(chosen[part]) < MOST and not any(_overlap(gram, other) for other in chosen[part]):
            chosen[part].append(gram)
    return {gram: part for part, kept in chosen.items() for gram in kept}


def _part(gram: str, usual: Container[str]) -> str:
    """Return the part of a personality that a phrase is fit for, "" where for none.

    Words of which none is usual are a vocabulary. Three words are a phrase; two are too often one with its article.
    """
    words = gram.split()
    if not any(word in usual or len(word) < SHORTEST or "'" in word for word in words):
        return "vocabulary"
    return "phrases" if len(words) == LONGEST else ""


def _overlap(gram: str, other: str) -> bool:
    """Say whether two phrases are pieces of a longer one, or one of them a part of the other."""
    if f" {gram} " in f" {other} " or f" {other} " in f" {gram} ":
        return True
    first, second = gram.split(), other.split()
    return any(one[-2:] == two[:2] and len(one) > 2 for one, two in ((first, second), (second, first)))
