"""The rail: the ways through the desk, with how much stands behind each."""

from collections.abc import Iterator, Sequence
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
from gongkai.surfaces.desk.inbox import task

Line = tuple[str | None, str, int | None, bool]
Way = tuple[str, str, int | None]
"""The name of a route or of a step, what it is called, and how much stands behind it."""


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
    def tasks(self) -> Sequence[task.Task]:
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
        request._desk = desk  # type: ignore[attr-defined]  # ours alone
    return desk


def lines(request: Seated) -> list[Line]:
    """The rail of this request; empty for whoever holds no post."""
    officer = request.officer
    if not (officer and officer.posts):
        return []
    desk = desk_of(request)
    try:
        waiting, counts = len(inbox.waiting(desk.tasks)), desk.counts
        reads = _reads(officer)
    except Refused:  # before the first charter: the administrator's pages stand all the same
        waiting, counts, reads = 0, {}, False
    found: list[Way | str] = [
        ("desk:inbox", _("待我办"), waiting),
        ("desk:catalogue", _("公开目录"), None),
        ("desk:duties", _("公开任务"), None),
        _("五个步骤"),
        *((key, str(name), counts.get(key)) for key, name in steps.NAMES.items()),
        *_headed(pgettext("heading", "公开渠道"), _carriers(officer)),
        *_headed(pgettext("heading", "监督检查"), _watched(officer, reads)),
        *_headed(_("管理"), _administered(officer)),
        *_headed(_("其它"), _others(officer)),
    ]
    hrefs = [None if isinstance(each, str) else _address(each[0]) for each in found]
    here = _here(request.path, [href for href in hrefs if href])
    return [
        (None, each, None, False) if isinstance(each, str) else (href, *each[1:], href == here)
        for each, href in zip(found, hrefs, strict=True)
    ]


def _headed(heading: str, ways: Iterator[Way]) -> list[Way | str]:
    found = list(ways)
    return [heading, *found] if found else []


def _carriers(officer: Officer) -> Iterator[Way]:
    """What an item is carried by to those whom it concerns."""
    if _keeps(officer):
        yield "desk:postings", _("张贴与播出"), None
    yield "paper:wall", _("公开栏张贴单"), None
    yield "screens:list", _("电子显示屏"), None
    yield "desk:television", _("电视"), None
    yield "desk:briefs", _("简报"), None
    if any(map(officer.may, (Right.SUPERVISE, Right.PUBLISH, Right.ADMINISTER))):
        yield "messages:overview", _("订阅与推送"), None
    if officer.may(Right.ADMINISTER):
        yield "followers:numbers", _("邮件提醒"), None
    yield "reach:home", _("阅读量"), None


def _watched(officer: Officer, reads: bool) -> Iterator[Way]:
    """What is watched over; ``reads``: whether the officer reads the reports."""
    supervises = officer.may(Right.SUPERVISE)
    if _keeps(officer):
        yield "desk:coverage", _("落实情况"), None
    if supervises or officer.may(Right.PUBLISH):
        yield "desk:emergencies", _("紧急公开"), None
    if supervises or officer.may(Right.ASSIGN):
        yield "desk:blocked", _("先看的意见"), None
    if reads:
        yield "desk:reports", _("工作报告"), None
    if supervises:
        yield "desk:audit", pgettext("heading", "操作记录"), None
        yield "desk:seals", _("用印登记"), None


def _administered(officer: Officer) -> Iterator[Way]:
    if officer.may(Right.ADMINISTER):
        yield "organisations:posts", _("岗位和成员"), None
        yield "desk:words", _("词表"), None
        yield "notices:letters", _("没有寄出的信"), None
        yield "desk:refusals", _("没有收下的文件"), None


def _others(_officer: Officer) -> Iterator[Way]:
    yield "desk:receptions", _("接访日"), None
    yield "organisations:absences", _("外出和代行"), None
    yield "members:list", _("向您公开的"), None


def _keeps(officer: Officer) -> bool:
    return any(map(officer.may, (Right.SUPERVISE, Right.PROPOSE, Right.PUBLISH)))


def _reads(officer: Officer) -> bool:
    """Whether the officer reads the reports; the charter is asked for only where rights say no."""
    if officer.may(Right.PUBLISH) or officer.may(Right.SUPERVISE):
        return True
    return reports.reads(officer, charter_of(officer.organisation)[1])


def _address(name: str) -> str:
    return reverse(name) if ":" in name else reverse("desk:step", args=[name])


def _here(path: str, hrefs: Sequence[str]) -> str:
    """The way on which ``path`` lies: the longest that begins it; the inbox's begins all."""
    inner = [href for href in hrefs if path.startswith(href) and href != reverse("desk:inbox")]
    return max(inner, key=len, default=path)
