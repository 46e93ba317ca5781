"""The command that makes, lists and revokes the keys of programs that use the API."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from chat.conversations import keys
from chat.events.messages import counted
from chat.llm import run_sync
from chat.models import ApiKey, Scope
from chrysopedia.core import output
from creators.models import Creator

WRONG_INPUT = 2


class Command(output.Command):
    """Make, list and revoke API keys."""

    help = "Make, list and revoke API keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        todo = parser.add_subparsers(dest="todo", required=True)
        add = todo.add_parser("add", help="make a key and print it, once")
        add.add_argument("name", help="what it is for")
        add.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated; chat and search else")
        add.add_argument("--creator", action="append", default=[], help="whom it may ask; may be repeated; all else")
        add.add_argument("--origin", action="append", default=[], help="sites whose pages may use it; all else")
        add.add_argument("--days", type=int, metavar="N", help="for how long it holds; for good else")
        add.add_argument("--questions", type=int, metavar="N", help="questions a minute; the site's limit else")
        add.add_argument("--searches", type=int, metavar="N", help="searches a minute; the site's limit else")
        todo.add_parser("list", help="show all keys, without their secrets")
        revoke = todo.add_parser("revoke", help="end a key for good, and the answers that are written for it")
        revoke.add_argument("key", help="its name, id or first characters")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; ends with 1 where there is no such key, with 2 where something is to be put right."""
        now = timezone.now()
        match options["todo"]:
            case "add":
                self._add(options, now=now)
            case "list":
                self._list(now=now)
            case _:
                self._revoke(options["key"], now=now)

    def _add(self, options: dict[str, Any], *, now: datetime) -> None:
        if any((options[name] or 0) < 0 for name in ("days", "questions", "searches")):
            raise CommandError("Days and limits can't be less than 0.", returncode=WRONG_INPUT)
        key = ApiKey(
            name=options["name"].strip()[:100],
            scopes=options["scope"] or [Scope.CHAT, Scope.SEARCH],
            creators=[_slug(named) for named in options["creator"]],
            origins=[origin.rstrip("/") for origin in options["origin"]],
            questions_per_minute=options["questions"],
            searches_per_minute=options["searches"],
            created=now,
            expires=now + timedelta(days=options["days"]) if options["days"] else None,
        )
        self.stdout.write(keys.make(key))
        self.stderr.write("Keep it now: it is stored as a hash and can't be shown again.", lambda text: text)

    def _list(self, *, now: datetime) -> None:
        for key in ApiKey.objects.all():
            state = "revoked" if key.revoked else "expired" if key.expires and key.expires <= now else "in force"
            used = f"last used {key.last_used:%Y-%m-%d %H:%M}" if key.last_used else "never used"
            allowed = " ".join([*key.scopes, *key.creators])
            self.stdout.write(f"{key.beginning}…  {key.name}  {state}  {allowed}  {used}")

    def _revoke(self, named: str, *, now: datetime) -> None:
        key = ApiKey.objects.called(named)
        if key is None:
            raise CommandError(f'There is no key "{named}"; manage.py key list shows those there are.')
        stopped = run_sync(keys.revoke(key.pk, now=now))
        self.stdout.write(f"Revoked {key}, and stopped {counted(stopped, 'answer', 'answers')}.")


def _slug(named: str) -> str:
    creator = Creator.objects.named(named)
    if creator is None:
        raise CommandError(f'There is no creator "{named}".', returncode=WRONG_INPUT)
    return creator.slug
