"""The passages of a turn beside each claim that cites them: the verdict, and the sentence that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chat.events.events import Issue, Passage, Verdict
from chat.grounding.claims import Span, mostly_quoted, quotation_span
from chat.grounding.verification.classifier import Judgement, classify
from chat.grounding.verification.features import EmbeddingSimilarity, Features, extract_features
from chat.grounding.verification.framing import Framed, framed
from chat.grounding.verification.people import speakers, words_of_speaker
from chat.grounding.verification.segments import best_segment, segments_of
from chat.grounding.verification.similarity import AnalysedText, Matrix, analysed_sentences, similarity_matrix
from chat.grounding.verification.voices import Voice, misattributed, voices_of
from chat.grounding.vocabulary import ENGLISH, Vocabulary
from creators.transcripts.sentences import chunk_spans

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
        self._voices: dict[int, tuple[frozenset[str], list[Voice]]] = {}
        self._comparison = Comparison(None)

    def findings(self, claim: str, numbers: Sequence[int]) -> dict[int, Finding]:
        """Return what was found of a sentence in each passage that it cites, by number from 1."""
        said = mostly_quoted(claim) or claim
        frames = {number: self._framed(said, number, numbers) for number in numbers}
        analysed = AnalysedText(next(iter(frames.values())).core, self._vocabulary)
        alone = {
            number: _quoted(frame) if self._quotes_whole(claim, number) else self._alone(analysed, number, frame, said)
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

    def _alone(self, claim: AnalysedText, number: int, frame: Framed, said: str) -> Judgement:
        """Judge what a claim says on one passage, or on what the speaker it names says there; then its frame."""
        whole = classify(self._features(claim, number))
        own = self._of_speaker(claim, number, frame.speaker, whole) if frame.speaker else whole
        if not (frame.issues or frame.speaker or own.verdict is Verdict.UNSUPPORTED):
            own = self._of_voice(claim, number, said, own)
        return replace(own, verdict=Verdict.UNSUPPORTED, issues=(*frame.issues, *own.issues)) if frame.issues else own

    def _of_voice(self, claim: AnalysedText, number: int, said: str, whole: Judgement) -> Judgement:
        """Return a judgement that gives a claim to whom the passage has say or do it, where that is somebody else."""
        own, voices = self._voices_of(number)
        text, matrix = self._text(number), self._matrix(claim, number)
        issue = misattributed(claim, said, text, matrix, voices, own)
        return Judgement(Verdict.UNSUPPORTED, (issue,), whole.absent) if issue else whole

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

    def _voices_of(self, number: int) -> tuple[frozenset[str], list[Voice]]:
        """Return the names of a passage's speakers, in lower case, and the others whom it tells of."""
        if number not in self._voices:
            passage = self.passages[number - 1]
            named = [name for name in speakers(passage) if name] or [passage.creator]
            own = frozenset(word.lower().removesuffix("'s") for name in named for word in name.split())
            self._voices[number] = own, voices_of(self._text(number), own)
        return self._voices[number]

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
