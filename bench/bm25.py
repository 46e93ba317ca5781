"""BM25 as it is computed here beside a reference, bm25s: ``python -m bench.bm25 squad|mtrag FOLDER``.

Every chunk that holds a word of the question is ranked by its BM25 alone, once as retrieval computes it out of
PostgreSQL's lexemes, lengths and document frequencies, once by bm25s with its own words (English stems and stop
words) and the same k1 and b. nDCG@10 over the whole corpus, on a database that ``bench.relevance`` loaded. bm25s must
be importable: ``pip install --target FOLDER bm25s``, and PYTHONPATH=FOLDER.
"""

import argparse
import random
from pathlib import Path

from bench.relevance import own_database

SEED = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=["squad", "mtrag"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, default=500)
    options = parser.parse_args()
    own_database(options.corpus)

    from bench import judged, words_alone

    passages, questions = getattr(judged, options.corpus)(options.folder)
    chunks = judged.stored(passages)
    if options.corpus == "squad":
        questions = [one for one in questions if int(one.creator) % 2]
    asked = random.Random(SEED).sample(questions, min(options.sample, len(questions)))
    ours = words_alone.ndcg(asked, chunks, search=words_alone.ours)
    theirs = words_alone.ndcg(asked, chunks, search=words_alone.reference(passages, chunks))
    print(f"{len(asked)} questions, nDCG@10: here {ours:.4f}, bm25s {theirs:.4f}, {ours / theirs - 1:+.2%}")


if __name__ == "__main__":
    main()
