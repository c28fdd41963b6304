"""What waits for me 待我办: one list over all steps, overdue first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.files import queries as files
from gongkai.foundation.organisations import queries as organisations
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.states import Right
from gongkai.foundation.ui import marks
from gongkai.foundation.witness import queries as witnesses
from gongkai.oversight.supervision import queries as reports
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.states import ReportState
from gongkai.oversight.supervision.wording import called as reported
from gongkai.participation.meetings import queries as receptions
from gongkai.participation.meetings.models import ReceptionDay
from gongkai.procedure.archive import queries as archive
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.queries import charter_of, revisions_for
from gongkai.procedure.catalogue.states import RevisionState
from gongkai.procedure.duties import calendars
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyKind
from gongkai.procedure.feedback import held
from gongkai.procedure.feedback import queries as feedback
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import CaseKind, CaseState, Ground
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import DraftState
from gongkai.procedure.publication import queries as publication
from gongkai.procedure.review import emergency_rules, prior_rules
from gongkai.procedure.review import queries as review
from gongkai.procedure.review.models import Review
from gongkai.surfaces.board.words import named
from gongkai.surfaces.channels.briefs import queries as briefs
from gongkai.surfaces.channels.briefs.states import BriefState
from gongkai.surfaces.desk import limits, owed, queries, steps
from gongkai.surfaces.desk.briefing import title as brief_titled

SHORT = 24
"""Characters of a voice that stand for it in a list."""


@dataclass(frozen=True)
class Task:
    """One thing that waits (待办): ``due`` None when no day is set for it.

    ``now`` tells that it must not wait for any day; ``quiet`` that it only informs.
    """

    step: str
    title: str
    say: str
    act: str
    href: str
    due: date | None = None
    badge: str = ""
    now: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Group:
    """Tasks under one heading (分组)."""

    name: str
    tasks: Sequence[Task]


def tasks(officer: Officer) -> list[Task]:
    """Everything that waits for ``officer``; the number of queries does not depend on how much."""
    _version, charter = charter_of(officer.organisation)
    reviews = review.under_review(officer.organisation)
    found = [
        *_erasures(officer),
        *_emergencies(officer, charter),
        *_drafts(officer, charter),
        *_owed(officer, charter),
        *_reviews(officer, reviews),
        *_consulted(officer, reviews),
        *_upward(officer, charter),
        *_editions(officer, charter),
        *_cases(officer),
        *_held(officer),
        *_filings(officer),
        *_vacancies(officer),
        *_damages(officer),
        *_holidays(officer),
        *_witnesses(officer),
        *_planned(officer, charter),
        *_revisions(officer, charter),
        *_reports(officer, charter),
        *_receptions(officer, charter),
    ]
    return sorted(found, key=lambda task: (task.quiet, not task.now, task.due or date.max))


def groups(found: Sequence[Task], today: date) -> list[Group]:
    """The tasks under their headings, in the order in which they press."""
    headings = {
        "over": _("已经逾期"),
        "now": _("马上要办"),
        "today": _("今天到期"),
        "week": _("本周到期"),
        "later": _("以后"),
        "open": _("没有定期限"),
        "quiet": _("已经安排好，到时自动公开"),
    }
    sorted_out: dict[str, list[Task]] = {key: [] for key in headings}
    for task in found:
        sorted_out[_heading(task, today)].append(task)
    return [Group(headings[key], each) for key, each in sorted_out.items() if each]


def _heading(task: Task, today: date) -> str:
    sunday = today + timedelta(days=6 - today.weekday())
    if task.now:
        return "now"
    if task.quiet:
        return "quiet"
    if task.due is None:
        return "open"
    if task.due < today:
        return "over"
    if task.due == today:
        return "today"
    return "week" if task.due <= sunday else "later"


def waiting(found: Sequence[Task]) -> list[Task]:
    """Without those that only inform."""
    return [task for task in found if not task.quiet]


# -- step by step ----------------------------------------------------------------------------------


def item_href(address: str) -> str:
    """The page of an item at the desk."""
    return reverse("desk:item", args=[address])


def _erasures(officer: Officer) -> Iterator[Task]:
    for erasure in publication.erasures_for(officer):
        said = {"post": erasure.asked_post, "reason": erasure.reason}
        yield Task(
            step=steps.PUBLISH,
            title=masked(erasure.disclosure.title),
            say=_("%(post)s申请清除，要您确认：%(reason)s") % said,
            act=_("看申请"),
            href=item_href(erasure.disclosure.address),
            now=True,
        )


def _emergencies(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What was opened in an emergency: to look at, or to take back."""
    rule = charter.emergency
    looks = rule is not None and bool(officer.capacities(rule.confirm))
    if not looks and not officer.may(Right.WITHDRAW):
        return
    for each in publication.emergencies_in_hand(officer.organisation):
        said = {"post": each.post, "decider": each.decided_as, "reason": masked(each.reason)}
        if each.confirmed is None and not emergency_rules.confirm_obstacles(each, officer):
            say, act = _("%(post)s紧急公开，等您补审：%(reason)s") % said, _("补审")
        elif each.confirmed is False and officer.may(Right.WITHDRAW):
            said["reason"] = masked(each.text)
            say, act = (
                _("紧急公开的，%(decider)s补审没有通过：%(reason)s") % said,
                _("撤回或者更正"),
            )
        else:
            continue
        yield Task(
            step=steps.PUBLISH,
            title=masked(each.edition.disclosure.title),
            say=say,
            act=act,
            href=item_href(each.edition.disclosure.address),
            due=each.due_on,
            now=True,
        )


