"""Secrets wrapped by a passphrase: scrypt makes the key, AES-GCM seals.

The seal also covers the list of the backup's files, so whoever changes that list without knowing
the passphrase is found out. The passphrase comes from a file, the environment or a prompt, never
from the command line, where every user of the machine could read it.
"""

import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gongkai.config.env import Unusable, text
from gongkai.foundation.core import canonical

COST = 2**17
"""scrypt's work factor: 128 MB and a third of a second for each guess."""
_HIGHEST_COST = 2**20
_BLOCKS = 8
LEAST_LENGTH = 12


class NotOpened(Exception):
    """The passphrase is another, or what it sealed was changed."""


def seal(secrets: Mapping[str, bytes], passphrase: str, covered: bytes) -> dict[str, Any]:
    """``secrets`` by name, sealed together with the bytes ``covered``, which stay readable."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    plain = canonical.encode({name: _told(data) for name, data in secrets.items()})
    box = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, plain, covered)
    return {"cost": COST, "salt": _told(salt), "nonce": _told(nonce), "box": _told(box)}


def unseal(sealed: Mapping[str, Any], passphrase: str, covered: bytes) -> dict[str, bytes]:
    """The secrets; ``NotOpened`` when passphrase or ``covered`` are not those of the sealing."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        cost = int(sealed["cost"])
        salt, nonce, box = (b64decode(sealed[name]) for name in ("salt", "nonce", "box"))
        if cost > _HIGHEST_COST:  # a forged list must not take all memory
            raise NotOpened
        plain = AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, box, covered)
    except (InvalidTag, KeyError, ValueError) as error:
        raise NotOpened from error
    return {name: b64decode(data) for name, data in canonical.decode(plain).items()}


def ask(file: Path | None, *, new: bool) -> str:
    """The passphrase of a backup: from ``file``, else BACKUP_PASSPHRASE, else from the person."""
    given = "" if file else text("BACKUP_PASSPHRASE", "")
    return entered(
        file, "备份口令 / Passphrase", new=new, given=given, variable="BACKUP_PASSPHRASE"
    )


def entered(
    file: Path | None,
    named: str,
    *,
    new: bool,
    given: str = "",
    variable: str = "KEYS_PASSPHRASE",
) -> str:
    """The passphrase that is ``named`` so: from ``file``, else as ``given`` by ``variable``, else
    from the person, who types a ``new`` one twice.

    ``Unusable`` when there is none, or a new one that is too short to protect anything.
    """
    if file is not None:
        given = read(file)
    elif not given and sys.stdin.isatty():
        given = click.prompt(named, hide_input=True, confirmation_prompt=new)
    elif not given:
        short = named.partition(" /")[0]
        raise Unusable(
            f"没有{short}。请用 --passphrase-file 指一个文件，或者设 {variable}。"
            f" / No passphrase: name a file with --passphrase-file, or set {variable}."
        )
    if new and len(given) < LEAST_LENGTH:
        short = named.partition(" /")[0]
        raise Unusable(
            f"{short}至少要{LEAST_LENGTH}个字符。 / At least {LEAST_LENGTH} characters, please."
        )
    return given


def read(file: Path) -> str:
    """The passphrase that ``file`` holds. ``Unusable`` when it cannot be read, or is empty."""
    try:
        given = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"读不了口令文件 {file}。 / The passphrase file cannot be read.") from error
    if not given:
        raise Unusable(f"口令文件 {file} 是空的。 / The passphrase file is empty.")
    return given


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=cost, r=_BLOCKS, p=1).derive(passphrase.encode())


def _told(data: bytes) -> str:
    return b64encode(data).decode()
