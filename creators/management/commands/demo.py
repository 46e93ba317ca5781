"""The command that brings in the demo creators."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import creators
from chrysopedia.core import output
from creators.embeddings import get_embedder
from creators.ingest import find_sources, ingest
from creators.ingest.sources import creator_from_file
from creators.ingest.summary import show_progress
from creators.models import Creator

FOLDER = Path(creators.__file__).parent / "demo"


class Command(output.Command):
    """Ingest the demo creators that come with the program."""

    help = "Bring in the three demo creators (music production, written for this project)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the start of the server needs."""
        parser.add_argument("--only-if-empty", action="store_true", help="do nothing where there is any creator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make each creator and ingest the folder it lies in."""
        if options["only_if_empty"] and Creator.objects.exists():
            return
        for profile in sorted(FOLDER.glob("*/creator.toml")):
            creator = creator_from_file(profile)
            files = list(find_sources([profile.parent]))
            outcomes = ingest(creator, files, embedder=get_embedder())
            total = sum(file.size for file in files)
            tally = show_progress(outcomes, total=total, label=creator.name, quiet=False, complain=self.stderr.write)
            self.stdout.write(f"{creator.name}: {tally}")
