"""What a calibration is fitted to: labelled questions, and synthetic ones out of the corpus itself."""

import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from django.db import transaction

from chat.evaluation.questions import LabelledQuestion
from chat.evaluation.report import query_of
from chat.events.events import Tier
from chat.retrieval import SearchQuery, lexical
from chat.retrieval.calibration import Calibration, calibration_for
from chat.retrieval.candidates import Scope, ScoredCandidate, scopes_for
from chat.retrieval.cascade import rank
from chat.retrieval.reranking import Reranker, judged_by
from creators.embeddings import Embedder
from creators.models import Chunk, Creator, Space, Work
from creators.transcripts.sentences import chunk_spans

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is searched for, the works that answer it (none: nothing does) and who made them.

    ``chunks`` are those that hold the answer, where that is known; ``creator`` is None where there are several.
    """

    query: SearchQuery
    works: frozenset[int]
    creator: int | None
    chunks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CandidateScores:
    """What both legs propose, best first: which are of right works, hold the answer, or can be judged at all.

    ``legs`` has a row for each: cosine, words, and what a judge says, 0 without one.

    In a right work of which nobody said where the answer stands, the best candidate is taken to hold it.
    """

    legs: Floats
    of_right_work: Flags
    is_relevant: Flags
    is_judged: Flags


@dataclass(frozen=True, slots=True)
class Sample:
    """A case put to the corpus: asked of everyone, of its own creator, and of another one taken at random."""

    is_answerable: bool
    everyone: CandidateScores
    own: CandidateScores | None
    other: CandidateScores | None


def top_score(found: CandidateScores, calibration: Calibration) -> float:
    """Return the highest score before the logistic; minus infinity where nothing was found."""
    return float(scores(found, calibration).max(initial=-np.inf))


def top_score_of_others(found: CandidateScores, calibration: Calibration) -> float:
    """As ``top_score``, with the works that answer removed."""
    return float(scores(found, calibration)[~found.of_right_work].max(initial=-np.inf))


def scores(found: CandidateScores, calibration: Calibration) -> Floats:
    """Return each candidate's score before the logistic."""
    weights = np.array([calibration.cosine, calibration.words, calibration.judged])
    return np.asarray(found.legs @ weights + calibration.intercept)


def labelled_cases(questions: Sequence[LabelledQuestion], *, embedder: Embedder) -> list[Case]:
    """Return a case for each question, which must have been placed in the corpus."""
    slugs = {slug for question in questions for slug in question.works}
    works = {work.slug: work for work in Work.objects.published().filter(slug__in=slugs)}
    creators = Creator.objects.published().in_bulk(field_name="slug")
    return [
        _labelled_case(
            question,
            works=[works[slug] for slug in question.works],
            creator=creators[question.creator] if question.creator else None,
            embedder=embedder,
        )
        for question in questions
    ]


def _labelled_case(
    question: LabelledQuestion, *, works: Sequence[Work], creator: Creator | None, embedder: Embedder
) -> Case:
    makers = {work.creator_id for work in works}
    return Case(
        query=query_of(question, creator=creator, embedder=embedder),
        works=frozenset(work.pk for work in works),
        creator=makers.pop() if len(makers) == 1 else None,
        chunks=_chunks_quoted(question, works),
    )


def _chunks_quoted(question: LabelledQuestion, works: Sequence[Work]) -> frozenset[int]:
    found: set[int] = set()
    for quote in question.quotes:
        found.update(Chunk.objects.filter(work__in=works, text__contains=quote).values_list("pk", flat=True))
    return frozenset(found)


DROPPED_SHARE = 0.3
MAX_NEAR_SHARE, MAX_FAR_SHARE = 0.4, 0.2
"""The most that is replaced by words of the chunk, and of another; each question draws its shares from 0 to these."""
SENTENCE_WORDS = range(8, 41)
MIN_CONTENT_LETTERS = 4
"""Letters from which on a word says something; a figure always does. Rough, but the same in many languages."""


@dataclass(frozen=True, slots=True)
class _SampledSentence:
    chunk: Chunk
    sentence: str
    elsewhere: tuple[str, ...]


def synthetic_cases(*, sample: int, embedder: Embedder, chance: random.Random) -> list[Case]:
    """Return a case for each of ``sample`` chunks taken at random, less those without a sentence of fit length."""
    published = Chunk.objects.filter(is_hidden=False, work__is_withdrawn=False, creator__is_published=True)
    keys = sorted(published.values_list("pk", flat=True))
    chosen = chance.sample(keys, min(sample, len(keys)))
    chunks = list(published.defer("search").filter(pk__in=chosen).order_by("pk"))
    sources = list(_sampled_sentences(chunks, embedder=embedder))
    texts = [_perturbed_text(source, foreign=chance.choice(sources).elsewhere, chance=chance) for source in sources]
    vectors = embedder.embed_questions(texts)
    return [
        Case(
            query=SearchQuery(text=text, vector=vector, space=embedder.space.name),
            works=frozenset({source.chunk.work_id}),
            creator=source.chunk.creator_id,
            chunks=_chunks_holding(source),
        )
        for source, text, vector in zip(sources, texts, vectors, strict=True)
    ]


