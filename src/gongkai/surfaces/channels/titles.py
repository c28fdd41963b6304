"""A title as a letter and a message can carry it."""

import unicodedata

_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs"))


def plain(title: str) -> str:
    """``title`` in one line, without signs that cannot be seen, or that turn what follows."""
    kept = (sign for sign in title if sign.isspace() or unicodedata.category(sign) not in _HIDDEN)
    return " ".join("".join(kept).split())
