"""The command that takes a work down, and looks whether it is gone from everywhere."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from chat.events.messages import counted
from chat.takedown import Taken, look, take_down
from chrysopedia.core import output
from creators.embeddings import get_embedder
from creators.models import Space, Work

WRONG_INPUT = 2
NOT_KEPT = (
    "Conversations are not kept here, so what the cache holds of them can't be listed: answers can be read again "
    "for ten minutes, and are remembered for an hour."
)


class Command(output.Command):
    """Withdraw a work and remove what was made of it."""

    help = (
        "Withdraw a work at once, and remove it from answers, shares, pinned answers, suggestions, caches and running "
        "conversations. With --check, look for it in all of these afterwards; 1 where it is still found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the work, and whether to look for it."""
        parser.add_argument("work", metavar="WORK", help="its slug, as in the address /w/WORK")
        parser.add_argument("--check", action="store_true", help="look for it everywhere afterwards, and say where")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it down; doing it again is harmless."""
        work = Work.objects.select_related("creator").filter(slug=options["work"]).first()
        if work is None:
            raise CommandError(
                f'There is no work "{options["work"]}": name it as its address does.', returncode=WRONG_INPUT
            )
        self._say(work, take_down(work, clock=timezone.now))
        if not settings.KEEP_CONVERSATIONS:
            self.stdout.write(NOT_KEPT)
        if options["check"]:
            self._check(work)

    def _say(self, work: Work, taken: Taken) -> None:
        self.stdout.write(f"“{work.title}” of {work.creator.name} is taken down.")
        removed = (
            counted(taken.answers, "answer lost its words", "answers lost their words"),
            counted(taken.sources, "answer lost a source that it only consulted", "answers lost such a source"),
            counted(taken.pins, "pinned answer was deleted", "pinned answers were deleted"),
            counted(taken.passages, "expectation of test cases was deleted", "expectations of test cases were deleted"),
            counted(taken.stopped, "running answer was stopped", "running answers were stopped"),
        )
        for line in removed:
            self.stdout.write(f"  {line}")

    def _check(self, work: Work) -> None:
        """Print each place with how much was looked at; raises ``CommandError`` where the work is still somewhere."""
        space = Space.objects.filter(name=get_embedder().space.name).first()
        self.stdout.write("Looked for it in:")
        left = []
        for finding in look(work, space=space, now=timezone.now()):
            told = f"STILL THERE, {finding.found} times" if finding.found else "gone"
            self.stdout.write(f"  {finding.place:36} {finding.looked:6} looked at, {told}")
            left += [finding.place] if finding.found else []
        if left:
            raise CommandError(f"It is still found in: {', '.join(left)}. Run this again.")
