"""A report is written by one, made final by another, and then stands."""

import json
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from tests.oversight.supervision import quarter
from tests.procedure.editions import log, township, verbs, who

from gongkai.config import watch
from gongkai.foundation.core import canonical
from gongkai.foundation.core.errors import Broken, Conflict, Refused
from gongkai.oversight.supervision import jobs, queries, sheet, workflow
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.archive.folders import faults, folder_of

__all__ = ["log", "township", "who"]


@pytest.fixture
def october(time_machine, township):
    """The quarter is over."""
    time_machine.move_to(quarter.AFTER, tick=False)


def finished(township, who) -> Report:
    report = quarter.proposed(township)
    return workflow.finish(report=report, officer=who("党委书记"), seen=queries.seen(report))


def refused(verb, **asked) -> list[str]:
    with pytest.raises(Refused) as refusal:
        verb(**asked)
    return refusal.value.obstacles


def test_it_is_numbered_and_frozen(township, who, october):
    report = finished(township, who)
    assert (report.year, report.number, report.state) == (2026, 1, "finished")
    assert report.deposit.file_number == "Z109-WS·2026-Y-BGS-0001"
    facts = queries.facts(report)
    assert facts["introduction"] == "现将2026年第三季度党务公开工作情况报告如下。"
    assert (facts["drafted_by"], facts["finished_by"]) == ("党政办主任", "党委书记")
    quarter.voice(township, "A-1", date(2026, 9, 3))
    assert queries.facts(Report.objects.get(pk=report.pk)) == facts
    assert verbs(f"report:qingxi:{report.pk}") == [
        "report.draft", "report.propose", "report.finish"
    ]  # fmt: skip
    office = who("党政办主任")
    for verb, asked in (
        (workflow.revise, {"introduction": "改", "reasons": {}}),
        (workflow.propose, {}),
        (workflow.drop, {}),
    ):
        assert refused(verb, report=report, officer=office, **asked) == ["报告已经定稿，不能再改。"]


def test_what_was_finished_and_changed_since_is_not_shown(township, who, october):
    report = finished(township, who)
    facts = queries.facts(report) | {"introduction": "另一句话"}
    Report.objects.filter(pk=report.pk).update(facts=canonical.encode(facts))
    with pytest.raises(Broken):
        queries.facts(Report.objects.get(pk=report.pk))


def test_nobody_finishes_what_they_wrote_or_did_not_read(township, who, october):
    office, secretary = who("党政办主任"), who("党委书记")
    report = workflow.draft(officer=office, period=quarter.QUARTER)
    assert refused(workflow.finish, report=report, officer=secretary, seen="") == [
        "报告还在写，还没有交来定稿。"
    ]
    workflow.propose(report=report, officer=office)
    assert refused(workflow.finish, report=report, officer=office, seen="") == [
        "报告要由党委书记来定稿。",
        "这份报告是您写的，要由另一个人来定稿。",
    ]
    seen = queries.seen(queries.report(township, report.pk))
    quarter.voice(township, "A-1", date(2026, 9, 3))
    with pytest.raises(Conflict):
        workflow.finish(report=report, officer=secretary, seen=seen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(finisher=office.member)


def test_it_goes_back_with_a_reason(township, who, october):
    report = quarter.proposed(township)
    office, secretary = who("党政办主任"), who("党委书记")
    revising = {"introduction": "改过的前言", "reasons": {"due:x": " 材料晚了 ", "due:y": " "}}
    assert refused(workflow.revise, report=report, officer=office, **revising) == [
        "报告已经交去定稿，不能再改。要改，请审定的人先退回。"
    ]
    assert refused(workflow.send_back, report=report, officer=secretary, text=" ") == [
        "请写明为什么退回、要改什么。"
    ]
    workflow.send_back(report=report, officer=secretary, text="少了一段。")
    report = workflow.revise(report=report, officer=office, **revising)
    assert (report.introduction, report.reasons) == ("改过的前言", {"due:x": "材料晚了"})
    assert report.answer == "少了一段。"


def test_who_may_write_and_when(township, who, october):
    office = who("党政办主任")
    assert refused(workflow.draft, officer=who("组织干事"), period=quarter.QUARTER) == [
        "“安排公开”要由党政办主任来办。"
    ]
    wrong = Period(date(2026, 9, 30), date(2026, 9, 1))
    assert refused(workflow.draft, officer=office, period=wrong) == ["第一天不能在最后一天以后。"]
    long = Period(date(2023, 1, 1), date(2026, 1, 1))
    assert refused(workflow.draft, officer=office, period=long) == [
        "一份报告最多写两年。请分成几份。"
    ]
    running = workflow.draft(officer=office, period=Period(date(2026, 10, 1), date(2026, 12, 31)))
    assert refused(workflow.propose, report=running, officer=office) == [
        "报告期到2026年12月31日才结束。请从第二天起再定稿。"
    ]
    again = Period(running.first, running.last)
    assert refused(workflow.draft, officer=office, period=again) == [
        "这一时期已经有一份报告在写。请接着写那一份。"
    ]
    workflow.drop(report=running, officer=office)
    assert workflow.draft(officer=office, period=again).pk != running.pk


def test_it_becomes_a_folder_in_the_archive(township, who, time_machine, home):
    duties = quarter.lived(township, time_machine)
    quarter.voice(township, "A-1", date(2026, 9, 3))
    report = finished(township, who)
    early = jobs.paper(report)
    assert jobs.file_reports(quarter.AFTER) == 1
    assert jobs.file_reports(quarter.AFTER) == 0
    report = queries.report(township, report.pk)
    folder = folder_of(report.deposit)
    assert sorted(path.name for path in folder.iterdir()) == [
        "manifest.json", "report.json", "report.pdf"
    ]  # fmt: skip
    assert (folder / "report.json").read_bytes() == bytes(report.facts)
    assert jobs.paper(report) == (folder / "report.pdf").read_bytes() == early
    assert list(faults(folder)) == []
    time_machine.move_to(datetime(2030, 1, 1, tzinfo=UTC), tick=False)
    assert sheet.printed(report) == early
    told = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(early)
    ).replace("\r\n", "")
    for words in (
        "中共青溪镇委员会",
        "2026年第1号",
        "2026年第三季度党务公开工作情况报告",
        duties["late"].entry.title[:6],
        "停办一个季度。（党政办主任）",
        "A-1",
        "四、2026年第四季度到期的事项",
        "Z109-WS·2026-Y-BGS-0001",
    ):
        assert "".join(words.split()) in "".join(told.split())
    json.loads((folder / "manifest.json").read_bytes())
    (folder / "report.pdf").write_bytes(b"another")
    deposits = next(part for part in watch.parts() if part.name == "deposits")
    ((_pk, found),) = deposits.look(0, 9)
    assert found == [(f"archive/2026/{folder.name}/report.pdf", "changed")]


def test_what_cannot_be_printed_is_said_before_it_is_final(township, who, october):
    report = workflow.draft(officer=who("党政办主任"), period=quarter.QUARTER)
    report = workflow.revise(
        report=report, officer=who("党政办主任"), introduction="工作😀很好", reasons={}
    )
    assert refused(sheet.printed, report=report) == [
        "“😀”（U+1F600）印不出来，字体里没有这个字，在“工作😀很好”里。请改成文字。"
    ]
