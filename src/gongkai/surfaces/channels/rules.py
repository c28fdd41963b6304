"""How much mail one address may have us send, and when alerts fall due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gongkai.surfaces.channels import queries
from gongkai.surfaces.channels.states import Pace

UNCONFIRMED = timedelta(days=3)
"""After these an address that was not confirmed is destroyed."""
REFUSALS = 3
"""After so many letters that its mail server refused for good, a subscription is paused."""
FORGIVEN = timedelta(days=30)
"""A refusal older than this no longer counts; a paused subscription is destroyed after the same."""
ASKED_A_DAY, HELD = 3, 50
"""Letters to confirm that one address is sent in a day, and subscriptions that it may have."""
HOUR = 8
"""The civil hour of digests."""
MONDAY = 0


def may_ask(key: str, now: datetime) -> bool:
    """Whether a letter to confirm may go to the address with this key.

    The one who asks is never told: else anybody could learn who follows.
    """
    asked, held = queries.of_address(key, now - timedelta(days=1))
    return asked < ASKED_A_DAY and held < HELD


def due_at(pace: str, now: datetime, zone: str) -> datetime:
    """When an alert that is found ``now`` goes out: at once, or at the next digest's hour."""
    if pace == Pace.NOW:
        return now
    here = now.astimezone(ZoneInfo(zone))
    due = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while due <= here or (pace == Pace.WEEK and due.weekday() != MONDAY):
        due += timedelta(days=1)
    return due.astimezone(now.tzinfo)
