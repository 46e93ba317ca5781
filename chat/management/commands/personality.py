"""The command that drafts a creator's personality from their own words."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from chat.persona.drafts import draft_personality
from chrysopedia.core import output
from creators.models import Creator, PersonalityDraft
from creators.persona.utterances import DraftingError, UnsavedDraft

WRONG_INPUT = 2


class Command(output.Command):
    """Draw a personality from what a creator said and keep it for a curator to accept, edit or refuse."""

    help = "Draft how a creator sounds from their own words. Nothing holds before it is accepted in the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom to draft and how."""
        parser.add_argument("creator", help="slug, name or alias of the creator")
        parser.add_argument("--count", action="store_true", help="compare words with other creators', ask no model")
        parser.add_argument("--dry-run", action="store_true", help="print the draft and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft; ends with 2 where something has to be put right first."""
        creator = Creator.objects.named(options["creator"])
        if creator is None:
            known = ", ".join(Creator.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(
                f'There is no creator "{options["creator"]}" (there are: {known}).', returncode=WRONG_INPUT
            )
        try:
            drafted = draft_personality(creator, seconds=settings.CHAT_TURN_TIMEOUT, use_model=not options["count"])
        except DraftingError as error:
            raise CommandError(str(error), returncode=WRONG_INPUT) from error
        self._show(drafted)
        if not options["dry_run"]:
            drafted.store(creator)
            self.stdout.write("Kept as a draft. Accept, edit or refuse it in the admin; until then nothing changes.")

    def _show(self, drafted: UnsavedDraft) -> None:
        is_told = drafted.made_by == PersonalityDraft.Maker.MODEL
        self.stdout.write(f"Drawn by {'a language model' if is_told else 'counting words'}.\n")
        if drafted.summary:
            self.stdout.write(f"{drafted.summary}\n")
        part = ""
        for trait in drafted.traits:
            if trait.part != part:
                part = trait.part
                self.stdout.write(f"\n{part.capitalize()}")
            self.stdout.write(f"  {trait.trait}: “{trait.quotes[0].quote}” ({trait.quotes[0].title})")
        if drafted.dropped:
            self.stdout.write(f"\n{drafted.dropped} left out: their examples stand in no work.")
        self.stdout.write("")
