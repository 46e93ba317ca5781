"""How often each term stands in the corpus: sums over appended changes, so that parallel ingests never wait."""

from collections.abc import Iterable

from django.db import connection, models, transaction

FOLDING = 7_106_712
"""The advisory lock of whoever folds; any number, the same for every process on the database."""

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
        cursor.execute(FOLD)
        cursor.execute(FOLD_LENGTHS)
    return True
