"""The environment, read with types, and the secret that is made where it names none."""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from chrysopedia.core.errors import OperatorError
from chrysopedia.embedded.folders import make_folder

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class SettingError(OperatorError):
    """A setting that can't be used as it stands."""

    def __init__(self, name: str, problem: str, *, example: str) -> None:
        super().__init__(f"{name} {problem}, for example {name}={example}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Environment:
    """Reads settings out of a mapping. An empty value counts as absent, as compose files write it."""

    values: Mapping[str, str]

    def string(self, name: str, default: str = "") -> str:
        """Return the text, without the space around it."""
        value = self.values.get(name, "").strip()
        if "\0" in value or not value.isprintable():
            raise SettingError(name, "holds a character that can't be printed", example="text")
        return value or default

    def choice(self, name: str, default: str, *, among: Sequence[str]) -> str:
        """Return one of the words in ``among``."""
        value = self.string(name, default)
        if value not in among:
            raise SettingError(name, f"is {value!r}; it must be one of {', '.join(among)}", example=default)
        return value

    def integer(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        """Return a whole number within the bounds, which are allowed values themselves."""
        value = self.string(name, str(default))
        try:
            number = int(value)
        except ValueError:
            number = at_least - 1
        if not at_least <= number <= at_most:
            problem = f"is {value!r}; it must be a whole number from {at_least} to {at_most}"
            raise SettingError(name, problem, example=str(default))
        return number

    def number(self, name: str, default: float, *, at_least: float, at_most: float) -> float:
        """Return a number within the bounds, which are allowed values themselves."""
        value = self.string(name, f"{default:g}")
        try:
            number = float(value)
        except ValueError:
            number = at_least - 1
        if not at_least <= number <= at_most:  # also refuses nan
            problem = f"is {value!r}; it must be a number from {at_least:g} to {at_most:g}"
            raise SettingError(name, problem, example=f"{default:g}")
        return number

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return yes or no."""
        value = self.string(name).lower()
        if value and value not in YES | NO:
            raise SettingError(name, f"is {value!r}; it must be 1 or 0", example="1")
        return value in YES if value else default

    def url(self, name: str, default: str = "", *, schemes: Sequence[str] = ("http", "https"), example: str) -> str:
        """Return a URL that has one of the schemes and a host, without a slash at its end."""
        value = self.string(name, default).rstrip("/")
        if not value:
            return ""
        parts = _split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise SettingError(name, f"must be a URL that begins with {' or '.join(schemes)}", example=example)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Return the parts of a comma-separated list, without empty ones."""
        return tuple(part.strip() for part in self.string(name).split(",") if part.strip())

    def origins(self, name: str) -> tuple[str, ...]:
        """Return a comma-separated list of web origins: scheme and host, no path."""
        origins = tuple(origin.rstrip("/") for origin in self.words(name))
        for origin in origins:
            parts = _split(origin)
            if parts is None or parts.scheme not in {"http", "https"} or parts.path or not parts.hostname:
                problem = f"holds {origin!r}, which is not an origin (scheme and host, no path)"
                raise SettingError(name, problem, example="https://app.example,http://localhost:3000")
        return origins

    def networks(self, name: str, default: str = "") -> tuple[IPv4Network | IPv6Network, ...]:
        """Return a comma-separated list of addresses and networks."""
        parts = self.words(name) or tuple(default.split(",") if default else ())
        try:
            return tuple(ip_network(part) for part in parts)
        except ValueError as error:
            raise SettingError(name, f"holds no address or network: {error}", example="10.0.0.0/8,::1") from None

    def path(self, name: str) -> Path | None:
        """Return an absolute path, or None; ``~`` is the home folder."""
        value = self.string(name)
        try:
            return Path(value).expanduser().absolute() if value else None
        except RuntimeError:
            raise SettingError(name, "begins with a home folder that does not exist", example="/srv/data") from None


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it is what validates it
    except ValueError:
        return None
    return parts


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
