"""What a letter can be sent to: mail addresses and mobile numbers, each in one spelling."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused

LONGEST = 254
"""Characters of an address that mail can carry (RFC 5321)."""

_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0]")
_BETWEEN = re.compile(r"[\s()（）.\-‐-–]")
_MOBILE = re.compile(r"1[3-9]\d{9}|\+[1-9]\d{6,14}")


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


def mobile(typed: str) -> str:
    """A mobile number as a gateway takes it: eleven digits, or a plus and the whole number abroad.

    ``Refused`` when no short message could reach it.
    """
    number = _BETWEEN.sub("", typed)
    number = number.removeprefix("+86").removeprefix("0086") or number
    if not number.isascii() or not _MOBILE.fullmatch(number):
        raise Refused([_("短信只能发到手机。请写11位手机号，国外的写加号和国家代码。")])
    return number


def sender_host() -> str:
    """The host of the sender of our letters, for the names that letters bear."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower() or "localhost"


def hidden(address: str) -> str:
    """An address as far as somebody needs it who knows it: ``z…@example.org``."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"
