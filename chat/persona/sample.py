"""A sample of a creator's words: evenly over works and over the length of each, the same for the same words."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from chrysopedia.core.tokens import estimated_tokens
from creators.models import Chunk, Creator
from creators.transcripts.sentences import sentence_spans

TOKENS, EXCERPT_TOKENS = 6_000, 100
"""What the sample and each excerpt may fill of a model's input, about: small models hold no more than 8,000."""
CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a chunk, and the title of its work."""

    title: str
    text: str


def sample(creator: Creator) -> tuple[Excerpt, ...]:
    """Return excerpts in the order of the works: of every work, or of as many as there are excerpts."""
    chunks = Chunk.objects.filter(creator=creator, work__is_withdrawn=False).order_by("work", "position")
    by_work: dict[int, list[int]] = {}
    content = sha256()
    for work, pk, text_hash in chunks.values_list("work_id", "pk", "text_hash"):
        by_work.setdefault(work, []).append(pk)
        content.update(text_hash.encode())
    chance = random.Random(content.digest())  # noqa: S311 -- a sample, no secret
    chosen = list(spread(by_work, most=TOKENS // EXCERPT_TOKENS, chance=chance))
    rows = chunks.filter(pk__in=chosen).values_list("work__title", "text")
    return tuple(Excerpt(title, text) for title, whole in rows if (text := _beginning(whole)))


def spread(chunks: Mapping[int, list[int]], *, most: int, chance: random.Random) -> Iterator[int]:
    """Yield up to ``most`` chunks of these works, as many of each as of the others, and evenly over its length."""
    works = sorted(chunks)
    chance.shuffle(works)
    shares: Counter[int] = Counter()
    while shares.total() < most and (open_ := [work for work in works if shares[work] < len(chunks[work])]):
        shares.update(open_[: most - shares.total()])
    for work, share in shares.items():
        own = chunks[work]
        for stratum in range(share):
            yield own[chance.randrange(len(own) * stratum // share, len(own) * (stratum + 1) // share)]


def _beginning(text: str) -> str:
    """Return the sentences of a text that fit into an excerpt, else as much of the first one as may."""
    end, tokens = 0, 0
    for start, stop in sentence_spans(text):
        tokens += estimated_tokens(text[start:stop])
        if tokens > EXCERPT_TOKENS:
            break
        end = stop
    return text[:end] or text[: EXCERPT_TOKENS * CHARACTERS_A_TOKEN].rsplit(" ", 1)[0]
