"""The inverted index of chunks: terms with their document frequencies, kept by triggers of the database."""

from collections.abc import Iterable
from functools import partial

from django.db import connection, models, transaction

FOLDING = 7_106_712
"""The advisory lock of whoever folds; any number, the same for every process on the database."""

NO_NESTED_LOOP, AS_BEFORE = "SET LOCAL enable_nestloop = off", "SET LOCAL enable_nestloop = DEFAULT"
"""Around a fold: where the table was empty when it was analysed last, the planner would group it anew for each row."""
FOLD = """
    WITH several AS (SELECT lexeme FROM creators_termcount GROUP BY lexeme HAVING count(*) > 1),
    gone AS (DELETE FROM creators_termcount WHERE lexeme IN (SELECT lexeme FROM several) RETURNING lexeme, documents)
    INSERT INTO creators_termcount (lexeme, documents)
    SELECT lexeme, sum(documents) FROM gone GROUP BY lexeme HAVING sum(documents) <> 0
"""
FOLD_LENGTHS = """
    WITH gone AS (DELETE FROM creators_corpuslength RETURNING documents, words)
    INSERT INTO creators_corpuslength (documents, words) SELECT sum(documents), sum(words) FROM gone HAVING count(*) > 0
"""


class TermCountQuerySet(models.QuerySet["TermCount"]):
    """Queries over the counts of terms."""

    def frequencies(self, lexemes: Iterable[str]) -> dict[str, int]:
        """Return how many published chunks hold each of the lexemes; those that none holds are left out."""
        rows = self.filter(lexeme__in=list(lexemes)).values("lexeme").annotate(total=models.Sum("documents"))
        return {lexeme: int(total) for lexeme, total in rows.values_list("lexeme", "total") if total > 0}


class TermCount(models.Model):
    """A change of how many published chunks hold a lexeme; the sum over its rows is the number.

    Triggers append the changes as chunks come and go and as creators and works are published or withdrawn.
    """

    lexeme = models.TextField()
    documents = models.BigIntegerField()

    objects = TermCountQuerySet.as_manager()

    class Meta:
        # Not db_index: that would add a second index, for LIKE, which nobody needs.
        indexes = (models.Index(fields=["lexeme"], name="term_count_lexeme"),)

    def __str__(self) -> str:
        return f"{self.lexeme} {self.documents:+}"


class CorpusLengthQuerySet(models.QuerySet["CorpusLength"]):
    """Queries over the length of the corpus."""

    def totals(self) -> tuple[int, int]:
        """Return the number of published chunks and of the words in them."""
        sums = self.aggregate(documents=models.Sum("documents"), words=models.Sum("words"))
        return int(sums["documents"] or 0), int(sums["words"] or 0)


class CorpusLength(models.Model):
    """A change of how many published chunks and words there are; the sums over the rows are the numbers."""

    documents = models.BigIntegerField()
    words = models.BigIntegerField()

    objects = CorpusLengthQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.documents:+} chunks, {self.words:+} words"


@transaction.atomic
def fold_terms() -> bool:
    """Replace the changes of each term by their sum; return False where another process is just doing it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])
        row = cursor.fetchone()
        if row is None or not row[0]:
            return False
        cursor.execute(NO_NESTED_LOOP)
        cursor.execute(FOLD)
        cursor.execute(AS_BEFORE)
        cursor.execute(FOLD_LENGTHS)
    return True


VISIBLE = "NOT w.is_withdrawn AND c.is_published"

ADD = """
    INSERT INTO creators_termcount (lexeme, documents)
    SELECT t.lexeme, {sign} * count(*) FROM {chunks}, unnest(k.search) AS t WHERE {condition} GROUP BY t.lexeme;
    INSERT INTO creators_corpuslength (documents, words)
    SELECT {sign} * count(*), {sign} * sum(k.words) FROM {chunks} WHERE {condition} HAVING count(*) > 0;
