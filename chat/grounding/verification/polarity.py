"""What a claim asserts and its passage denies, or the other way round, clause by clause; and opposites in place."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chat.grounding.verification.people import LIKE_A_NAME, name_likeness
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, sentences_of_terms
from chat.grounding.vocabulary import FUNCTION

Flags = npt.NDArray[np.bool_]
CLOSE = 6
"""Words within which other words of the claim make it likely that both speak of the same."""
ENOUGH = 2
"""Words of the claim around a word's opposite that make it the place that the claim speaks of."""
AHEAD = 2
"""How many more words of the claim must stand in the sentence of a denied word than in that of an asserted one."""
FRAGMENT = 3
"""Content words up to which a sentence leans on the one before: "never on a vowel"."""
MOSTLY = 0.6
"""Share of the words beside what a claim denies that must stand beside it in the passage."""
FEW_TERMS = 3
"""Content words up to which a claim may be denied by one word alone."""
SUBJECT = 4
"""Words of a claim within which stands who it is about."""
TOLD_OF = 12
"""Words behind somebody's name within which a passage still speaks of them."""
ROLES = frozenset(
    """
    aunt uncle mother father mum dad brother sister wife husband son daughter grandmother grandfather gran friend
    neighbour neighbor colleague boss mentor teacher tutor coach trainer accountant manager assistant apprentice
    student partner guest host client customer
    """.split()
)
"""Words for people whom somebody may speak of."""
_TURNS = frozenset(
    """
    out off away without instead avoid avoids avoided avoiding prevent prevents prevented preventing unnecessary
    except unless against rather free lack lacks lacking skip skips skipping leave leaves leaving stop stops stopping
    keep keeps keeping no nothing none hardly rarely barely seldom unlikely refuse refuses fail fails stay stays only
    until till unlike wait waits hold holds replace replaces swap swaps swapped substitute
    exempt exempts exempted exclude excludes excluded excluding forbid forbids forbidden ban bans banned prefer
    prefers preferred preferable abandon abandons abandoned drop drops dropped quit quits ditch ditched remove removes
    removed
    """.split()
)
"""Words by which a claim may deny something without a "not": whether it does so they don't tell by themselves."""


_DENYING = frozenset(
    """
    reject rejects rejected rejecting dismiss dismisses dismissed decline declines declined oppose opposes opposed
    disagree disagrees disagreed postpone postpones postponed limit limits limited hide hides hiding lose loses lost
    blame blames blamed struggle struggles struggled unable impossible difficult wrong wrongly bad badly worse less
    fewer apart besides excepted exception exceptions preference place point
    """.split()
)
"""Further words by which a claim may deny something, or say that it is not so everywhere."""
_CHANGED = frozenset("now longer anymore formerly previously nowadays earlier originally former".split())
"""Words by which a claim says itself that something is done no longer."""

_TURNED_BY = (("out", "of"), ("used", "to"), ("gave", "up"), ("given", "up"), ("gives", "up"), ("other", "than"))
_COMPARES = frozenset("better rather sooner".split())
"""Words before a "than" that sets what follows aside: "better served by taking out than by adding"."""

_YET = frozenset("before until till".split())
LEANING = 3
"""Words behind "before" within which stands what is not yet so: "before brood appeared"."""
LISTED = 2
"""Words up to which a clause is one of a list that goes on: "meat and bread stay out"."""
_SUPPOSES = frozenset("because since if when otherwise".split())
"""Words that begin what is only supposed, or a reason: "because starting hot clouds it" denies that one should."""


def denied_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[str, ...]:
    """Return the claim's words that the passage says only with the contrary sign, where it speaks of the same."""
    if not matrix.size:
        return ()
    beside = _Beside(claim, passage, matrix >= SAID)
    return tuple(beside.denied_by_passage()) or tuple(beside.denied_by_claim())


def _signs(passage: AnalysedText) -> tuple[Flags, Flags, Flags, Flags]:
    """Return of each content word whether it is denied, up to a limit, asked, or only supposed."""
    places = [term.place for term in passage.terms]
    said_until = [passage.words[place : place + LIMITED] for place in places]
    told = (
        [place in passage.denials for place in places],
        [
            not _LIMITS.isdisjoint(words) or _is_told_otherwise(passage, place)
            for place, words in zip(places, said_until, strict=True)
        ],
        [place in passage.asked for place in places],
        [passage.is_supposed(place) for place in places],
    )
    denied, limited, asked, supposed = (np.array(one, dtype=np.bool_) for one in told)
    return denied, limited, asked, supposed


