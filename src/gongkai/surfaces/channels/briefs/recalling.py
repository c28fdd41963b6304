"""What follows a sealed issue when something in it is taken away: letters, and files without it.

A part of the verbs on briefs. Nothing here decides: an item is gone once its readers may not read
that edition any more, as the one audience policy has it.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.notices import sealing
from gongkai.foundation.notices import workflow as notices
from gongkai.foundation.notices.jobs import send_many
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.board.briefs import COPIES
from gongkai.surfaces.channels.briefs import letters, queries
from gongkai.surfaces.channels.briefs.models import Brief, Circulation, Copy, Recall

logger = logging.getLogger(__name__)

AT_ONCE = 25
"""Letters of one task."""
PDF, WORD = "brief.pdf", "brief.docx"


def note_circulated(brief: Brief, to: Sequence[str], now: datetime) -> None:
    """Keep to whom the issue went, for as long as the charter keeps addresses."""
    days = charter_of(brief.organisation)[1].deadlines.contact_days
    until = now + timedelta(days=days)
    Circulation.objects.create(brief=brief, sealed=sealing.seal({"to": list(to)}), until=until)


@transaction.atomic
def recall(*, brief: Brief, gone: Collection[str], looked_at: Collection[str]) -> int:
    """Write to all who were sent the issue that something in it was taken away 收回通知.

    ``gone`` are the addresses of what its readers may not read there any more, of those that were
    ``looked_at``, which are not looked at again. Returns how many letters were written.
    """
    now = clock.now()
    known = set(Recall.objects.filter(brief=brief).values_list("address", flat=True))
    fresh = sorted(set(looked_at) - known)
    taken = [address for address in fresh if address in gone]
    to = _receivers(brief) if taken else []
    Recall.objects.bulk_create(
        Recall(brief=brief, address=each, at=now, letters=len(to) if each in gone else 0)
        for each in fresh
    )
    if not to:
        return 0
    facts = queries.facts(brief)
    erased = queries.erased_among(taken)
    kept = [notices.accept(letters.recall(brief, facts, erased, each)).pk for each in to]
    for start in range(0, len(kept), AT_ONCE):
        send_many.enqueue(kept[start : start + AT_ONCE])
    ledger.record(
        verb="brief.recall",
        actor=ledger.SYSTEM,
        organisation=brief.organisation.slug,
        subject=brief.subject,
        label=str(brief),
        facts={"number": brief.number or 0, "letters": len(to)},
    )
    return len(to)


@transaction.atomic
def hand_out(
    *, brief: Brief, left_out: Collection[str], paper: StoredFile, word: StoredFile
) -> bool:
    """Tell the board which files of a public issue it hands out from now on 公开成品.

    Says whether they are wanted: not where an erasure came first, or another worker.
    """
    brief = (
        Brief.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=brief.pk)
    )
    last = queries.last_copy(brief)
    if brief.erased_at:
        return False
    if last is not None and set(last.left_out) == set(left_out):
        last.at = clock.now()  # looked at again, and nothing more has gone
        last.save(update_fields=["at"])
        return True
    Copy.objects.create(
        brief=brief, left_out=sorted(left_out), paper=paper, word=word, at=clock.now()
    )
    ledger.record(
        verb="brief.copies",
        actor=ledger.SYSTEM,
        organisation=brief.organisation.slug,
        subject=brief.subject,
        label=str(brief),
        facts={"number": brief.number or 0, "count": len(left_out)},
        opens=ledger.Opening(
            COPIES,
            brief.subject,
            set(brief.audience),
            {
                "format": "gongkai-brief-copies/1",
                "left_out": sorted(left_out),
                "files": [
                    {"name": name, "digest": file.digest, "size": file.size}
                    for name, file in ((PDF, paper), (WORD, word))
                ],
            },
        ),
    )
    return True


def forget_receivers(now: datetime) -> int:
    """Destroy the addresses whose days are over. Returns of how many issues. For the tick."""
    return Circulation.objects.filter(until__lte=now).delete()[0]


def forget(brief: Brief) -> None:
    """Destroy to whom it went, and which files it had: part of the verb that destroys it."""
    Circulation.objects.filter(brief=brief).delete()
    Copy.objects.filter(brief=brief).delete()


def _receivers(brief: Brief) -> list[str]:
    """To whom it went; nobody once their addresses are destroyed, or cannot be opened any more."""
    found = Circulation.objects.filter(brief=brief).first()
    try:
        return list(sealing.unseal(found.sealed)["to"]) if found else []
    except Broken:
        logger.error("brief %s: the addresses were sealed under another key", brief.pk)
        return []
