"""Moulds: what the pages of many items have in common is drawn once, and poured out for each.

Two items of one kind differ in some thirty places: title, text, days, numbers. Their template is
rendered with a gap in each of these places; filling the gaps costs a tenth of rendering. A mould
follows from the look alone, which holds everything else that the template may ask about, so it
cannot take anything of one item into the page of another.
"""

import re
from collections.abc import Callable, Hashable, Mapping

from gongkai.foundation.ui.folding import quickly

Gaps = Mapping[str, str]
"""What stands in the gaps by name; plain text is escaped, ``Markup`` is not."""

KEPT = 500
"""Moulds in memory, some 12 kB each. Looks that come back number a few dozen an organisation."""

_GAP = re.compile(r"\0([a-z_]+\d*)\0")

_moulds: dict[Hashable, "Mould"] = {}


def gap(name: str) -> str:
    """Stands for a text in a template; it may be printed, but not asked about or cut."""
    return f"\0{name}\0"


class Mould:
    """A page with gaps (模子)."""

    def __init__(self, html: str) -> None:
        self._parts = _GAP.split(html)
        self._names = self._parts[1::2]

    def filled(self, gaps: Gaps) -> str:
        """The page. ``KeyError`` when it has a gap that ``gaps`` does not know."""
        said = {name: str(quickly(text)) for name, text in gaps.items()}
        parts = self._parts.copy()
        parts[1::2] = [said[name] for name in self._names]
        return "".join(parts)


def mould(key: Hashable, draw: Callable[[], str]) -> Mould:
    """The mould of this ``key``; drawn when it is not in memory. The oldest makes room."""
    found = _moulds.get(key)
    if found is None:
        if len(_moulds) >= KEPT:
            del _moulds[next(iter(_moulds))]
        found = _moulds[key] = Mould(draw())
    return found
