"""What waits of the office itself: posts, catalogue, reports, reception days, installation."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.files import queries as files
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.foundation.witness import queries as witnesses
from gongkai.oversight.supervision import queries as report_queries
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.states import ReportState
from gongkai.oversight.supervision.wording import called as reported
from gongkai.participation.meetings import queries as reception_queries
from gongkai.participation.meetings.models import ReceptionDay
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of, revisions_for
from gongkai.procedure.catalogue.states import RevisionState
from gongkai.procedure.duties import calendars
from gongkai.surfaces.channels.briefs import queries as briefs
from gongkai.surfaces.channels.briefs.states import BriefState
from gongkai.surfaces.desk import steps
from gongkai.surfaces.desk.briefing import title as brief_titled
from gongkai.surfaces.desk.inbox.task import Task


def vacancies(officer: Officer) -> Iterator[Task]:
    """Posts that nobody holds, for who administers the organisation."""
    if not officer.may(Right.ADMINISTER):
        return
    today = organisations.today(officer.organisation)
    for post in organisations.vacant_posts(officer.organisation, today):
        yield Task(
            step="",
            title=_("“%(post)s”没有人担任") % {"post": post.name},
            say=_("空着的岗位不能办事。登记由谁担任以后，权限当天生效。"),
            act=_("登记"),
            href=reverse("organisations:post", args=[post.key]),
        )


def damages(officer: Officer) -> Iterator[Task]:
    """What the integrity watch found, for who administers the installation."""
    if not officer.may(Right.ADMINISTER) or officer.organisation.parent_id:
        return
    found = list(files.damages()[: DAMAGES_NAMED + 1])
    if not found:
        return
    named = "、".join(f"{each.path}（{each.get_what_display()}）" for each in found[:DAMAGES_NAMED])
    yield Task(
        step="",
        title=_("保存的内容有损坏"),
        say=_("%(names)s%(more)s。请看机器的人运行 gongkai doctor，照它说的办。")
        % {"names": named, "more": "……" if len(found) > DAMAGES_NAMED else ""},
        act=_("看全部"),
        href=reverse("desk:damages"),
        now=True,
    )


DAMAGES_NAMED = 3


def holidays(officer: Officer) -> Iterator[Task]:
    """A year is near whose holidays nobody has loaded: only the machine's keeper can."""
    if not officer.may(Right.ADMINISTER):
        return
    if year := calendars.missing(organisations.today(officer.organisation)):
        yield Task(
            step="",
            title=_("还没有%(year)s年的放假安排") % {"year": year},
            say=_("到期的日子暂按周末推算。请维护这台机器的人运行gongkai calendar load。"),
            act=_("看哪些是暂定的"),
            href=f"{reverse('desk:months')}?month={year}-01",
        )


def revisions(officer: Officer, charter: Charter) -> Iterator[Task]:
    """Changes of the catalogue: to decide on, or one's own to go on with."""
    for each in revisions_for(officer, charter):
        said = {"post": each.proposer_post, "reason": each.text, "answer": each.answer}
        decide = each.state == RevisionState.PROPOSED
        if decide:
            say = _("%(post)s要改公开目录，等您审定：%(reason)s") % said
        elif each.state == RevisionState.RETURNED:
            said["post"] = each.decider_post
            say = _("%(post)s退回了您对目录的修改：%(answer)s") % said
        else:
            say = _("您对目录的修改还没有提请审定。")
        yield Task(
            step=steps.REVIEW if decide else steps.PROPOSE,
            title=_("公开目录的第%(n)s号修改") % {"n": each.pk},
            say=say,
            act=_("看改了什么") if decide else _("接着改"),
            href=reverse("desk:revision", args=[each.pk]),
        )


def reports(officer: Officer, charter: Charter) -> Iterator[Task]:
    """Reports to the leading group: to make final, or to go on writing."""
    for each in report_queries.waiting_for(officer, charter):
        finish = each.state == ReportState.PROPOSED
        if finish:
            say = _waits(each)
        elif each.answer:
            say = _("退回修改，理由是：%(answer)s") % {"answer": each.answer}
        else:
            say = _("还没有交去定稿。")
        yield Task(
            step="",
            title=reported(each, charter),
            say=say,
            act=_("看报告") if finish else _("接着写"),
            href=reverse("desk:office-report", args=[each.pk]),
        )


def _waits(report: Report) -> str:
    """Who wrote the report that waits to be made final, or that it was counted."""
    if report.drafter_post:
        return _("%(post)s写好了，等您定稿。") % {"post": report.drafter_post}
    return _("系统统计好了，等您定稿。")


def briefs_waiting(officer: Officer) -> list[Task]:
    """Issues of the brief to seal or to go on with. For the page of what waits alone: the count
    that stands on every page does not ask for them.
    """
    charter = charter_of(officer.organisation)[1]
    found = []
    for each in briefs.waiting_for(officer, charter):
        seal = each.state == BriefState.PROPOSED
        if seal:
            say = _("%(post)s编好了，等您签发。") % {"post": each.drafter_post}
        elif each.answer:
            say = _("退回修改，理由是：%(answer)s") % {"answer": each.answer}
        else:
            say = _("还没有送签。")
        act, href = _("看简报") if seal else _("接着编"), reverse("desk:brief", args=[each.pk])
        found.append(Task("", brief_titled(each, charter), say, act, href, quiet=True))
    return found


def receptions(officer: Officer, charter: Charter) -> Iterator[Task]:
    """Reception days: announcements to approve, results to enter, visitors to telephone."""
    if charter.reception is None:
        return
    waiting = reception_queries.waits_for(officer, organisations.today(officer.organisation))
    for notice in waiting.approve:
        said = {"post": notice.post, "kind": notice.get_kind_display()}
        yield _reception(notice.day, _("%(post)s写了%(kind)s，等您审定公布。") % said, _("审定"))
    for day in waiting.close:
        say = _("接访过去了，还没有登记结果。逾期没有结果，公开栏上看得到。")
        yield _reception(day, say, _("登记结果"), day.result_due)
    for day, many in waiting.telephone:
        say = _("时间有变，要打电话告诉%(n)s位来访人。") % {"n": many}
        yield _reception(day, say, _("打电话"), page="desk:visitors", now=True)


def _reception(
    day: ReceptionDay,
    say: str,
    act: str,
    due: date | None = None,
    *,
    page: str = "desk:reception",
    now: bool = False,
) -> Task:
    told = {"day": marks.day(day.date), "post": day.post.name}
    return Task(
        step="",
        title=_("%(day)s%(post)s接访") % told,
        say=say,
        act=act,
        href=reverse(page, args=[day.key]),
        due=due,
        now=now,
    )


def neighbours(officer: Officer) -> Iterator[Task]:
    """Neighbours who are silent or lie; only a person can ask them why."""
    if not officer.may(Right.ADMINISTER):
        return
    for each in witnesses.complaints(clock.now()):
        yield Task(
            step="",
            title=_("见证：%(name)s") % {"name": each.name},
            say=each.say,
            act=_("看日志的说明"),
            href=f"{settings.BOARD_URL}/log-about",
            now=each.grave,
        )
