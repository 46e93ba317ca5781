"""Revisions: what tells that tables have changed, so that a process may keep what it made of them."""

from collections.abc import Sequence

from django.db import connection, models


def revision_of(tables: Sequence[type[models.Model]]) -> str:
    """Return a text that is another one after every change of these tables, by whomever, once it can be seen.

    It costs one query, which reads each of them: they are to be small. PostgreSQL gives every version of a row a place
    and the number of the transaction that wrote it, which a copy of the database has too. Ask for it before what it is
    to stand for: what is read after it is as new at least. Synchronous.
    """
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(ROWS.format(table=one._meta.db_table) for one in tables))
        return repr(cursor.fetchall())


ROWS = "SELECT count(*), coalesce(sum(hashtextextended(ctid::text || '/' || xmin::text, 0)), 0) FROM {table}"
