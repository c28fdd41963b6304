"""What a display proves itself with: random words, of which only digests are kept."""

import secrets
from hashlib import sha256

from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.surfaces.channels.screens import rules


def new_token() -> str:
    """A word of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token; it is random, so nothing slower is needed."""
    return sha256(token.encode()).hexdigest()


def new_pairing_code() -> str:
    """A code to be read from four metres."""
    return "".join(secrets.choice(rules.LETTERS) for _each in range(rules.CODE))


def new_screen_code() -> str:
    """What stands in a display's address."""
    return "".join(secrets.choice(ALPHABET) for _each in range(8))


def tidied(typed: str) -> str:
    """A pairing code as typed, without blanks and hyphens, in capitals."""
    return "".join(each for each in typed.upper() if each.isalnum())[: 2 * rules.CODE]
