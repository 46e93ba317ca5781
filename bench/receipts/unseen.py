"""Judging the pairs of any file with all that production knows of a passage: who speaks, in which work, when."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.receipts.pairs import demo_vocabulary, models
from chat.events.events import Citation, Passage, Tier
from chat.grounding.citations import Checker
from creators.embeddings import Embedder
from creators.embeddings.minilm import MiniLM
from creators.transcripts.segments import Mark

VERDICTS = ("supported", "weak", "unsupported")
SECONDS = 4.0
"""How long each sentence of a passage takes to say."""
_LABEL = re.compile(r"^([A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,2}): ")
"""A speaker's name before what is said, which ingest takes out of the text."""


@dataclass(frozen=True, slots=True)
class UnseenPair:
    """A claim and its passage as a line of a file has them; ``verdict`` is what a person said of it."""

    passage: tuple[str, ...]
    speaker: str
    creator: str
    work: str
    date: str
    tier: str
    claim: str
    verdict: str
    kind: str


def unseen(path: Path) -> list[UnseenPair]:
    """Return the pairs of a file of JSON lines; members beyond the known ones are passed over.

    A line is a pair, or a passage with its ``claims``, each with its verdict and kind; or two passages ``a`` and ``b``
    that differ in facts, with claims that hold of the one named and not of the other.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_pair(one) for line in lines for one in _claims(line)]


def _claims(line: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "a" in line:
        yield from _on_both(line)
        return
    if "claims" not in line:
        yield line
    for claim, verdict, kind in line.get("claims", ()):
        yield {**line, "claim": claim, "verdict": verdict, "kind": kind}


def _on_both(twins: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each claim twice, on the passage it holds of and on the other: alone, it then tells nothing."""
    for claim, true_of, kind in twins["claims"]:
        for side in ("a", "b"):
            verdict = "supported" if side == true_of else "unsupported"
            yield {**twins, "passage": twins[side], "claim": claim, "verdict": verdict, "kind": kind}


def _pair(entry: Mapping[str, Any]) -> UnseenPair:
    said = {name: str(entry.get(name) or "") for name in ("speaker", "creator", "work", "date", "claim", "kind")}
    return UnseenPair(
        passage=tuple(entry["passage"]), tier=entry.get("tier") or "creator", verdict=entry["verdict"], **said
    )


def report_on(path: Path) -> None:
    """Print the verdicts on a file's pairs by kind, and what they come to; with ``--list``, also each that is wrong."""
    pairs = unseen(path)
    embed = MiniLM(models_dir=models())
    own = _passages(pairs, embed)
    judged = _judge_on(pairs, own, embed)
    print(_table(pairs, judged))
    print(_summary(pairs, judged))
    print(_strays(pairs, own, embed))
    if "--list" in sys.argv:
        print(_wrong_ones(pairs, judged))


def verdicts_on(path: Path, embed: Embedder) -> list[tuple[UnseenPair, str]]:
    """Return the pairs of a file, each with the verdict that production comes to."""
    pairs = unseen(path)
    return [(pair, one.verdict.value) for pair, one in zip(pairs, judge_pairs(pairs, embed), strict=True)]


def judge_pairs(pairs: Sequence[UnseenPair], embed: Embedder) -> list[Citation]:
    """Return the citation of each pair's claim, as production judges it."""
    return _judge_on(pairs, _passages(pairs, embed), embed)


def _judge_on(pairs: Sequence[UnseenPair], passages: Sequence[Passage], embed: Embedder) -> list[Citation]:
    return [_judge(pair.claim, passage, embed) for pair, passage in zip(pairs, passages, strict=True)]


def _passages(pairs: Sequence[UnseenPair], embed: Embedder) -> list[Passage]:
    passages = [_passage(pair, number) for number, pair in enumerate(pairs)]
    vectors = embed.embed_passages([passage.text for passage in passages])
    return [replace(passage, vector=vector) for passage, vector in zip(passages, vectors, strict=True)]


def _passage(pair: UnseenPair, number: int) -> Passage:
    text, marks, label = "", [], pair.speaker
    for place, sentence in enumerate(pair.passage):
        named = _LABEL.match(sentence)
        label = named[1] if named else label
        start = SECONDS * place
        marks.append(Mark(len(text), start, start + SECONDS, speaker=label, opens=True))
        text += f"{sentence[named.end() if named else 0 :]} "
    return Passage(
        chunk_id=number,
        text=text.rstrip(),
        marks=tuple(marks),
        heading="",
        start=0.0,
        end=SECONDS * len(marks),
        work_slug=f"work-{number}",
        title=pair.work,
        kind="video",
        url="",
        creator_slug=pair.creator.lower().replace(" ", "-"),
        creator=pair.creator,
        tier=Tier(pair.tier),
        cosine=0.6,
        lexical=0.5,
        relevance=0.8,
        published=pair.date,
        names={mark.speaker: mark.speaker for mark in marks if mark.speaker},
    )


