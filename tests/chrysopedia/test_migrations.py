"""Migrations only add, so that the version before goes on serving while a new one takes over."""

import pytest
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    Migration,
    RemoveConstraint,
    RemoveField,
    RunPython,
    RunSQL,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, CharField, TextField

OURS = ("chrysopedia", "creators", "chat")
ADDING = (CreateModel, AddIndex, AddConstraint, RemoveConstraint, RunPython)
"""A constraint that goes refuses nothing that older code writes, unless that code names it where rows conflict."""
BEFORE_THE_RULE = {
    ("creators", "0003_glossary"),
    ("creators", "0004_embedding_work"),
    ("creators", "0006_embed_origins"),
    ("creators", "0008_domain_words"),
    ("creators", "0009_work_creator_label"),
}
"""Columns without a default of the database: an ingest of an older version fails beside them, reading doesn't."""


def is_addition(operation: Operation) -> bool:
    """Say whether older code can read and write beside an operation."""
    match operation:
        case AddField(field=field):
            return bool(field.null or field.db_default is not NOT_PROVIDED or field.many_to_many)
        case RunSQL(sql=sql):
            return not any(word in str(sql).upper() for word in ("DROP COLUMN", "DROP TABLE", "RENAME", "SET NOT NULL"))
    return isinstance(operation, ADDING) or type(operation).__module__.startswith(("pgvector", "django.contrib"))


MIGRATIONS = [
    pytest.param(migration, id=".".join(name))
    for name, migration in sorted(MigrationLoader(None).disk_migrations.items())
    if name[0] in OURS and name not in BEFORE_THE_RULE
]


@pytest.mark.parametrize("migration", MIGRATIONS)
def test_it_only_adds(migration: Migration) -> None:
    assert [operation for operation in migration.operations if not is_addition(operation)] == []


@pytest.mark.parametrize(
    "operation",
    [
        RemoveField("work", "title"),
        AddField("work", "mood", CharField(default="")),
        AlterField("work", "title", TextField()),
        RunSQL("ALTER TABLE works DROP COLUMN title"),
    ],
)
def test_it_knows_what_takes_away(operation: Operation) -> None:
    assert not is_addition(operation)


def test_it_takes_columns_that_older_code_need_not_fill() -> None:
    assert is_addition(AddField("work", "mood", CharField(db_default="")))
    assert is_addition(AddField("work", "mood", CharField(null=True)))
