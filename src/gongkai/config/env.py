"""What the surroundings say: environment variables first, then the home folder's own settings.

Nothing here imports Django, so that the supervisor and the board handler start without it.
Every variable is listed in ``docs/reference/settings.md``; a test compares the two.
"""

import os
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PRIVATE = (
    "archive",
    "audit",
    "backups",
    "calendars",
    "files",
    "incoming",
    "keys",
    "outbox",
    "prints",
    "quarantine",
    "renditions",
    "run",
    "search",
    "television",
)
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class Unusable(Exception):
    """A setting cannot be used; the message says which, and what would do."""


def text(name: str, default: str | None = None) -> str:
    """The variable ``name``; ``Unusable`` when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise Unusable(f"{name} is not set.")
    return value


def number(name: str, default: int) -> int:
    """The variable ``name`` as a whole number."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise Unusable(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def flag(name: str, default: bool = False) -> bool:
    """The variable ``name`` as yes or no."""
    value = text(name, str(default)).lower()
    if value not in TRUE | FALSE:
        raise Unusable(f"{name} must be yes or no, not {value!r}.")
    return value in TRUE


@dataclass(frozen=True)
class Home:
    """The data folder: everything an installation owns stands under it."""

    path: Path = field(default_factory=lambda: Path(text("GONGKAI_HOME", "./var")).resolve())

    @property
    def board(self) -> Path:
        """The public site: plain and precompressed files, and the log."""
        return self.path / "board"

    @property
    def log(self) -> Path:
        """The transparency log: checkpoint, tiles, vkey."""
        return self.board / "log"

    @property
    def audit(self) -> Path:
        """The office log: checkpoint, tiles, vkey. For the owner alone, never on the board."""
        return self.path / "audit"

    @property
    def assets(self) -> Path:
        """Style sheets and scripts by digest, shared by board and desk."""
        return self.board / "assets"

    @property
    def files(self) -> Path:
        """Attachments, by digest. Never served as a folder."""
        return self.path / "files"

    @property
    def quarantine(self) -> Path:
        """Uploads that may do harm, by digest, until their day comes. Never read, never served."""
        return self.path / "quarantine"

    @property
    def prints(self) -> Path:
        """Sheets that were printed together: made from the records, and gone within days."""
        return self.path / "prints"

    @property
    def reach(self) -> Path:
        """What the web processes of this machine counted, until the tick takes it up."""
        return self.run / "reach"

    @property
    def renditions(self) -> Path:
        """The pages of files as pictures and text: made from the files, and made again if lost."""
        return self.path / "renditions"

    @property
    def television(self) -> Path:
        """Loops for television: made from public records, and made again if lost."""
        return self.path / "television"

    @property
    def archive(self) -> Path:
        """What has been filed 归档."""
        return self.path / "archive"

    @property
    def keys(self) -> Path:
        """Secret keys; files of mode 0600."""
        return self.path / "keys"

    @property
    def run(self) -> Path:
        """Sockets, locks, process marks."""
        return self.path / "run"

    @property
    def search(self) -> Path:
        """The index of what is published; made anew when it is not there."""
        return self.path / "search"

    @property
    def screens(self) -> Path:
        """What displays ask for; made anew by the keeper. It stands once a display was paired."""
        return self.path / "screens"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "gongkai.sqlite3"

    @property
    def settings_file(self) -> Path:
        """What ``gongkai init`` wrote down."""
        return self.path / "gongkai.toml"

    @property
    def address_file(self) -> Path:
        """Where ``gongkai run`` notes the address under which it serves the home."""
        return self.run / "address"

    @property
    def served_at(self) -> str:
        """The address that other commands write into pages and links when no setting names it."""
        try:
            return self.address_file.read_text("utf-8").strip()
        except OSError:
            return "http://127.0.0.1:8000"

    def lay_out(self) -> None:
        """Make the folders: the board for everyone to read, all else for the owner alone."""
        self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in PRIVATE:
            (self.path / name).mkdir(mode=0o700, exist_ok=True)
        self.assets.mkdir(parents=True, exist_ok=True)
        self.database.touch(mode=0o600)  # SQLite gives its other files the same mode

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The settings written by ``gongkai init``; empty before that."""
        if not self.settings_file.exists():
            return {}
        try:
            return tomllib.loads(self.settings_file.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise Unusable(f"{self.settings_file} cannot be read: {error}.") from error

    def setting(self, variable: str, key: str, default: str) -> str:
        """``variable`` from the environment, else ``key`` from the settings file, else default."""
        return text(variable, str(self.settings.get(key, default)))

    def secret(self, name: str) -> str:
        """The secret in the key file ``name``; ``Unusable`` when it cannot be had."""
        from gongkai.config import wrapping  # which asks this module for the passphrase

        return wrapping.read(self.keys / name)

    def keep_secret(self, name: str, secret: str) -> None:
        """Have ``secret`` stand in the key file ``name``, whole, wrapped where the others are."""
        from gongkai.config import wrapping

        file = self.keys / name
        wrapping.put(file, wrapping.to_write(file, secret))

    def public_key(self, name: str) -> str:
        """What the key in the key file ``name`` signs as; needs no passphrase."""
        from gongkai.config import wrapping

        return wrapping.public(self.keys / name)


def refuse_plain_http(home: Home, address: str) -> None:
    """``Unusable`` when ``address`` would carry passwords over a network without https."""
    parts = urlsplit(address)
    allowed = flag("ALLOW_PLAIN_HTTP", bool(home.settings.get("allow_plain_http", False)))
    if parts.scheme == "https" or parts.hostname in LOOPBACK or allowed:
        return
    raise Unusable(
        f"PUBLIC_URL is {address}: plain http is only for this machine itself. "
        "Use https, or set ALLOW_PLAIN_HTTP=yes if a protected network is meant."
    )
