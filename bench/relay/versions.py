"""The versions of everything that is measured, in one line."""

import json
import subprocess
import sys
from pathlib import Path

OURS = ("Django", "daphne", "openai")
SERVERS = ("uvicorn", "uvloop", "httptools", "granian")
PEERS = ("fastapi", "uvicorn", "openai", "SQLAlchemy", "litellm")
LOOK = """
import importlib.metadata, json, platform, sys
found = {d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions(path=sys.argv[1:] or sys.path)}
print(json.dumps({"cpython": platform.python_version(), **found}))
"""


def versions(*, peers_python: Path, servers_path: Path) -> str:
    """Return them, of this environment, of the servers added to it, and of the peers'."""
    own = Path(sys.executable)
    groups = [
        ("ours", ("CPython", *OURS), _found(own)),
        ("its servers", SERVERS, _found(own, str(servers_path))),
        ("peers", ("CPython", *PEERS), _found(peers_python)),
    ]
    return "; ".join(f"{title}: {_named(names, found)}" for title, names, found in groups)


def _named(names: tuple[str, ...], found: dict[str, str]) -> str:
    return ", ".join(f"{name} {found.get(name.lower(), 'absent')}" for name in names)


def _found(python: Path, *places: str) -> dict[str, str]:
    """Return the version of each distribution in an environment, or in a folder."""
    try:
        done = subprocess.run([python, "-c", LOOK, *places], stdout=subprocess.PIPE, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    found: dict[str, str] = json.loads(done.stdout)
    return found
