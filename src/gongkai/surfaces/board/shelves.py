"""The names of the board's lists, and how they are cut into pages. Pure arithmetic.

Lists are paged from the oldest, so a new item changes the newest page alone. The newest page has
no number of its own (``/c/JC``); an older one is ``/c/JC/3`` for ever. Hence when a page opens,
the one before it gets its number, and the one before that a link to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

PAGE = 30
"""Places on one page: thirty notices scan like a newspaper column. Changing it moves every item."""

ALL = "all"
OF, CATEGORY, BOX, ENTRY, WALL, GONE = "o", "c", "b", "e", "wall", "gone"
MONTH, FIXED = "m", "fixed"
"""By the civil month of opening (按月), and what was corrected after it was public (更正)."""
COMMENT, KEPT, LOST = "comment", "kept", "lost"
"""Lists without pages: where comments are invited, answers given by the promised day, and those of
them that were destroyed since. What was kept less what was lost can be counted again from the
records after an erasure, when nobody can tell any more what the destroyed answer promised."""
ENDED, UNSAID = "ended", "unsaid"
"""How voices ended, by year, kind, ground and outcome; and those of them destroyed since, counted
as above."""
HELD = "k"
"""What is found under the digest of a number, a text or an attachment: ``finding`` writes these."""
ROTA = "rota"
"""The days on which leaders receive visitors (接访日), by the month of the day itself."""
VOICES_OF_KIND, VOICES_OF_UNIT, VOICES_OF_YEAR = "wk", "wp", "wy"
"""The voices on the wall, by kind, by the department that answers, and by the year they came."""
FIGURE, MODERATED = "wf", "wr"
"""Only counted: what each department received and answered; what was changed, kept off or taken
down, by month and reason."""
BRIEFS = "briefs"
"""The public issues of the brief (简报)."""
BRIEF_CALLED, BRIEFS_WITH = "bn", "bi"
"""Lists without pages: the issue with a number, and the issues that name an item."""
UNSEEN = (COMMENT, KEPT, LOST)
FED = (ALL, CATEGORY, ENTRY)
"""Lists with a feed of their own; an organisation's feed is made from several."""


def name(family: str, organisation: str, code: str = "") -> str:
    """The name of an organisation's list: ``c:qingxi:JC``."""
    return ":".join(filter(None, (family, organisation, code)))


def is_held(shelf: str) -> bool:
    """Whether a list is of what is found under a key."""
    return shelf.startswith(f"{HELD}:")


@dataclass(frozen=True)
class Cut:
    """One page of one list (栏页): its number from the oldest, counted from 1."""

    shelf: str
    page: int

    @property
    def ordinals(self) -> range:
        """The ordinals of its places."""
        return range((self.page - 1) * PAGE, self.page * PAGE)


def pages(size: int) -> int:
    """How many pages a list of ``size`` places has; an empty list has one."""
    return max(1, -(-size // PAGE))


def newest(shelf: str, size: int) -> list[Cut]:
    """The last two pages of a list of ``size``: at least one page full, if there is that much."""
    return [Cut(shelf, page) for page in range(max(1, pages(size) - 1), pages(size) + 1)]


def cut_of(shelf: str, ordinal: int) -> Cut:
    """The page on which a place stands."""
    return Cut(shelf, ordinal // PAGE + 1)


def touched(shelf: str, ordinal: int) -> Iterable[Cut]:
    """The pages that change when the place ``ordinal`` is given or its item changes."""
    at = ordinal // PAGE + 1
    opens = ordinal % PAGE == 0
    return [Cut(shelf, page) for page in (range(at - 2, at + 1) if opens else (at,)) if page > 0]
