"""The command that removes what is kept of a person, or what is past its time."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from chat import conversations
from chat.events.messages import counted
from chat.events.turn import ANYONE
from chrysopedia.core import output

WRONG_INPUT = 2


class Command(output.Command):
    """Remove a person's conversations, or those past their time."""

    help = "Remove all that is kept of a person, or with --expired what is past its time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose, or that it is about time."""
        parser.add_argument(
            "whose", nargs="?", help="a conversation's id, the token of a shared one, or the key of an owner"
        )
        parser.add_argument(
            "--expired", action="store_true", help="conversations without a turn for RETENTION_DAYS, and ended sessions"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove; ends with 1 where there is nothing of that name, with 2 where it isn't said what to remove."""
        whose = (options["whose"] or "").strip()
        if bool(whose) == options["expired"]:
            raise CommandError("Say whose conversations, or --expired.", returncode=WRONG_INPUT)
        if options["expired"]:
            self._expire()
        elif whose == ANYONE.key:
            raise CommandError(
                "All callers without a session are that owner; name one conversation.", returncode=WRONG_INPUT
            )
        else:
            self._forget(whose)

    def _expire(self) -> None:
        count = conversations.expire(timezone.now())
        conversations.end_expired_sessions()
        gone, days = counted(count, "conversation", "conversations"), counted(settings.RETENTION_DAYS, "day", "days")
        self.stdout.write(f"Removed {gone} without a turn for {days}, and the sessions that have ended.")

    def _forget(self, whose: str) -> None:
        removed = conversations.forget(whose)
        if removed is None:
            raise CommandError(f'Nothing is kept under "{whose}": no conversation, share or owner is called that.')
        gone = counted(removed.conversations, "conversation", "conversations")
        self.stdout.write(f"Removed {gone} and {counted(removed.sessions, 'session', 'sessions')}.")
