"""Contact data 联系方式: encrypted apart from the voice, for the few who must answer.

The key stands in the home folder and in no backup of the database, so a copy of the database
alone tells nobody whom to call.
"""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from gongkai.foundation.core.errors import Broken

KEY = "contact.key"


def seal(contact: Mapping[str, str]) -> bytes:
    """``contact`` encrypted with the installation's key."""
    return _box().encrypt(json.dumps(dict(contact), ensure_ascii=False).encode("utf-8"))


def unseal(sealed: bytes) -> dict[str, str]:
    """The contact data in ``sealed``; ``Broken`` when it was sealed with another key."""
    try:
        return {str(k): str(v) for k, v in json.loads(_box().decrypt(sealed)).items()}
    except InvalidToken as error:
        raise Broken("contact data was encrypted with another key than contact.key") from error


def _box() -> Fernet:
    return Fernet(settings.HOME.secret(KEY))
