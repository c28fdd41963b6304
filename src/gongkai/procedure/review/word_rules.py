"""Who may change the word list, and what may stand on it."""

from django.utils.translation import gettext as _

from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.review.checks.about import Listed
from gongkai.procedure.review.states import WordKind

WORD_LIMIT, INSTEAD_LIMIT = 40, 100


MOST_WORDS = 5000
"""How many rows a word list may have: more would slow every check down."""


NEEDING = (WordKind.LEADER, WordKind.MISTYPED)
"""Rows of the word list that say nothing without what should stand instead."""


def words_obstacles(organisation: Organisation, officer: Officer) -> list[str]:
    """Why ``officer`` may not change the word list of ``organisation``."""
    if officer.organisation.pk == organisation.pk and officer.may(Right.ADMINISTER):
        return []
    return [_("词表由%s维护。") % organisations.administrators(organisation)]


def length_obstacles(rows: int) -> list[str]:
    """Why the word list cannot have so many ``rows``."""
    if rows <= MOST_WORDS:
        return []
    return [_("词表最多%d条。请先去掉用不着的。") % MOST_WORDS]


def word_obstacles(row: Listed) -> list[str]:
    """Why ``row`` cannot stand on the word list."""
    obstacles = []
    if row.kind not in WordKind.values:
        kinds = _("、").join(str(label) for label in WordKind.labels)
        obstacles.append(
            _("“%(word)s”的种类要从这些里选：%(kinds)s。") % {"word": row.word, "kinds": kinds}
        )
    if not 2 <= len(row.word) <= WORD_LIMIT:
        wording = _("“%(word)s”：词要有2到%(limit)s个字。")
        obstacles.append(wording % {"word": row.word[:WORD_LIMIT], "limit": WORD_LIMIT})
    if len(row.instead) > INSTEAD_LIMIT:
        wording = _("“%(word)s”：建议的写法不超过%(limit)s个字。")
        obstacles.append(wording % {"word": row.word, "limit": INSTEAD_LIMIT})
    if row.kind in NEEDING and not row.instead:
        wording = _("“%s”：请写明职务，或者正确的写法。")
        obstacles.append(wording % row.word)
    if row.instead == row.word:
        obstacles.append(_("“%s”：正确的写法和它一样。") % row.word)
    return obstacles
