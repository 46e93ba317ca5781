"""manage.py: which commands start the database, and how failures read."""

import stat
from pathlib import Path

import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.server import answers
from chrysopedia.env import kept_secret
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


def test_a_check_starts_no_database_and_makes_a_secret_alone(data_dir: Path) -> None:
    ended = manage("check", "--deploy", "--fail-level", "WARNING", data_dir=data_dir, PUBLIC_URL="https://c.example")
    assert ended.returncode == 0, ended.stderr
    assert [path.name for path in data_dir.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((data_dir / "secret-key").stat().st_mode) == 0o600


def test_it_makes_a_secret_once(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "secret-key")
    assert len(secret) > 50
    assert kept_secret(tmp_path / "secret-key") == secret
