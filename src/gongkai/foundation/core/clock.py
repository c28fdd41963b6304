"""Time: instants are UTC, days belong to an organisation's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


def civil_day(at: datetime, zone: str = DEFAULT_ZONE) -> date:
    """The calendar day that people in ``zone`` have at the instant ``at``."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The UTC instant at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def end_of(day: date, zone: str = DEFAULT_ZONE) -> datetime:
    """The UTC instant at which ``day`` ends (the next day begins) in ``zone``."""
    return start_of(day + timedelta(days=1), zone)


def stamp(at: datetime) -> str:
    """``at`` as an RFC 3339 text in UTC with whole seconds: the form written into the log."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unstamp(text: str) -> datetime:
    """The instant written by :func:`stamp`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
