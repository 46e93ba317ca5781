"""Reading the hand-made pairs, and what the program reads in each."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from chat.grounding.verification.features import Embed, EmbeddingSimilarity, Features, extract_features
from chat.grounding.verification.similarity import AnalysedText
from chat.grounding.vocabulary import Vocabulary, vocabulary_of
from chrysopedia.embedded.folders import default_data_dir
from creators.embeddings.minilm import MiniLM

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "creators" / "demo"
PAIRS = ROOT / "tests" / "chat" / "grounding" / "verification" / "pairs"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the passage it cites, what a person said of it, and of which kind it is."""

    id: str
    kind: str
    verdict: str
    form: str
    claim: str
    passage: str


def pairs_of(*names: str) -> list[Pair]:
    """Return the pairs of the files with these names."""
    lines = [line for name in names for line in (PAIRS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Pair(**json.loads(line)) for line in lines]


def models() -> Path:
    """Return where the tests keep the embedded model."""
    return default_data_dir(ROOT, name="var/test") / "models"


def demo_vocabulary() -> Vocabulary:
    """Return the vocabulary of the demo's domains."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DEMO.glob("*/creator.toml"))]
    return vocabulary_of(domain.get("vocabulary", {}) for table in tables for domain in table["domains"])


def readings(pairs: Sequence[Pair], *, embed: Embed | None = None) -> list[Features]:
    """Return what the program reads of each pair, with the embedded model or what is given in its place."""
    embed = embed or MiniLM(models_dir=models()).embed_passages
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    vectors = dict(zip(passages, embed(passages), strict=True))
    vocabulary = demo_vocabulary()
    return [
        extract_features(
            AnalysedText(pair.claim, vocabulary),
            AnalysedText(pair.passage, vocabulary),
            EmbeddingSimilarity(embed),
            [vectors[pair.passage]],
        )
        for pair in pairs
    ]


def strayed(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the supported claims, each on a passage of another: what a wrong marker comes to at its worst."""
    passages = list(dict.fromkeys(pair.passage for pair in pairs))
    fair = [pair for pair in pairs if pair.verdict == "supported"]
    chosen = np.random.default_rng(3).integers(1, len(passages), len(fair))
    return [
        replace(
            pair,
            id=f"{pair.id}-strayed",
            kind="strayed",
            verdict="unsupported",
            passage=passages[(passages.index(pair.passage) + int(step)) % len(passages)],
        )
        for pair, step in zip(fair, chosen, strict=True)
    ]
