"""The command that lists a creator's glossary and proposes entries for it."""

from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import CommandError

from chrysopedia.core import output
from creators.glossary.suggest import Proposal, store_suggestions, suggest_for
from creators.models import Creator, GlossaryEntry


class Command(output.Command):
    """List the glossary of a creator, or find what transcribers may have misheard."""

    help = "List a creator's glossary, or propose entries for what transcribers may have misheard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and whose glossary it is about."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|suggest")
        shown = actions.add_parser("list", help="show what applies to a creator")
        suggest = actions.add_parser("suggest", help="propose entries; nothing is applied before it is reviewed")
        for action in (shown, suggest):
            action.add_argument("creator", help="slug, name or alias of the creator")
        suggest.add_argument("--limit", type=int, default=30, help="most proposals to show (30)")
        suggest.add_argument("--term", action="append", default=[], help="a term to look for; may be repeated")
        suggest.add_argument("--store", action="store_true", help="keep them as unreviewed entries")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        creator = Creator.objects.named(options["creator"])
        if creator is None:
            known = ", ".join(Creator.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f'There is no creator "{options["creator"]}" (there are: {known}).')
        if options["action"] == "list":
            self._list(creator)
        else:
            self._suggest(creator, options)

    def _list(self, creator: Creator) -> None:
        entries = GlossaryEntry.objects.applying_to(creator.pk).select_related("creator", "domain")
        if not entries:
            self.stdout.write(f"{creator.name} has no glossary.")
            return
        rows = [
            (one.term, ", ".join(one.heard), str(one.domain or "own"), "yes" if one.is_reviewed else "no", one.meaning)
            for one in entries
        ]
        self._table(("term", "heard as", "of", "reviewed", "meaning"), rows)

    def _suggest(self, creator: Creator, options: dict[str, Any]) -> None:
        proposals = suggest_for(creator, terms=options["term"])[: max(options["limit"], 0)]
        if not proposals:
            self.stdout.write("Nothing to propose. Name terms that you miss with --term.")
            return
        self._table(("term", "heard as", "times", "why", "alike", "where"), map(_row, proposals))
        if options["store"]:
            store_suggestions(creator, proposals)
            self.stdout.write(f"{len(proposals)} kept. Review them in the admin; until then nothing is applied.")

    def _table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [head, *rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        for line in lines:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _row(one: Proposal) -> tuple[str, ...]:
    return one.term, one.heard, str(one.times), one.why, f"{one.likeness:.2f}", f"… {one.example} …"
