"""Ranking, tiers and refusal on judged questions: ``python -m bench.relevance squad|mtrag FOLDER``.

Each article of SQuAD, each pool of MTRAG, becomes a creator in a database of its own, by default under ``var/bench``
(``DATA_DIR`` names another), which the first run loads and embeds. Figures of SQuAD are of its odd articles, numbered
from 0; ``--fit`` fits on the even ones first, judges by that, and prints it as the file that ships.
"""

import argparse
import os
from pathlib import Path


def own_database(name: str) -> None:
    """Set Django up on an embedded database that holds nothing but this corpus."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DATA_DIR", str(Path("var", "bench", name).absolute()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")
    import django
    from django.core.management import call_command

    from chrysopedia.embedded.server import ensure_for_process

    django.setup()
    ensure_for_process()
    call_command("migrate", verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=["squad", "mtrag"])
    parser.add_argument("folder", type=Path, help="where dev-v1.1.json, or tasks.jsonl and the pools, lie")
    parser.add_argument("--sample", type=int, default=2000, help="questions to ask of SQuAD, or to fit on (2000)")
    parser.add_argument("--fit", action="store_true", help="fit on the even articles of SQuAD first")
    parser.add_argument("--made", type=int, default=0, help="fit on so many questions made of the corpus first")
    options = parser.parse_args()
    own_database(options.corpus)

    from bench import judging

    if options.corpus == "squad":
        judging.squad(options.folder, sample=options.sample, fits=options.fit, made=options.made)
    else:
        judging.mtrag(options.folder, made=options.made)


if __name__ == "__main__":
    main()
