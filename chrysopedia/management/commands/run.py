"""The command that starts everything and, on Ctrl-C, stops everything."""

import os
import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from types import FrameType
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from chrysopedia.bind import banner, free_addresses
from chrysopedia.core import output
from chrysopedia.embedded.folders import sole_server
from chrysopedia.embedded.server import ensure_for_process
from chrysopedia.preparation import (
    check_services,
    prepare_database,
    prepare_demo,
    prepare_embedder,
    prepare_index,
    prepare_reranker,
    prepare_static,
    progress,
    remove_ended_sessions,
)

LONGEST_END = 3.0  # seconds


class Command(output.Command):
    """Database, migrations, static files, embedder, demo creators and the server, in one process."""

    help = "Start everything: database, page, API. Ctrl-C stops everything."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --no-demo."""
        parser.add_argument("--no-demo", action="store_true", help="begin with an empty corpus")

    def handle(self, *_args: Any, no_demo: bool, **_options: Any) -> None:
        """Run until SIGINT or SIGTERM, which both end with status 0 and nothing left running."""
        signals = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it is, and stays so
            signals.append(signal.SIGHUP)
        for number in signals:
            signal.signal(number, _interrupt)
        try:
            with sole_server(settings.DATA_DIR):
                self._run(demo=not no_demo, signals=signals)
        except KeyboardInterrupt:
            pass
        self.stdout.write("Stopped.")
        _end_soon()

    def _run(self, *, demo: bool, signals: Sequence[signal.Signals]) -> None:
        addresses = free_addresses(host=settings.HOST, port=settings.PORT)
        leave = self._start_database()
        try:
            check_services()
            prepare_database(say=self._say)
            remove_ended_sessions(say=self._say)
            prepare_static(say=self._say)
            prepare_embedder(say=self._say)
            prepare_reranker(say=self._say)
            if demo:
                prepare_demo(say=self._say)
            prepare_index(say=self._say)
            from chat.conversations import keys
            from chrysopedia.serving import serve  # installs an event loop, which is for this command alone
            from creators.jobs.worker import working

            cautions = keys.uncounted(now=timezone.now())
            with working() if settings.INGEST_WORKER else nullcontext():
                serve(
                    import_string(settings.ASGI_APPLICATION),
                    addresses=addresses,
                    signals=signals,
                    on_listening=lambda: self._say(banner(addresses[0], cautions=cautions)),
                )
        finally:
            for number in signals:
                signal.signal(number, signal.SIG_IGN)  # impatience must not leave the database behind
            leave()

    def _start_database(self) -> Callable[[], object]:
        with progress("Starting PostgreSQL", say=self._say):
            return ensure_for_process()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_soon() -> None:
    # A thread that waits for a dead peer would otherwise hold the process: everything worth keeping is kept by now.
    sys.stdout.flush()
    timer = threading.Timer(LONGEST_END, os._exit, [0])
    timer.daemon = True
    timer.start()
