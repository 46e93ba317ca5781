"""The command that brings transcripts and texts into the corpus."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError

from chrysopedia.core import output
from chrysopedia.core.text import slug_of
from creators.embeddings import EmbeddingError, get_embedder
from creators.ingest import Facts, SourceError, SourceFile, find_sources, ingest
from creators.ingest.sources import CreatorFileError, creator_from_file, passed_over
from creators.ingest.summary import IngestSummary, show_progress
from creators.models import Creator, Work


class Command(output.Command):
    """Read files, folders or standard input into a creator's works."""

    help = "Read transcripts and texts (captions, JSON, tables, Markdown, text) into a creator's works."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the creator, the paths and what is known of a single work."""
        parser.add_argument("creator", help="slug, name or alias of the creator")
        parser.add_argument("paths", nargs="+", type=Path, help="files or folders; - reads standard input")
        parser.add_argument("--create", metavar="NAME", help="make the creator with this name where there is none yet")
        parser.add_argument("--name", default="stdin.txt", help="file name of what comes on standard input")
        parser.add_argument(
            "--prune", action="store_true", help="withdraw works whose file is no longer in the folders named"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress bar")
        for option in ("title", "url", "language"):
            parser.add_argument(f"--{option}", default="", help=f"{option} of the work, for a single file")
        parser.add_argument("--kind", default="", choices=Work.Kind.values, help="kind of the works")
        parser.add_argument("--published", type=date.fromisoformat, help="YYYY-MM-DD, for a single file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ingest and end with status 1 where a file failed."""
        try:
            creator = self._creator(options["creator"], paths=options["paths"], create=options["create"])
        except ProgrammingError as error:
            raise CommandError(
                "The database has no tables of this version: start the program once, or run “manage.py migrate”."
            ) from error
        facts = Facts(**{key: options[key] for key in ("title", "url", "kind", "language", "published")})
        try:
            files = list(find_sources(options["paths"], stdin_name=options["name"]))
            for line in passed_over(options["paths"]):
                self.stdout.write(line)
            if not files:
                raise CommandError("There is no transcript in what was named.")
            if len(files) > 1 and (facts.title or facts.url or facts.published):
                raise CommandError("--title, --url and --published describe one work; name a single file with them.")
            tally = self._run(creator, files, facts=facts, quiet=options["quiet"])
        except (SourceError, EmbeddingError) as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"The database failed, what was reported until here is stored: {error}") from error
        self.stdout.write(str(tally))
        if options["prune"]:
            self._prune(creator, files, folders=[path for path in options["paths"] if path.is_dir()])
        if tally.statuses["failed"]:
            raise CommandError(f"{tally.statuses['failed']} of {len(files)} files could not be read.")

    def _prune(self, creator: Creator, files: list[SourceFile], *, folders: list[Path]) -> None:
        there = {file.source for file in files}
        for folder in folders:
            gone = Work.objects.below(f"{folder.resolve().name}/", creator=creator).exclude(source__in=there)
            for title, source in gone.values_list("title", "source"):
                self.stdout.write(f"{source}: is gone, so “{title}” was withdrawn")
            gone.update(is_withdrawn=True)

    def _run(self, creator: Creator, files: list[SourceFile], *, facts: Facts, quiet: bool) -> IngestSummary:
        outcomes = ingest(creator, files, embedder=get_embedder(), facts=facts)
        total = sum(file.size for file in files)
        return show_progress(
            outcomes, total=total, label=creator.name, quiet=quiet, complain=self.stderr.write, remark=self.stdout.write
        )

    def _creator(self, named: str, *, paths: list[Path], create: str | None) -> Creator:
        if found := Creator.objects.named(named):
            return found
        if create and not slug_of(named):
            raise CommandError(f'"{named}" makes no slug: name the creator with letters or digits.')
        profiles = [path / "creator.toml" for path in paths if (path / "creator.toml").is_file()]
        if profiles:
            try:
                return creator_from_file(profiles[0], slug=slug_of(named) if create else "", name=create or "")
            except CreatorFileError as error:
                raise CommandError(str(error)) from error
        if create:
            creator, is_new = Creator.objects.get_or_create(slug=slug_of(named), defaults={"name": create})
            if is_new:
                self.stdout.write(f"Made the creator “{creator.name}”, with the slug {creator.slug}.")
            return creator
        known = ", ".join(Creator.objects.values_list("slug", flat=True)[:20]) or "none yet"
        raise CommandError(f'There is no creator "{named}" (there are: {known}). Make one with --create "Their Name".')
