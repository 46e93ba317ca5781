"""``python -m bench.adapter TRANSCRIPTS SQUAD``: fit the question adapter and write it where the program reads it.

It needs ``bench/requirements-adapter.txt``, and takes a quarter of an hour on one core.
"""

import argparse
from pathlib import Path

from bench.relevance import own_database


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("transcripts", type=Path, help="a folder for each creator, as bench.answers takes it")
    parser.add_argument("squad", type=Path, help="where dev-v1.1.json lies")
    options = parser.parse_args()
    own_database("adapter")

    from bench.adapter.fitting import fit_and_write
    from creators.embeddings.adapter import FILE

    fit_and_write(transcripts=options.transcripts, squad=options.squad, target=FILE)


if __name__ == "__main__":
    main()
