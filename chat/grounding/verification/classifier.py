"""The verdict on a claim by rules and fitted weights, and the sentence of the passage it rests on."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chat.events.events import Issue, Passage, Verdict
from chat.grounding.claims import Span, mostly_quoted, quotation_span
from chat.grounding.verification.features import THIN, EmbeddingSimilarity, Features, extract_features
from chat.grounding.verification.framing import Framed, framed, speakers, words_of_speaker
from chat.grounding.verification.similarity import AnalysedText, Matrix, analysed_sentences, similarity_matrix
from chat.grounding.vocabulary import ENGLISH, Vocabulary
from creators.transcripts.segments import Mark
from creators.transcripts.sentences import chunk_spans

Weights = Mapping[str, float]
ABSENT: Mapping[str, float] = {
    "": -1.7715,
    "low_three": -0.3630,
    "triple": -2.8298,
    "rare_unsaid": 3.2560,
    "clauses": 0.0766,
    "far": -0.4224,
    "names": 1.6052,
    "run": -0.0122,
    "pairs": 0.6518,
    "said": 0.9209,
    "quantities_found": -1.1653,
}
ABSENT_THIN: Mapping[str, float] = {
    "": -0.2339,
    "embedding_similarity": -7.8165,
    "far": 3.3873,
    "names": 1.6939,
    "said": 2.3165,
    "quantities_found": -0.2971,
}
WEAK: Mapping[str, float] = {
    "": -0.1714,
    "said": 4.3511,
    "lowest": -2.3020,
    "low_three": -0.7246,
    "triple": -0.6854,
    "far": -2.5708,
    "run": -0.1106,
    "rare_unsaid": 0.2639,
    "rare_sum": -0.2721,
    "names": -0.3992,
    "clause": -2.1960,
    "clauses": -0.6643,
    "length": 2.4598,
    "pairs": -0.4487,
    "hedge_lost": 0.6331,
    "hedges": 0.1528,
    "certain": 0.7757,
    "own_case": 4.3748,
}
LIMITS, THIN_LIMITS = (0.35, 0.9), (0.55, 0.93)
"""Probabilities of saying what the passage does not from which on a claim is called weak, and unsupported."""
LEAST_THERE = 0.2
"""Share of a claim's words that the passage must say of one that is supported.

Without it every ninth claim that got by on nearness alone stood on a passage chosen at random in the same fields."""
ALIGNED = 0.45
"""Mean similarity of the three words said least from which on a claim speaks so closely of the same that a relation
turned round accuses it."""
ADDED = 0.6
"""How much more of its one end than of the other, which names things, may be said in the passage of a claim.

More makes it weak and no more: of true claims in words of their own it holds as often as of false ones."""
PLAIN = 0.75
"""As ``ALIGNED``, from which on a claim of one clause that denies something itself is the passage's but for that."""
WEAK_FROM = 0.5
MOST_WORDS = 3
_LEAST_SAID = 0.5
"""Share of words that must be said where no weights were fitted to the language."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons; ``absent`` is how likely the claim says what the passage does not, from 0 to 1."""

    verdict: Verdict
    issues: tuple[Issue, ...]
    absent: float


def classify(
    features: Features, *, absent: Weights = ABSENT, thin: Weights = ABSENT_THIN, weak: Weights = WEAK
) -> Judgement:
    """Return the verdict on a claim: contradictions by rule, the rest by logistic regression with these weights."""
    found = list(_contradictions(features))
    wrong = tuple(issue for issue, is_certain in found if is_certain)
    unsure = tuple(_unsure(issue) for issue, is_certain in found if not is_certain)
    if features.is_verbatim and not wrong:
        return Judgement(Verdict.SUPPORTED, (), 0.0)
    if features.is_foreign or not features.is_english:
        return _in_another_language(features)
    if features.measures["said"] < THIN and features.embedding_similarity is None and not wrong:
        return Judgement(Verdict.WEAK, (_not_compared(),), 0.5)
    chance, limits = _absence(features, absent, thin)
    if chance >= limits[1]:
        wrong += (_missing(features),)
    if wrong:
        return Judgement(Verdict.UNSUPPORTED, wrong, chance)
    is_hardly_there = features.measures["said"] < LEAST_THERE
    may_be_absent = chance >= limits[0] or features.measures["added"] >= ADDED or is_hardly_there
    doubts = unsure or tuple(_doubts(features, may_be_absent, probability(weak, features.measures) >= WEAK_FROM))
    return Judgement(Verdict.WEAK if doubts else Verdict.SUPPORTED, doubts, chance)


