"""Audiences 公开范围 as values: a set of keys on one side, a reader's keys on the other.

Nothing is decided here. ``publication.audience.readable`` compares the two; every surface asks it.
"""

from collections.abc import Container
from dataclasses import dataclass

PUBLIC = "public"
"""To society 向社会公开."""
PARTY = "party"
"""To every Party member 在全党公开."""


def is_public(keys: Container[str]) -> bool:
    """Whether these are the keys of what is for everybody; all others are for members only."""
    return PUBLIC in keys


def org_key(slug: str) -> str:
    """The key of all members of the organisation ``slug``, and of those below it."""
    return f"org:{slug}"


def group_key(slug: str, group: str) -> str:
    """The key of whoever sits in a group 小组 of the organisation ``slug`` today."""
    return f"group:{slug}/{group}"


def member_key(key: str) -> str:
    """The key of one member."""
    return f"member:{key}"


@dataclass(frozen=True)
class Reader:
    """Who reads (读者), as the keys they have on the day."""

    keys: frozenset[str]


ANONYMOUS = Reader(frozenset({PUBLIC}))
"""Somebody of whom nothing is known."""
