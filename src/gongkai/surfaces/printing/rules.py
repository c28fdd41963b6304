"""Who may have sheets printed, and how many at once."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from gongkai.foundation.organisations.queries import Officer
from gongkai.surfaces.printing import queries
from gongkai.surfaces.printing.models import Run
from gongkai.surfaces.printing.states import HOLDING

KEPT = timedelta(days=7)
"""How long a run is kept: a week's sheets are printed within the week."""
HELD = 5
"""Runs of one organisation that hold bytes at once."""


def ask_obstacles(officer: Officer, wanted: Sequence[str]) -> list[str]:
    """Why ``officer`` may not have these sheets printed now."""
    obstacles = []
    if not wanted:
        obstacles.append(_("没有可以印的。请另选。"))
    if len(wanted) > queries.MOST:
        said = {"most": queries.MOST, "count": len(wanted)}
        obstacles.append(_("一次最多印%(most)s件，这里有%(count)s件。请分几次印。") % said)
    if queries.holding(officer.organisation) >= HELD:
        obstacles.append(_("已经留着%(most)s批。请先删掉不用的一批。") % {"most": HELD})
    return obstacles


def cancel_obstacles(run: Run, officer: Officer) -> list[str]:
    """Why ``officer`` may not give up a run."""
    if run.organisation_id != officer.organisation.pk:
        return [_("这是别的单位的。")]
    return [] if run.state in HOLDING else [_("这一批已经没有了。")]
