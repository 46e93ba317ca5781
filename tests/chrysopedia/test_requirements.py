"""What is installed: pinned by digest, all of it, and looked up without passing anything over."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("lock", LOCKS)
def test_it_pins_every_package_by_version_and_digest(lock: str) -> None:
    entries = re.sub(r"\\\n", " ", (ROOT / lock).read_text()).splitlines()
    named = [entry for entry in entries if entry.strip() and not entry.lstrip().startswith("#")]
    assert named
    assert all(re.match(r"[\w.\[\]-]+(==| @ )\S+.* --hash=sha256:[0-9a-f]{64}", entry) for entry in named)


def test_it_audits_every_list_and_fails_on_what_it_passes_over() -> None:
    ran = subprocess.run(["make", "-n", "audit"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pip-audit --strict" in ran
    assert all(f"-r {lock}" in ran for lock in LOCKS)
