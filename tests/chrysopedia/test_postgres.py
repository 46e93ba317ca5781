"""The embedded PostgreSQL: who starts it, who stops it, and what a crash leaves behind."""

import os
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg_pool import ConnectionPool

from chrysopedia.embedded.cluster import NAME, ROLE, PostgresConfig, connect
from chrysopedia.embedded.folders import EmbeddedError, barring_folder, make_folder, system_account
from chrysopedia.embedded.server import Watch, answers, embedded_postgres, leave_pool
from tests.chrysopedia.conftest import user_of
from tests.postgres_reaper import stop_after_the_last


def postmaster(config: PostgresConfig) -> int:
    return int((config.cluster / "postmaster.pid").read_text().split()[0])


def test_it_runs_for_the_first_user_until_the_last_one_leaves(config: PostgresConfig) -> None:
    with embedded_postgres(config):
        with embedded_postgres(config):
            assert answers(config)
        assert answers(config)
    assert not answers(config)


def test_it_holds_a_database_that_knows_vectors(config: PostgresConfig) -> None:
    with embedded_postgres(config), connect(config, "chrysopedia") as connection:
        (distance,) = connection.execute("SELECT '[1,0]'::vector <=> '[0,1]'::vector").fetchone() or (None,)
        (lower,) = connection.execute("SELECT lower('ÄÖ')").fetchone() or (None,)
    assert (distance, lower) == (1.0, "äö")


