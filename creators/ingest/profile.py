"""A creator as a file: `creator.toml` read into the corpus."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from creators.models import Creator, Domain, GlossaryEntry, Personality


class ProfileError(ValueError):
    """A ``creator.toml`` that can't be used, in words."""


LISTS = ("tone", "vocabulary", "phrases", "habits", "avoid")


@transaction.atomic
def creator_from(path: Path) -> Creator:
    """Return the creator that the file describes, made where it does not exist; an existing one is left as it is.

    Raises ``ProfileError`` for a file without slug and name, with bad TOML or with a glossary that can't be used.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        slug, name = str(table["slug"]), str(table["name"])
    except KeyError as error:
        raise ProfileError(f"{path.name}: there is no {error.args[0]}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path.name}: is not valid TOML: {error}") from None
    creator, is_new = Creator.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name,
            "aliases": table.get("aliases", []),
            "links": table.get("links", []),
            "summary": table.get("summary", ""),
        },
    )
    if is_new:
        _describe(creator, table)
    return creator


def _describe(creator: Creator, table: dict[str, Any]) -> None:
    for domain in table.get("domains", []):
        if not domain.get("slug"):
            raise ProfileError("creator.toml: a domain has no slug")
        row, _ = Domain.objects.get_or_create(
            slug=domain["slug"], defaults={"name": domain.get("name", domain["slug"])}
        )
        creator.domains.add(row)
    if voice := table.get("personality"):
        lists = {key: voice.get(key, []) for key in LISTS}
        Personality.objects.create(creator=creator, summary=voice.get("summary", ""), **lists)
    for row in table.get("glossary", []):
        _gloss(creator, row)


def _gloss(creator: Creator, row: dict[str, Any]) -> None:
    """Keep a term and what is heard of it; whoever wrote the file has reviewed it."""
    term, meaning, heard = (row.get(key, default) for key, default in (("term", ""), ("meaning", ""), ("heard", [])))
    if not isinstance(heard, list):
        raise ProfileError(f'creator.toml: glossary, {term or "no term"}: heard is a list, such as ["seerum"]')
    entry = GlossaryEntry(creator=creator, term=str(term), meaning=str(meaning), is_reviewed=True)
    entry.heard = [str(phrase) for phrase in heard]
    try:
        entry.full_clean()
    except ValidationError as error:
        raise ProfileError(f"creator.toml: glossary, {entry.term or 'no term'}: {' '.join(error.messages)}") from None
    entry.save()
