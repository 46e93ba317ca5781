"""Cases made of the corpus itself, for whoever has no questions: sentences worn down until they resemble questions.

Somebody who asks has a passage's main point in mind, not any sentence of it, knows some of its words, uses others of
the same topic, and a few that the passage lacks. So of a chunk the sentence nearest to the whole is taken, and each
word of it that says something is left out, replaced by one from elsewhere in the chunk, or by one of another chunk.
The shares were chosen so that cosine and window of the right passage, and both thresholds, come near those of the
questions that people wrote for SQuAD.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.evaluation.values_part import Case
from chat.retrieval import Probe
from creators.embeddings import Embedder
from creators.models import Chunk
from creators.transcripts.sentences import sentence_spans

LEFT_OUT = 0.3
NEAR, FAR = 0.4, 0.2
"""The most that is replaced by words of the chunk, and of another; each question draws its shares from 0 to these."""
WORDS = range(8, 41)
SHORTEST_TELLING = 4
"""Letters from which on a word says something; a figure always does. Rough, but the same in many languages."""


@dataclass(frozen=True, slots=True)
class _Source:
    chunk: Chunk
    sentence: str
    elsewhere: tuple[str, ...]


def cases_made(*, sample: int, embedder: Embedder, chance: random.Random) -> list[Case]:
    """Return a case for each of ``sample`` chunks taken at random, less those without a sentence of fit length."""
    published = Chunk.objects.filter(work__is_withdrawn=False, creator__is_published=True)
    keys = sorted(published.values_list("pk", flat=True))
    chosen = chance.sample(keys, min(sample, len(keys)))
    chunks = list(published.defer("search").filter(pk__in=chosen).order_by("pk"))
    sources = list(_sources(chunks, embedder=embedder))
    texts = [_worn(source, foreign=chance.choice(sources).elsewhere, chance=chance) for source in sources]
    vectors = embedder.embed_questions(texts)
    return [
        Case(
            probe=Probe(text=text, vector=vector, space=embedder.space.name),
            works=frozenset({source.chunk.work_id}),
            creator=source.chunk.creator_id,
            chunks=_holding(source),
        )
        for source, text, vector in zip(sources, texts, vectors, strict=True)
    ]


def is_telling(word: str) -> bool:
    """Say whether a word says something by itself."""
    letters = [sign for sign in word if sign.isalnum()]
    return len(letters) >= SHORTEST_TELLING or any(sign.isdigit() for sign in letters)


def worn(words: Sequence[str], *, near: Sequence[str], far: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Yield the words, those that say something thinned out and mixed with some from near and some from far."""
    is_near, is_far = chance.uniform(0, NEAR), chance.uniform(0, FAR)
    for word in words:
        if not is_telling(word):
            yield word
        elif chance.random() >= LEFT_OUT:
            drawn = chance.random()
            if near and drawn < is_near:
                yield chance.choice(near)
            elif far and is_near <= drawn < is_near + is_far:
                yield chance.choice(far)
            else:
                yield word


def _sources(chunks: Sequence[Chunk], *, embedder: Embedder) -> Iterator[_Source]:
    """Yield each chunk with its most telling sentence, the nearest to the chunk as a whole."""
    for chunk in chunks:
        sentences = [chunk.text[start:end] for start, end in sentence_spans(chunk.text)]
        fit = [sentence for sentence in sentences if len(sentence.split()) in WORDS]
        if fit:
            vectors = embedder.embed_passages([chunk.text, *fit])
            sentence = fit[int((vectors[1:] @ vectors[0]).argmax())]
            rest = chunk.text.replace(sentence, " ")
            yield _Source(chunk, sentence, tuple(word for word in rest.split() if is_telling(word)))


def _worn(source: _Source, *, foreign: Sequence[str], chance: random.Random) -> str:
    words = worn(source.sentence.split(), near=source.elsewhere, far=foreign, chance=chance)
    return " ".join(words) or source.sentence


def _holding(source: _Source) -> frozenset[int]:
    # Chunks of a work overlap, so a sentence may stand in two of them.
    siblings = Chunk.objects.filter(work=source.chunk.work_id, text__contains=source.sentence)
    return frozenset(siblings.values_list("pk", flat=True))
