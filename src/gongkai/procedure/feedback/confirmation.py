"""The confirmation page's token: what was written, signed, with an hour to live.

Nothing is kept on the server until the person has seen their words and sent them. The token holds
them, so that an expired page loses nothing either.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

SALT = "gongkai.say"
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class Written:
    """A voice before it is sent: the form's fields, the item's address, a number used once.

    ``once`` is also the question of the page's proof of work, and ``bits`` how hard that is.
    """

    fields: dict[str, str]
    address: str
    once: str
    expired: bool = False
    bits: int = 0


def number() -> str:
    """A number for a new page, which nobody can guess."""
    return secrets.token_urlsafe(24)


def token(fields: dict[str, str], address: str, *, once: str = "", bits: int = 0) -> str:
    """The signed text for the confirmation page with the number ``once``, or a new one."""
    kept = {"fields": fields, "address": address, "once": once or number(), "bits": bits}
    return signing.dumps(kept, salt=SALT, compress=True)


def read(text: str, address: str) -> Written | None:
    """What ``text`` holds, expired or not; None when it is not ours or for another item."""
    try:
        kept = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    if kept["address"] != address:
        return None
    bits = kept.get("bits", 0)  # a page that was drawn before there was work asks for none
    return Written(kept["fields"], address, kept["once"], _expired(text), bits)


def _expired(text: str) -> bool:
    try:
        signing.loads(text, salt=SALT, max_age=LIFETIME)
    except signing.SignatureExpired:
        return True
    return False
