"""The table of the database cache."""

from django.db import migrations

MAKE = """
CREATE TABLE chrysopedia_cache (
    cache_key text PRIMARY KEY,
    value bytea,
    number bigint,
    expires timestamptz NOT NULL,
    CHECK (value IS NULL OR number IS NULL)
);
CREATE INDEX chrysopedia_cache_expires ON chrysopedia_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(MAKE, "DROP TABLE chrysopedia_cache")]
