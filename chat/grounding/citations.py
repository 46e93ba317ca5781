"""Citations: for each sentence of an answer and each source it names, what it rests on in the passage, and how well."""

import logging
import re
import threading
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chat.events.events import Citation, Disagreement, Grounding, Issue, Passage, Setting, Verdict
from chat.events.events import Span as Part
from chat.grounding.claims import Span, claims, claims_something, plain_claim, states_nothing
from chat.grounding.disagreements import Conflict, StatedValue
from chat.grounding.echoes import unsaid_echo
from chat.grounding.markers import markers_in, without_markers
from chat.grounding.quantities import quantities_in, same_amount
from chat.grounding.verification.features import Embed, EmbeddingSimilarity
from chat.grounding.verification.verifier import Finding, Verifier
from chat.grounding.vocabulary import ENGLISH, FUNCTION, Vocabulary
from chrysopedia.core.links import link_to
from chrysopedia.core.text import stem, without_unseen, words_of
from creators.transcripts.segments import as_heard, seconds_at
from creators.transcripts.sentences import chunk_spans

logger = logging.getLogger(__name__)

UNCHECKED = Issue("language", "", "This could not be checked.")
NO_CLAIM = Issue("language", "", "This states nothing that could be checked.")
IN_QUOTE, IN_PASSAGE = 0.6, 0.75
"""Shares of a sentence's words in the quote, and in the whole passage, from which on a marker is set for it."""
IN_QUOTE_OF_FIGURES = 0.7
"""As ``IN_QUOTE``, for a sentence with figures: these may stand in the quote and be said of another thing."""
LEAST_WORDS = 4
"""Words with content below which a sentence stands in too many passages to be marked: "The hi-hat is …"."""
_ANSWERS_YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|no|nope|ja|nein|doch|oui|non|si|sí|sim|não|sì)\s*[.,:;!–—-]", re.IGNORECASE
).match
"""A source says what follows; of the question, to which that may be the contrary, it was never asked."""
MOST_NAMED = 3
"""Words that a message names of those that no source says."""
HARDLY = 0.25
"""Share of an answer's sentences below which hardly any of it stands in the sources."""
HOLDS: Mapping[Verdict, float] = {Verdict.SUPPORTED: 1.0, Verdict.WEAK: HARDLY, Verdict.UNSUPPORTED: 0.0}
"""What a cited sentence counts in that; one that is weak neither speaks for the answer nor against it."""


