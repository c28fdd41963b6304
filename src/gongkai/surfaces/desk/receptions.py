"""What the office fills in for reception days, and what can be done with one (领导接访日)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.foundation.core import workdays
from gongkai.foundation.core.clock import now
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.models import Post
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.fields import offer
from gongkai.foundation.ui.parts import Act
from gongkai.participation.meetings import booking_rules, queries, rules
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.participation.meetings.rules import Arrangement
from gongkai.participation.meetings.series import Series, Spread, spread
from gongkai.participation.meetings.states import DayState, NoticeKind
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.catalogue.receiving import Reception
from gongkai.procedure.feedback.rules import LONGEST_TEXT
from gongkai.surfaces.desk.acts import WORDS
from gongkai.surfaces.desk.forms import words_form

SHOW = (
    ("yes", gettext_lazy("可以在回音壁公开说的事和答复，不公开称呼和联系方式")),
    ("no", gettext_lazy("只让经办人看，凭查询码看答复")),
)


class ArrangementForm(forms.Form):
    """Who receives, when and where 接访安排."""

    post = forms.ChoiceField(label=gettext_lazy("谁接访"))
    starts = forms.TimeField(
        label=gettext_lazy("几点开始"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M"],
        error_messages={"invalid": gettext_lazy("请写成09:00这样的时间")},
    )
    slots = forms.IntegerField(label=gettext_lazy("几个时段"), min_value=1, max_value=40)
    minutes = forms.IntegerField(label=gettext_lazy("一个时段多少分钟"), min_value=5, max_value=240)
    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        help_text=gettext_lazy("写到找得到的程度，如“镇政府一楼接访室”。"),
        max_length=rules.MOST_PLACE,
    )
    subject = forms.CharField(
        label=gettext_lazy("专门谈什么"),
        help_text=gettext_lazy("没有就空着。"),
        max_length=rules.MOST_PLACE,
        required=False,
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        """``posts``: those that may receive."""
        super().__init__(*args, **kwargs)
        self.posts = {post.key: post for post in posts}
        offer(self, "post", [(key, post.name) for key, post in self.posts.items()])

    @property
    def arrangement(self) -> Arrangement:
        """What was filled in."""
        given = self.cleaned_data
        return Arrangement(
            post=self.posts[given["post"]],
            starts=given["starts"],
            minutes=given["minutes"],
            slots=given["slots"],
            place=given["place"],
            subject=given["subject"],
        )


class PlanForm(ArrangementForm):
    """One day, or a series 排接访日."""

    date = day_field(gettext_lazy("哪一天"))
    every = forms.ChoiceField(
        label=gettext_lazy("重复"),
        choices=(
            ("0", gettext_lazy("只这一天")),
            ("1", gettext_lazy("每周同一天")),
            ("2", gettext_lazy("每两周")),
            ("4", gettext_lazy("每四周")),
        ),
        initial="0",
    )
    until = day_field(
        gettext_lazy("重复到哪天为止"),
        required=False,
        help_text=gettext_lazy("放假的日子自动跳过，补班的日子照排。"),
    )
    field_order = ("post", "date", "every", "until", "starts", "slots", "minutes", "place")

    def clean(self) -> dict[str, Any]:
        """A series has its end."""
        given = super().clean() or self.cleaned_data
        if given.get("every", "0") != "0" and given.get("date"):
            if not given.get("until"):
                self.add_error("until", _("重复的，请写到哪天为止"))
            else:
                for obstacle in rules.series_obstacles(self._series()):
                    self.add_error("until", obstacle)
        return given

    def _series(self) -> Series:
        first = self.cleaned_data["date"]
        every = int(self.cleaned_data["every"])
        return Series(first.weekday(), every, first, self.cleaned_data["until"])

    @property
    def days(self) -> Spread:
        """The days meant; a single one holds even when nobody else works on it."""
        if self.cleaned_data["every"] == "0":
            return Spread((self.cleaned_data["date"],), (), provisional=False)
        return spread(self._series())


class ChangeForm(ArrangementForm):
    """A change of a day 改安排; of an announced one with its public reason."""

    reason = forms.CharField(
        label=gettext_lazy("为什么更改"),
        help_text=gettext_lazy("要公开，约了的人也会看到。"),
        max_length=LONGEST_NOTE,
        required=False,
    )

    def __init__(self, *args: Any, day: ReceptionDay, **kwargs: Any) -> None:
        """``day``: what stands now is filled in."""
        now_so = {
            "post": day.post.key,
            "starts": f"{day.starts:%H:%M}",
            **{name: getattr(day, name) for name in ("slots", "minutes", "place", "subject")},
        }
        super().__init__(*args, initial=now_so, **kwargs)
        if day.state == DayState.DRAFT:
            del self.fields["reason"]


class WalkInForm(forms.Form):
    """Who came without a booking 没有预约的."""

    persons = forms.IntegerField(label=gettext_lazy("来了几个人"), min_value=1, initial=1)
    about = forms.CharField(
        label=gettext_lazy("想谈什么事"),
        max_length=booking_rules.MOST_ABOUT,
        widget=forms.TextInput(),
    )
    name = forms.CharField(label=gettext_lazy("称呼"), max_length=40, required=False)
    tel = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)

    prefix = "walk"


class HearForm(forms.Form):
    """What was said, and what was promised 登记办件."""

    text = forms.CharField(
        label=gettext_lazy("说了什么"),
        help_text=gettext_lazy("按来访人的意思写。不写姓名、电话和证件号。"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
    )
    category = forms.ChoiceField(label=gettext_lazy("是哪一类的事"))
    promise = forms.CharField(
        label=gettext_lazy("当场答应了什么"),
        help_text=gettext_lazy("会写进公开的接访记录。没有答应就空着。"),
        max_length=rules.MOST_PROMISE,
        required=False,
    )
    promise_by = day_field(gettext_lazy("哪一天以前办"), required=False)
    show = forms.ChoiceField(
        label=gettext_lazy("来访人愿不愿意公开"),
        choices=SHOW,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请问来访人，选一项")},
    )

    def __init__(self, *args: Any, charter: Charter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.code, each.name) for each in charter.categories]
        offer(self, "category", [("", _("请选")), *named])


CancelForm = words_form(
    gettext_lazy("为什么取消"),
    gettext_lazy("马上公开，约了的人也会看到。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么取消，要公开"),
)
MissedForm = words_form(
    gettext_lazy("为什么没有接访"),
    gettext_lazy("要公开。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么没有接访，要公开"),
)
BackForm = words_form(
    gettext_lazy("哪里要改"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明哪里要改"),
)


def begun(rule: Reception, on: date) -> dict[str, Any]:
    """What a new day begins with, by the charter."""
    return {"slots": rule.slots, "minutes": rule.minutes, "starts": "09:00", "date": on}


def planned_said(days: Sequence[ReceptionDay], found: Spread) -> list[str]:
    """What is told after planning: how many, which were left out, what is provisional."""
    said = [_("排了%(n)s天，等另一位有审定权的人审定。") % {"n": len(days)}]
    if found.skipped:
        names = _("、").join(marks.day(each) for each in found.skipped)
        said.append(_("放假跳过：%(days)s。") % {"days": names})
    if found.provisional:
        said.append(_("其中有的年份还没有放假安排，暂按周末推算，以后请再看一遍。"))
    return said


def acts(day: ReceptionDay, officer: Officer, pending: Notice | None) -> list[Act]:
    """Everything that can be done with the day where it stands: a button each, or why not."""
    found: list[Act] = []
    if pending:
        obstacles = rules.approve_obstacles(pending, officer)
        found.append(Act(_("审定公布"), _way(day, "approve"), obstacles, post=True))
        back = rules.return_obstacles(pending, officer, WORDS)
        found.append(Act(_("退回"), _way(day, "return"), back, quiet=True))
    if day.state == DayState.DRAFT:
        change = rules.may_change_obstacles(day, officer)
        found.append(Act(_("修改"), _way(day, "change"), change, quiet=bool(pending)))
        drop = rules.drop_obstacles(day, officer)
        found.append(Act(_("放弃"), _way(day, "drop"), drop, quiet=True))
    if day.state == DayState.OPEN:
        found += _open(day, officer)
    if day.state == DayState.HELD and not day.disclosure_id:
        rule = queries.rule_of(day.organisation)
        if rule and rule.entry:
            obstacles = rules.record_obstacles(day, officer, rule)
            hint = _("写成草稿，照常审核以后公开：谈了什么，答应了什么。")
            found.append(Act(_("起草接访记录"), _way(day, "record"), obstacles, hint))
    return found


def _open(day: ReceptionDay, officer: Officer) -> list[Act]:
    begun = day.at(1) <= now()
    if begun:
        held = rules.conclude_obstacles(day, officer, held=True)
        missed = rules.conclude_obstacles(day, officer, held=False)
        return [
            Act(_("登记结果"), _way(day, "held"), held),
            Act(_("没有接访"), _way(day, "missed"), missed, quiet=True),
        ]
    change = rules.may_change_obstacles(day, officer)
    return [
        Act(_("改安排"), _way(day, "change"), change, quiet=True),
        Act(_("取消这一天"), _way(day, "cancel"), rules.cancel_obstacles(day, officer), quiet=True),
    ]


def _way(day: ReceptionDay, verb: str) -> str:
    return reverse("desk:reception-act", args=[day.key, verb])


def said_of(notice: Notice) -> list[tuple[str, str]]:
    """What an announcement says, in rows."""
    facts = notice.facts
    if notice.kind == NoticeKind.RESULT:
        if not facts["held"]:
            return [(_("结果"), _("没有接访"))]
        counts = _("%(visits)s批%(persons)s人，没有预约的%(walk_ins)s批，没有来的%(absent)s批")
        return [(_("结果"), counts % facts)]
    if notice.kind == NoticeKind.CANCEL:
        return []
    post = Post.objects.filter(organisation=notice.day.organisation, key=facts["post"]).first()
    times = _("%(starts)s起，%(slots)s个时段，每段%(minutes)s分钟")
    rows = [
        (_("谁接访"), post.name if post else facts["post"]),
        (_("时间"), times % facts),
        (_("地点"), facts["place"]),
        (_("专门谈什么"), facts["subject"]),
    ]
    return [row for row in rows if row[1]]


def rest_days(days: Iterable[ReceptionDay]) -> set[int]:
    """The days on which, by the calendar known today, nobody works."""
    return {each.pk for each in days if not workdays.is_workday(each.date)}
