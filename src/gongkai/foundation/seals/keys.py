"""The private keys of seals, in ``keys/``, encrypted as all keys there are.

    seal-<organisation>.next.key ──the row names its certificate──► seal-<organisation>.key

A new key is written before its certificate is; only then does it take the place of the old one,
which is gone with that. Which of the two signs follows from the certificate alone, so that whatever
was cut off is put right by the next who looks.
"""

from pathlib import Path

from django.conf import settings

from gongkai.foundation.core.durable import sync
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.seals import certificates

AUTHORITY = "seal-authority.key"


def name_of(slug: str, *, following: bool = False) -> str:
    """The file of an organisation's key, or of the one that is to follow it."""
    return f"seal-{slug}.next.key" if following else f"seal-{slug}.key"


def find(slug: str, certificate: str) -> str:
    """The private key that belongs to ``certificate``. ``Broken`` when it is not there."""
    for following in (False, True):
        name = name_of(slug, following=following)
        if _place(name).exists():
            key: str = settings.HOME.secret(name)
            if certificates.belongs(key, certificate):
                return key
    raise Broken(
        f"keys/{name_of(slug)} is not the key of the certificate in use; "
        "bring it back from a backup, or run 'gongkai seal certificate rotate'"
    )


def prepare(slug: str, key: str) -> None:
    """Write ``key`` where the next key of the organisation stands. *Repeats.*"""
    settings.HOME.keep_secret(name_of(slug, following=True), key)


def settle(slug: str, certificate: str) -> None:
    """Let the file follow the row: the next key becomes the key once ``certificate``, which is in
    use, is its own. *A crash leaves it to the next call.*
    """
    place, following = _place(name_of(slug)), _place(name_of(slug, following=True))
    if following.exists() and certificates.belongs(
        settings.HOME.secret(following.name), certificate
    ):
        following.replace(place)
        sync([place.parent])


def destroy(slug: str) -> None:
    """No key of the organisation signs any more: they are gone."""
    for following in (False, True):
        _place(name_of(slug, following=following)).unlink(missing_ok=True)
    sync([_place(AUTHORITY).parent])


def authority() -> str:
    """The key of the installation's authority; empty when there is none."""
    key: str = settings.HOME.secret(AUTHORITY) if _place(AUTHORITY).exists() else ""
    return key


def keep_authority(key: str) -> None:
    """Write the key of a new authority in the place of the one before."""
    settings.HOME.keep_secret(AUTHORITY, key)


def _place(name: str) -> Path:
    place: Path = settings.HOME.keys / name
    return place
