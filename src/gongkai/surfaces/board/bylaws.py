"""The charter 实施办法 as the charter page tells it: names resolved, in the page's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.charter import Charter, Stage
from gongkai.procedure.catalogue.pacing import Deadlines
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.catalogue.staffing import GroupRule, PostRule
from gongkai.surfaces.board import words


@dataclass(frozen=True)
class Group:
    """A group with its duties and who sits in it."""

    name: Markup
    duties: Markup
    members: list[tuple[Markup, Markup]]


@dataclass(frozen=True)
class Post:
    """A post, where it belongs and what its holder may do."""

    name: Markup
    department: Markup
    rights: str


def told(charter: Charter) -> dict[str, Any]:
    """The values of the charter page."""
    return {
        "charter": charter,
        "inner": any(scope.inner for scope in charter.scopes),
        "reviews": [(words.label(stage), _reviewers(charter, stage)) for stage in charter.stages],
        "deadlines": _deadlines(charter),
        "groups": [_group(charter, group) for group in charter.groups],
        "posts": [_post(charter, post) for post in charter.posts],
        "scopes": _names(charter.scopes),
        "timings": _names(charter.timings),
        "forms": _names(charter.forms),
        "channels": _names(charter.channels),
        "retentions": _names(charter.retentions),
    }


def _names(things: Iterable[words.Named]) -> list[Markup]:
    return [words.label(thing) for thing in things]


def _posts(charter: Charter, keys: Iterable[str]) -> Markup:
    return Markup(_("、")).join(words.label(charter.post(key)) for key in keys)


def _reviewers(charter: Charter, stage: Stage) -> Markup:
    who = _posts(charter, stage.posts)
    if stage.department:
        head = Markup("{}").format(_("责任部门负责人"))
        who = Markup(_("，或者")).join((head, who)) if who else head
    days = ngettext("%(n)s个工作日内", "%(n)s个工作日内", stage.workdays) % {"n": stage.workdays}
    return who + _("，") + days


def _deadlines(charter: Charter) -> list[tuple[str, str]]:
    limits = charter.deadlines
    within = (
        (_("形成或者变更以后公开"), limits.disclose_workdays),
        (_("答复意见"), limits.answer_workdays),
        (_("答复点题"), limits.topic_workdays),
        (_("答复个人信息问题"), limits.privacy_workdays),
    )
    least = (
        (_("向社会征求意见"), limits.consult_days),
        (_("内部征求意见"), limits.consult_inner_days),
    )
    voices = charter.voices
    own = (
        (_("答复质询"), voices.question_workdays),
        (_("答复热线来电"), voices.hotline_workdays),
        (_("答复意见簿"), voices.book_workdays),
    )
    petitions = (
        (_("告知来信来访是否受理"), voices.petition_notice_days),
        (_("办结受理的来信来访"), voices.petition_days),
    )
    return [
        *((name, _workdays(count)) for name, count in within),
        *((name, _workdays(count)) for name, count in own if count),
        *((name, _days(count)) for name, count in petitions),
        (_("公示"), _("最少%(time)s") % {"time": _workdays(limits.notice_workdays)}),
        *((name, _("最少%(time)s") % {"time": _days(count)}) for name, count in least),
        (_("您留下的联系方式"), _("%(time)s后销毁") % {"time": _days(limits.contact_days)}),
        *(_confirming(limits) if any(entry.confirm for entry in charter.entries) else ()),
        *(_receiving(charter.reception) if charter.reception else ()),
    ]


def _confirming(limits: Deadlines) -> tuple[tuple[str, str], ...]:
    return (
        (_("成员确认阅读"), _workdays(limits.confirm_workdays)),
        (_("谁确认了阅读的名单"), _("%(time)s后销毁") % {"time": _days(limits.confirm_days)}),
    )


def _receiving(rule: Reception) -> tuple[tuple[str, str], ...]:
    return (
        (_("预约领导接访"), _("最早提前%(time)s") % {"time": _days(rule.days_ahead)}),
        (_("接访后公布结果"), _workdays(rule.result_workdays)),
        (
            _("预约接访时留下的联系方式"),
            _("接访后%(time)s销毁") % {"time": _days(rule.contact_days)},
        ),
    )


def _workdays(n: int) -> str:
    return ngettext("%(n)s个工作日", "%(n)s个工作日", n) % {"n": n}


def _days(n: int) -> str:
    return ngettext("%(n)s日", "%(n)s日", n) % {"n": n}


def _group(charter: Charter, group: GroupRule) -> Group:
    return Group(
        words.label(group),
        words.either(group.duties, group.duties_en),
        [
            (words.either(each.role, each.role_en), words.label(charter.post(each.post)))
            for each in group.members
        ],
    )


def _post(charter: Charter, post: PostRule) -> Post:
    department = words.label(charter.department(post.department)) if post.department else Markup("")
    return Post(
        words.label(post), department, _("、").join(str(Right(key).label) for key in post.rights)
    )
