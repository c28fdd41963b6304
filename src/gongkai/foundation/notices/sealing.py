"""What a letter says while it waits, encrypted: who reads the database reads no letters.

The key follows from the installation's own, which stands in the home folder and in no backup of
the database.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

from gongkai.foundation.core.errors import Broken


def seal(content: Mapping[str, Any]) -> str:
    """``content`` as a sealed text."""
    return _box().encrypt(json.dumps(dict(content), ensure_ascii=False).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """What ``sealed`` holds; ``Broken`` when it was sealed with another key."""
    try:
        content: dict[str, Any] = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise Broken("a letter was sealed under another django.key") from error
    return content


def _box() -> Fernet:
    drawn = salted_hmac("gongkai.letters", "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(drawn))
