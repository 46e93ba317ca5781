"""Whether a creator really said something: found in their works, whatever its case, punctuation and spaces."""

from collections.abc import Iterable

from chrysopedia.core.text import folded, place_of, words_of
from creators.models import Creator
from creators.persona.examples import sentence_with
from creators.persona.utterances import Said, said_by
from creators.persona.values import Quote

TELLING_WORDS = 3
"""Words from which on an example shows anything; of a shorter one the sentence is quoted."""


def found_in_works(phrases: Iterable[str], *, creator: Creator) -> dict[str, Quote]:
    """Return where each of the phrases first stands in the creator's works, as it stands there; others are left out.

    Reads the works once, whatever the number of phrases, and ends when all are found.
    """
    missing = {phrase: words for phrase in phrases if (words := folded(phrase))}
    found: dict[str, Quote] = {}
    for said in said_by(creator):
        if not missing:
            break
        text = f" {folded(said.text)} "
        for phrase in [phrase for phrase, words in missing.items() if f" {words} " in text]:
            del missing[phrase]
            found[phrase] = _quote(phrase, said)
    return found


def _quote(phrase: str, said: Said) -> Quote:
    start, end = place_of(phrase, said.text) or (0, 0)
    if len(words_of(phrase)) < TELLING_WORDS:
        for begin, stop in said.sentences:
            if begin <= start < stop:
                return sentence_with(phrase, said.text[begin:stop], said, begin)
    return Quote(" ".join(said.text[start:end].split()), said.slug, said.title, said.seconds(start))
