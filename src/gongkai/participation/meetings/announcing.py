"""What the public record of a reception day says 接访日的公开记录: posts and numbers, no names."""

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.foundation.core import clock
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.participation.meetings.states import NoticeKind

KIND = "reception"
FORMAT = "gongkai-reception/1"


def arranged(day: ReceptionDay) -> dict[str, Any]:
    """What was arranged, as plain values; also what a change says was so before."""
    return {
        "post": day.post.name,
        "starts": f"{day.starts:%H:%M}",
        "ends": f"{day.ends_at:%H:%M}",
        "minutes": day.minutes,
        "slots": day.slots,
        "place": day.place,
        "subject": day.subject,
    }


def body(day: ReceptionDay, settled: Sequence[Notice]) -> Mapping[str, Any]:
    """The whole of the day as it stands after these announcements, oldest first."""
    results = [each for each in settled if each.kind == NoticeKind.RESULT]
    return {
        "format": FORMAT,
        "key": day.key,
        "date": day.date.isoformat(),
        "state": day.state,
        **arranged(day),
        "result_due": day.result_due.isoformat(),
        "notices": [
            {
                "kind": each.kind,
                "at": clock.stamp(each.settled_at or each.at),
                "reason": each.reason,
                **({"was": each.facts["was"]} if "was" in each.facts else {}),
            }
            for each in settled
        ],
        **({"result": results[-1].facts} if results else {}),
    }
