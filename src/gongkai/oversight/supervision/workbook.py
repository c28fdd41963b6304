"""The report on answers as a workbook 月报的电子表格: always in Chinese, from its facts alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.foundation.core.clock import start_of
from gongkai.foundation.paper.sheets import Cell, Table, workbook
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import queries, wording
from gongkai.oversight.supervision.models import Report

Facts = Mapping[str, Any]


def tabled(report: Report) -> bytes:
    """A report on answers as .xlsx: the same bytes whenever it is asked for, once it is finished.

    What is too few to be told is an empty cell.
    """
    facts = queries.facts(report)
    day = date.fromisoformat(facts["counted_on"])
    at = report.finished_at or start_of(day, report.organisation.zone)
    with translation.override(wording.LANGUAGE):
        return workbook(_tables(facts), at=at)


def _tables(facts: Facts) -> Sequence[Table]:
    amount = _("件数")
    counted = [_("收到"), _("答复"), _("按期"), _("逾期"), _("第二次答复"), _("用时中位数（日）")]
    return [
        Table(_("总表"), [_("项目"), _("数")], _summary(facts)),
        Table(
            _("类别"),
            [_("类别"), *counted],
            [[wording.kind(row["kind"]), *_counted(row)] for row in facts["kinds"]],
        ),
        Table(
            _("部门"),
            [pgettext("heading", "责任部门"), *counted, _("还在办"), _("逾期没有答复")],
            [
                [wording.department(row), *_counted(row), row["waiting"], row["overdue"]]
                for row in facts["departments"]
            ],
        ),
        Table(
            _("结果"),
            [_("办理结果"), amount],
            [[wording.outcome(row["outcome"]), row["many"]] for row in facts["outcomes"]],
        ),
        Table(
            _("用时"),
            [_("用时"), amount],
            [[wording.span(row), row["many"]] for row in facts["spans"]],
        ),
        Table(
            _("满意度"),
            [_("评价时点"), _("评价"), _("满意")],
            [
                [wording.moment(row["moment"]), row["n"], row["yes"]]
                for row in facts["satisfaction"]
            ],
        ),
        Table(
            _("点题"),
            [_("点题"), _("附议"), _("情况")],
            [[row["wording"], row["seconds"], wording.answered(row)] for row in facts["topics"]],
        ),
    ]


def _summary(facts: Facts) -> list[list[Cell]]:
    about: list[list[Cell]] = [
        [_("单位"), facts["organisation"]],
        [_("报告期"), wording.period_name(facts)],
        [_("截至"), marks.day(wording.counted_on(facts))],
    ]
    return about + [[name, facts[key]] for key, name in wording.totals().items()]


def _counted(row: Facts) -> list[Cell]:
    return [row[key] for key in ("received", "answered", "in_time", "late", "again", "median")]
