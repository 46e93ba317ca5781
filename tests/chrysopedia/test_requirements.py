"""What is installed: pinned by digest, all of it, and looked up without passing anything over."""

import json
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


def test_it_pins_every_client_from_npm_by_digest_and_names_no_registry() -> None:
    text = (ROOT / "tests/frontends/package-lock.json").read_text()
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert packages and '"resolved"' not in text
    assert all(re.match("sha512-.", one["integrity"]) and one["version"] for one in packages.values())


def test_it_audits_every_list_and_fails_on_what_it_passes_over() -> None:
    ran = subprocess.run(["make", "-n", "audit"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pip-audit --strict" in ran
    assert all(f"-r {lock}" in ran for lock in LOCKS)
