"""Contact data 联系方式: encrypted apart from the voice, for the few who must answer.

The key stands in the home folder and in no backup of the database, so a copy of the database
alone tells nobody whom to call.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from gongkai.foundation.core.errors import Broken

KEY = "contact.key"
_HAN = re.compile(r"[\u4e00-\u9fff]")
DATA = ("name", "tel", "mail")
"""How to reach whoever spoke."""
WISHES = ("tell_mail", "tell_text", "language")
"""Whether they want to be told when something happens, and in which language."""


@dataclass(frozen=True)
class Wish:
    """Whether whoever spoke asked to be told when something happens (告知约定), and how."""

    by_mail: bool = False
    by_text: bool = False
    language: str = "zh-hans"


def given(fields: Mapping[str, str], language: str) -> dict[str, str]:
    """What of a form's ``fields`` is contact data, with the wishes; empty when none was given."""
    data = {name: fields[name] for name in DATA if fields.get(name)}
    wishes = {name: fields[name] for name in WISHES if fields.get(name)}
    return {**data, **wishes, "language": language} if data else {}


def language_of(text: str) -> str:
    """The language in which somebody is written to whose words these are, taken down for them."""
    return "zh-hans" if _HAN.search(text) else "en"


def data_in(contact: Mapping[str, str]) -> dict[str, str]:
    """How to reach whoever gave ``contact``, without their wishes."""
    return {name: contact[name] for name in DATA if contact.get(name)}


def wish_in(contact: Mapping[str, str]) -> Wish:
    """The wishes in ``contact``: only by what they have given."""
    return Wish(
        by_mail=bool(contact.get("tell_mail") and contact.get("mail")),
        by_text=bool(contact.get("tell_text") and contact.get("tel")),
        language=contact.get("language", "zh-hans"),
    )


def mark(address: str) -> str:
    """A keyed digest of a mail address, which cannot be turned back."""
    return salted_hmac("gongkai.told", address.lower(), algorithm="sha256").hexdigest()


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
