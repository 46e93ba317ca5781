"""The classifier of what a message is for: its prototypes, how it is fitted on them, and how it is checked.

``prototypes`` has messages as people write them, a file for each way of writing, by group and intent, a line each:
``X`` stands for a subject, ``NAME`` for a creator. Beside them the questions of ``bench/questions`` on which the
question adapter was fitted count as questions.
"""

import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from safetensors.numpy import save_file

from chat.understanding.frames import FUNCTION_WORDS, SUBJECT, WORD, Frame, Vocabulary, frame_of, plain_word
from chat.understanding.intents import FILE, Classifier, Group, features_of, grams_of

PROTOTYPES = Path(__file__).with_name("prototypes")
QUESTIONS = Path(__file__).parent.with_name("questions")
FITTED = ("demo-training", "talk-training")
KEPT = ("demo", "demo-3", "talk", "talk-2", "talk-3")
ABOUT_WORKS = frozenset({"collection", "title", "speaker"})
"""Kinds of questions in these sets that may be taken for one about the collection."""
RIDGE = 1.0
"""Strength of the ridge; from .5 to 2 it hardly matters."""
LEAST = 2
"""Messages in which a word or a pair of words must stand to count by itself."""
NAMES = re.compile(r"\b(?:Mara(?: Lindqvist)?|Dez(?: Okafor)?|Ilse(?: Brandt)?)\b")


@dataclass(frozen=True, slots=True)
class Message:
    """A message with what it is for; ``voice`` is the file that it stands in."""

    voice: str
    intent: tuple[Group, str]
    text: str


def prototypes() -> list[Message]:
    """Return the messages of all files."""
    found = []
    for path in sorted(PROTOTYPES.glob("*.toml")):
        table = cast(dict[Group, dict[str, str]], tomllib.loads(path.read_text(encoding="utf-8")))
        for group, names in table.items():
            found += [
                Message(path.stem, (group, name), text)
                for name, texts in names.items()
                for text in texts.strip().splitlines()
            ]
    return found


def prototypes_digest() -> str:
    """Return the sha256 of all files of prototypes, by which a classifier that was fitted on others is told apart."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(PROTOTYPES.glob("*.toml")))).hexdigest()


def questions(sets: Sequence[str], *, all_kinds: bool = True) -> Iterator[Message]:
    """Yield the questions of these sets, with ``NAME`` for the creators of the demo."""
    for name in sets:
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if all_kinds or row["kind"] not in ABOUT_WORKS:
                yield Message(name, ("question", "plain"), NAMES.sub("NAME", row["question"]))


def words_of(messages: Sequence[Message]) -> list[str]:
    """Return the words that stand in prototypes, but for the sign of a subject."""
    return sorted({plain_word(word) for one in messages for word in WORD.findall(one.text)} - {SUBJECT})


def fit(messages: Sequence[Message], *, extra: Sequence[Message] = ()) -> Classifier:
    """Return the classifier of these messages, by ridge regression; ``extra`` count without adding to its words."""
    vocabulary = Vocabulary(words_of(messages))
    framed = [(frame_of(one.text, vocabulary).words, one.intent) for one in messages]
    often = Counter(word for words, _ in framed for word in set(words))
    by_frame = {frame_of(one.text, vocabulary).words: one.intent for one in extra}
    by_frame |= {without_rare(words, often): intent for words, intent in framed} | dict(framed)
    counts = Counter(gram for words in by_frame for gram in grams_of(words))
    grams = {gram: place for place, gram in enumerate(gram for gram, times in counts.items() if times >= LEAST)}
    intents = sorted(set(by_frame.values()))
    features = np.stack([features_of(words, grams) for words in by_frame])
    wanted = np.where([[one == intent for intent in intents] for one in by_frame.values()], 1.0, -1.0)
    # In its dual form: there are fewer messages than features.
    square = features @ features.T + RIDGE * np.eye(len(features))
    return Classifier(vocabulary, grams, intents, features.T @ np.linalg.solve(square, wanted))


def without_rare(words: Sequence[str], often: Mapping[str, int]) -> tuple[str, ...]:
    """Return a frame as it would be if the words that stand in no other message were unknown, as many will be."""
    plain = [word if often[word] > 1 or word in FUNCTION_WORDS else SUBJECT for word in words]
    return tuple(
        word for word, before in zip(plain, ["", *plain], strict=False) if word != SUBJECT or before != SUBJECT
    )


def save(classifier: Classifier, path: Path) -> None:
    """Write a classifier as ``chat.understanding.intents`` reads it."""
    metadata = {
        "words": "\n".join(sorted(classifier.vocabulary.words)),
        "grams": "\n".join(classifier.grams),
        "intents": "\n".join(".".join(one) for one in classifier.intents),
        "prototypes": prototypes_digest(),
    }
    save_file({"weights": classifier.weights.astype(np.float16)}, path, metadata)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of some messages were taken for the right group, and for the right intent."""

    messages: int
    groups: int
    intents: int


def taken(classifier: Classifier, messages: Sequence[Message]) -> Taken:
    """Return what a classifier takes messages for."""
    found = [(one.intent, classifier.intent_of(_frame(one, classifier))) for one in messages]
    groups = sum(wanted[0] == intent.group for wanted, intent in found)
    return Taken(len(found), groups, sum(wanted == (intent.group, intent.name) for wanted, intent in found))


def _frame(message: Message, classifier: Classifier) -> Frame:
    return frame_of(message.text, classifier.vocabulary)


def check() -> Iterator[str]:
    """Yield a table of each file judged by the others, and of questions that nothing was fitted on."""
    told, extra = prototypes(), list(questions(FITTED))
    yield "| left out | group | messages | right group | right intent |\n| --- | --- | --- | --- | --- |"
    for voice in sorted({one.voice for one in told}):
        classifier = fit([one for one in told if one.voice != voice], extra=extra)
        own = _by_group([one for one in told if one.voice == voice])
        for group, messages in own.items():
            yield _line(voice, group, taken(classifier, messages))
    kept = list(questions(KEPT, all_kinds=False))
    yield _line("all sets kept", "question", taken(fit(told, extra=extra), kept))


def _by_group(messages: Sequence[Message]) -> Mapping[Group, list[Message]]:
    groups = sorted({one.intent[0] for one in messages})
    return {group: [one for one in messages if one.intent[0] == group] for group in groups}


def _line(voice: str, group: Group, found: Taken) -> str:
    share = [f"{number / found.messages:.3f}" for number in (found.groups, found.intents)]
    return f"| {voice} | {group} | {found.messages} | {' | '.join(share)} |"


def fit_and_write() -> None:
    """Fit the classifier on everything, and write it where the program reads it."""
    save(fit(prototypes(), extra=list(questions(FITTED))), FILE)
