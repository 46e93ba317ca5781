"""The triggers that keep the counts of terms true, whoever writes chunks or publishes and withdraws."""

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


def function(name: str, body: str) -> str:
    """Return the statement that makes a trigger function."""
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;"


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
