"""What each part of search and quoting adds by itself: ``python -m bench.leave_out CORPUS FOLDER [CORPUS …]``.

The questions of ``bench.answers`` are asked with everything, and then with one part left out at a time. Parts are left
out by giving their constants the value at which they say nothing, so that what is measured is the program as it ships.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.answers import LATER, POINTED, UNANSWERED, Found, Question, load, questions_of, quoted, search
from bench.relevance import own_database

if TYPE_CHECKING:
    from chat.retrieval import Retrieved, SearchQuery
    from chat.retrieval.calibration import Calibration
    from creators.models import Space

Part = Callable[[], AbstractContextManager[Any]]


def search_parts() -> Mapping[str, Part]:
    """Return the parts of search, each as what leaves it out."""
    from chat.retrieval import lexical, passages
    from chat.retrieval.candidates import Overlap
    from creators.embeddings.minilm import MiniLM

    return {
        "windows of sentences beside chunks": lambda: _calibrated(lambda usual: replace(usual, windows=0.0)),
        "words beside vectors": lambda: _calibrated(lambda usual: replace(usual, words=1e-9)),
        "BM25 of the chunk beside the word window": lambda: patch.object(
            Overlap, "words", property(lambda overlap: overlap.window)
        ),
        "titles of works among the words": lambda: patch.object(lexical, "TITLED", 0.0),
        "the question adapter": lambda: patch.object(MiniLM, "embed_questions", MiniLM.embed_passages),
        "two chunks side by side as one passage": lambda: patch.object(passages, "JOINED", 1),
        "sentences around a passage": lambda: patch.object(
            passages, "rows_beside", lambda chunks: {(chunk.work_id, chunk.position): chunk for chunk in chunks}
        ),
    }


def quote_parts() -> Mapping[str, Part]:
    """Return the parts of quoting, each as what leaves it out."""
    from chat.grounding import quote_scores, quotes

    def without(name: str) -> Part:
        return lambda: patch.object(quote_scores, name, 0.0)

    return {
        "the question's words in the sentence": without("WORDS"),
        "its words in the sentence before": without("BEFORE"),
        "its words in the title": without("TITLE"),
        "the passage's score": without("PASSAGE"),
        "figures where one is asked for": without("QUANTITY"),
        "figures of the thing asked about": without("SUBJECT"),
        "sentences behind an announcement": lambda: patch.object(
            quote_scores, "_pass_on_from_announcements", lambda _, scored: scored
        ),
        "sentences behind that are as good": lambda: patch.object(quotes, "MORE", -1_000),
        "more than one run": _one_run,
    }


def _calibrated(changed: "Callable[[Calibration], Calibration]") -> AbstractContextManager[Any]:
    from chat.retrieval import cascade
    from chat.retrieval.calibration import calibrated

    def other(name: str) -> "tuple[Space, Calibration] | None":
        found = calibrated(name)
        return (found[0], changed(found[1])) if found else None

    return patch.object(cascade, "calibrated", other)


def _one_run() -> AbstractContextManager[Any]:
    from chat.grounding import quotes

    stack = ExitStack()
    for name in ("ANSWER", "NEAREST"):
        shape = getattr(quotes, name)
        stack.enter_context(patch.object(quotes, name, replace(shape, runs=shape.runs[:1])))
    return stack


def asked(questions: Sequence[Question]) -> list[tuple[Question, "SearchQuery", "Retrieved"]]:
    """Return the questions with what is retrieved for each."""
    return [(one, *search(one)) for one in questions]


def row(name: str, found: Sequence[Found]) -> str:
    """Return a line of the table."""
    placed = [one for one in found if one.question.kind in POINTED]
    paraphrased = [one for one in placed if one.question.kind == "paraphrase"]
    nobody = [one for one in found if one.question.kind in UNANSWERED]
    shares = (
        _share(one.passage > 0 for one in placed),
        _share(one.passage > 0 for one in paraphrased),
        _share(one.quote > 0 for one in placed),
        _share(one.quote == 1 for one in placed),
        _share(one.coverage == "full" for one in nobody),
    )
    return f"| {name} | {' | '.join(shares)} |"


def _share(hits: Iterator[bool]) -> str:
    every = list(hits)
    return f"{sum(every) / max(len(every), 1):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpus", nargs="+", choices=["talk", "demo", *LATER])
    options = parser.parse_args()
    corpus = options.corpus[0].partition("-")[0]
    own_database(f"answers-{corpus}")
    load(corpus, options.folder)
    questions = [one for name in options.corpus for one in questions_of(name, options.folder, is_locked=False)]
    whole = asked(questions)
    print("| left out | passage among six | of paraphrases | quoted | first | nobody's, in full |", flush=True)
    print("| --- | --- | --- | --- | --- | --- |")
    print(row("nothing", [quoted(*one) for one in whole]), flush=True)
    for name, part in search_parts().items():
        with part():
            print(row(name, [quoted(*one) for one in asked(questions)]), flush=True)
    for name, part in quote_parts().items():
        with part():
            print(row(name, [quoted(*one) for one in whole]), flush=True)


if __name__ == "__main__":
    main()
