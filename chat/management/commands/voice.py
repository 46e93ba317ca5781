"""The command that lets one hear a creator's voice, and checks that nothing else changes with it."""

import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandError

from chat.llm import run_sync
from chat.persona import (
    PreviewError,
    PreviewQuestion,
    VoicePreview,
    prepare_preview,
    preview_examples,
    preview_voice,
    previewable_voice,
)
from chat.persona.preview import side_by_side
from chrysopedia.core import output
from creators.models import Creator

DIFFERENT, WRONG_INPUT = 1, 2
"""The exit status where answers differ in more than the voice, and where something is to be put right first."""


class Command(output.Command):
    """Ask the same at weight 0, 0.5 and 1 and show the answers beside each other."""

    help = "Hear a creator's voice at weight 0, 0.5 and 1, and check that citations, numbers and units stay the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whom to ask and what."""
        parser.add_argument("creator", help="slug, name or alias of the creator")
        parser.add_argument(
            "--question", action="append", metavar="Q", help="may be repeated; without it, example questions"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask; ends with 1 where something besides the voice differs, with 2 where something is to be put right."""
        creator = _creator(options["creator"])
        try:
            previewable_voice(creator)
            questions = options["question"] or preview_examples(creator)
            # All before the first is answered: a question that can't be used is told before a model is paid.
            consulted = [prepare_preview(creator, query=question) for question in questions]
        except PreviewError as error:
            _refuse(str(error))
        if not consulted:
            _refuse(f"No title of {creator.name}'s makes an example question. Ask one with --question.")
        self._end([self._hear_and_show(one) for one in consulted])

    def _hear_and_show(self, consulted: PreviewQuestion) -> VoicePreview:
        heard = run_sync(preview_voice(consulted, seconds=settings.CHAT_TURN_TIMEOUT))
        width = shutil.get_terminal_size().columns
        texts = [(said.label, said.failure or said.text) for said in heard.answers]
        self.stdout.write(f"{heard.query}\n\n{side_by_side(texts, width=width)}\n")
        if heard.differences:
            self.stdout.write("Not the same:")
        elif not heard.failures:
            self.stdout.write("Citations, numbers and units are the same.")
        for difference in heard.differences:
            self.stdout.write(f"- {difference}")
        self.stdout.write("")
        return heard

    def _end(self, heard: Sequence[VoicePreview]) -> None:
        if failures := [failure for one in heard for failure in one.failures]:
            _refuse(f"Not every answer came: {failures[0]}")
        if count := sum(bool(one.differences) for one in heard):
            raise CommandError(
                f"{count} of {len(heard)} questions got answers that differ in more than the voice.",
                returncode=DIFFERENT,
            )


def _creator(named: str) -> Creator:
    creator = Creator.objects.select_related("personality").named(named)
    if creator is None:
        known = ", ".join(Creator.objects.values_list("slug", flat=True)[:20]) or "none yet"
        _refuse(f'There is no creator "{named}" (there are: {known}).')
    return creator


def _refuse(reason: str) -> NoReturn:
    raise CommandError(reason, returncode=WRONG_INPUT)
