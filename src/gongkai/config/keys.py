"""The installation's secret keys, made once.

Without Django, since the supervisor makes them for the demonstration before anything else runs.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from gongkai.config import wrapping
from gongkai.config.env import Home


def make_keys(home: Home, origin: str) -> None:
    """Make the keys that are missing in ``home``; each file readable by its owner alone.

    ``django.key`` signs sessions and links, ``log.key`` signs the log as ``origin``, ``audit.key``
    the office log as ``origin/office``, ``witness.key`` cosigns the logs of others as
    ``origin/witness``, ``contact.key`` encrypts contact data. A key that is there stays: a second
    log key would break the log, a second contact key would lose every contact. Where a passphrase
    is at hand from the first moment, they are wrapped from the first moment.
    """
    fresh = not any(home.keys.glob("*.key"))
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make(home.keys / "django.key", lambda: secrets.token_urlsafe(64))
    _make(home.keys / "log.key", lambda: _log_key(origin))
    make_audit_key(home, origin)
    make_witness_key(home, origin)
    _make(home.keys / "contact.key", _contact_key)
    if fresh and (words := wrapping.passphrase()):
        wrapping.seal(home.keys, words)


def make_audit_key(home: Home, origin: str) -> None:
    """Make the office log's key where an installation of before the office log has none."""
    _make(home.keys / "audit.key", lambda: _log_key(f"{origin}/office"))


def make_next_key(home: Home, name: str, origin: str) -> None:
    """Make the key that is to follow the signing key ``name`` (``log``, ``audit``)."""
    _make(home.keys / f"{name}.next.key", lambda: _log_key(origin))


def make_witness_key(home: Home, origin: str) -> None:
    """Make the key that cosigns where an installation of before the witnesses has none."""
    _make(home.keys / "witness.key", lambda: _witness_key(f"{origin}/witness"))


def _make(file: Path, secret: Callable[[], str]) -> None:
    """Write a new secret whole or not at all: half a key would be taken for a key."""
    if not file.exists():
        wrapping.put(file, wrapping.to_write(file, secret()), new=True)


def _log_key(origin: str) -> str:
    from gongkai.foundation.translog.note import Signer

    return Signer.generate(origin).skey


def _witness_key(name: str) -> str:
    from gongkai.foundation.translog.cosignature import Cosigner

    return Cosigner.generate(name).skey


def _contact_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