def _judge(claim: str, passage: Passage, embed: Embedder) -> Citation:
    """Return the citation of a claim in an answer that consists of it, with a marker before its full stop."""
    stripped = claim.strip()
    answer = f"{stripped[:-1]} [1]{stripped[-1]}" if stripped[-1:] in (".", "!") else f"{stripped} [1]."
    (citation, *_) = Checker([passage], embed=embed.embed_sentences, vocabulary=demo_vocabulary()).citations(answer)
    return citation


def _table(pairs: Sequence[UnseenPair], judged: Sequence[Citation]) -> str:
    keys = sorted({(pair.verdict, pair.kind) for pair in pairs})
    counts = Counter((pair.verdict, pair.kind, one.verdict.value) for pair, one in zip(pairs, judged, strict=True))
    named = Counter(
        (pair.verdict, pair.kind, issue.kind)
        for pair, one in zip(pairs, judged, strict=True)
        for issue in one.problems[:1]
    )
    lines = [f"{'':>12} {'kind':<24} {'pairs':>5}  supported  weak  unsupported  first issue"]
    for verdict, kind in keys:
        total = sum(counts[verdict, kind, one] for one in VERDICTS)
        shares = [counts[verdict, kind, one] / total for one in VERDICTS]
        issues = ", ".join(f"{issue} {n}" for (v, k, issue), n in named.most_common() if (v, k) == (verdict, kind))
        lines.append(
            f"{verdict:>12} {kind:<24} {total:>5}  {shares[0]:9.2f}  {shares[1]:4.2f}  {shares[2]:11.2f}  {issues}"
        )
    return "\n".join(lines)


def _summary(pairs: Sequence[UnseenPair], judged: Sequence[Citation]) -> str:
    both = [(pair, one.verdict.value) for pair, one in zip(pairs, judged, strict=True)]
    called = [pair for pair, verdict in both if verdict == "unsupported"]
    named = [pair for pair, one in zip(pairs, judged, strict=True) if any(i.kind == "negation" for i in one.problems)]
    return "\n".join(
        [
            _share("precision of unsupported", [pair.verdict == "unsupported" for pair in called]),
            _share("recall of unsupported", [v == "unsupported" for pair, v in both if pair.verdict == "unsupported"]),
            _share("false alarms", [v == "unsupported" for pair, v in both if pair.verdict == "supported"]),
            _share("supported kept", [v == "supported" for pair, v in both if pair.verdict == "supported"]),
            _share("negation named where a claim is wrong", [pair.verdict == "unsupported" for pair in named]),
            *_told_apart(both),
        ]
    )


def _told_apart(both: Sequence[tuple[UnseenPair, str]]) -> Iterator[str]:
    """Yield how often a claim on two passages gets the milder verdict where it holds, and where it does not."""
    places: dict[str, dict[str, int]] = {}
    for pair, verdict in both:
        places.setdefault(pair.claim, {})[pair.verdict] = VERDICTS.index(verdict)
    twins = [found for found in places.values() if {"supported", "unsupported"} <= found.keys()]
    if twins:
        yield _share("twins told apart", [found["supported"] < found["unsupported"] for found in twins])
        yield _share("twins the wrong way round", [found["supported"] > found["unsupported"] for found in twins])


def _strays(pairs: Sequence[UnseenPair], passages: Sequence[Passage], embed: Embedder) -> str:
    """Return how claims that hold are judged on a passage of another pair, chosen at random with a fixed seed."""
    texts = list({passage.text: passage for passage in passages}.values())
    random = np.random.default_rng(3)
    called: list[str] = []
    for pair, passage in zip(pairs, passages, strict=True):
        others = [one for one in texts if one.text != passage.text]
        if pair.verdict == "supported" and others:
            called.append(_judge(pair.claim, others[int(random.integers(len(others)))], embed).verdict)
    return "\n".join(_share(f"on a random passage {one}", [verdict == one for verdict in called]) for one in VERDICTS)


def _share(name: str, flags: Sequence[bool]) -> str:
    return f"{name:<38} {sum(flags) / len(flags) if flags else float('nan'):.3f} of {len(flags)}"


def _wrong_ones(pairs: Sequence[UnseenPair], judged: Sequence[Citation]) -> str:
    return "\n".join(
        f"{pair.verdict} -> {one.verdict} {pair.kind}: {pair.claim}\n    {' '.join(pair.passage)}\n"
        + "".join(f"    {issue.kind} {issue.words!r}: {issue.message}\n" for issue in one.problems)
        for pair, one in zip(pairs, judged, strict=True)
        if pair.verdict != one.verdict
    )
