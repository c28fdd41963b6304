"""What falls due in publication: openings at their time, files of what was erased."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import storage
from gongkai.procedure.publication import erasing, postings, queries
from gongkai.procedure.publication.models import Erasure, Release
from gongkai.procedure.publication.workflow import note_files_gone, open_stages

logger = logging.getLogger(__name__)


def open_due(now: datetime) -> int:
    """Open what is due by ``now``, in the order of time, an edition's stages in one transaction.

    Returns how many opened. After downtime everything missed opens in order; each act says how
    late it was. *A crash leaves each stage either planned or open; the next pass goes on.*
    """
    together = groupby(queries.due(now), key=lambda release: release.edition_id)
    return sum(_open(list(stages)) for _edition, stages in together)


def _open(stages: Sequence[Release]) -> int:
    try:
        return len(open_stages(stages=stages))
    except Conflict:
        return 0  # somebody cancelled or moved one since the list was read
    except Refused as refusal:
        if len(stages) > 1:
            return sum(_open([stage]) for stage in stages)
        logger.warning("release %s is due and waits: %s", stages[0].pk, refusal)
        return 0


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


def lapse(now: datetime) -> int:
    """Close what was to hang and never did, once its time is over. Returns how many. *Repeats.*"""
    return postings.lapse(now)
