"""What a public record of a reception day says, as values a page can show. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.foundation.ledger.models import PublicRecord
from gongkai.participation.meetings.states import DayState, NoticeKind


@dataclass(frozen=True)
class Reception:
    """A day on which a leader receives visitors (接访日), as announced last.

    ``changes`` are the reasons of its changes, the oldest first; ``reason`` why it fell out or was
    not held. ``result`` holds numbers, ``categories`` how many spoke of which.
    """

    key: str
    on: date
    state: str
    post: str
    starts: str
    ends: str
    place: str
    subject: str
    result_due: date
    changes: Sequence[str]
    reason: str
    result: Mapping[str, int]
    categories: Mapping[str, int]

    @property
    def open(self) -> bool:
        """Whether it stands as announced, without a result so far."""
        return self.state == DayState.OPEN

    @property
    def cancelled(self) -> bool:
        """Whether it fell out."""
        return self.state == DayState.CANCELLED

    @property
    def held(self) -> bool:
        """Whether visitors were received."""
        return self.state == DayState.HELD


def month_of(body: str) -> str:
    """The month of the day that a record with this body tells of: ``2026-11``."""
    return str(json.loads(body).get("date", ""))[:7]


def reception(record: PublicRecord) -> Reception:
    """The day that ``record`` tells of."""
    body = json.loads(record.body)
    notices, result = body["notices"], dict(body.get("result", {}))
    last = notices[-1] if notices else {}
    ended = last.get("kind") in (NoticeKind.CANCEL, NoticeKind.RESULT)
    categories = result.pop("categories", {})
    result.pop("held", None)
    return Reception(
        key=body["key"],
        on=date.fromisoformat(body["date"]),
        state=body["state"],
        post=body["post"],
        starts=body["starts"],
        ends=body["ends"],
        place=body["place"],
        subject=body["subject"],
        result_due=date.fromisoformat(body["result_due"]),
        changes=[each["reason"] for each in notices if each["kind"] == NoticeKind.CHANGE],
        reason=last.get("reason", "") if ended else "",
        result=result,
        categories=categories,
    )


def latest(records: Iterable[PublicRecord]) -> list[Reception]:
    """The days that these records tell of, each as its last one says, by date and hour."""
    newest: dict[str, PublicRecord] = {}
    for record in records:
        known = newest.get(record.subject)
        if record.body != "{}" and (known is None or known.version < record.version):
            newest[record.subject] = record
    found = [reception(record) for record in newest.values()]
    return sorted(found, key=lambda each: (each.on, each.starts, each.key))
