"""The fit: a question is moved towards the passages that answer it, away from all others of the same creator.

Softmax over all of them by cosine and words, a chunk and its best window half each, and over all windows. The passages
stay as they are. Questions of SQuAD's even articles keep it from forgetting what else is asked.
"""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bench.adapter.corpus import Asked, Corpus, asked_of, corpora
from bench.adapter.encoder import Encoder
from bench.answers import load
from chat.retrieval.calibration import WORDS_RATIO
from creators.embeddings import get_embedder
from creators.embeddings.weights import find_weights

DEMO = Path("creators/demo")
EPOCHS, BATCH, RATE, WARMED_UP, DECAY = 4, 32, 5e-4, 0.1, 0.01
TEMPERATURE = 0.05
"""What scores are divided by before the softmax."""
WINDOWS, OTHERS = 0.5, 0.3
"""How much the windows and the questions of SQuAD count beside the passages."""
OTHERS_AT_ONCE = 16
SEED = 0
NEVER = -1e9


def passage_loss(vectors: Tensor, asked: Sequence[Asked], corpus: Corpus) -> Tensor:
    """Return how unlikely the right passages and windows are among all of the creator's, for one batch."""
    windows = vectors @ torch.tensor(corpus.windows).T
    own = vectors @ torch.tensor(corpus.vectors).T
    owners = torch.tensor(corpus.owners)[None].expand(len(vectors), -1)
    best = torch.full_like(own, -2.0).scatter_reduce(1, owners, windows, "amax")
    words = torch.tensor(np.stack([one.words for one in asked]))
    scores = (own + torch.maximum(best, own)) / 2 + WORDS_RATIO * words
    loss = _missed(scores, [one.passages for one in asked])
    return loss + WINDOWS * _missed(windows, [one.windows for one in asked])


def _missed(scores: Tensor, right: Sequence[Sequence[int]]) -> Tensor:
    is_right = torch.zeros_like(scores, dtype=torch.bool)
    for row, places in enumerate(right):
        is_right[row, list(places)] = True
    chances = torch.log_softmax(scores / TEMPERATURE, dim=-1).masked_fill(~is_right, NEVER)
    known = is_right.any(dim=-1)
    return -torch.logsumexp(chances, dim=-1)[known].mean() if known.any() else scores.sum() * 0


def batches(asked: Sequence[Asked], chance: random.Random) -> Iterator[list[Asked]]:
    """Yield all questions once, in batches of one creator."""
    found = []
    for creator in sorted({one.creator for one in asked}):
        own = [one for one in asked if one.creator == creator]
        chance.shuffle(own)
        found += [own[first : first + BATCH] for first in range(0, len(own), BATCH)]
    chance.shuffle(found)
    yield from found


def even_questions(squad: Path) -> tuple[list[tuple[str, int]], Tensor]:
    """Return the questions of SQuAD's even articles, each with the number of its paragraph, and all paragraphs."""
    articles = json.loads((squad / "dev-v1.1.json").read_text(encoding="utf-8"))["data"]
    paragraphs: list[str] = []
    questions: list[tuple[str, int]] = []
    for number, article in enumerate(articles):
        for paragraph in article["paragraphs"]:
            if number % 2 == 0:
                questions += [(one["question"].strip(), len(paragraphs)) for one in paragraph["qas"]]
            paragraphs.append(paragraph["context"])
    return questions, torch.tensor(get_embedder().embed_passages(paragraphs))


def fit(encoder: Encoder, asked: Sequence[Asked], known: dict[str, Corpus], *, squad: Path) -> None:
    """Fit the adapter's matrices, and print the loss of each round."""
    chance = random.Random(SEED)
    others, paragraphs = even_questions(squad)
    optimiser = torch.optim.AdamW(encoder.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * sum(1 for _ in batches(asked, chance))
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=WARMED_UP)
    encoder.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for few in batches(asked, chance):
            loss = passage_loss(encoder([one.text for one in few]), few, known[few[0].creator])
            drawn = chance.sample(others, OTHERS_AT_ONCE)
            scores = encoder([text for text, _ in drawn]) @ paragraphs.T / TEMPERATURE
            loss = loss + OTHERS * functional.cross_entropy(scores, torch.tensor([place for _, place in drawn]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            rate.step()
            total += float(loss) * len(few)
        print(f"round {epoch + 1} of {EPOCHS}: loss {total / len(asked):.3f}", flush=True)


def fit_and_write(*, transcripts: Path, squad: Path, target: Path) -> None:
    """Bring in the corpora where they are missing, fit on the questions put to them, and write the adapter."""
    torch.manual_seed(SEED)
    load("talk", transcripts)
    load("demo", DEMO)
    known = corpora()
    asked = list(asked_of(known, folders=[transcripts, DEMO]))
    print(f"{len(asked)} questions to {len(known)} creators", flush=True)
    weights = find_weights()
    encoder = Encoder(weights.model, weights.tokenizer)
    fit(encoder, asked, known, squad=squad)
    encoder.write(target)
