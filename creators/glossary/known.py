"""The terms that something rare may be a mishearing of: those of the glossary and those that a corpus says often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from creators.glossary.counting import Tally
from creators.glossary.vocabulary import letters, nearby, skeleton

OFTEN, OFTEN_TOGETHER = 3, 2
"""Times from which on a name of the corpus, or a long word of it, counts as a term."""
LONG_WORD, SHORTEST, LEAST_CONSONANTS = 6, 4, 2


@dataclass(frozen=True, slots=True)
class Known:
    """A term; ``said`` is how often the corpus says it, None for one that a curator wrote down.

    ``is_name`` is False for an ordinary word, of which only the parts written apart are looked for.
    """

    term: str
    letters: str
    said: int | None
    is_name: bool = True

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.term.split())


def known_terms(terms: Iterable[str], *, tally: Tally) -> list[Known]:
    """Return the terms given and those of the corpus, each once, those given first."""
    known = {letters(term): Known(term, letters(term), None) for term in terms}
    written: dict[str, str] = {}
    for name, capital in tally.names.most_common():
        said = tally.said[name.casefold()]
        if 2 * capital >= said:
            written.setdefault(name.casefold(), name)
            if len(name) >= SHORTEST and capital >= OFTEN:
                known.setdefault(letters(name), Known(name, letters(name), said))
    for word, said in tally.said.items():
        if len(word) >= LONG_WORD and said >= OFTEN_TOGETHER:
            known.setdefault(letters(word), Known(written.get(word, word), letters(word), said, is_name=False))
    return [one for one in known.values() if one.letters]


def by_sound(known: Iterable[Known]) -> Mapping[str, list[Known]]:
    """Return the names and given terms by every skeleton that a mishearing may share with them."""
    index: dict[str, list[Known]] = {}
    for one in known:
        key = skeleton(one.letters)
        if one.is_name and len(one.letters) >= SHORTEST and len(key) >= LEAST_CONSONANTS:
            for near in nearby(key):
                index.setdefault(near, []).append(one)
    return index
