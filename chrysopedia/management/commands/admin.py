"""The command that makes a curator's account."""

import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from chrysopedia.bind import Address
from chrysopedia.core import output
from chrysopedia.preparation import prepare_database
from creators.admin.roles import CURATORS, EDITORS, OPERATORS
from creators.models import Creator

ROLES: Mapping[str, str] = {"curator": CURATORS, "editor": EDITORS, "operator": OPERATORS}
"""The group of each role."""


class Command(output.Command):
    """Make an account for the admin, or give an account a new password and role."""

    help = "Make a curator's account for the admin (or give it a new password)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name and where the password comes from."""
        parser.add_argument("--username", default="", help="asked for when absent")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--role", choices=sorted(ROLES), help="what the account may do; everything when absent")
        parser.add_argument("--creator", action="append", default=[], help="whom a curator works on, by slug or name")

    def handle(
        self, *_args: Any, username: str, password_stdin: bool, role: str | None, creator: list[str], **_options: Any
    ) -> None:
        """Make or change the account and say where to use it."""
        if creator and role != "curator":
            raise CommandError("--creator is for a curator: add --role curator")
        prepare_database(say=self.stdout.write)
        creators = [_creator(named) for named in creator]
        users = get_user_model()
        name = username or _ask("Name: ")
        user = users.objects.filter(username=name).first() or users(username=name)
        password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask_password()
        try:
            user.clean_fields(exclude=["password"])
            password_validation.validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        new = user.pk is None
        user.is_staff = user.is_active = True
        user.is_superuser = role is None
        user.set_password(password)
        user.save()
        user.groups.set(Group.objects.filter(name=ROLES[role]) if role else ())
        user.curated_creators.set(creators)
        url = settings.PUBLIC_URL or Address(settings.HOST, settings.PORT).url
        self.stdout.write(f"{'Made' if new else 'Changed the password of'} {name}: {url}/admin/")


def _creator(named: str) -> Creator:
    creator = Creator.objects.named(named)
    if creator is None:
        raise CommandError(f"There is no creator called {named}.")
    return creator


def _ask(prompt: str) -> str:
    try:
        answer = input(prompt).strip()
    except EOFError:
        answer = ""
    if not answer:
        raise CommandError("A name is needed: --username NAME")
    return answer


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for a password: use --password-stdin")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ.")
    return password