def _absence(features: Features, absent: Weights, thin: Weights) -> tuple[float, tuple[float, float]]:
    """Return how likely the claim says what the passage does not, 0 to 1, and the limits for weak and unsupported."""
    if features.measures["said"] >= THIN:
        return probability(absent, features.measures), LIMITS
    return probability(
        thin, {**features.measures, "embedding_similarity": features.embedding_similarity or 0.0}
    ), THIN_LIMITS


def probability(weights: Mapping[str, float], measures: Mapping[str, float]) -> float:
    """Return the probability, 0 to 1, by logistic regression; the weight under ``""`` is the constant."""
    total = weights[""] + sum(weight * measures[name] for name, weight in weights.items() if name)
    return 1 / (1 + math.exp(-total))


def _doubts(features: Features, may_be_absent: bool, may_be_weak: bool) -> Iterator[Issue]:
    """Yield the issue that makes a claim weak, if there is one."""
    derived = next((one.quantity.text for one in features.mismatches if one.kind == "derived"), "")
    if derived:
        yield Issue("number", derived, f"“{derived}” stands nowhere in the source; its figures may come to it.")
    elif may_be_absent:
        yield _missing(features)
    elif may_be_weak:
        yield _overstated(features)


def _in_another_language(features: Features) -> Judgement:
    """Judge by quantities and shared words alone: all other features are of English."""
    issues = tuple(_quantity_issues(features))
    if issues:
        return Judgement(Verdict.UNSUPPORTED, issues, 1 - features.measures["said"])
    if features.is_foreign or features.measures["said"] < _LEAST_SAID:
        message = "Only the figures could be compared with the source: it speaks another language, or other words."
        return Judgement(Verdict.WEAK, (Issue("language", "", message),), 1 - features.measures["said"])
    return Judgement(Verdict.SUPPORTED, (), 1 - features.measures["said"])


def _contradictions(features: Features) -> Iterator[tuple[Issue, bool]]:
    """Yield what contradicts the passage, each with whether it is certain enough to accuse the claim.

    Certain is what was right in more than five of six of its cases on claims that no rule was made for.
    """
    is_aligned = features.measures["low_three"] >= ALIGNED
    is_said_so = is_aligned and features.measures["pairs"] > 0
    for issue in _quantity_issues(features):
        yield issue, not features.measures["supposes"] and (issue.kind != "swapped" or is_said_so)
    is_plain = features.measures["clauses"] == 1 and features.measures["low_three"] >= PLAIN
    for word in features.denied[:1]:
        issue = Issue("negation", word, f"The source says the contrary about “{word}”.")
        yield issue, is_plain or not features.measures["denies"]
    for word, other in features.opposites[:1]:
        yield Issue("negation", word, f"Where this says “{word}”, the source says “{other}”."), is_aligned
    for word, other in features.exchanged:
        yield Issue("swapped", word, f"The source speaks of “{other}” here, not of “{word}”."), True
    for word, other in features.overstated:
        yield Issue("hedge", word, f"Where this says “{word}”, the source says “{other}”."), True
    if not (features.mismatches or features.denied or features.opposites):
        for one in features.turned:
            issue = Issue("swapped", one.words[0], _TURNED[one.kind].format(*one.words))
            yield issue, is_aligned and one.kind != "cause"


def _unsure(issue: Issue) -> Issue:
    return replace(issue, message=f"{issue.message} That is not certain.")


_TURNED = {
    "swapped": "In the source “{}” does not go with “{}”.",
    "order": "In the source “{}” does not come before “{}”.",
    "cause": "The source gives another reason than “{}”: there it is “{}”.",
}


