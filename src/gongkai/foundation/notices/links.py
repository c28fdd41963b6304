"""Words that stand in links of letters: a row's handle, signed for one purpose.

A forged or mangled one leads nowhere. What a link does, it does on a button: mail scanners open
every link.
"""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from gongkai.foundation.core.identifiers import ALPHABET

HANDLE = 16
"""Characters of a handle: 80 random bits."""
_SIGNATURE = 20


def new_handle() -> str:
    """A handle that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _each in range(HANDLE))


def word(purpose: str, handle: str) -> str:
    """The word that stands in a link."""
    return handle + _signature(purpose, handle)


def handle_in(purpose: str, text: str) -> str:
    """The handle that ``text`` names for this purpose; nothing when it is forged or mangled."""
    handle, signature = text[:-_SIGNATURE], text[-_SIGNATURE:]
    good = constant_time_compare(signature, _signature(purpose, handle))
    return handle if good else ""


def _signature(purpose: str, handle: str) -> str:
    drawn = salted_hmac(f"gongkai.{purpose}", handle, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % 32] for byte in drawn[:_SIGNATURE])