def is_content_word(word: str) -> bool:
    """Say whether a word says something by itself."""
    letters = [sign for sign in word if sign.isalnum()]
    return len(letters) >= MIN_CONTENT_LETTERS or any(sign.isdigit() for sign in letters)


def perturbed(words: Sequence[str], *, near: Sequence[str], far: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the words, those that say something thinned out and mixed with some from near and some from far."""
    is_near, is_far = chance.uniform(0, MAX_NEAR_SHARE), chance.uniform(0, MAX_FAR_SHARE)
    for word in words:
        if not is_content_word(word):
            yield word
        elif chance.random() >= DROPPED_SHARE:
            drawn = chance.random()
            if near and drawn < is_near:
                yield chance.choice(near)
            elif far and is_near <= drawn < is_near + is_far:
                yield chance.choice(far)
            else:
                yield word


def _sampled_sentences(chunks: Sequence[Chunk], *, embedder: Embedder) -> Iterator[_SampledSentence]:
    """Yield each chunk with its most telling sentence, the nearest to the chunk as a whole."""
    for chunk in chunks:
        sentences = [chunk.text[start:end] for start, end in chunk_spans(chunk.text, chunk.timing)]
        fit = [sentence for sentence in sentences if len(sentence.split()) in SENTENCE_WORDS]
        if fit:
            vectors = embedder.embed_passages([chunk.text, *fit])
            sentence = fit[int((vectors[1:] @ vectors[0]).argmax())]
            rest = chunk.text.replace(sentence, " ")
            yield _SampledSentence(chunk, sentence, tuple(word for word in rest.split() if is_content_word(word)))


def _perturbed_text(source: _SampledSentence, *, foreign: Sequence[str], chance: random.Random) -> str:
    words = perturbed(source.sentence.split(), near=source.elsewhere, far=foreign, chance=chance)
    return " ".join(words) or source.sentence


def _chunks_holding(source: _SampledSentence) -> frozenset[int]:
    # Chunks of a work overlap, so a sentence may stand in two of them.
    siblings = Chunk.objects.filter(work=source.chunk.work_id, text__contains=source.sentence)
    return frozenset(siblings.values_list("pk", flat=True))


def samples_of(
    cases: Iterable[Case], *, space: Space, chance: random.Random, reranker: Reranker | None = None
) -> Iterator[Sample]:
    """Yield what each case comes to; ``chance`` takes the wrong creators. Raises ``RerankError``."""
    creators = list(Creator.objects.published().order_by("pk").values_list("pk", flat=True))
    for case in cases:
        yield _sample(case, space=space, creators=creators, chance=chance, reranker=reranker)


@transaction.atomic
def _sample(
    case: Case, *, space: Space, creators: Sequence[int], chance: random.Random, reranker: Reranker | None
) -> Sample:
    terms = lexical.query_terms(case.query.text, context=case.query.context)
    search = partial(rank, case.query, terms, space=space, calibration=calibration_for(space.name))
    others = [creator for creator in creators if creator != case.creator]

    right = set(Chunk.objects.filter(work__in=case.works).values_list("pk", flat=True))

    def found(scope: Scope) -> CandidateScores:
        ranked = search(scope=scope)
        judged = judged_by(reranker, case.query.text, ranked) if reranker else ranked
        return _candidate_scores(judged, right=right, holding=case.chunks)

    def of(creator: int) -> CandidateScores:
        return found(Scope(Tier.CREATOR, (creator,)))

    return Sample(
        is_answerable=bool(case.works),
        everyone=found(scopes_for(None)[0]),
        own=of(case.creator) if case.creator is not None else None,
        other=of(chance.choice(others)) if case.creator is not None and others else None,
    )


def _candidate_scores(
    ranked: Sequence[ScoredCandidate], *, right: Collection[int], holding: Collection[int]
) -> CandidateScores:
    relevant = holding or [scored.chunk_id for scored in ranked if scored.chunk_id in right][:1]
    of_right_work = np.array([scored.chunk_id in right for scored in ranked], bool)
    is_relevant = np.array([scored.chunk_id in relevant for scored in ranked], bool)
    legs = [(scored.cosine, scored.overlap.words, scored.judged) for scored in ranked]
    return CandidateScores(
        legs=np.array(legs, np.float64).reshape(-1, 3),
        of_right_work=of_right_work,
        is_relevant=is_relevant,
        is_judged=is_relevant | ~of_right_work | bool(holding),
    )
