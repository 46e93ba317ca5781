"""The secret key that is made once and kept beside the data."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from chrysopedia.embedded.folders import make_folder
from chrysopedia.env import SettingError


def kept_secret(path: Path) -> str:
    """Return the secret in the file, which is made when absent, readable by its owner alone."""
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text().strip()
    except OSError as error:
        problem = f"is not set and {path} can't be read or made ({error.strerror})"
        raise SettingError("SECRET_KEY", problem, example="fifty-random-characters") from None
    if not secret:
        raise SettingError(
            "SECRET_KEY", f"is not set and {path} is empty: remove it", example="fifty-random-characters"
        )
    return secret


def _make(path: Path) -> None:
    # Written whole under another name and then linked: whoever comes second reads the first one's key.
    make_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