class Checker:
    """Checks the sentences of one answer on its passages, each sentence once, however often it is asked.

    Safe to use from several threads, one at a time; all of it takes the time of a computation.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        *,
        embed: Embed | None = None,
        vocabulary: Vocabulary = ENGLISH,
        asked: str = "",
    ) -> None:
        """Compare sentences by the vectors of ``embed`` too, where words don't tell; ``asked`` found the passages."""
        self.passages = tuple(passages)
        self._asked = asked
        self._verifier = Verifier(passages, embedding_similarity=EmbeddingSimilarity(embed), vocabulary=vocabulary)
        self._known: dict[tuple[str, tuple[int, ...]], dict[int, Finding]] = {}
        self._sentences: dict[int, list[Span]] = {}
        self._passed = 0  # characters of the answer whose sentences were checked while it grew
        self._lock = threading.Lock()

    def check(self, answer: str) -> None:
        """Check all sentences but the last, which may be going on still; those that were checked are passed over."""
        new = answer[self._passed :]
        ended = self._cited(new)[:-1]
        for span, numbers in ended:
            self._findings(new, span, numbers)
        self._passed += ended[-1][0][1] if ended else 0

    def citations(self, answer: str, *, found: Collection[int] = ()) -> tuple[Citation, ...]:
        """Return a citation for every sentence and number of a whole answer; offsets are its code points.

        ``found`` are the offsets of the markers that the program set.
        """
        named = {start: number for start, number in markers_in(answer) if start not in found}
        places = sorted(named)

        def is_named(span: Span, number: int) -> bool:
            few = places[bisect_left(places, span[0]) : bisect_left(places, span[1])]
            return any(named[place] == number for place in few)

        return tuple(
            self._citation(answer, span, number, finding, is_found=bool(found) and not is_named(span, number))
            for span, numbers in self._cited(answer)
            for number, finding in self._findings(answer, span, numbers).items()
        )

    def supporting(self, sentence: str) -> int | None:
        """Return the passage that clearly says a sentence of an answer, None where none does, or one that it names."""
        claim = plain_claim(sentence)
        wanted = _content(claim)
        if states_nothing(sentence) or len(wanted) < LEAST_WORDS or _ANSWERS_YES_OR_NO(claim):
            return None
        if self._cites_well(sentence, claim):
            return None
        least = IN_QUOTE_OF_FIGURES if quantities_in(claim) else IN_QUOTE
        said: dict[int, float] = {}
        for number, passage in enumerate(self.passages, start=1):
            finding = self._finding_of(claim, (number,))[number]
            quote = passage.text[slice(*finding.span)]
            in_quote, in_passage = _share(wanted, quote), _share(wanted, passage.text)
            is_close = in_quote >= least and in_passage >= IN_PASSAGE
            if finding.verdict == Verdict.SUPPORTED and is_close and _holds_figures(quote, claim):
                said[number] = in_quote
        return max(said, key=said.__getitem__, default=None)

    def _cites_well(self, sentence: str, claim: str) -> bool:
        """Say whether a source that a sentence names supports it, or says a part of it."""
        numbers = dict.fromkeys(number for _, number in markers_in(sentence) if 1 <= number <= len(self.passages))
        findings = self._finding_of(claim, tuple(numbers))
        return any(one.verdict != Verdict.UNSUPPORTED for one in findings.values())

    def is_hardly_supported(self, answer: str, *, is_loop: bool = False) -> bool:
        """Say whether hardly a sentence that claims something stands in the sources, as far as that can be compared.

        One that ended in a loop is not supported either where it claims nothing: "I'm sorry."
        """
        held, compared = 0.0, 0
        for span, numbers in self._cited(answer):
            findings = self._findings(answer, span, numbers or (1,)).values()
            is_comparable = not any(issue.kind == "language" for one in findings for issue in one.issues)
            if is_comparable and claims_something(answer[slice(*span)]):
                compared += 1
                held += max(map(_holds, findings)) if numbers else 0.0
        return held < HARDLY * compared or (is_loop and not compared)

    def grounding(self, answer: str, citations: Sequence[Citation], *, removed: int) -> Grounding:
        """Return how a whole answer stands on its sources; ``removed`` is how many markers named none."""
        if not self.passages:
            return Grounding(markers_removed=removed)
        sentences = self._cited(answer)
        bare = [span for span, numbers in sentences if not numbers and claims_something(answer[slice(*span)])]
        cited = sum(bool(numbers) for _, numbers in sentences)
        verdicts = [citation.verdict for citation in citations]
        return Grounding(
            claims=cited + len(bare),
            cited=cited,
            uncited=len(bare),
            supported=verdicts.count(Verdict.SUPPORTED),
            weak=verdicts.count(Verdict.WEAK),
            unsupported=verdicts.count(Verdict.UNSUPPORTED),
            markers_removed=removed,
            bare=tuple(Part(*span) for span in bare),
            found=sum(citation.found for citation in citations),
        )

    def _cited(self, answer: str) -> list[tuple[Span, tuple[int, ...]]]:
        """Return the sentences with the sources that each names, once and in order."""
        markers = [(at, number) for at, number in markers_in(answer) if 1 <= number <= len(self.passages)]
        places = [at for at, _ in markers]
        spans = list(claims(answer))
        found = [markers[bisect_left(places, start) : bisect_left(places, end)] for start, end in spans]
        numbers = (tuple(dict.fromkeys(number for _, number in few)) for few in found)
        return list(zip(spans, numbers, strict=True))

    def _findings(self, answer: str, span: Span, numbers: tuple[int, ...]) -> dict[int, Finding]:
        text = answer[slice(*span)]
        return _unstated(numbers) if states_nothing(text) else self._finding_of(plain_claim(text), numbers)

    def _finding_of(self, claim: str, numbers: tuple[int, ...]) -> dict[int, Finding]:
        with self._lock:
            if (claim, numbers) not in self._known:
                self._known[claim, numbers] = self._checked(claim, numbers)
            return self._known[claim, numbers]

    def _checked(self, claim: str, numbers: tuple[int, ...]) -> dict[int, Finding]:
        try:
            return self._unless_echo(claim, self._verifier.findings(claim, numbers)) if numbers else {}
        except Exception:
            # An answer is worth more than its receipts: the fault is noted, and the reader told.
            logger.exception("a sentence could not be checked")
            return {number: Finding((0, 0), Verdict.WEAK, (UNCHECKED,)) for number in numbers}

    def _unless_echo(self, claim: str, findings: dict[int, Finding]) -> dict[int, Finding]:
        """Refuse a claim that only says the question again, with words that no source has of those it names."""
        said = "\n".join(self.passages[number - 1].text for number in findings)
        unsaid = unsaid_echo(claim, asked=self._asked, passage=said)[:MOST_NAMED]
        if not unsaid:
            return findings
        named = ", ".join(f"“{word}”" for word in unsaid)
        message = f"This only says the question again; nothing in the source speaks of {named}."
        issue = Issue("missing", ", ".join(unsaid), message)
        return {
            number: one
            if one.verdict == Verdict.UNSUPPORTED
            else replace(one, verdict=Verdict.UNSUPPORTED, issues=(issue, *one.issues))
            for number, one in findings.items()
        }

    def _sentences_of(self, number: int) -> list[Span]:
        """Return the sentences of a passage, which are found once."""
        if number not in self._sentences:
            passage = self.passages[number - 1]
            self._sentences[number] = chunk_spans(passage.text, passage.marks)
        return self._sentences[number]

    def _citation(self, answer: str, span: Span, number: int, finding: Finding, *, is_found: bool) -> Citation:
        passage = self.passages[number - 1]
        start, end, url = located(passage, finding.span)
        before, after = _around(passage, finding.span, self._sentences_of(number))
        quote = without_unseen(passage.text[slice(*finding.span)])
        heard = without_unseen(as_heard(passage.text, passage.corrections, start=finding.span[0], end=finding.span[1]))
        return Citation(
            number=number,
            claim=without_markers(answer[slice(*span)]).strip(),
            start=span[0],
            end=span[1],
            quote=quote,
            start_seconds=start,
            end_seconds=end,
            url=url,
            heard=heard if heard != quote else "",
            verdict=finding.verdict,
            problems=finding.issues,
            speaker=without_unseen(passage.speaker_at(finding.span[0])),
            before=before,
            after=after,
            found=is_found,
        )


