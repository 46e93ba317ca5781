"""The answer without a language model on judged questions: ``python -m bench.quoting squad FOLDER --sample N``.

Questions of SQuAD's odd articles, numbered from 0, are asked of all articles at once, in the database that
``bench.relevance`` loads, as a turn would ask them. ``--even`` asks those that constants are chosen on.
"""

import argparse
from pathlib import Path

from bench.relevance import own_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=["squad"])
    parser.add_argument("folder", type=Path, help="where dev-v1.1.json lies")
    parser.add_argument("--sample", type=int, default=1000, help="questions to ask (1000)")
    parser.add_argument("--even", action="store_true", help="ask those of the even articles")
    options = parser.parse_args()
    own_database(options.corpus)

    from bench import quoted

    quoted.squad(options.folder, sample=options.sample, rest=0 if options.even else 1)


if __name__ == "__main__":
    main()
