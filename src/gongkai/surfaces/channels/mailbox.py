"""A subscriber's mail address: in one spelling, encrypted, and known again by a keyed digest."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.procedure.feedback import contacts

LONGEST = 254
"""Characters of an address that mail can carry (RFC 5321)."""

_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0]")


def tidied(typed: str) -> str:
    """The address as mail carries it: the host in small letters and, where it is Chinese, in ASCII.

    ``Refused`` with what to do when no letter could reach it.
    """
    address = typed.strip()
    if len(address) > LONGEST:
        raise Refused([_("邮箱太长了。请核对一遍。")])
    name, at, host = address.rpartition("@")
    if not (name and at and host) or _CONTROL.search(address):
        raise Refused([_("邮箱要写成 name@example.com 的样子。请核对一遍。")])
    if not name.isascii():
        raise Refused([_("邮箱@前面只能是英文字母、数字和符号。请换一个邮箱。")])
    try:
        address = f"{name}@{host.encode('idna').decode().lower()}"
        validate_email(address)
    except (UnicodeError, ValidationError):
        raise Refused([_("邮箱要写成 name@example.com 的样子。请核对一遍。")]) from None
    return address


def key_of(address: str) -> str:
    """What the database knows the tidied ``address`` by."""
    return salted_hmac("gongkai.follow", address.lower(), algorithm="sha256").hexdigest()


def seal(address: str) -> bytes:
    """The address encrypted, apart from everything that could tell whose it is."""
    return contacts.seal({"mail": address})


def unseal(sealed: bytes | memoryview) -> str:
    """The address in ``sealed``; ``Broken`` when it was sealed with another key."""
    return contacts.unseal(bytes(sealed))["mail"]
