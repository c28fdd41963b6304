"""The month's report on answers: counted, without a word of a voice, and filed."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pypdfium2
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.oversight.supervision.month import SEPTEMBER, answered, at, case, judged
from tests.procedure.editions import log, township, verbs, who

from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Refused
from gongkai.oversight.supervision import answering, counting, jobs, queries, rules, workflow
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.states import ReportKind
from gongkai.procedure.archive.folders import folder_of
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Topic, Turn

__all__ = ["log", "township", "who"]

OCTOBER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)


def counted(township):
    asked = counting.Asked(township, charter_of(township)[1], SEPTEMBER, date(2026, 10, 12), {})
    return answering.count(asked)


def lived(township):
    """Seven answered of nine that came, one late by the day that was promised then."""
    for n in range(5):
        opened = case(township, f"A-{n}", date(2026, 9, 2))
        judged(answered(opened, date(2026, 9, 4)), date(2026, 9, 6), "yes" if n else "no")
    late = case(township, "A-5", date(2026, 8, 20), kind="hotline", post="民政办主任")
    answered(late, date(2026, 9, 5), "explained", due=date(2026, 9, 1))
    Turn.objects.create(case=late, text="不满意", at=at(date(2026, 9, 10)))
    answered(late, date(2026, 9, 20), "partly", due=date(2026, 9, 24))
    case(township, "A-6", date(2026, 9, 3), post="", state="withdrawn")
    topic = case(township, "A-7", date(2026, 9, 9), kind="topic", post="")
    Topic.objects.create(
        case=topic, wording="=镇东的灯😀什么时候亮", listed_at=at(date(2026, 9, 10)), seconds=12
    )
    Topic.objects.create(
        case=case(township, "A-8", date(2026, 10, 3), kind="topic"),
        wording="十月的题目",
        listed_at=at(date(2026, 10, 1)),
        seconds=40,
    )


def test_a_month_is_counted(township, time_machine):
    time_machine.move_to(OCTOBER, tick=False)
    lived(township)
    facts = counted(township)
    canonical.encode(facts)
    assert "说的话" not in str(facts)
    told = {key: facts[key] for key in ("received", "answered", "in_time", "late", "again")}
    assert told == {"received": 7, "answered": 7, "in_time": 6, "late": 1, "again": 1}
    assert (facts["waiting"], facts["overdue"], facts["reopened"], facts["elsewhere"]) == (
        2, 1, 1, 1
    )  # fmt: skip
    assert facts["median"] == 2
    assert [(row["kind"], row["received"], row["answered"]) for row in facts["kinds"]] == [
        ("opinion", 6, 5),
        ("topic", 1, 0),
        ("hotline", 0, 2),
    ]
    departments = {row["name"]: row for row in facts["departments"]}
    assert departments[""]["waiting"] == 1
    assert (departments["民政办公室"]["answered"], departments["民政办公室"]["median"]) == (2, None)
    assert facts["outcomes"][0] == {"outcome": "done", "many": 5}
    assert [(row["from"], row["to"], row["many"]) for row in facts["spans"] if row["many"]] == [
        (2, 3, 5),
        (16, 30, 1),
    ]
    assert facts["topics"] == [
        {"wording": "=镇东的灯😀什么时候亮", "seconds": 12, "answered": False}
    ]


def test_of_few_no_verdict_is_told(township, time_machine):
    time_machine.move_to(OCTOBER, tick=False)
    for n in range(5):
        opened = answered(case(township, f"A-{n}", date(2026, 9, 2)), date(2026, 9, 4))
        judged(opened, date(2026, 9, 6), "no" if n == 1 else "yes")
        closing, later = counted(township)["satisfaction"]
        assert closing == {"moment": "closing", "n": n + 1, "yes": 4 if n == 4 else None}
        assert later == {"moment": "later", "n": 0, "yes": None}


def test_more_rows_ask_no_more_questions(township, time_machine):
    time_machine.move_to(OCTOBER, tick=False)
    asked = []
    for number in range(3):
        answered(case(township, f"A-{number}", date(2026, 9, 2)), date(2026, 9, 4))
        with CaptureQueriesContext(connection) as found:
            counted(township)
        asked.append(len(found))
    assert asked == [8, 8, 8]  # with that for the charter


def test_the_tick_begins_each_month_once(township, time_machine):
    time_machine.move_to(OCTOBER, tick=False)
    assert jobs.count_months(OCTOBER) == 0  # nobody has said anything yet
    case(township, "A-1", date(2026, 9, 2))
    assert jobs.count_months(datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == 0
    assert jobs.count_months(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == 1
    assert jobs.count_months(OCTOBER) == 0
    assert jobs.count_months(datetime(2026, 12, 5, tzinfo=UTC)) == 2  # what downtime left out
    firsts = Report.objects.order_by("pk").values_list("kind", "state", "first")
    assert list(firsts) == [("answers", "proposed", date(2026, n, 1)) for n in (9, 10, 11)]
    report = Report.objects.earliest("pk")
    assert verbs(f"report:qingxi:{report.pk}") == ["report.count"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(kind="general")


def test_it_is_finished_by_one_who_read_it_and_filed(township, who, time_machine, home):
    time_machine.move_to(OCTOBER, tick=False)
    lived(township)
    jobs.count_months(OCTOBER)
    report, office, secretary = Report.objects.get(), who("党政办主任"), who("党委书记")
    assert [queries.waiting_for(each, charter_of(township)[1]) for each in (office, secretary)] == [
        [], [report]
    ]  # fmt: skip
    assert rules.drop_obstacles(report, office) == [
        "办理情况月报每月都要有，不能放弃。要改，请审定的人退回。"
    ]
    workflow.send_back(report=report, officer=secretary, text="写一句为什么逾期。")
    workflow.propose(report=report, officer=office)  # no word is needed
    with pytest.raises(Refused):
        workflow.finish(report=report, officer=office, seen="")
    report = workflow.finish(
        report=report, officer=secretary, seen=queries.seen(queries.report(township, report.pk))
    )
    assert (report.kind, report.number) == (ReportKind.ANSWERS, 1)
    assert (report.deposit.subject, report.deposit.title) == (
        "answer-report:qingxi:2026-1",
        "2026年9月意见办理情况月报",
    )
    early = jobs.book(report), jobs.paper(report)
    assert jobs.file_reports(OCTOBER) == 1
    report, folder = queries.report(township, report.pk), folder_of(report.deposit)
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json", "report.json", "report.pdf", "report.xlsx"
    ]  # fmt: skip
    assert (jobs.book(report), jobs.paper(report)) == early
    sheets = openpyxl.load_workbook(io.BytesIO(early[0]))
    kinds, topics = sheets["类别"], sheets["点题"]
    assert [cell.value for cell in kinds[2]] == ["意见", 6, 5, 5, 0, 0, 2]
    cell = topics["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=镇东的灯😀什么时候亮", "s", True)
    assert sheets["满意度"]["C3"].value is None
    told = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(early[1]))
    for words in ("2026年9月意见办理情况月报", "民政办公室", "=镇东的灯□什么时候亮", "党委书记"):
        assert "".join(words.split()) in "".join(told.split())
