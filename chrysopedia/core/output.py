"""The edges at which text leaves the program: pages, JSON, the terminal. What nobody sees passes none of them."""

import re
import sys
from typing import Any, TextIO

from django.core.management.base import BaseCommand, OutputWrapper
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates
from django.template.backends.django import Template as DjangoTemplate
from django.utils.safestring import SafeString, mark_safe

from chrysopedia.core.text import may_hold_unseen, without_unseen


class Templates(DjangoTemplates):
    """Django's templates, the admin's among them, whose pages hold nothing unseen, wherever it came from."""

    def get_template(self, template_name: str) -> "Template":
        """Return the template with this name."""
        return Template(super().get_template(template_name).template, self)

    def from_string(self, template_code: str) -> "Template":
        """Return a template of this source."""
        return Template(super().from_string(template_code).template, self)


class Template(DjangoTemplate):
    """A template of ``Templates``."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """Return the page, as a whole: so that no value is forgotten, safe strings included."""
        # Taking characters out makes no markup: what could begin any was escaped before, one character at a time.
        return mark_safe(without_unseen(super().render(context, request)))  # noqa: S308


def all_without_unseen(value: Any) -> Any:
    """Return a JSON value with each text in it, keys included, as ``without_unseen`` has it."""
    if isinstance(value, str):
        return without_unseen(value)
    if isinstance(value, dict):
        return {all_without_unseen(key): all_without_unseen(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [all_without_unseen(member) for member in value]
    return value


_ESCAPED = re.compile(r"\\[bfru]").search
"""Signs within JSON that stand for a character which might be unseen."""


class JSONEncoder(DjangoJSONEncoder):
    """Writes every JSON that the program sends: documents, problems and the data of events."""

    def encode(self, o: Any) -> str:
        """Return the value as JSON."""
        # Looked at as a whole: text by text it takes several times as long, and hardly any has something to take out.
        text = super().encode(o)
        return super().encode(all_without_unseen(o)) if may_hold_unseen(text) or _ESCAPED(text) else text


class TerminalOutput(OutputWrapper):
    """A command's output, in which a stored text can't give the terminal orders; Django's own colours can."""

    def write(  # type: ignore[override]  # as Django's own, which the stubs give the signature of a text file as well
        self, msg: str = "", style_func: Any = None, ending: str | None = None
    ) -> None:
        """Write a text."""
        super().write(without_unseen(msg), style_func, ending)


class Command(BaseCommand):
    """The base of all commands of this program."""

    def __init__(self, stdout: TextIO | None = None, stderr: TextIO | None = None, **more: Any) -> None:
        super().__init__(stdout, stderr, **more)
        self._write_to(stdout or sys.stdout, stderr or sys.stderr)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; ``stdout`` and ``stderr`` may be given as options too."""
        self._write_to(options.pop("stdout", None), options.pop("stderr", None))
        return super().execute(*args, **options)

    def _write_to(self, stdout: TextIO | None, stderr: TextIO | None) -> None:
        if stdout:
            self.stdout = TerminalOutput(stdout)
        if stderr:
            self.stderr = TerminalOutput(stderr)
            self.stderr.style_func = self.style.ERROR
