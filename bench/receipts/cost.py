"""What it costs to check an answer: 400 words on ten passages, all of them cited, in one process."""

import statistics
import time
from collections.abc import Sequence

from bench.receipts.pairs import Pair, models, pairs_of
from chat.events.events import Passage, Tier
from chat.grounding.citations import Checker
from chat.grounding.verification.features import Vector
from creators.embeddings.minilm import MiniLM
from creators.transcripts.segments import Mark

WORDS, PASSAGES, ROUNDS = 400, 10, 30


def cost() -> None:
    """Print the milliseconds of a first answer and of those after it, as they add up over its sentences."""
    pairs = pairs_of("first", "second")
    embed = MiniLM(models_dir=models()).embed_sentences
    embed(["warm"])
    times = []
    for number in range(ROUNDS):
        chosen = list(dict.fromkeys(pair.passage for pair in pairs[number * PASSAGES :]))[:PASSAGES]
        answer = _answer(pairs, chosen)
        passages = [_passage(text, vector) for text, vector in zip(chosen, embed(chosen), strict=True)]
        began = time.perf_counter()
        checker = Checker(passages, embed=embed)
        for place, character in enumerate(answer):
            if character in ".!?":
                checker.check(answer[: place + 1])
        citations = checker.citations(answer)
        checker.grounding(answer, citations, removed=0)
        times.append((time.perf_counter() - began) * 1000)
    last = sorted(times[1:])
    print(f"words {len(answer.split())}, passages {PASSAGES}, citations {len(citations)}")
    print(f"first {times[0]:.1f} ms, then p50 {statistics.median(last):.1f} ms, worst {last[-1]:.1f} ms")


def _answer(pairs: Sequence[Pair], passages: Sequence[str]) -> str:
    """Return sentences about these passages, each with its marker, until there are words enough."""
    known = [f"{pair.claim[:-1]} [{passages.index(pair.passage) + 1}]." for pair in pairs if pair.passage in passages]
    text = " ".join(known * (1 + WORDS // (15 * len(known))))
    return " ".join(text.split()[:WORDS])


def _passage(text: str, vector: Vector) -> Passage:
    mark = Mark(0, 0.0, 60.0)
    return Passage(
        chunk_id=1,
        text=text,
        marks=(mark,),
        heading="",
        start=0.0,
        end=60.0,
        work_slug="work",
        title="Work",
        kind="video",
        url="",
        creator_slug="creator",
        creator="Creator",
        tier=Tier.CREATOR,
        cosine=0.6,
        lexical=0.5,
        relevance=0.8,
        vector=vector,
    )
