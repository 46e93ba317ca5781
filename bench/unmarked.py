"""Sentences in speech without full stops: fit what words say of them, and measure on talk whose stops were taken out.

    python -m bench.unmarked FOLDER          measure
    python -m bench.unmarked FOLDER --locked the same on the half that nothing was tuned on
    python -m bench.unmarked FOLDER --fit    write creators/transcripts/unmarked.json anew

``FOLDER`` holds a folder for each creator. What is measured: the second at which the piece begins that holds most
of a true sentence, against the second of that sentence. ``blind`` cuts the lines anew, every ten words, as automatic
captions are: then lines tell nothing.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from creators.transcripts import TranscriptError, read_transcript, unmarked
from creators.transcripts.segments import Mark, Segment
from creators.transcripts.sentences import runs_of, second_of, sentence_spans

FITTED_ON = ("changelog-podcast", "changelog-practicalai", "bitcoin-explained", "newrustacean", "metamuse")
MEASURED_ON = ("ergo", "talkpython")
NEAR = 3.0
"""Seconds by which a piece may begin before or after the sentence."""
SHORTEST = 4
"""Words below which a sentence is not asked for."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of a run: as it is said, the second, whether a sentence and whether a line begins with it."""

    text: str
    second: float | None
    opens: bool
    is_line: bool


def runs_in(file: Path) -> Iterator[list[Spoken]]:
    """Yield the words of each run of a transcript: what one person says without a break."""
    try:
        transcript = read_transcript(file.read_bytes(), name=file.name)
    except TranscriptError:
        return
    for run in runs_of(transcript.segments):
        words = list(_words(run))
        if len(words) > 1:
            yield words


def _words(run: Sequence[Segment]) -> Iterator[Spoken]:
    text = " ".join(segment.text for segment in run)
    begins = {begin for begin, _ in sentence_spans(text)}
    at, opens = 0, True
    for segment in run:
        is_line = True
        for match in unmarked._WORD.finditer(segment.text):
            opens = opens or at + match.start() in begins
            word = unmarked._EDGE.sub("", match[0]).casefold().replace("’", "'")
            if word:
                yield Spoken(word, second_of(segment, match.start()), opens, is_line)
                opens = is_line = False
        at += len(segment.text) + 1


def blind(words: Sequence[Spoken]) -> list[Spoken]:
    """Return the words with a new line every ten of them."""
    return [replace(word, is_line=place % 10 == 0) for place, word in enumerate(words)]


@dataclass(slots=True)
class Tally:
    """What was found: sentences near enough, borders right, too many and missed, and the lengths of all pieces."""

    near: int = 0
    asked: int = 0
    right: int = 0
    false: int = 0
    missed: int = 0
    lengths: list[int] | None = None

    def __str__(self) -> str:
        lengths = self.lengths or [0]
        f1 = 2 * self.right / max(2 * self.right + self.false + self.missed, 1)
        return (
            f"within {NEAR:.0f} s {self.near / max(self.asked, 1):.3f} of {self.asked}, borders F1 {f1:.3f}, "
            f"words a piece: mean {np.mean(lengths):.1f}, most {max(lengths)}"
        )


def measure(words: Sequence[Spoken], tally: Tally) -> None:
    """Part one run without its stops and count what comes of it."""
    text, offsets = "", []
    for word in words:
        text += " " * bool(text)
        offsets.append(len(text))
        text += word.text
    lines = [place for place, word in enumerate(words) if word.is_line]
    marks = [
        Mark(offsets[place], words[place].second, words[after].second if after < len(words) else words[-1].second)
        for place, after in pairwise([*lines, len(words)])
    ]
    places = {offset: place for place, offset in enumerate(offsets)}
    cuts = [places[begin] for begin, _ in unmarked.breaths(text, (0, len(text)), marks)]
    _compare(words, cuts, tally)


def _compare(words: Sequence[Spoken], cuts: Sequence[int], tally: Tally) -> None:
    true = [place for place, word in enumerate(words) if place == 0 or word.opens]
    tally.right += len({*true[1:]} & {*cuts[1:]})
    tally.false += len({*cuts[1:]} - {*true})
    tally.missed += len({*true[1:]} - {*cuts})
    pieces = list(pairwise([*cuts, len(words)]))
    tally.lengths = [*(tally.lengths or ()), *(end - begin for begin, end in pieces)]
    for begin, end in pairwise([*true, len(words)]):
        second = words[begin].second
        if end - begin < SHORTEST or second is None:
            continue
        best = max(pieces, key=lambda piece: min(piece[1], end) - max(piece[0], begin))
        tally.asked += 1
        tally.near += abs((words[best[0]].second or 0.0) - second) <= NEAR


