"""Retrieval at 10,000, 100,000 and a million chunks: ``python -m bench.scale QUESTIONS --chunks 1000000``.

On a corpus that ``bench.million`` made. Printed are, for everyone, domains and creators of every size: recall@10 of
the dense leg against a scan of every vector, how many rows it gave of those asked for, the share of the final ten that
are those of scoring every chunk, and what ``retrieve`` takes; then what common words cost beside rare ones, and a
cascade that ends in ``none`` beside one search of everyone. Questions are people's: of SQuAD's odd articles, where its
folder is given, or those of a file of ``bench/questions`` that something answers; those that nothing answers are the
demo creators', whose subject the corpus lacks. Each pair of figures is taken in turn. ``--latency`` prints only what a
search takes.
"""

import argparse
import json
import random
from pathlib import Path

from bench.relevance import own_database

SEED = 3


def _questions(path: Path) -> list[str]:
    from bench import answers, judged

    if path.is_dir():
        _, questions = judged.squad(path)
        return [one.text for one in questions if int(one.creator) % 2]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["question"] for row in rows if row["kind"] in answers.POINTED]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("asked", type=Path, help="where SQuAD's dev-v1.1.json lies, or a file of questions")
    parser.add_argument("--chunks", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--latency", action="store_true", help="print only what a search takes")
    options = parser.parse_args()
    own_database(f"made-{options.chunks}")

    from bench import scaling
    from creators.management.commands.demo import FOLDER

    asked = random.Random(SEED).sample(_questions(options.asked), options.questions)
    if not options.latency:
        scaling.quality(asked)
    scaling.latency(asked)
    if options.latency:
        return
    scaling.words(count=options.questions)
    unanswered = scaling.unanswerable(FOLDER)
    scaling.cascade(random.Random(SEED).sample(unanswered, min(options.questions, len(unanswered))))


if __name__ == "__main__":
    main()
