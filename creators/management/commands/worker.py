"""The command that does what curators have uploaded, in a process of its own."""

import os
import signal
from argparse import ArgumentParser
from typing import Any

from chrysopedia.core import output
from creators.jobs.worker import Worker, name_of_worker

GIVES_WAY = 10
"""How much less of a busy core a worker takes than what answers questions beside it; 19 is the most."""


class Command(output.Command):
    """Do jobs and poll feeds; as many of these may run as one likes, on any machine that reaches the database."""

    help = "Do what was uploaded in the admin and poll feeds, beside whatever serves the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")

    def handle(self, *_args: Any, once: bool, **_options: Any) -> None:
        """Work until SIGINT or SIGTERM, which give the job back so that another worker goes on with it at once."""
        worker = Worker(name_of_worker())
        if once:
            while worker.step():
                pass
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop.set())
        os.nice(GIVES_WAY)
        self.stdout.write("Waiting for uploads. Ctrl-C ends it.")
        self.stdout.flush()
        worker.run()
        self.stdout.write("Stopped.")
