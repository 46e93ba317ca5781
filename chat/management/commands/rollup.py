"""The command that counts what was asked, day by day, for the overview."""

from typing import Any

from django.utils import timezone

from chat.curation import roll_up
from chat.events.messages import counted
from chrysopedia.core import output


class Command(output.Command):
    """Count the days that are not counted for good yet; workers do the same every hour."""

    help = "Count what was asked and answered for the overview at the desk; a worker does this every hour by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count; doing it again changes nothing."""
        self.stdout.write(f"Counted {counted(roll_up(now=timezone.now()), 'day', 'days')}.")
