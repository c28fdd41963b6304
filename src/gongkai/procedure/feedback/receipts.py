"""Receipt codes 回执码: what only the voice has, and how we know it again.

The database keeps a hash. A code that belongs to a confirmation page is derived from the page's
token, so that a form sent twice shows the same code although we have not kept it.
"""

import hashlib

from django.utils.crypto import salted_hmac

from gongkai.foundation.core import identifiers


def code_for(token: str) -> str:
    """The receipt code of the confirmation ``token``; a fresh one when there is no token."""
    if not token:
        return identifiers.new_receipt()
    drawn = salted_hmac("gongkai.receipt", token, algorithm="sha256").digest()
    length = identifiers.RECEIPT_LENGTH
    return identifiers.grouped("".join(identifiers.ALPHABET[byte % 32] for byte in drawn[:length]))


def hashed(code: str) -> str:
    """What the database keeps of ``code``, however it was typed: SHA-256 in hexadecimal."""
    return hashlib.sha256(identifiers.normalised(code).encode()).hexdigest()
