"""How long things take, in a charter: limits, letters that remind, keeping."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from gongkai.procedure.catalogue.reading import CODE, said

TIMINGS = ("standing", "periodic", "staged", "prompt", "application")


@dataclass(frozen=True)
class Timing:
    """When a thing falls due (时限类); ``kind`` is what the product understands by it."""

    code: str = said(gettext_lazy("代码"), least=1, most=20, pattern=CODE)
    kind: str = said(gettext_lazy("种类"), least=1, one_of=TIMINGS)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)


@dataclass(frozen=True)
class Exemption:
    """A named exemption (例外): these posts answer without a second person's approval."""

    name: str = said(gettext_lazy("名称"), least=1, most=100)
    name_en: str = said(gettext_lazy("英文名称"), least=1)
    posts: tuple[str, ...] = said(gettext_lazy("岗位"), least=1, most=40)


@dataclass(frozen=True)
class Deadlines:
    """How long things may take (期限), in working days unless the name says days."""

    disclose_workdays: int = said(gettext_lazy("形成以后多少个工作日内公开"), least=1, most=250)
    notice_workdays: int = said(gettext_lazy("公示最少多少个工作日"), least=1, most=250)
    consult_days: int = said(gettext_lazy("向社会征求意见最少多少日"), least=1, most=365)
    consult_inner_days: int = said(gettext_lazy("内部征求意见最少多少日"), least=1, most=365)
    answer_workdays: int = said(gettext_lazy("答复意见的工作日数"), least=1, most=250)
    topic_workdays: int = said(gettext_lazy("答复点题的工作日数"), least=1, most=250)
    contact_days: int = said(gettext_lazy("联系方式保存多少日"), least=1, most=1095)
    privacy_workdays: int = said(
        gettext_lazy("答复个人信息问题的工作日数"), least=1, most=250, default=1
    )
    confirm_workdays: int = said(gettext_lazy("确认阅读的工作日数"), least=1, most=250, default=5)
    confirm_days: int = said(
        gettext_lazy("谁确认了阅读的名单保存多少日"), least=1, most=1095, default=180
    )


@dataclass(frozen=True)
class Reminders:
    """Who hears of a duty, and when (提醒和督办).

    ``before`` are days before the last one, of which each reminds the responsible department's
    head and proposers. What is overdue is told, after so many days, to the head, then to the group
    ``leaders``, then to the group ``supervisors``; a group left empty is not told.
    """

    before: tuple[int, ...] = said(gettext_lazy("提前几日提醒"), least=1, most=90, default=(7, 1))
    head_after: int = said(gettext_lazy("逾期几日告诉负责人"), least=1, most=365, default=1)
    leaders_after: int = said(gettext_lazy("逾期几日告诉领导小组"), least=1, most=365, default=5)
    supervisors_after: int = said(
        gettext_lazy("逾期几日告诉监督小组"), least=1, most=365, default=10
    )
    leaders: str = said(gettext_lazy("领导小组"), most=30, default="")
    supervisors: str = said(gettext_lazy("监督小组"), most=30, default="")


@dataclass(frozen=True)
class Retention:
    """How long a filed thing is kept (保管期限); ``years`` 0 means for ever."""

    code: str = said(gettext_lazy("代码"), least=1, most=10, pattern=CODE)
    name: str = said(gettext_lazy("名称"), least=1, most=40)
    name_en: str = said(gettext_lazy("英文名称"), least=1, most=80)
    years: int = said(gettext_lazy("年数"), most=200, default=0)


@dataclass(frozen=True)
class Archive:
    """The constant parts of a 档号: 全宗号-门类·年度-保管期限-机构（问题）-件号."""

    fonds: str = said(gettext_lazy("全宗号"), least=1, most=20, pattern=CODE)
    series: str = said(gettext_lazy("门类"), least=1, most=10, pattern=CODE)
    section: str = said(gettext_lazy("机构（问题）"), least=1, most=20, pattern=CODE)