def _holds(finding: Finding) -> float:
    """Return what a cited sentence counts as standing in the sources; in another than it names it stands, too."""
    return 1.0 if any(issue.kind == "source" for issue in finding.issues) else HOLDS[finding.verdict]


def _unstated(numbers: Sequence[int]) -> dict[int, Finding]:
    """Return what is found of a heading, a fragment or a marker alone: nothing, which accuses nobody."""
    return {number: Finding((0, 0), Verdict.WEAK, (NO_CLAIM,)) for number in numbers}


def _around(passage: Passage, span: Span, sentences: Sequence[Span]) -> tuple[str, str]:
    """Return the sentences before and behind a span, "" where there is none or another speaker says it."""
    if span[0] >= span[1]:
        return "", ""
    speaker = passage.speaker_at(span[0])
    spans = [one for one in sentences if passage.speaker_at(one[0]) == speaker]
    before = [one for one in spans if one[1] <= span[0]]
    after = [one for one in spans if one[0] >= span[1]]
    return _one_line(passage, before[-1:]), _one_line(passage, after[:1])


def _one_line(passage: Passage, spans: Sequence[Span]) -> str:
    return " ".join(without_unseen(passage.text[slice(*span)]) for span in spans).replace("\n", " ")


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(word.folded) for word in words_of(text) if word.folded not in FUNCTION)


def _share(wanted: frozenset[str], text: str) -> float:
    """Return the share of a claim's stems that stand in a text."""
    return len(wanted & _content(text)) / len(wanted) if wanted else 0.0


def _holds_figures(quote: str, claim: str) -> bool:
    """Say whether all figures of a claim stand in the quote itself: elsewhere in the passage they are of others."""
    given = quantities_in(quote)
    return all(any(same_amount(one, other) for other in given) for one in quantities_in(claim))


def citations_of(answer: str, passages: Sequence[Passage], *, embed: Embed | None = None) -> tuple[Citation, ...]:
    """Return the citations of a whole answer, checked."""
    return Checker(passages, embed=embed).citations(answer)


def disagreements_of(conflicts: Sequence[Conflict], passages: Sequence[Passage]) -> tuple[Disagreement, ...]:
    """Return the conflicts as a reader sees them, each with who says what, when and where."""
    return tuple(
        Disagreement(
            without_unseen(conflict.parameter),
            tuple(_setting(said, passages[said.number - 1]) for said in conflict.said),
        )
        for conflict in conflicts
    )


def _setting(said: StatedValue, passage: Passage) -> Setting:
    _, _, url = located(passage, said.span)
    return Setting(
        number=said.number,
        creator=without_unseen(passage.creator),
        work=passage.work_slug,
        published=passage.published,
        value=without_unseen(said.words),
        quote=without_unseen(passage.text[slice(*said.span)]),
        url=url,
    )


def located(passage: Passage, span: Span) -> tuple[float | None, float | None, str]:
    """Return when a span of the passage begins and ends, and the link that opens it there."""
    length = len(passage.text)
    start = seconds_at(passage.marks, span[0], length=length)
    end = seconds_at(passage.marks, max(span[1] - 1, 0), length=length)
    quote = without_unseen(passage.text[slice(*span)])
    return start, end, link_to(url=passage.url, work=passage.work_slug, seconds=start, quote=quote)
