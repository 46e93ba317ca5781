"""manage.py: which commands start the database, and how failures read."""

import stat
from pathlib import Path

import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.server import answers
from chrysopedia.management import needs_database
from tests.chrysopedia.running import manage


@pytest.mark.parametrize("line", ["", "help", "check --deploy", "collectstatic", "migrate --help", "run --no-demo"])
def test_it_needs_no_database(line: str) -> None:
    assert not needs_database(["manage.py", *line.split()])


@pytest.mark.parametrize("line", ["migrate", "shell -c pass", "ingest someone a.srt", "--no-color createsuperuser"])
def test_it_needs_a_database(line: str) -> None:
    assert needs_database(["manage.py", *line.split()])


def test_it_ends_with_one_line_and_status_2_on_a_wrong_setting(data_dir: Path) -> None:
    ended = manage("check", data_dir=data_dir, PORT="eighty")
    assert ended.returncode == 2
    assert ended.stderr == (
        "chrysopedia: PORT is 'eighty'; it must be a whole number from 1 to 65535, for example PORT=8000\n"
    )


def test_it_leaves_the_database_as_it_found_it(used_dir: Path) -> None:
    assert manage("migrate", "--verbosity", "0", data_dir=used_dir).returncode == 0
    assert not answers(PostgresConfig(used_dir))


def test_it_starts_no_database_for_a_check(data_dir: Path) -> None:
    ended = manage("check", "--deploy", "--fail-level", "WARNING", data_dir=data_dir, PUBLIC_URL="https://c.example")
    assert ended.returncode == 0, ended.stderr
    assert not (data_dir / "postgres").exists()


def test_it_makes_a_secret_once_for_its_owner_alone(data_dir: Path) -> None:
    manage("check", data_dir=data_dir)
    secret = (data_dir / "secret-key").read_text()
    manage("check", data_dir=data_dir)
    assert (data_dir / "secret-key").read_text() == secret
    assert stat.S_IMODE((data_dir / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["secret-key"]


def test_it_makes_a_curator_from_a_script(used_dir: Path) -> None:
    made = manage("admin", "--username", "ada", "--password-stdin", data_dir=used_dir, given="correct horse 9\n")
    assert made.stdout.endswith("Made ada: http://127.0.0.1:8000/admin/\n")
    again = manage("admin", "--username", "ada", "--password-stdin", data_dir=used_dir, given="another horse 8\n")
    assert "Changed the password of ada" in again.stdout


def test_it_refuses_a_weak_password(used_dir: Path) -> None:
    refused = manage("admin", "--username", "ada", "--password-stdin", data_dir=used_dir, given="1234\n")
    assert refused.returncode == 1
    assert "too short" in refused.stderr
