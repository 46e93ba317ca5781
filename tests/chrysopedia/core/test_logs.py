"""Nobody's words, and no id that opens a door, stand in a log."""

import logging
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError, connection, transaction
from pydantic import TypeAdapter

from chrysopedia.core.cache import new_token
from chrysopedia.core.logs import LineFormatter, access_handlers, shortened
from chrysopedia.embedded.cluster import PostgresConfig
from creators.models import Creator

WORDS = "my secret snare"
CONVERSATION = UUID("5f6d1c3a-1b2c-4d5e-8f90-a1b2c3d4e5f6")
TOKEN = "kAvBYdhq9x1YSsc8H8AIWgw"


def logged(fail: Callable[[], object]) -> str:
    try:
        fail()
    except Exception as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("chat", logging.ERROR, "", 0, "a turn failed: %s", (caught[1],), caught)
    return LineFormatter().format(record)


def run(statement: str) -> Callable[[], object]:
    def execute() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [WORDS])

    return execute


STATEMENTS = [
    "SELECT %s::uuid",
    "SELECT %s::jsonb",
    "INSERT INTO creators_domain (slug, name) VALUES (%s, NULL)",
    "INSERT INTO creators_creator (slug) VALUES (repeat(%s, 100))",
    "SELECT nothing FROM nowhere WHERE words = %s",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_it_keeps_a_failed_statements_words_to_itself(statement: str) -> None:
    line = logged(run(statement))
    assert "secret" not in line
    assert "django.db.utils." in line


@pytest.mark.django_db
def test_it_keeps_the_row_of_a_broken_constraint_to_itself() -> None:
    Creator.objects.create(slug="snare", name=WORDS)

    def again() -> None:
        with transaction.atomic():
            Creator.objects.create(slug="snare", name=WORDS)

    assert "=(snare)" not in logged(again)


def test_it_keeps_what_could_not_be_validated_to_itself() -> None:
    line = logged(lambda: TypeAdapter(dict[str, int]).validate_python({"query": WORDS}))
    assert "secret" not in line
    assert "query" in line


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_writes_nobodys_words_into_its_log(statement: str) -> None:
    with pytest.raises(DatabaseError):
        run(statement)()
    log = PostgresConfig(settings.DATA_DIR).log
    assert "secret" not in log.read_text(errors="replace")


@pytest.mark.parametrize("capability", [str(CONVERSATION), CONVERSATION.hex, TOKEN])
def test_it_shortens_ids_that_open_a_door(capability: str) -> None:
    line = shortened(f"Not Found: /chat/{capability}/export.md")
    assert capability not in line
    assert f"/chat/{capability[:6]}" in line


def test_it_knows_the_form_of_a_shares_token() -> None:
    assert shortened(new_token()).endswith("…")


def test_it_leaves_other_words_alone() -> None:
    line = "chat.turns.run: turn done tokens=12 slug=kick-and-808 knowledge-of-everything"
    assert shortened(line) == line


def test_a_request_for_another_host_costs_one_line_without_a_traceback() -> None:
    refused = DisallowedHost("Invalid HTTP_HOST header: 'evil.example'.")
    line = LineFormatter().format(
        logging.makeLogRecord({"msg": str(refused), "exc_info": (DisallowedHost, refused, None)})
    )
    assert line.endswith("Invalid HTTP_HOST header: 'evil.example'.")


def test_it_shortens_ids_in_the_access_log_of_uvicorn() -> None:
    said = ("127.0.0.1:1", "GET", f"/chat/{CONVERSATION}", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', said, None)
    handler, *_ = logging.getLogger("uvicorn.access").handlers
    assert "GET /chat/5f6d1c3a… HTTP/1.1" in handler.format(record)


@pytest.mark.parametrize(("handlers", "propagates", "writers"), [([], False, []), ([], True, ["stderr"])])
def test_it_writes_no_access_log_where_uvicorn_was_told_so(
    monkeypatch: pytest.MonkeyPatch, handlers: list[logging.Handler], propagates: bool, writers: list[str]
) -> None:
    access = logging.getLogger("uvicorn.access")
    monkeypatch.setattr(access, "handlers", handlers)
    monkeypatch.setattr(access, "propagate", propagates)
    assert access_handlers() == writers
