"""Two people in one draft: where their texts differ, and one text out of both.

Nothing is decided for them but the advice: a place that only one of them touched is theirs, and of
a place that both changed both versions stay until somebody chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from gongkai.foundation.core.errors import Conflict
from gongkai.procedure.proposals import queries
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.sanitise import joined
from gongkai.procedure.review import difference
from gongkai.surfaces.desk import sheet

_PREFIX = "piece-"


@dataclass(frozen=True)
class Place:
    """A place where two texts differ (不同的一处), as the page shows it; numbers masked."""

    number: int
    name: str
    shown: Markup
    mine: bool
    theirs: bool
    advice: str


def places(theirs: Draft, seen: int, mine: str) -> list[Place]:
    """Where ``mine``, written on the save ``seen``, differs from what ``theirs`` says now."""
    return [
        Place(
            number=number,
            name=f"{_PREFIX}{piece.key}",
            shown=Markup(
                difference.body(sheet.plain(joined(piece.theirs)), sheet.plain(joined(piece.mine)))
            ),
            mine=bool(piece.mine),
            theirs=bool(piece.theirs),
            advice=piece.advice,
        )
        for number, piece in enumerate(_differing(theirs, seen, mine), 1)
    ]


def chosen(posted: Mapping[str, Any], draft: Draft, content: dict[str, Any]) -> dict[str, Any]:
    """``content`` with its body put together as was chosen on the page of the two texts.

    ``Conflict`` when a choice is about words that stand there no more.
    """
    choices = {
        name.removeprefix(_PREFIX): str(choice)
        for name, choice in posted.items()
        if name.startswith(_PREFIX)
    }
    if not choices:
        return content
    seen = str(posted.get("seen", ""))
    base = queries.body_at(draft, int(seen)) if seen.isdecimal() else None
    found = difference.pieces(base, draft.body, content["body"])
    if not choices.keys() <= {piece.key for piece in found if piece.differs}:
        raise Conflict(_("这期间两份稿子又变了。请再看一次不同的地方。"))
    return content | {"body": difference.combined(found, choices)}


def _differing(theirs: Draft, seen: int, mine: str) -> list[difference.Piece]:
    base = queries.body_at(theirs, seen)
    return [piece for piece in difference.pieces(base, theirs.body, mine) if piece.differs]