_LIMITS = frozenset("till until unless except but before only".split())
"""Words that say how far a denial goes: "no feed not till March" denies no feeding."""
_EXCEPTS = frozenset("except excepting excluding".split())
"""Words before what a passage says otherwise of: "each gets one, except slides, which get three"."""
_UNLESS = _EXCEPTS | {"unless"}
LIMITED = 7
"""Words after a denied one within which such a word still belongs to it."""


def _is_told_otherwise(passage: AnalysedText, place: int) -> bool:
    """Say whether a passage excepts something and says what it does instead: "except slides, which get three"."""
    before, behind = passage.words[max(0, place - LEANING) : place], passage.words[place + 1 : place + 2]
    return behind in _WHICH and not _EXCEPTS.isdisjoint(before)


_WHICH = (("which",), ("who",), ("that",), ("where",))


def denies(claim: AnalysedText) -> bool:
    """Say whether a claim itself denies something, in whatever words: what the passage denies may then be just that."""
    return not _DENYING.isdisjoint(claim.words) or any(map(claim.negates, range(len(claim.words))))


class _Beside:
    """A claim beside a passage: which of its words stand in which sentence, and which the passage denies."""

    def __init__(self, claim: AnalysedText, passage: AnalysedText, said: Flags) -> None:
        self.claim, self.passage, self.said = claim, passage, said
        self.told_of = _told_of(claim, passage)
        self.sentences = passage.once(sentences_of_terms)
        self.denied, self.limited, self.asked, self.supposed = passage.once(_signs)

    def denied_by_passage(self) -> Iterator[str]:
        """Yield what the claim asserts and the passage only denies."""
        for row, term in enumerate(self.claim.terms):
            columns = np.flatnonzero(self.said[row])
            contrary = columns[(self.denied & ~self.limited)[columns]]
            agreeing = columns[~(self.denied | self.asked)[columns]]
            if not contrary.size:
                continue
            contrary = contrary[[self._is_of_the_same(int(one)) for one in contrary]]
            if not contrary.size:
                continue
            against, column = max((self._support(row, int(one)), -int(one)) for one in contrary)
            for_it = max((self._support(row, int(one)) for one in agreeing), default=-AHEAD)
            others = len(self.claim.terms) - 1
            ahead = 1 if against == others else AHEAD
            if against >= max(for_it + ahead, 0 if others < FEW_TERMS else 1) and not self._turns(term.place, -column):
                yield term.text

    def _is_of_the_same(self, column: int) -> bool:
        """Say whether a denial may be meant of the person that a claim begins with, if the passage speaks of one."""
        place = self.passage.terms[column].place
        return not self.told_of or any(0 <= place - one <= TOLD_OF for one in self.told_of)

    def _support(self, row: int, column: int) -> int:
        """Return how many other words of the claim stand in the sentence of a column, or before it if that is short."""
        own = self.sentences == self.sentences[column]
        if own.sum() <= FRAGMENT:
            own = own | (self.sentences == self.sentences[column] - 1)
        return int(np.delete(self.said, row, axis=0)[:, own].any(axis=1).sum())

    def _turns(self, place: int, column: int) -> bool:
        """Say whether a claim may itself deny a word in or just before its clause, other than the passage does."""
        claim, words = self.claim, self._words_of(column)
        if "none" in claim.words[place:]:  # "a perch helps nobody, so he wants none"
            return True
        own = claim.clauses[place]
        clauses = {own, own - 1, *([own + 1] if claim.clauses.count(own) <= LISTED else [])}
        return any(
            claim.negates(at)
            or word in _CHANGED
            or claim.words[at : at + 2] in _TURNED_BY
            or (word == "than" and (at < place or not _COMPARES.isdisjoint(claim.words[:at])))
            or (word in _YET and at < place <= at + LEANING)
            or (word in _TURNS and word not in words)
            or (
                word in _SUPPOSES
                and claim.words[at + 1 : at + 2] != ("of",)
                and claim.clauses[at] == claim.clauses[place]
            )
            for at, word in enumerate(claim.words)
            if claim.clauses[at] in clauses
        )

    def _words_of(self, column: int) -> set[str]:
        number = int(self.sentences[column])
        return {word for word, own in zip(self.passage.words, self.passage.sentences, strict=True) if own == number}

    def denied_by_claim(self) -> Iterator[str]:
        """Yield what the claim denies and the passage asserts, where no sentence that speaks of it denies anything."""
        claim = self.claim
        if any(word in _TURNS and word not in {"no", *self.passage.words} for word in claim.words):
            return
        asserted = self.said & ~self.supposed
        shares: dict[int, Flags] = {
            int(one): np.atleast_1d(self.said[:, self.sentences == one].any(axis=1))
            for one in np.unique(self.sentences)
        }
        most = max(share.sum() for share in shares.values())
        speaking = [one for one, share in shares.items() if share.sum() * 2 >= most]
        is_denied = self.said[:, self.denied].any(axis=0)
        doubtful = {*self.passage.doubtful, *(at for at, word in enumerate(self.passage.words) if word in _UNLESS)}
        if any(int(one) in speaking for one in self.sentences[self.denied][is_denied]) or any(
            self.passage.sentences[place] in speaking for place in doubtful
        ):
            return
        for row, term in enumerate(claim.terms):
            if term.place in claim.denials and not _is_contrast(claim, term.place):
                own = set(self.sentences[asserted[row]].tolist())
                beside = [
                    np.delete(share, row).mean() for one, share in shares.items() if one in own and len(share) > 1
                ]
                if max(beside, default=0.0) >= MOSTLY:
                    plain = [one.text for one in claim.terms if one.place not in claim.units]
                    yield term.text if term.place not in claim.units or not plain else plain[0]


