"""The report on paper 报告的纸面: always in Chinese, from its facts alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import start_of
from gongkai.foundation.paper import glyphs
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import counting, periods, queries, wording
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.states import ReportKind
from gongkai.procedure.feedback.states import CaseKind

TEMPLATE = Path(__file__).with_name("report.typ")
ON_ANSWERS = Path(__file__).with_name("answers.typ")

Facts = Mapping[str, Any]


def printed(report: Report) -> bytes:
    """``report`` as a PDF/A; before it is finished, as a draft that says so.

    The same bytes whenever it is asked for, once it is finished. ``Refused`` names what no font
    has.
    """
    facts = queries.facts(report)
    day = date.fromisoformat(facts["counted_on"])
    at = report.finished_at or start_of(day, report.organisation.zone)
    zone = report.organisation.zone
    with translation.override(wording.LANGUAGE):
        if report.kind == ReportKind.ANSWERS:
            return compose(ON_ANSWERS, _on_answers(facts, zone), at=at)
        return compose(TEMPLATE, _sheet(facts, zone), at=at)


def _sheet(facts: Facts, zone: str) -> dict[str, Any]:
    """What the template sets: every word and number as text."""
    period = wording.period_of(facts)
    counts = counting.states(facts["duties"])
    of = {state: [row for row in facts["duties"] if row["state"] == state] for state in counts}
    return {
        "head": facts["organisation"],
        "number": _number(facts),
        "title": wording.title_of(facts),
        "introduction": facts["introduction"],
        "counted": _("以下数字由系统从台账统计，截至%(day)s。")
        % {"day": _day(facts["counted_on"])},
        "duties": _counts(counts),
        "departments": [
            [row["name"], *(str(row[kind]) for kind in KINDS), _bar(row)]
            for row in facts["departments"]
        ],
        "late": _owed(of.get(counting.LATE, ())),
        "missing": _owed(of.get(counting.MISSING, ())),
        "earlier": _owed(facts["earlier"]),
        "waived": [
            [*_named(row), _day(row["due"]), f"{row['reason']}（{row['post']}）"]
            for row in of.get(counting.WAIVED, ())
        ],
        "opened": str(len(facts["opened"])),
        "erased": str(len(facts["erasures"])),
        "corrections": _items(facts["corrections"]),
        "withdrawals": _items(facts["withdrawals"]),
        "voices": _voices(facts["voices"]),
        "overdue": [
            [row["number"], _day(row["received"]), _day(row["promised"])]
            for row in facts["voices"]
            if row["state"] == counting.OVERDUE
        ],
        "following": periods.name(period.following),
        "coming": [
            [
                _day(row["due"]) + (_("（暂定）") if row["provisional"] else ""),
                wording.named(row),
                row["department"],
            ]
            for row in facts["coming"]
        ],
        "signed": _signed(facts, zone),
    }


def _on_answers(facts: Facts, zone: str) -> dict[str, Any]:
    """What the template of the report on answers sets."""
    return {
        "head": facts["organisation"],
        "number": _number(facts),
        "title": wording.title_of(facts),
        "introduction": facts["introduction"],
        "counted": _("以下数字由系统从办件统计，还在办的截至%(day)s。")
        % {"day": _day(facts["counted_on"])},
        "totals": [[name, _told(facts[key])] for key, name in wording.totals().items()],
        "kinds": [[wording.kind(row["kind"]), *_counted(row)] for row in facts["kinds"]],
        "departments": [
            [
                *(wording.department(row), *_counted(row)[:-1]),
                *(str(row["waiting"]), str(row["overdue"]), _counted(row)[-1]),
            ]
            for row in facts["departments"]
        ],
        "outcomes": [
            [wording.outcome(row["outcome"]), str(row["many"])] for row in facts["outcomes"]
        ],
        "spans": [[wording.span(row), row["many"]] for row in facts["spans"]],
        "satisfaction": [
            [wording.moment(row["moment"]), str(row["n"]), _told(row["yes"])]
            for row in facts["satisfaction"]
        ],
        "topics": [
            [glyphs.replaced(row["wording"]), str(row["seconds"]), wording.answered(row)]
            for row in facts["topics"]
        ],
        "few": wording.few(facts),
        "signed": _signed(facts, zone),
    }


def _counted(row: Facts) -> list[Any]:
    """The cells of a kind or department, and the numbers of its picture."""
    cells = ("received", "answered", "in_time", "late", "median")
    return [*(_told(row[cell]) for cell in cells), [row["in_time"], row["late"]]]


def _told(number: int | None) -> str:
    """A number, or a dash for what is too few to be told."""
    return "—" if number is None else str(number)


KINDS = (counting.ON_TIME, counting.LATE, counting.MISSING, counting.WAIVED)


def _counts(counts: Mapping[str, int]) -> dict[str, Any]:
    owed = sum(counts[kind] for kind in KINDS[:3])
    return {
        "row": [str(owed), *(str(counts[kind]) for kind in KINDS), _share(counts, owed)],
        "bar": _bar(counts),
    }


def _bar(counts: Mapping[str, int]) -> list[int]:
    return [counts[kind] for kind in KINDS[:3]]


def _share(counts: Mapping[str, int], owed: int) -> str:
    return f"{100 * counts[counting.ON_TIME] // owed}%" if owed else "—"


def _voices(rows: Sequence[Facts]) -> list[list[str]]:
    """How many voices of each kind there were, and what became of them; all of them first."""
    kinds = (counting.IN_TIME, counting.LATE, counting.WAITING, counting.OVERDUE)
    groups = [(_("合计"), list(rows))]
    groups += [(str(kind.label), [r for r in rows if r["kind"] == kind]) for kind in CaseKind]
    return [
        [name, str(len(some)), *(str(counting.states(some)[kind]) for kind in kinds)]
        for name, some in groups
        if some or name == _("合计")
    ]


def _owed(rows: Iterable[Facts]) -> list[list[str]]:
    return [
        [*_named(row), _day(row["due"]), str(row["days"]), row["reason"] or _("没有说明")]
        for row in rows
    ]


def _named(row: Facts) -> list[str]:
    about = wording.about(row)
    return [f"{wording.named(row)}（{about}）" if about else wording.named(row), row["department"]]


def _items(rows: Iterable[Facts]) -> list[list[str]]:
    return [[_day(row["on"]), wording.named(row), row["address"]] for row in rows]


def _number(facts: Facts) -> str:
    if "number" not in facts:
        return _("送审稿")
    return wording.number(facts["year"], facts["number"])


def _signed(facts: Facts, zone: str) -> list[list[str]]:
    """Who answers for it, at the foot of the last page."""
    rows = [[_("起草"), facts["drafted_by"] or _("系统统计")]]
    if "finished_by" in facts:
        at = datetime.fromisoformat(facts["finished_at"])
        rows.append([_("定稿"), _("%(post)s，%(at)s") % _at(facts["finished_by"], at, zone)])
        rows.append([_("档号"), facts["file_number"]])
    return rows


def _at(post: str, at: datetime, zone: str) -> dict[str, str]:
    return {"post": post, "at": marks.moment(at, zone)}


def _day(iso: str) -> str:
    return marks.day(date.fromisoformat(iso))