def _quantity_issues(features: Features) -> Iterator[Issue]:
    for one in features.mismatches:
        words = one.quantity.text
        right = f" There it is “{one.instead.text}”." if one.instead else ""
        match one.kind:
            case "number":
                yield Issue("number", words, f"“{words}” stands nowhere in the source.{right}")
            case "unit":
                yield Issue("unit", words, f"The source gives the number of “{words}” another unit.{right}")
            case "elsewhere":
                yield Issue("swapped", words, f"In the source “{words}” belongs to something else.{right}")


def _not_compared() -> Issue:
    return Issue("missing", "", "Hardly any of its words stand in the source, so it could not be checked closely.")


def _missing(features: Features) -> Issue:
    words = ", ".join(f"“{word}”" for word in features.unsaid[:MOST_WORDS])
    message = f"Nothing in the source speaks of {words}." if words else "The source does not put these together."
    return Issue("missing", ", ".join(features.unsaid[:MOST_WORDS]), message)


def _overstated(features: Features) -> Issue:
    if features.measures["hedge_lost"] and features.lost:
        hedge = features.lost[0]
        return Issue("hedge", hedge, f"The source says this less firmly: “{hedge}”.")
    return Issue("hedge", "", "The source says this of one case, or in part.")


LONG = 40
"""Words from which on a sentence is parted where its lines are, and those are joined again up to ``PIECE`` words."""
SEGMENT = 22
_WORDS = re.compile(r"\S+")


def segments_of(text: str, marks: Sequence[Mark] = ()) -> list[Span]:
    """Return the spans of a passage's sentences; a long one, as in captions without full stops, is split at lines."""
    return [
        segment
        for span in chunk_spans(text, marks) or [(0, len(text))]
        for segment in _split_at_lines(text, span, marks)
    ]


def _split_at_lines(text: str, span: Span, marks: Sequence[Mark]) -> Iterator[Span]:
    start, end = span
    words = [match.start() for match in _WORDS.finditer(text, start, end)]
    if len(words) <= LONG:
        yield span
        return
    lines = [mark.offset for mark in marks if start < mark.offset < end] or words[SEGMENT::SEGMENT]
    begin = start
    for at in lines:
        if (
            bisect_left(words, at) - bisect_left(words, begin) >= SEGMENT // 2
            and len(text[at:end].split()) > SEGMENT // 3
        ):
            yield begin, begin + len(text[begin:at].rstrip())
            begin = at
    yield begin, end


