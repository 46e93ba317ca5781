"""The run command: one word starts everything, one signal stops it."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.server import answers
from tests.chrysopedia.conftest import copy, furnish, new_folder
from tests.chrysopedia.running import RunningServer, manage
from tests.program import free_port


@pytest.fixture(scope="module")
def running(cluster: Path, postgres_server: PostgresConfig) -> Iterator[RunningServer]:
    """A program on a folder that was used before."""
    with new_folder() as folder:
        copy(cluster, folder)
        with RunningServer(furnish(folder, postgres_server), free_port()) as server:
            yield server


def end(server: RunningServer, number: signal.Signals) -> None:
    """End a program in the middle of a request, and look at how it ends."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        status, seconds = server.stop(number)
    assert status == 0
    assert seconds < 10
    assert not answers(PostgresConfig(server.data_dir))


def test_it_refuses_to_run_twice_on_the_same_folder(running: RunningServer) -> None:
    second = manage("run", data_dir=running.data_dir, PORT=str(free_port()))
    assert running.process is not None
    assert second.returncode == 2
    assert f"process {running.process.pid}" in second.stderr
    assert second.stderr.count("\n") == 1
    assert running.get("/readyz") == 200


def test_it_leaves_other_commands_the_database_while_it_runs(running: RunningServer) -> None:
    made = admin(running, password="correct horse 9")
    assert made.stdout.endswith("Made ada: http://127.0.0.1:8000/admin/\n")
    again = admin(running, password="another horse 8")
    assert "Changed the password of ada" in again.stdout
    assert running.get("/readyz") == 200


def test_it_refuses_a_weak_password(running: RunningServer) -> None:
    refused = admin(running, password="1234")
    assert refused.returncode == 1
    assert "too short" in refused.stderr


def admin(running: RunningServer, *, password: str) -> "subprocess.CompletedProcess[str]":
    """Make a curator, or change the password, as a script does."""
    given = ("admin", "--username", "ada", "--password-stdin")
    return manage(*given, data_dir=running.data_dir, given=f"{password}\n")


def test_it_runs_side_by_side_on_two_folders(running: RunningServer, used_dir: Path) -> None:
    with RunningServer(used_dir, free_port()) as other:
        assert (running.get("/readyz"), other.get("/readyz")) == (200, 200)
        end(other, signal.SIGINT)
    assert running.get("/readyz") == 200


@pytest.mark.soak
def test_it_serves_static_files_by_their_hashed_names_from_an_empty_folder_on(data_dir: Path) -> None:
    with RunningServer(data_dir, free_port()) as server:
        stored = next((data_dir / "static" / "admin" / "css").glob("base.*.css"))
        assert server.get(f"/static/admin/css/{stored.name}") == 200


@pytest.mark.soak
def test_it_starts_again_after_it_was_killed(used_dir: Path) -> None:
    with RunningServer(used_dir, free_port()) as server:
        server.stop(signal.SIGKILL)
    assert answers(PostgresConfig(used_dir))
    with RunningServer(used_dir, free_port()) as server:
        assert server.get("/readyz") == 200
        end(server, signal.SIGTERM)


def test_it_says_in_one_line_that_the_port_is_taken(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = manage("run", data_dir=data_dir, PORT=str(port))
    assert ended.returncode == 2
    assert ended.stderr == f"chrysopedia: port {port} on 127.0.0.1 is taken: stop what listens there, or set PORT\n"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "url"),
    [("DATABASE_URL", "postgresql://me:secret@127.0.0.1:9/db"), ("REDIS_URL", "redis://:secret@127.0.0.1:9/0")],
)
def test_it_says_in_one_line_which_service_does_not_answer(used_dir: Path, name: str, url: str) -> None:
    ended = manage("run", data_dir=used_dir, PORT=str(free_port()), **{name: url})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert f"(check {name})" in ended.stderr
    assert "secret" not in ended.stderr
