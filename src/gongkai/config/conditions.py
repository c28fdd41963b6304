"""What a request's headers ask of a file: its coding, only its news, a part of it (RFC 9110).

Where the RFC leaves a choice, this is nginx's, so that a reader meets one board whoever serves it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from gongkai.config.folder import SUFFIXES

_WEIGHT = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*")
_PIECE = re.compile(r"bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*")

NOWHERE = (0, 0)
"""The place of a range that lies outside the file, or makes no sense."""


@lru_cache(maxsize=256)
def codings(header: str) -> tuple[str, ...]:
    """The codings that Accept-Encoding allows and does not like less than plain bytes, best first.

    Of two that it likes alike, the smaller one comes first.
    """
    weights = dict(_weights(header))
    others = weights.get("*", 0.0)
    plain = weights.get("identity", 0.0)
    liked = {coding: weights.get(coding, others) for coding in SUFFIXES}
    fit = (coding for coding, weight in liked.items() if weight > 0 and weight >= plain)
    return tuple(sorted(fit, key=lambda coding: -liked[coding]))


def _weights(header: str) -> Iterator[tuple[str, float]]:
    for choice in header.lower().split(","):
        name, semicolon, parameter = choice.partition(";")
        match = _WEIGHT.fullmatch(parameter)
        yield name.strip(), float(match[1]) if match else float(not semicolon)


def unchanged(environ: Mapping[str, Any], tag: str, modified: str) -> bool:
    """Whether the reader already has these bytes. If-None-Match decides when it is there.

    A date must be the very one that we gave: a restored or replaced file may well be older than
    the one it replaces.
    """
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is None:
        return bool(environ.get("HTTP_IF_MODIFIED_SINCE") == modified)
    tags = [each.strip().removeprefix("W/") for each in known.split(",")]
    return "*" in tags or tag in tags


def piece(environ: Mapping[str, Any], tag: str, size: int) -> tuple[int, int] | None:
    """The one range that is asked for, as (first, end); None for the whole file.

    ``NOWHERE`` when it lies outside or makes no sense. Several ranges are answered with the whole,
    and so is a range of bytes that are no longer there.
    """
    header = environ.get("HTTP_RANGE", "").strip().lower()
    if not header.startswith("bytes=") or "," in header or not size:
        return None
    if environ.get("HTTP_IF_RANGE", tag) != tag:
        return None
    match = _PIECE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return NOWHERE
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else NOWHERE
    end = min(size, int(last) + 1) if last else size
    return (int(first), end) if int(first) < end else NOWHERE
