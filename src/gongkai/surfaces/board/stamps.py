"""What stands on every public record: its place in the log, and instants."""

from datetime import UTC, datetime

from gongkai.foundation.ledger.models import PublicRecord


def seq(record: PublicRecord) -> int:
    """The place in the log of a record that is open."""
    assert record.seq is not None, "an open record lies in the log"
    return record.seq


def instant(text: object) -> datetime | None:
    """An RFC 3339 text as an instant; None for anything empty."""
    if not text:
        return None
    at = datetime.fromisoformat(str(text))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
