"""The page of a report on answers 办理情况月报: each figure in a table, a picture beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import wording
from gongkai.procedure.catalogue.charter import Charter
from gongkai.surfaces.board import telling
from gongkai.surfaces.board.words import named

Facts = Mapping[str, Any]
COUNTED = ("received", "answered", "in_time", "late", "median")
FEW = "—"


@dataclass(frozen=True)
class Row:
    """A line of a table (一行): its cells, and a picture as long as its share of the longest."""

    name: str
    cells: Sequence[str]
    parts: Sequence[tuple[str, int]]
    total: int


def shown(facts: Facts, charter: Charter) -> dict[str, Any]:
    """What the page shows of ``facts``."""
    called = {each.name: named(each) for each in charter.departments}
    longest = max((row["many"] for row in facts["spans"]), default=0)
    return {
        "totals": [(name, number(facts[key])) for key, name in wording.totals().items()],
        "kinds": _rows((wording.kind(row["kind"]), row, COUNTED) for row in facts["kinds"]),
        "departments": _rows(
            (
                called.get(row["name"], wording.department(row)),
                row,
                (*COUNTED, "waiting", "overdue"),
            )
            for row in facts["departments"]
        ),
        "outcomes": [
            (wording.outcome(row["outcome"]), marks.thousands(row["many"]))
            for row in facts["outcomes"]
        ],
        "spans": [
            Row(wording.span(row), [number(row["many"])], [("done", row["many"])], longest)
            for row in facts["spans"]
        ],
        "satisfaction": [
            (
                wording.moment(row["moment"]),
                number(row["n"]),
                number(row["yes"]),
                telling.share(row["yes"], row["n"]) if row["yes"] is not None else FEW,
            )
            for row in facts["satisfaction"]
        ],
        "topics": [
            (row["wording"], number(row["seconds"]), wording.answered(row))
            for row in facts["topics"]
        ],
        "few": wording.few(facts),
    }


def number(value: int | None) -> str:
    """A figure, or a dash for what is too few to be told."""
    return FEW if value is None else str(marks.thousands(value))


def _rows(found: Iterable[tuple[str, Facts, Sequence[str]]]) -> list[Row]:
    """Lines whose pictures can be compared: what was answered in time, and what late."""
    rows = list(found)
    longest = max((row["answered"] for _name, row, _cells in rows), default=0)
    return [
        Row(
            name,
            [number(row[cell]) for cell in cells],
            [("done", row["in_time"]), ("wait", row["late"])],
            longest,
        )
        for name, row, cells in rows
    ]
