"""What is typed on the page of something new, kept before its first save 未存的字.

To begin a draft is an act, and nothing that a pause between two words should do. So the words are
kept for their writer alone, in no trail, and go once they are a draft.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.proposals import rules
from gongkai.procedure.proposals.models import Jotting


def jotted(officer: Officer, entry: Entry) -> Jotting | None:
    """What ``officer`` left under ``entry``, if anything."""
    return Jotting.objects.filter(member=officer.member, entry=entry).first()


@transaction.atomic
def jot(*, officer: Officer, entry: Entry, edits: int, said: Mapping[str, Any]) -> Jotting:
    """Keep what ``officer`` has typed under ``entry`` until now; ``edits`` is the count they saw.

    ``Conflict`` when another window of theirs wrote in between, ``Refused`` for who may not write.
    """
    obstacles = rules.writer_obstacles(officer.organisation, officer)
    obstacles += rules.jot_obstacles(said)
    if obstacles := obstacles or rules.entry_obstacles(officer.organisation, entry):
        raise Refused(obstacles)
    rows = Jotting.objects.select_for_update().filter(member=officer.member, entry=entry)
    row = rows.first()
    if (row.edits if row else 0) != edits:
        raise Conflict(
            _("您在别的窗口也在写这一项。这里的字没有盖掉那边的，请把这里的先存成草稿。")
        )
    row = row or Jotting(member=officer.member, entry=entry, edits=0)
    row.said, row.edits, row.at = dict(said), row.edits + 1, clock.now()
    row.save()
    return row


def forget(*, officer: Officer, entry: Entry, edits: int) -> None:
    """The words are a draft now, or given up; what another window wrote since stays."""
    Jotting.objects.filter(member=officer.member, entry=entry, edits=edits).delete()


def forget_old(now: datetime) -> int:
    """Destroy what nobody went on with; returns how many there were. For the tick."""
    return Jotting.objects.filter(at__lt=now - rules.JOTTED).delete()[0]
