#!/usr/bin/env python
"""The door for everything that is done on a command line."""

import sys

from chrysopedia.management import main

if __name__ == "__main__":
    main(sys.argv)
