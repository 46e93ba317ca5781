"""The command that makes, lists and revokes the keys of programs that use the API."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from chat.conversations import keys
from chat.conversations.keys import payer_of
from chat.events.messages import counted
from chat.llm import run_sync
from chat.llm.spending import SITE, spent_today, unpriced
from chat.models import ApiKey, Kind, Scope
from chrysopedia.core import output
from creators.models import Creator

WRONG_INPUT = 2
DEAREST = 10**8
"""What no key may cost in a day."""
LIMITS = {
    "questions": "questions_per_minute",
    "searches": "searches_per_minute",
    "tokens": "tokens_per_day",
    "money": "money_per_day",
}


class Command(output.Command):
    """Make, list and revoke API keys."""

    help = "Make, list and revoke API keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do."""
        todo = parser.add_subparsers(dest="todo", required=True)
        add = todo.add_parser("add", help="make a key and print it, once")
        add.add_argument("name", help="what it is for")
        add.add_argument("--sandbox", action="store_true", help="scripts answer, free of charge; nothing is stored")
        add.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated; chat and search else")
        add.add_argument("--creator", action="append", default=[], help="whom it may ask; may be repeated; all else")
        add.add_argument("--origin", action="append", default=[], help="sites whose pages may use it; all else")
        add.add_argument("--days", type=int, metavar="N", help="for how long it holds; for good else")
        _add_limits(add)
        todo.add_parser("list", help="show all keys, without their secrets, with what was spent today")
        limit = todo.add_parser("limit", help="change what a key may ask and spend")
        limit.add_argument("key", help="its name, id or first characters")
        _add_limits(limit)
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
            case "limit":
                self._limit(options)
            case _:
                self._revoke(options["key"], now=now)

    def _add(self, options: dict[str, Any], *, now: datetime) -> None:
        _require_sound(options, "days", *LIMITS)
        key = ApiKey(
            name=options["name"].strip()[:100],
            kind=Kind.SANDBOX if options["sandbox"] else Kind.LIVE,
            scopes=options["scope"] or [Scope.CHAT, Scope.SEARCH],
            creators=[_slug(named) for named in options["creator"]],
            origins=[origin.rstrip("/") for origin in options["origin"]],
            **_limits(options),
            created=now,
            expires=now + timedelta(days=options["days"]) if options["days"] else None,
        )
        self.stdout.write(keys.make(key))
        self._warn(options)
        self.stderr.write("Keep it now: it is stored as a hash and can't be shown again.", lambda text: text)

    def _list(self, *, now: datetime) -> None:
        listed = list(ApiKey.objects.all())
        spent = spent_today([SITE, *(payer_of(key) for key in listed)], now=now)
        for key in listed:
            state = "revoked" if key.revoked else "expired" if key.expires and key.expires <= now else "in force"
            used = f"last used {key.last_used:%Y-%m-%d %H:%M}" if key.last_used else "never used"
            kind = [Kind.SANDBOX.value] if key.kind == Kind.SANDBOX else []
            allowed = " ".join([*kind, *key.scopes, *key.creators])
            paid = spent[payer_of(key)].told(tokens=key.tokens_per_day, money=float(key.money_per_day))
            self.stdout.write(f"{key.beginning}…  {key.name}  {state}  {allowed}  {used}  {paid}")
        paid = spent[SITE].told(tokens=settings.TOKENS_PER_DAY, money=settings.MONEY_PER_DAY)
        self.stderr.write(f"Everybody together: {paid}", lambda text: text)

    def _limit(self, options: dict[str, Any]) -> None:
        _require_sound(options, *LIMITS)
        key, chosen = _named(options["key"]), _limits(options)
        if not chosen:
            raise CommandError(f"Say what to change: --{', --'.join(LIMITS)}.", returncode=WRONG_INPUT)
        ApiKey.objects.filter(pk=key.pk).update(**chosen)
        self._warn(options)
        self.stdout.write(f"Changed {key}.")

    def _warn(self, options: dict[str, Any]) -> None:
        for told in unpriced() if options["money"] else ():
            self.stderr.write(told, lambda text: text)

    def _revoke(self, named: str, *, now: datetime) -> None:
        key = _named(named)
        stopped = run_sync(keys.revoke(key.pk, now=now))
        self.stdout.write(f"Revoked {key}, and stopped {counted(stopped, 'answer', 'answers')}.")


def _add_limits(parser: ArgumentParser) -> None:
    parser.add_argument("--questions", type=int, metavar="N", help="questions a minute; the site's limit else")
    parser.add_argument("--searches", type=int, metavar="N", help="searches a minute; the site's limit else")
    parser.add_argument("--tokens", type=int, metavar="N", help="of language models, a day; 0 for no cap")
    parser.add_argument("--money", type=_money, metavar="N", help="for language models, a day; 0 for no cap")


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and abs(amount) < DEAREST):
        raise ArgumentTypeError(f"must be a number such as 1.50, below {DEAREST}")
    return amount


def _limits(options: dict[str, Any]) -> dict[str, Any]:
    """Return the limits that were given, by the fields of a key."""
    return {field: options[name] for name, field in LIMITS.items() if options[name] is not None}


def _require_sound(options: dict[str, Any], *names: str) -> None:
    if any((options[name] or 0) < 0 for name in names):
        raise CommandError("Days and limits can't be less than 0.", returncode=WRONG_INPUT)


def _named(named: str) -> ApiKey:
    key = ApiKey.objects.called(named)
    if key is None:
        raise CommandError(f'There is no key "{named}"; manage.py key list shows those there are.')
    return key


def _slug(named: str) -> str:
    creator = Creator.objects.named(named)
    if creator is None:
        raise CommandError(f'There is no creator "{named}".', returncode=WRONG_INPUT)
    return creator.slug
