"""What falls due in publication: openings at their time, files of what was erased."""

import logging
from datetime import datetime

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import storage
from gongkai.procedure.publication import erasing, queries
from gongkai.procedure.publication.models import Erasure
from gongkai.procedure.publication.workflow import note_files_gone, open_release

logger = logging.getLogger(__name__)


def open_due(now: datetime) -> int:
    """Open what is due by ``now``, in the order of time, each in its own transaction.

    Returns how many opened. After downtime everything missed opens in order; each act says how
    late it was. *A crash leaves each stage either planned or open; the next pass goes on.*
    """
    opened = 0
    for release in queries.due(now):
        try:
            open_release(release=release)
            opened += 1
        except Conflict:
            continue  # somebody cancelled or moved it since the list was read
        except Refused as refusal:
            logger.warning("release %s is due and waits: %s", release.pk, refusal)
    return opened


def erase_files(now: datetime) -> int:
    """Destroy the files of confirmed erasures. Returns how many erasures were completed.

    A file that another disclosure uses stays. *Repeats after a crash: what is gone is gone.*
    """
    waiting = Erasure.objects.filter(confirmed_at__lte=now, files_gone_at__isnull=True)
    done = 0
    for erasure in waiting.select_related("disclosure"):
        for file in erasing.own_files(erasure.disclosure):
            if file.erased_at:  # else somebody has uploaded the same bytes again meanwhile
                storage.destroy(file.digest)
        note_files_gone(erasure=erasure)
        done += 1
    return done
