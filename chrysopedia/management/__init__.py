"""The command line: Django commands, with the embedded database running for those that need it."""

import gc
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chrysopedia.core.errors import one_line_failures

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

INTERRUPTED = 130
# Everything else may touch the database, third-party commands included; "run" looks after itself.
WITHOUT_DATABASE = frozenset({"check", "collectstatic", "diffsettings", "findstatic", "help", "run", "version"})


def main(arguments: Sequence[str]) -> None:
    """Run one command; what only the operator can put right ends with one line and status 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chrysopedia.settings")
    # What is loaded stays, and looking again and again for what may go took a quarter of the start.
    gc.disable()
    with one_line_failures():
        try:
            _execute(arguments)
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None


def _execute(arguments: Sequence[str]) -> None:
    from django.core.management import ManagementUtility

    class Utility(ManagementUtility):
        def fetch_command(self, subcommand: str) -> "BaseCommand":
            # By now everything is loaded.
            gc.freeze()
            gc.enable()
            return super().fetch_command(subcommand)

    if needs_database(arguments):
        from chrysopedia.embedded.server import ensure_for_process

        ensure_for_process()
    Utility(list(arguments)).execute()


def needs_database(arguments: Sequence[str]) -> bool:
    """Tell whether the command may touch the database; asking for help does not."""
    command = next((argument for argument in arguments[1:] if not argument.startswith("-")), "help")
    return command not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(arguments)
