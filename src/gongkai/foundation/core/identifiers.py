"""Names that stand on paper: permanent addresses, receipt codes, verification codes.

All use Crockford's base 32, which leaves out the letters people misread (I, L, O, U).
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})

ADDRESS_LENGTH = 10
RECEIPT_LENGTH = 16
CODE_LENGTH = 12


def new_address() -> str:
    """An item's permanent address, as in ``/i/7K3QX0M2ZD``: 50 random bits, reveals no count."""
    return _random(ADDRESS_LENGTH)


def new_receipt() -> str:
    """A receipt code in groups of four, as in ``QX7F-2M9D-41XC-8KTA`` (80 random bits)."""
    return grouped(_random(RECEIPT_LENGTH))


def grouped(code: str, size: int = 4) -> str:
    """``code`` with a hyphen after every ``size`` characters, for reading aloud."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def verification_code(digest: str) -> str:
    """The first 60 bits of a digest in groups of four, as in ``K7QF-2M9D-41XC``."""
    bits = int(digest[: CODE_LENGTH * 5 // 4], 16)
    letters = [ALPHABET[bits >> 5 * place & 31] for place in reversed(range(CODE_LENGTH))]
    return grouped("".join(letters))


def normalised(typed: str) -> str:
    """What a person typed, in the one spelling we keep: upper case, no separators, I→1, O→0."""
    kept = "".join(character for character in typed.upper() if character.isalnum())
    return kept.translate(_MISREAD)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
