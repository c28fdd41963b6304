"""How a webhook says who sends it: the open scheme of Standard Webhooks, HMAC-SHA256.

What is signed is ``id.timestamp.body``, so neither an old delivery can be passed off as a new one
nor one as another. While a secret is being replaced both sign, so no delivery is refused meanwhile.
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"
LENGTH = 32
SHORTEST = 24
"""Bytes of a secret that is not ours, as the scheme wants them."""


def new_secret() -> str:
    """A secret that nobody knows yet, as the receiver's library takes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def good(secret: str) -> bool:
    """Whether ``secret`` is one that can sign: ``whsec_`` and the base64 of 24 bytes or more."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return False
    return secret.startswith(PREFIX) and len(key) >= SHORTEST


def headers(identity: str, at: datetime, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """What is sent along with ``body``: its name, the moment, a signature with each key."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((identity.encode(), stamp.encode(), body))
    return {
        "Content-Type": "application/json",
        "User-Agent": "gongkai",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature(key, signed)}" for key in keys),
    }


def signature(key: str, signed: bytes) -> str:
    """The signature of these bytes with one secret."""
    secret = base64.b64decode(key.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(secret, signed, sha256)).decode()
