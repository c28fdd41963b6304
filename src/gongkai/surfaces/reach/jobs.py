"""Taking up what the web processes counted; forgetting totals whose day has come."""

import json
import logging
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.foundation.core.clock import civil_day
from gongkai.surfaces.reach import rules, workflow

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Files of one pass: three hours of one process."""
_DOUBT = timedelta(days=2)
"""How long the name of a file that was added is kept, though it should be gone at once."""


def gather(_now: datetime) -> int:
    """Add what the web processes of this machine wrote down; returns how many files. For the tick.

    A file goes once its counts are in the database. *A crash in between: its name is there, so it
    is not added again.*
    """
    folder, done = Path(settings.HOME.reach), 0
    for file in sorted(folder.glob("*.json"))[:AT_ONCE]:
        try:
            totals = _totals(json.loads(file.read_text("utf-8")))
        except (ValueError, LookupError, TypeError) as error:
            logger.error("counts cannot be read and are left out: %s", error.__class__.__name__)
        else:
            workflow.take(name=file.stem, totals=totals)
            done += 1
        file.unlink(missing_ok=True)
    return done


def forget(now: datetime) -> int:
    """Destroy the totals that are older than ``REACH_DAYS``; returns how many. For the tick."""
    oldest = rules.oldest(civil_day(now, settings.TIME_ZONE))
    return workflow.forget(oldest, now - _DOUBT)


def _totals(told: dict[str, Any]) -> Counter[tuple[date, str, str]]:
    day = civil_day(datetime.fromisoformat(told["at"]), settings.TIME_ZONE)
    found: Counter[tuple[date, str, str]] = Counter()
    for address, mark, count in told["calls"]:
        found[day, str(address), str(mark)] += int(count)
    return found
