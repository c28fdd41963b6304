"""The one table of masks 统一遮盖样式: how each kind of personal data is shown, wherever it stands.

Two masks of one number could be put together to rebuild it (domain rules §6), so that there is one
for each kind: on the desk's pages, in a text that was covered, in what hangs on the wall. Nothing
else makes a mask.
"""

import re
from collections.abc import Callable

_UP_TO_TOWNSHIP = re.compile(r"^.{0,20}?(?:省|市|(?<![小社园])区|县|镇|乡|街道)")


def _identity(number: str) -> str:
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"


def _mobile(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}"


def _phone(number: str) -> str:
    return f"{number[:-7]}*****{number[-2:]}"


def _card(number: str) -> str:
    return f"{'*' * (len(number) - 4)}{number[-4:]}"


def _plate(plate: str) -> str:
    return f"{plate[:2]}***{plate[-2:]}"


def _address(whole: str) -> str:
    town = _UP_TO_TOWNSHIP.match(whole)
    return f"{town[0] if town else ''}…"


def _email(address: str) -> str:
    name, host = address.split("@", 1)
    return f"{name[0]}***@{host}"


MASKS: dict[str, Callable[[str], str]] = {
    "identity": _identity,
    "mobile": _mobile,
    "phone": _phone,
    "card": _card,
    "plate": _plate,
    "address": _address,
    "email": _email,
}
"""By the kind of finding; what is no such datum (somebody's illness) has no mask, only words."""


def mask(kind: str, found: str) -> str:
    """What stands for ``found``, in its bare form: digits without blanks, a plate without dots."""
    return MASKS[kind](found)