"""
OF_WORKS = "JOIN creators_work w ON w.id = k.work_id JOIN creators_creator c ON c.id = w.creator_id"


def count(*, sign: str, chunks: str, condition: str) -> str:
    """Return the statements that append a change of the counts."""
    return ADD.format(sign=sign, chunks=chunks, condition=condition)


def function(name: str, body: str, *, verb: str = "CREATE") -> str:
    """Return the statement that makes a trigger function."""
    return f"{verb} FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;"


CREATE = (
    function("creators_chunks_added", count(sign="1", chunks=f"changed k {OF_WORKS}", condition=VISIBLE))
    + function("creators_chunks_removed", count(sign="-1", chunks=f"changed k {OF_WORKS}", condition=VISIBLE))
    + function(
        "creators_work_withdrawn",
        count(
            sign="(CASE WHEN NEW.is_withdrawn THEN -1 ELSE 1 END)",
            chunks=f"creators_chunk k {OF_WORKS}",
            condition="k.work_id = NEW.id AND c.is_published",
        ),
    )
    + function(
        "creators_creator_published",
        count(
            sign="(CASE WHEN NEW.is_published THEN 1 ELSE -1 END)",
            chunks=f"creators_chunk k {OF_WORKS}",
            condition="w.creator_id = NEW.id AND NOT w.is_withdrawn",
        ),
    )
    + """
    CREATE TRIGGER chunks_added AFTER INSERT ON creators_chunk REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION creators_chunks_added();
    CREATE TRIGGER chunks_removed AFTER DELETE ON creators_chunk REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION creators_chunks_removed();
    CREATE TRIGGER work_withdrawn AFTER UPDATE ON creators_work FOR EACH ROW
        WHEN (OLD.is_withdrawn <> NEW.is_withdrawn) EXECUTE FUNCTION creators_work_withdrawn();
    CREATE TRIGGER creator_published AFTER UPDATE ON creators_creator FOR EACH ROW
        WHEN (OLD.is_published <> NEW.is_published) EXECUTE FUNCTION creators_creator_published();
    """
    + count(sign="1", chunks=f"creators_chunk k {OF_WORKS}", condition=VISIBLE)
)

DROP = """
    DROP TRIGGER chunks_added ON creators_chunk;
    DROP TRIGGER chunks_removed ON creators_chunk;
    DROP TRIGGER work_withdrawn ON creators_work;
    DROP TRIGGER creator_published ON creators_creator;
    DROP FUNCTION creators_chunks_added, creators_chunks_removed, creators_work_withdrawn, creators_creator_published;
"""

SEEN = "NOT k.is_hidden"
OLD_ROW, NEW_ROW = (
    f"(SELECT {row}.search, {row}.words, {row}.work_id, {row}.is_hidden) AS k(search, words, work_id, is_hidden)"
    f" {OF_WORKS}"
    for row in ("OLD", "NEW")
)


def _functions(*, condition: str) -> str:
    """Return the statements that have the functions of ``CREATE`` count only chunks for which this holds, too."""
    replaced = partial(function, verb="CREATE OR REPLACE")
    works = f"creators_chunk k {OF_WORKS}"
    withdrawn = f"k.work_id = NEW.id AND c.is_published AND {condition}"
    published = f"w.creator_id = NEW.id AND NOT w.is_withdrawn AND {condition}"
    signs = ("(CASE WHEN NEW.is_withdrawn THEN -1 ELSE 1 END)", "(CASE WHEN NEW.is_published THEN 1 ELSE -1 END)")
    changed, seen = f"changed k {OF_WORKS}", f"{VISIBLE} AND {condition}"
    return (
        replaced("creators_chunks_added", count(sign="1", chunks=changed, condition=seen))
        + replaced("creators_chunks_removed", count(sign="-1", chunks=changed, condition=seen))
        + replaced("creators_work_withdrawn", count(sign=signs[0], chunks=works, condition=withdrawn))
        + replaced("creators_creator_published", count(sign=signs[1], chunks=works, condition=published))
    )


CREATE_SHAPED = (
    _functions(condition=SEEN)
    + function(
        "creators_chunk_shaped",
        count(sign="-1", chunks=OLD_ROW, condition=f"{VISIBLE} AND {SEEN}")
        + count(sign="1", chunks=NEW_ROW, condition=f"{VISIBLE} AND {SEEN}"),
    )
    + """
    CREATE TRIGGER chunk_shaped AFTER UPDATE ON creators_chunk FOR EACH ROW
        WHEN (OLD.is_hidden <> NEW.is_hidden OR OLD.search <> NEW.search OR OLD.words <> NEW.words)
        EXECUTE FUNCTION creators_chunk_shaped();
    """
)
"""Has hidden chunks left out of the counts, and the counts follow chunks that are hidden, shown or reworded."""

DROP_SHAPED = "DROP TRIGGER chunk_shaped ON creators_chunk; DROP FUNCTION creators_chunk_shaped;" + _functions(
    condition="true"
)

_OWNERS = (
    "creators_chunk k JOIN creators_creator o ON o.id = OLD.creator_id JOIN creators_creator c ON c.id = NEW.creator_id"
)
_MOVED = f"k.work_id = NEW.id AND NOT OLD.is_withdrawn AND c.is_published <> o.is_published AND {SEEN}"

CREATE_MOVED = (
    function(
        "creators_work_moved",
        count(sign="-1", chunks=_OWNERS, condition=f"{_MOVED} AND o.is_published")
        + count(sign="1", chunks=_OWNERS, condition=f"{_MOVED} AND c.is_published"),
    )
    + """
    CREATE TRIGGER work_moved AFTER UPDATE ON creators_work FOR EACH ROW
        WHEN (OLD.creator_id <> NEW.creator_id) EXECUTE FUNCTION creators_work_moved();
    """
)
"""Has the counts follow a work from a creator who is published to one who is not, and the other way round."""

DROP_MOVED = "DROP TRIGGER work_moved ON creators_work; DROP FUNCTION creators_work_moved;"
