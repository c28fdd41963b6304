"""Canonical JSON: one value, one sequence of bytes.

The form of RFC 8785, restricted to what we seal: objects with text keys, lists, text, integers,
booleans and null. Floats are refused, since their spelling differs between languages; an amount
is an integer of the smallest unit, or text. Keys are sorted by UTF-16 code units as the RFC asks.
"""

import hashlib
import json
from typing import Any

_LARGEST = 2**53 - 1  # what a browser's JSON.parse still reads exactly


def encode(value: Any) -> bytes:
    """The canonical bytes of ``value``. Raises ``TypeError`` or ``ValueError`` on what has none."""
    return json.dumps(
        _ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8")


def decode(data: bytes) -> Any:
    """The value whose canonical bytes are ``data``; ``ValueError`` when they are not canonical."""
    value = json.loads(data)
    if encode(value) != data:
        raise ValueError("not canonical JSON")
    return value


def digest(data: bytes) -> str:
    """The SHA-256 of ``data`` in hexadecimal: how editions and files are named."""
    return hashlib.sha256(data).hexdigest()


def _ordered(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            if abs(value) > _LARGEST:
                raise ValueError(f"integer out of range: {value}")
            return value
        case list() | tuple():
            return [_ordered(item) for item in value]
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("object keys must be text")
            names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
            return {name: _ordered(value[name]) for name in names}
        case _:
            raise TypeError(f"no canonical form for {type(value).__name__}")