def _drafts(officer: Officer, charter: Charter) -> Iterator[Task]:
    found = queries.drafts_to_finish(officer)
    returned = queries.reasons_of_return(found)
    for draft in found:
        opinion = returned.get(draft.pk) if draft.state == DraftState.RETURNED else None
        yield Task(
            step=steps.PROPOSE,
            title=masked(draft.title),
            say=_returned(opinion.post, opinion.text) if opinion else _unfinished(draft),
            act=_("照意见改") if opinion else _("接着写"),
            href=item_href(draft.disclosure.address),
            due=None if draft.corrects else limits.to_publish(draft.disclosure, charter).due,
            badge=inner_first(draft.plan, charter),
        )


def _owed(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What falls due of the entries of the officer's departments: proposed for them."""
    known = {rule.code: rule for rule in charter.entries}
    for duty in owed.proposed(officer, charter):
        writes = officer.may(Right.PROPOSE) and duty.kind in owed.ASKS
        yield Task(
            step=steps.PROPOSE,
            title=owed.titled(known.get(duty.entry.code), duty),
            say=_owed_say(duty),
            act=_("起草") if writes else _("查看"),
            href=draft_href(duty) if writes else reverse("desk:duty", args=[duty.pk]),
            due=duty.due_on,
        )


def _owed_say(duty: Duty) -> str:
    said = {"entry": duty.entry.code, "department": duty.entry.department}
    if duty.kind == DutyKind.REVIEW:
        return _("目录%(entry)s，%(department)s：要看看公开的内容还对不对。") % said
    if duty.kind == DutyKind.CHANGE:
        return _("目录%(entry)s，%(department)s：有变化，要更新公开的内容。") % said
    return _("目录%(entry)s，%(department)s：到期要公开，还没有人起草。") % said


def draft_href(duty: Duty) -> str:
    """The page on which something is written for ``duty``."""
    return f"{reverse('desk:write', args=[duty.entry.code])}?duty={duty.pk}"


def _returned(post: str, reason: str) -> str:
    return _("%(post)s退回修改：%(reason)s") % {"post": post, "reason": reason}


def _unfinished(draft: Draft) -> str:
    if draft.corrects:
        return _("更正稿还没有送审。")
    return _("草稿还没有送审。")


def _reviews(officer: Officer, among: Sequence[Review]) -> Iterator[Task]:
    for each in review.waiting_for(officer, among):
        charter = each.charter.charter
        stage = review.stage_of(each, charter)
        yield Task(
            step=steps.REVIEW,
            title=masked(each.draft.title),
            say=_review_say(each, charter, officer) + _claimed(each, officer),
            act=_("审核") if stage else _("盖章"),
            href=item_href(each.draft.disclosure.address),
            due=each.due_on,
            badge=inner_first(each.draft.plan, charter),
        )


def _review_say(each: Review, charter: Charter, officer: Officer) -> str:
    acting = officer.capacities(each.posts)[0]
    said = {
        "absent": acting.post.name,
        "post": each.draft.proposer_post,
        "day": marks.day(civil_day(each.began_at, charter.organisation.zone), year=False),
        "stage": "",
    }
    if stage := review.stage_of(each, charter):
        said["stage"] = stage.name
        if acting.by:
            return _("%(post)s%(day)s送审，等您代%(absent)s办“%(stage)s”。") % said
        return _("%(post)s%(day)s送审，等您办“%(stage)s”。") % said
    if acting.by:
        return _("%(post)s%(day)s送审，各级都已通过，等您代%(absent)s盖章。") % said
    return _("%(post)s%(day)s送审，各级都已通过，等您盖章。") % said


def _claimed(each: Review, officer: Officer) -> str:
    """Who has taken it on, behind the rest; one's own taking on is said too."""
    if not each.claimed(clock.now()):
        return ""
    if each.claimed_by_id == officer.member.pk:
        return _("您已认领。")
    return _("%(post)s已认领。") % {"post": each.claimed_as}


def _consulted(officer: Officer, among: Sequence[Review]) -> Iterator[Task]:
    for each in review.consulted(officer, among):
        said = {"asked": each.asked_as, "post": each.post.name, "question": masked(each.question)}
        yield Task(
            step=steps.REVIEW,
            title=masked(each.review.draft.title),
            say=_("%(asked)s请%(post)s会签。%(question)s") % said,
            act=_("会签"),
            href=item_href(each.review.draft.disclosure.address),
            due=each.due_on,
        )


def _upward(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What bodies below ask approval for, before they seal it."""
    for each in prior_rules.waiting_for(officer, charter):
        draft = each.review.draft
        said = {"of": draft.disclosure.organisation.name, "post": each.asked_as}
        yield Task(
            step=steps.REVIEW,
            title=masked(draft.title),
            say=_("%(of)s%(post)s报来目录外事项，等您批准。%(question)s")
            % {**said, "question": masked(each.question)},
            act=_("看送审稿"),
            href=reverse("desk:prior", args=[each.pk]),
            due=each.due_on,
        )


def _editions(officer: Officer, charter: Charter) -> Iterator[Task]:
    for edition in publication.waiting_for(officer):
        corrects = edition.number > 1
        said = {"number": edition.seal_number}
        yield Task(
            step=steps.PUBLISH,
            title=masked(edition.disclosure.title),
            say=_("已盖章封存（%(number)s），还有公开的步骤没有安排。") % said,
            act=_("安排公开"),
            href=reverse("desk:schedule", args=[edition.disclosure.address]),
            due=None if corrects else limits.to_publish(edition.disclosure, charter).due,
        )


def _planned(officer: Officer, charter: Charter) -> Iterator[Task]:
    """What will open by itself. One whose time is past stands among what is overdue."""
    if not officer.may(Right.PUBLISH):
        return
    names = {scope.code: named(scope) for scope in charter.scopes}
    now, zone = clock.now(), charter.organisation.zone
    for release in queries.planned(officer.organisation):
        said = {
            "scope": names.get(release.scope, release.scope),
            "at": marks.moment(release.opens_at, zone, year=False),
        }
        late = release.opens_at < now - LATE
        yield Task(
            step=steps.PUBLISH,
            title=masked(release.disclosure.title),
            say=(
                _("“%(scope)s”该在%(at)s公开，还没有公开。请看看后台程序是不是停了。") % said
                if late
                else _("%(at)s%(scope)s。") % said
            ),
            act=_("查看"),
            href=item_href(release.disclosure.address),
            due=civil_day(release.opens_at, zone),
            now=late,
            quiet=not late,
        )


LATE = timedelta(minutes=10)
"""An opening that is so late does not come by itself any more: somebody should look."""


def _cases(officer: Officer) -> Iterator[Task]:
    for case in feedback.waiting_for(officer):
        if getattr(case, "for_wall", 0):
            yield _to_pass(case)
            continue
        yield Task(
            step=steps.FEEDBACK,
            title=voice(case),
            say=_case_say(case),
            act=_CASE_ACTS[case.state](),
            href=reverse("desk:case", args=[case.number]),
            due=case.promised,
            now=case.urgent or case.ground == Ground.PRIVACY,
        )


def _to_pass(case: Case) -> Task:
    """A wording for the wall that waits for the second person."""
    return Task(
        step=steps.FEEDBACK,
        title=voice(case),
        say=_("%(number)s号有一稿等您审定，审定以后上墙或者不上墙。") % {"number": case.number},
        act=_("看上墙稿"),
        href=reverse("desk:case-wall", args=[case.number]),
    )


def _held(officer: Officer) -> Iterator[Task]:
    """Voices that a supervisor reads before they become cases; one row, however many."""
    waiting = list(held.waiting_for(officer)[: HELD + 1])
    if not waiting:
        return
    many = f"{HELD}+" if len(waiting) > HELD else str(len(waiting))
    yield Task(
        step=steps.FEEDBACK,
        title=_("先看的意见"),
        say=_("%(n)s件意见里有拦截词，等您看过才成为办件。") % {"n": many},
        act=_("去看"),
        href=reverse("desk:blocked"),
        due=waiting[0].look_by,
    )


HELD = 99


_CASE_ACTS: dict[str, Callable[[], str]] = {
    CaseState.RECEIVED: lambda: _("分办"),
    CaseState.ASSIGNED: lambda: _("写答复"),
    CaseState.DRAFTED: lambda: _("看答复"),
}


def voice(case: Case) -> str:
    """A voice in one line: 点题：镇东垃圾中转站什么时候搬; a problem by its ground."""
    words = " ".join(masked(case.text).split())
    shown = words[:SHORT] + ("…" if len(words) > SHORT else "")
    kind = Ground(case.ground) if case.ground else CaseKind(case.kind)
    return _("%(kind)s：%(text)s") % {"kind": kind.label, "text": shown}


def _case_say(case: Case) -> str:
    said = {
        "number": case.number,
        "about": case.disclosure.title if case.disclosure else "",
        "post": case.post.name if case.post else "",
    }
    match case.state:
        case CaseState.RECEIVED:
            told = _("%(number)s号，等您分给一个岗位办。") % said
        case CaseState.ASSIGNED:
            told = _("%(number)s号，分给了%(post)s，等您答复。") % said
        case _:
            told = _("%(number)s号，%(post)s写了答复，等您审定。") % said
    return told + (_("说的是《%(about)s》。") % said if case.disclosure else "")


def _filings(officer: Officer) -> Iterator[Task]:
    for disclosure in archive.waiting_for(officer):
        yield Task(
            step=steps.ARCHIVE,
            title=masked(disclosure.title),
            say=_("都已公开，意见都已答复，可以归档。"),
            act=_("归档"),
            href=item_href(disclosure.address),
        )


def _vacancies(officer: Officer) -> Iterator[Task]:
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


def _damages(officer: Officer) -> Iterator[Task]:
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


def _holidays(officer: Officer) -> Iterator[Task]:
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


def _revisions(officer: Officer, charter: Charter) -> Iterator[Task]:
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


def _reports(officer: Officer, charter: Charter) -> Iterator[Task]:
    """Reports to the leading group: to make final, or to go on writing."""
    for each in reports.waiting_for(officer, charter):
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


def _receptions(officer: Officer, charter: Charter) -> Iterator[Task]:
    """Reception days: announcements to approve, results to enter, visitors to telephone."""
    if charter.reception is None:
        return
    waiting = receptions.waits_for(officer, organisations.today(officer.organisation))
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


def _witnesses(officer: Officer) -> Iterator[Task]:
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


def inner_first(plan: Sequence[dict[str, str]], charter: Charter) -> str:
    """The badge of what members see first, or alone; nothing for what goes straight out."""
    scopes = {scope.code: scope for scope in charter.scopes}
    known = [scopes[step["scope"]] for step in plan if step.get("scope") in scopes]
    inner = [scope.inner for scope in known]
    if not any(inner):
        return ""
    return _("成员先看") if not all(inner) else _("只向成员公开")
