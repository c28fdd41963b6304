"""The rail: the ways through the desk, with how much stands behind each."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.organisations.states import Right
from gongkai.oversight.supervision import queries as reports
from gongkai.procedure.archive.queries import to_file
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import queries as feedback_read
from gongkai.procedure.feedback import rules as feedback
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Draft
from gongkai.procedure.proposals.states import EDITABLE
from gongkai.surfaces.desk import inbox, queries, steps

Line = tuple[str | None, str, int | None, bool]


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor: ``rail`` for every page that is drawn on the desk's frame.

    Nothing is asked of the database unless a page draws it.
    """
    return {"rail": SimpleLazyObject(lambda: lines(cast("Seated", request)))}


class Desk:
    """What one request learns about its officer's desk, asked once (办公台)."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer

    @cached_property
    def tasks(self) -> Sequence[inbox.Task]:
        """What waits for the officer."""
        return inbox.tasks(self.officer)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much is in hand at each step, of what the officer may look into: 5 queries."""
        drafts = queries.drafts(self.officer).filter(pk__in=queries.in_state(Draft, EDITABLE))
        filed = to_file(self.officer.organisation) & proposals.visible(self.officer)
        return {
            steps.PROPOSE: drafts.count(),
            steps.REVIEW: queries.open_reviews(self.officer).count(),
            steps.PUBLISH: queries.to_publish(self.officer).count(),
            steps.FEEDBACK: feedback_read.how_many(feedback.in_hand(self.officer)),
            steps.ARCHIVE: filed.count(),
        }


def desk_of(request: Seated) -> Desk:
    """The desk of whoever asks, the same object for the whole request."""
    desk: Desk | None = getattr(request, "_desk", None)
    if desk is None:
        desk = Desk(request.acting)
        request._desk = desk  # type: ignore[attr-defined]
    return desk


def lines(request: Seated) -> list[Line]:
    """The rail of this request; empty for whoever holds no post."""
    if not (request.officer and request.officer.posts):
        return []
    desk, here = desk_of(request), request.path
    try:
        waiting, counts = len(inbox.waiting(desk.tasks)), desk.counts
        reads = _reads(request.officer)
    except Refused:  # before the first charter: the administrator's pages stand all the same
        waiting, counts, reads = 0, {}, False
    found: list[Line] = [
        _line(here, reverse("desk:inbox"), _("待我办"), waiting),
        _line(here, reverse("desk:catalogue"), _("公开目录")),
        _line(here, reverse("desk:duties"), _("公开任务")),
        (None, _("五个步骤"), None, False),
    ]
    for key, name in steps.NAMES.items():
        href = reverse("desk:step", args=[key])
        found.append(_line(here, href, str(name), counts.get(key)))
    supervises = request.officer.may(Right.SUPERVISE)
    keeps = supervises or any(map(request.officer.may, (Right.PROPOSE, Right.PUBLISH)))
    if keeps or reads:
        found.append((None, pgettext("heading", "监督检查"), None, False))
    if keeps:
        found.append(_line(here, reverse("desk:coverage"), _("落实情况")))
    if supervises or request.officer.may(Right.PUBLISH):
        found.append(_line(here, reverse("desk:emergencies"), _("紧急公开")))
    if reads:
        found.append(_line(here, reverse("desk:reports"), _("工作报告")))
    if supervises:
        found.append(_line(here, reverse("desk:audit"), pgettext("heading", "操作记录")))
        found.append(_line(here, reverse("desk:seals"), _("用印登记")))
    if request.officer.may(Right.ADMINISTER):
        found.append((None, _("管理"), None, False))
        posts = "" if here.startswith(reverse("organisations:absences")) else here
        found.append(_line(posts, reverse("organisations:posts"), _("岗位和成员")))
        found.append(_line(here, reverse("desk:words"), _("词表")))
        found.append(_line(here, reverse("notices:letters"), _("没有寄出的信")))
        found.append(_line(here, reverse("followers:numbers"), _("邮件提醒")))
        found.append(_line(here, reverse("desk:refusals"), _("没有收下的文件")))
    found.append((None, _("其它"), None, False))
    if keeps:
        found.append(_line(here, reverse("desk:postings"), _("张贴与播出")))
    found.append(_line(here, reverse("paper:wall"), _("公开栏张贴单")))
    found.append(_line(here, reverse("screens:list"), _("电子显示屏")))
    found.append(_line(here, reverse("desk:briefs"), _("简报")))
    found.append(_line(here, reverse("desk:television"), _("电视")))
    found.append(_line(here, reverse("reach:home"), _("阅读量")))
    if supervises or any(map(request.officer.may, (Right.PUBLISH, Right.ADMINISTER))):
        found.append(_line(here, reverse("messages:overview"), _("订阅与推送")))
    found.append(_line(here, reverse("desk:receptions"), _("接访日")))
    if supervises or request.officer.may(Right.ASSIGN):
        found.append(_line(here, reverse("desk:blocked"), _("先看的意见")))
    found.append(_line(here, reverse("organisations:absences"), _("外出和代行")))
    found.append(_line(here, reverse("members:list"), _("向您公开的")))
    return found


def _reads(officer: Officer) -> bool:
    """Whether the officer reads the reports; the charter is asked for only where rights say no."""
    if officer.may(Right.PUBLISH) or officer.may(Right.SUPERVISE):
        return True
    return reports.reads(officer, charter_of(officer.organisation)[1])


def _line(here: str, href: str, label: str, count: int | None = None) -> Line:
    current = here == href or (href != reverse("desk:inbox") and here.startswith(href))
    return (href, label, count, current)