def test_it_keeps_what_was_stored(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config), connect(used_config, "chrysopedia") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    with embedded_postgres(used_config), connect(used_config, "chrysopedia") as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_it_listens_on_no_network_address(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config), connect(used_config, "postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert used_config.socket_dir.stat().st_mode & 0o777 == 0o700


def test_it_starts_once_for_two_processes_that_come_together(config: PostgresConfig) -> None:
    users = [user_of(config, "time.sleep(0.5)") for _ in range(2)]
    assert [user.communicate(timeout=60)[0] for user in users] == ["running\n"] * 2
    assert [user.returncode for user in users] == [0, 0]
    assert not answers(config)


def test_it_outlives_a_user_that_is_killed_while_another_one_is_there(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config):
        user_of(used_config, "os.kill(os.getpid(), signal.SIGKILL)").communicate(timeout=60)
        assert answers(used_config)
    assert not answers(used_config)


def test_it_adopts_the_server_of_a_killed_process(used_config: PostgresConfig) -> None:
    user_of(used_config, "os.kill(os.getpid(), signal.SIGKILL)").communicate(timeout=60)
    orphan = postmaster(used_config)
    with embedded_postgres(used_config):
        assert postmaster(used_config) == orphan
    assert not answers(used_config)


def test_a_killed_test_run_leaves_no_server(used_config: PostgresConfig) -> None:
    user_of(used_config, "os.kill(os.getpid(), signal.SIGKILL)").communicate(timeout=60)
    assert answers(used_config)
    stop_after_the_last(used_config)
    assert not answers(used_config)


def test_it_recovers_from_a_killed_server(used_config: PostgresConfig) -> None:
    user_of(used_config, "os.kill(os.getpid(), signal.SIGKILL)").communicate(timeout=60)
    os.kill(postmaster(used_config), signal.SIGKILL)
    with embedded_postgres(used_config):
        assert answers(used_config)


def test_it_finds_a_server_whose_socket_was_swept_away(used_config: PostgresConfig) -> None:
    user_of(used_config, "os.kill(os.getpid(), signal.SIGKILL)").communicate(timeout=60)
    shutil.rmtree(used_config.socket_dir)
    with embedded_postgres(used_config):
        assert answers(used_config)


def test_it_is_not_fooled_by_a_stale_process_id(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config):
        lines = (used_config.cluster / "postmaster.pid").read_text().splitlines()
    (used_config.cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with embedded_postgres(used_config):
        assert answers(used_config)


def test_it_makes_anew_what_was_left_half_made(used_config: PostgresConfig) -> None:
    used_config.cluster.rename(used_config.home / "data.making")
    (used_config.home / "data.making" / "PG_VERSION").unlink()
    with embedded_postgres(used_config):
        assert answers(used_config)
    assert not (used_config.home / "data.making").exists()


def test_it_refuses_the_data_of_another_version(used_config: PostgresConfig) -> None:
    (used_config.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 15"), embedded_postgres(used_config):
        pass


def test_it_refuses_a_socket_folder_that_others_may_enter(config: PostgresConfig) -> None:
    config.socket_dir.mkdir(mode=0o755)
    with pytest.raises(EmbeddedError, match="not a private folder"), embedded_postgres(config):
        pass


def test_it_says_in_one_line_why_the_server_does_not_start(config: PostgresConfig) -> None:
    broken = PostgresConfig(config.data_dir, settings={"shared_buffers": "nonsense"})
    with pytest.raises(EmbeddedError, match=r"does not start: .*shared_buffers") as failure, embedded_postgres(broken):
        pass
    assert "\n" not in str(failure.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_it_names_the_folder_that_bars_the_account_and_leaves_it_alone(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)
    with pytest.raises(EmbeddedError, match=data_dir.parent.name), embedded_postgres(PostgresConfig(data_dir / "x")):
        pass
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700
    data_dir.parent.chmod(0o711)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_it_makes_folders_that_bar_nobody(data_dir: Path) -> None:
    before = os.umask(0o077)
    try:
        make_folder(data_dir / "a" / "b")
    finally:
        os.umask(before)
    assert barring_folder(data_dir / "a" / "b", account=system_account()) is None


def test_it_stops_for_a_process_that_is_asked_to_end(used_config: PostgresConfig) -> None:
    user = user_of(used_config, "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); time.sleep(60)")
    assert user.stdout is not None
    user.stdout.readline()
    time.sleep(0.2)
    user.terminate()
    user.communicate(timeout=60)
    assert (user.returncode, answers(used_config)) == (7, False)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_gets_up_again_when_it_was_ended_behind_its_users_back(
    used_config: PostgresConfig, number: signal.Signals
) -> None:
    returned = threading.Event()
    with embedded_postgres(used_config):
        watch = Watch(used_config, on_return=returned.set, on_failure=print)
        watch.start()
        os.kill(postmaster(used_config), number)
        assert returned.wait(20)
        assert answers(used_config)
        watch.end()


def test_it_serves_those_who_wait_for_a_connection_while_it_gets_up(used_config: PostgresConfig) -> None:
    given = f"host='{used_config.socket_dir}' dbname={NAME} user={ROLE}"
    with (
        embedded_postgres(used_config),
        ConnectionPool(given, min_size=2, timeout=5, check=ConnectionPool.check_connection) as pool,
        ThreadPoolExecutor(1) as thread,
    ):
        pool.wait()
        with connect(used_config, NAME) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE])
        asking = thread.submit(pool.getconn)
        time.sleep(0.2)  # it has met both connections, which lead to nobody, and sleeps for a second
        leave_pool(pool)
        pool.putconn(asking.result(timeout=3))


@pytest.mark.soak
def test_it_gets_up_again_although_a_query_goes_on(used_config: PostgresConfig) -> None:
    returned = threading.Event()
    with embedded_postgres(used_config), connect(used_config, NAME) as connection:
        endless = threading.Thread(target=count_for_ever, args=[connection])
        endless.start()
        watch = Watch(used_config, on_return=returned.set, on_failure=print)
        watch.start()
        os.kill(postmaster(used_config), signal.SIGKILL)
        assert returned.wait(20)
        watch.end()
        endless.join(5)


def count_for_ever(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Run a query that looks at no latch, and so does not notice that its server is gone."""
    with suppress(psycopg.Error):
        connection.execute("SELECT count(*) FROM generate_series(1, 1e10::bigint)")


def test_it_forgets_the_words_in_the_log_of_an_earlier_version(used_config: PostgresConfig) -> None:
    (used_config.home / "server.log.clean").unlink()
    used_config.log.write_text("ERROR: … STATEMENT: a question of somebody")
    with embedded_postgres(used_config):
        assert "somebody" not in used_config.log.read_text()


def test_it_gives_up_where_its_data_are_gone(used_config: PostgresConfig) -> None:
    failures: list[Exception] = []
    with embedded_postgres(used_config):
        watch = Watch(used_config, on_return=print, on_failure=failures.append, pause=0.01)
        os.kill(postmaster(used_config), signal.SIGKILL)
        used_config.cluster.rename(used_config.home / "elsewhere")
        watch.start()
        watch.join(20)
        (used_config.home / "elsewhere").rename(used_config.cluster)
    assert "data are gone" in str(failures[0])


def test_the_program_connects_as_the_owner_of_its_data_and_no_more(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config), connect(used_config, "postgres") as connection:
        rights = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
        row = connection.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
        owner = connection.execute(
            "SELECT datdba::regrole::text FROM pg_database WHERE datname = %s", [NAME]
        ).fetchone()
    assert (row, owner) == ((False,) * 5, (ROLE,))
    assert settings.DATABASES["default"]["USER"] == ROLE


def test_it_hands_over_what_an_earlier_version_made_as_the_superuser(used_config: PostgresConfig) -> None:
    with embedded_postgres(used_config):
        with connect(used_config, NAME) as connection:
            connection.execute(f"ALTER DATABASE {NAME} OWNER TO {NAME}")
            connection.execute("CREATE TABLE earlier (id serial, identity int GENERATED ALWAYS AS IDENTITY)")
            connection.execute("CREATE FUNCTION earlier() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        with embedded_postgres(used_config), connect(used_config, NAME) as connection:
            connection.execute(f"SET ROLE {ROLE}")
            connection.execute("DROP FUNCTION earlier(); DROP TABLE earlier; CREATE TABLE later ()")