KINDS = ("next", "last", "after", "before", "next after", "before last", "last next")
MOST = {
    "next": 1000,
    "last": 1000,
    "after": 500,
    "before": 500,
    "next after": 1500,
    "before last": 800,
    "last next": 1500,
}
"""How many of the most frequent words and pairs get a weight; small ones are dropped afterwards."""
EVERYWHERE = 4
"""Creators that must use a word: what fewer say are names and matters of their own."""
LEAST = {True: 0.5, False: 0.3}
"""The smallest weight that is kept of a pair, and of a word."""
RIDGE, STEPS, RATE = 2.0, 400, 0.05


def _keys(words: Sequence[str], place: int) -> tuple[str, ...]:
    before, last, following, after = (words[at] if 0 <= at < len(words) else "" for at in range(place - 2, place + 2))
    return (following, last, after, before, f"{following} {after}", f"{before} {last}", f"{last} {following}")


def fit(folder: Path) -> None:
    """Fit the weights by logistic regression (Adam on the whole set) and write them."""
    rows, labels, users = [], [], defaultdict(set)
    for creator in FITTED_ON:
        files = sorted((folder / creator).iterdir())[:: 2 if creator == "metamuse" else 1]
        for words in (run for file in files for run in runs_in(file)):
            texts = [word.text for word in words]
            for text in texts:
                users[text].add(creator)
            rows += [_keys(texts, place) for place in range(1, len(texts))]
            labels += [word.opens for word in words[1:]]
    common = {text for text, creators in users.items() if len(creators) >= EVERYWHERE}
    numbers = _numbered(rows, common)
    other = len(numbers)
    table = np.array([[numbers.get((kind, key), other) for kind, key in zip(KINDS, row, strict=True)] for row in rows])
    weights, prior = _regression(table, np.array(labels, dtype=float), other)
    _write(numbers, weights, prior)


def _numbered(rows: Iterable[tuple[str, ...]], common: set[str]) -> dict[tuple[str, str], int]:
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for row in rows:
        for kind, key in zip(KINDS, row, strict=True):
            if all(part in common for part in key.split(" ")):
                counts[kind][key] += 1
    chosen = [(kind, key) for kind in KINDS for key, _ in counts[kind].most_common(MOST[kind])]
    return {one: number for number, one in enumerate(chosen)}


def _regression(
    table: npt.NDArray[np.intp], labels: npt.NDArray[np.float64], other: int
) -> tuple[npt.NDArray[np.float64], float]:
    weights, prior = np.zeros(other + 1), -2.5
    mean, square = np.zeros(other + 1), np.zeros(other + 1)
    for step in range(1, STEPS):
        wrong = 1 / (1 + np.exp(-prior - weights[table].sum(1))) - labels
        slope = np.bincount(table.ravel(), weights=np.repeat(wrong, len(KINDS)), minlength=other + 1) + RIDGE * weights
        slope[other] = 0
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        prior -= 0.5 * float(wrong.mean())
    return weights, prior


def _write(numbers: dict[tuple[str, str], int], weights: npt.NDArray[np.float64], prior: float) -> None:
    kept: dict[str, dict[str, float]] = {"prior": {"": round(prior, 2)}, **{kind: {} for kind in KINDS}}
    for (kind, key), number in sorted(numbers.items()):
        if abs(weights[number]) >= LEAST[" " in key]:
            kept[kind][key] = round(float(weights[number]), 1)
    lines = ",\n".join(f' "{kind}": {json.dumps(kept[kind], separators=(",", ":"))}' for kind in kept)
    Path(unmarked.__file__).with_name("unmarked.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def main() -> None:
    """Fit or measure."""
    folder, *options = sys.argv[1:]
    if "--fit" in options:
        fit(Path(folder))
        return
    for creator in MEASURED_ON:
        files = sorted((Path(folder) / creator).iterdir())["--locked" in options :: 2]
        runs = [words for file in files for words in runs_in(file)]
        for name, seen in (("lines as they are", runs), ("blind", list(map(blind, runs)))):
            tally = Tally()
            for words in seen:
                measure(words, tally)
            print(f"{creator:12} {name:18} {tally}")


if __name__ == "__main__":
    main()