def _told_of(claim: AnalysedText, passage: AnalysedText) -> list[int]:
    """Return the places at which a passage speaks of the person that a claim begins with: "Lena skips it"."""
    subject: set[str] = set()
    for place, word in enumerate(claim.words[:SUBJECT]):
        begin, end = claim.spans[place]
        name = word.removesuffix("'s")
        is_capital = claim.text[begin:end][:1].isupper() and name not in FUNCTION
        if name in ROLES or (is_capital and name_likeness(name) >= LIKE_A_NAME):
            subject.add(name)
    return [place for place, word in enumerate(passage.words) if word.removesuffix("'s") in subject]


def _is_contrast(claim: AnalysedText, place: int) -> bool:
    """Say whether what is denied is only set against the rest: "the tape, and not the sealant"."""
    at = next((one for one in range(place - 1, 0, -1) if claim.words[one] == "not"), 0)
    gap = claim.text[claim.spans[at - 1][1] : claim.spans[at][0]] if at else ""
    return bool(at) and (claim.words[at - 1] in {"and", "but"} or "," in gap)


def opposite_words(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return the claim's words with the opposites that the passage has in their place."""
    return tuple(_opposites(claim, passage, matrix >= SAID))


def _opposites(claim: AnalysedText, passage: AnalysedText, said: Flags) -> Iterator[tuple[str, str]]:
    rows = {term.place: row for row, term in enumerate(claim.terms)}
    for place, word in enumerate(claim.words):
        contrary = claim.vocabulary.opposites.get(word)
        if contrary is None or _has_both_ends(claim, contrary):
            continue
        if word in passage.words or (place in rows and bool(said[rows[place]].any())):
            continue
        for at, other in enumerate(passage.words):
            same_sign = passage.denied[at] == claim.negative[place]
            if other in contrary and same_sign and _shared(claim, passage, said, place, at) >= ENOUGH:
                yield word, other
                break


def _has_both_ends(claim: AnalysedText, contrary: Collection[str]) -> bool:
    """Say whether a claim speaks of the contrary as well: "milk comes before the teeth, as afterwards it …"."""
    return any(word in contrary or word.removesuffix("wards") in contrary for word in claim.words)


def _shared(claim: AnalysedText, passage: AnalysedText, said: Flags, place: int, at: int) -> int:
    mine = _within(claim, place)
    theirs = [
        row for row in _within(passage, at) if passage.sentences[passage.terms[row].place] == passage.sentences[at]
    ]
    return int(said[np.ix_(mine, theirs)].any(axis=1).sum()) if mine and theirs else 0


def _within(text: AnalysedText, place: int) -> Sequence[int]:
    return [row for row, term in enumerate(text.terms) if 0 < abs(term.place - place) <= CLOSE]
