"""``python -m bench.intents [--check]``: fit the classifier of messages and write it where the program reads it.

With ``--check`` nothing is written: each file of prototypes is judged by the others, and by all of them the questions
of the sets in ``bench/questions`` that nothing was fitted on.
"""

import argparse
import os

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="judge each file by the others, and write nothing")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")
    django.setup()

    from bench.intents.fitting import check, fit_and_write

    if options.check:
        for line in check():
            print(line, flush=True)
    else:
        fit_and_write()


if __name__ == "__main__":
    main()