def best_segment(segments: Sequence[Span], claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Span:
    """Return the segment that says most of a claim for its length; an equal quantity counts as one equal word."""
    terms = passage.once(_offsets)
    quantities = {quantity.value for quantity in claim.quantity_text.quantities}
    given = [one for one in passage.quantity_text.quantities if one.value in quantities]
    best, found = -1.0, segments[0]
    for start, end in segments:
        first, last = bisect_left(terms, start), bisect_left(terms, end)
        said = float((matrix[:, first:last].max(axis=1) ** 2).sum()) if last > first and len(matrix) else 0.0
        said += sum(start <= one.start < end for one in given)
        score = said / math.sqrt(6 + len(_WORDS.findall(passage.text, start, end)))
        if score > best + 1e-9:
            best, found = score, (start, end)
    return found


def _offsets(text: AnalysedText) -> Sequence[int]:
    """Return where the content words of a text begin."""
    return [text.spans[term.place][0] for term in text.terms]


_ORDER = (Verdict.SUPPORTED, Verdict.WEAK, Verdict.UNSUPPORTED)
CLEARLY = 0.3
"""By how much less likely it must be that a claim is not in another source for that one to be named instead."""
A_PART = 0.25
"""Share of a claim's words that one of several sources must say to carry a part of it."""
MORE = 0.5
"""Share of a claim's words by which another source must say more than one that says hardly any."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a claim rests in a passage, and what was found of it there."""

    span: Span
    verdict: Verdict
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Comparison:
    """A claim beside passages, by their numbers: how similar their words are, and the features."""

    claim: AnalysedText | None
    matrices: dict[tuple[int, ...], Matrix] = field(default_factory=dict)
    features: dict[tuple[int, ...], Features] = field(default_factory=dict)


class Verifier:
    """The passages of a turn; each is analysed when the first claim cites it."""

    def __init__(
        self,
        passages: Sequence[Passage],
        *,
        embedding_similarity: EmbeddingSimilarity | None = None,
        vocabulary: Vocabulary = ENGLISH,
    ) -> None:
        self.passages = tuple(passages)
        self._vocabulary = vocabulary
        self._embedding_similarity = embedding_similarity
        self._read: dict[tuple[int, ...], AnalysedText] = {}
        self._said: dict[tuple[int, str], AnalysedText] = {}
        self._spans: dict[int, tuple[list[Span], list[Span]]] = {}
        self._comparison = Comparison(None)

    def findings(self, claim: str, numbers: Sequence[int]) -> dict[int, Finding]:
        """Return what was found of a sentence in each passage that it cites, by number from 1."""
        said = mostly_quoted(claim) or claim
        frames = {number: self._framed(said, number, numbers) for number in numbers}
        analysed = AnalysedText(next(iter(frames.values())).core, self._vocabulary)
        alone = {
            number: _quoted(frame) if self._quotes_whole(claim, number) else self._alone(analysed, number, frame)
            for number, frame in frames.items()
        }
        judged = self._together(analysed, alone) if len(alone) > 1 else alone
        return {number: self._finding(analysed, number, judged, claim, frames[number]) for number in numbers}

    def _framed(self, claim: str, number: int, cited: Sequence[int] = ()) -> Framed:
        others = [self.passages[other - 1] for other in cited if other != number]
        return framed(claim, self.passages[number - 1], others)

    def _quotes_whole(self, claim: str, number: int) -> bool:
        """Say whether a claim is hardly more than whole sentences of a passage, one after the other, word for word."""
        quoted, text = mostly_quoted(claim), self.passages[number - 1].text
        span = quotation_span(claim, text, self._parted(number)[0]) if quoted else None
        return span is not None and text[slice(*span)].split() == quoted.split()

    def _alone(self, claim: AnalysedText, number: int, frame: Framed) -> Judgement:
        """Judge what a claim says on one passage, or on what the speaker it names says there; then its frame."""
        whole = classify(self._features(claim, number))
        own = self._of_speaker(claim, number, frame.speaker, whole) if frame.speaker else whole
        return replace(own, verdict=Verdict.UNSUPPORTED, issues=(*frame.issues, *own.issues)) if frame.issues else own

    def _of_speaker(self, claim: AnalysedText, number: int, speaker: str, whole: Judgement) -> Judgement:
        """Judge a claim on the words of one of several speakers."""
        own = classify(extract_features(claim, self._words_of(number, speaker)))
        if own.verdict is Verdict.SUPPORTED or whole.verdict is Verdict.UNSUPPORTED:
            return own if own.verdict is Verdict.SUPPORTED else whole
        passage = self.passages[number - 1]
        others = {one: classify(extract_features(claim, self._words_of(number, one))) for one in speakers(passage)}
        best = min(others, key=lambda one: (_ORDER.index(others[one].verdict), others[one].absent))
        is_better = _ORDER.index(others[best].verdict) < _ORDER.index(own.verdict)
        if best == speaker or not (is_better or others[best].absent <= own.absent - CLEARLY):
            return whole
        issue = Issue("attribution", speaker, f"In the source {best or 'somebody else'} says this, not {speaker}.")
        return Judgement(Verdict.UNSUPPORTED, (issue,), own.absent)

    def _together(self, claim: AnalysedText, alone: dict[int, Judgement]) -> dict[int, Judgement]:
        """Judge a sentence with several markers on all of them: each need carry only a part of it."""
        if all(one.verdict == Verdict.SUPPORTED for one in alone.values()):
            return alone
        joint = classify(self._features(claim, *sorted(alone)))
        return {number: self._better(claim, number, one, joint) for number, one in alone.items()}

    def _better(self, claim: AnalysedText, number: int, own: Judgement, joint: Judgement) -> Judgement:
        if _ORDER.index(joint.verdict) >= _ORDER.index(own.verdict):
            return own if own.verdict != joint.verdict else joint
        if self._features(claim, number).measures["said"] >= A_PART:
            return joint
        issue = Issue("source", "", "This source says little of it; another one cited here does.")
        return Judgement(Verdict.WEAK, (issue,), own.absent)

    def _finding(
        self, claim: AnalysedText, number: int, judged: dict[int, Judgement], said: str, frame: Framed
    ) -> Finding:
        judgement = judged[number]
        if len(judged) == 1:
            judgement = self._elsewhere(claim, number, judgement, said)
        return Finding(self._place(claim, number, said, frame.speaker), judgement.verdict, judgement.issues)

    def _elsewhere(self, claim: AnalysedText, number: int, own: Judgement, said: str) -> Judgement:
        """Return a judgement that names another source where that one clearly says the claim; else ``own``."""
        wanted = {term.stem for term in claim.terms}
        shared = [len(wanted & self._text(other).stems) for other in range(1, len(self.passages) + 1)]
        other = 1 + max(range(len(shared)), key=shared.__getitem__)
        if shared[other - 1] < shared[number - 1] + A_PART * len(wanted):
            return own
        mine, theirs = self._features(claim, number), self._features(claim, other)
        judgement = classify(theirs)
        if self._framed(mostly_quoted(said) or said, other).issues:
            return own
        is_likelier = own.verdict != Verdict.SUPPORTED and judgement.absent <= own.absent - CLEARLY
        # A claim in words of its own and one of another matter look alike in one source; beside another they don't.
        share = mine.measures["said"]
        says_more = share < A_PART and theirs.measures["said"] >= share + MORE
        if judgement.verdict != Verdict.SUPPORTED or not (is_likelier or says_more):
            return own
        issue = Issue("source", "", f"Source {other} says this, not source {number}.")
        return Judgement(Verdict.UNSUPPORTED, (issue, *own.issues), own.absent)

    def _place(self, claim: AnalysedText, number: int, said: str, speaker: str) -> Span:
        passage = self.passages[number - 1]
        sentences, segments = self._parted(number)
        if quoted := quotation_span(said, passage.text, sentences):
            return quoted
        text = self._text(number)
        own = [one for one in segments if passage.speaker_at(one[0]) == speaker] if speaker else segments
        return best_segment(own or segments, claim, text, self._matrix(claim, number))

    def _features(self, claim: AnalysedText, *numbers: int) -> Features:
        known = self._known(claim).features
        if numbers not in known:
            passages = [self.passages[number - 1] for number in numbers]
            vectors = [passage.vector for passage in passages if passage.vector is not None]
            text, matrix = self._text(*numbers), self._matrix(claim, *numbers)
            known[numbers] = extract_features(claim, text, self._embedding_similarity, vectors, matrix=matrix)
        return known[numbers]

    def _matrix(self, claim: AnalysedText, *numbers: int) -> Matrix:
        known = self._known(claim).matrices
        if numbers not in known:
            known[numbers] = similarity_matrix(claim, self._text(*numbers))
        return known[numbers]

    def _known(self, claim: AnalysedText) -> "Comparison":
        """Return what is known of the claim that is being looked at; of those before it nothing is kept."""
        if self._comparison.claim is not claim:
            self._comparison = Comparison(claim)
        return self._comparison

    def _text(self, *numbers: int) -> AnalysedText:
        if numbers not in self._read:
            spans = [(self.passages[number - 1].text, self._parted(number)[0]) for number in numbers]
            self._read[numbers] = analysed_sentences(spans, self._vocabulary)
        return self._read[numbers]

    def _parted(self, number: int) -> tuple[list[Span], list[Span]]:
        """Return the sentences of a passage and its segments, which are found once."""
        if number not in self._spans:
            text, marks = self.passages[number - 1].text, self.passages[number - 1].marks
            self._spans[number] = chunk_spans(text, marks), segments_of(text, marks)
        return self._spans[number]

    def _words_of(self, number: int, speaker: str) -> AnalysedText:
        """Return what a speaker says in a passage."""
        if (number, speaker) not in self._said:
            passage = self.passages[number - 1]
            said = [(text, [(0, len(text))]) for text in words_of_speaker(passage, speaker)]
            self._said[number, speaker] = analysed_sentences(said, self._vocabulary)
        return self._said[number, speaker]


def _quoted(frame: Framed) -> Judgement:
    """Return the verdict on whole sentences of a source: they say what they say, and only the frame can be wrong."""
    return Judgement(Verdict.UNSUPPORTED if frame.issues else Verdict.SUPPORTED, frame.issues, 0.0)
