"""What people at the desk fill in. Field names are ours alone; no page outside points to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core import clock
from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.rules import LONGEST_NOTE
from gongkai.foundation.ui.fields import offer
from gongkai.procedure.catalogue.charter import Category, Charter, EntryRule
from gongkai.procedure.duties import rules as duties
from gongkai.procedure.publication.plans import Stage, Step
from gongkai.procedure.review import turns
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk.entries import titled

MINUTES = "%Y-%m-%dT%H:%M"
TYPED = (MINUTES, "%Y-%m-%d %H:%M", "%Y年%m月%d日%H:%M")
"""How a day and a time may be typed: as browsers do, and as people do."""


# -- small fields ----------------------------------------------------------------------------------


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and a time, picked or typed as 2026-11-23 09:40: civil time, without zone."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=MINUTES)
    return _CivilField(
        label=label,
        widget=widget,
        error_messages={"invalid": gettext_lazy("请写成2026-11-23 09:40这样的日期和时间")},
        **more,
    )


class _CivilField(forms.DateTimeField):
    """Civil time of the organisation: Django's own zone has no say in it."""

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        for wanted in TYPED:
            try:
                return datetime.strptime(str(value).strip()[:16], wanted)  # noqa: DTZ007, civil
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


def instant(civil: datetime | None, zone: str) -> datetime | None:
    """The instant at which the clocks of ``zone`` show ``civil``."""
    return civil.replace(tzinfo=ZoneInfo(zone)) if civil else None


def civil(at: datetime | None, zone: str) -> str:
    """What a field for a moment shows."""
    return at.astimezone(ZoneInfo(zone)).strftime(MINUTES) if at else ""


# -- choosing -------------------------------------------------------------------------------------


class ChooseForm(forms.Form):
    """Under which entry of the catalogue something new comes."""

    entry = forms.ChoiceField(
        label=gettext_lazy("目录事项"),
        error_messages={
            "required": gettext_lazy("请选一项"),
            "invalid_choice": gettext_lazy("目录里没有这一项，请另选一项"),
        },
    )

    def __init__(
        self, *args: Any, categories: Sequence[Category], entries: Sequence[EntryRule], **more: Any
    ) -> None:
        """``entries``: those that were found, shown under their categories."""
        super().__init__(*args, **more)
        offer(self, "entry", [("", _("请选一项")), *grouped(categories, entries)])


def grouped(
    categories: Sequence[Category], entries: Sequence[EntryRule]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The entries as choices under the names of their categories."""
    found = []
    for category in categories:
        own = [e for e in entries if e.category == category.code]
        if own:
            rows = [(e.code, f"{e.code} {titled(e)}") for e in own]
            found.append((named(category), rows))
    return found


# -- words -----------------------------------------------------------------------------------------


def words_form(
    label: Any,
    hint: Any = "",
    *,
    most: int,
    required: Any = "",
    rows: int = 4,
) -> type[forms.Form]:
    """A form that asks for one text, called ``text``; ``required`` says what is missing."""
    field = forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=bool(required),
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": required} if required else {},
    )
    return type("WordsForm", (forms.Form,), {"text": field})


OpinionForm = words_form(
    gettext_lazy("审核意见"),
    gettext_lazy("不写就是“内容属实，同意公开。”"),
    most=turns.WORDS_LIMIT,
)
ReturnForm = words_form(
    gettext_lazy("退回理由"),
    gettext_lazy("写明哪里不对、要怎么改。"),
    most=turns.WORDS_LIMIT,
    required=gettext_lazy("请写明为什么退回、要改什么"),
)
SendBackForm = words_form(
    gettext_lazy("退回理由"),
    gettext_lazy("写明哪里不对、要怎么改。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么退回、要改什么"),
)
"""For what the office drafts for itself: a report, a brief, a change of the catalogue."""
ClearForm = words_form(
    gettext_lazy("为什么可以保留"),
    gettext_lazy("例如：是办公电话，本人书面同意公开。不要重复号码。"),
    most=turns.WORDS_LIMIT,
    required=gettext_lazy("请写明为什么可以保留"),
)
HastenForm = words_form(
    gettext_lazy("为什么等不到逐级审核"),
    gettext_lazy("写在审批表和经过里，读者看不到。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么等不到逐级审核"),
)
ConfirmForm = words_form(
    gettext_lazy("补审意见"), gettext_lazy("不写就是“补审通过。”"), most=turns.WORDS_LIMIT
)
RefuseForm = words_form(
    gettext_lazy("为什么补审不能通过"),
    gettext_lazy("还没有公开的不再公开；已经公开的，请有撤回权的岗位撤回。"),
    most=turns.WORDS_LIMIT,
    required=gettext_lazy("请写明为什么补审不能通过"),
)
DropForm = words_form(
    gettext_lazy("为什么放弃"), most=500, required=gettext_lazy("请写明为什么放弃"), rows=3
)
WaiveForm = words_form(
    gettext_lazy("为什么不用公开"),
    gettext_lazy("所有人都看得到这句话，登在公开目录上，署您的岗位。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么不用公开"),
    rows=3,
)
WithdrawForm = words_form(
    gettext_lazy("撤回理由"),
    gettext_lazy("读者会看到这句话，登在撤回登记上。不要重复不该公开的内容。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么撤回"),
)
EraseForm = words_form(
    gettext_lazy("为什么要清除"),
    gettext_lazy("例如判决书文号。不要重复泄露的内容。"),
    most=LONGEST_NOTE,
    required=gettext_lazy("请写明为什么要清除"),
)
ReturnAnswerForm = words_form(
    gettext_lazy("哪里要改"),
    most=1000,
    required=gettext_lazy("请写明哪里要改"),
    rows=3,
)


class ReportForm(forms.Form):
    """What came about, and when."""

    title = forms.CharField(
        label=gettext_lazy("什么事"),
        max_length=duties.LONGEST_TITLE,
        error_messages={"required": gettext_lazy("请写明是什么事")},
    )
    on = day_field(
        gettext_lazy("哪一天"),
        error_messages={
            "required": gettext_lazy("请填是哪一天"),
            "invalid": gettext_lazy("没有这一天。请写成2026-11-23这样的日期"),
        },
    )

    def __init__(self, *args: Any, timing: str, **more: Any) -> None:
        """The hints say what ``timing`` waits for."""
        super().__init__(*args, **more)
        hints = {
            "prompt": (_("例如“11月23日党委会议”。"), _("事情发生或者决定作出的那一天。")),
            "staged": (_("例如“第二阶段完工”。"), _("这一段哪天结束，可以是以后的日子。")),
            "standing": (_("例如“分管领导调整”。"), _("变化发生的那一天。")),
        }
        self.fields["title"].help_text, self.fields["on"].help_text = hints.get(timing, ("", ""))


class CorrectForm(forms.Form):
    """The public note of a correction."""

    text = forms.CharField(
        label=gettext_lazy("公开说明"),
        help_text=gettext_lazy("更正公开时读者会看到：改了什么，为什么改。以后还能改这句话。"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("请写明更正了什么")},
    )
    privacy = forms.BooleanField(
        label=gettext_lazy("更正是因为不该公开的个人信息"),
        help_text=gettext_lazy(
            "勾选以后：还没有公开的安排马上取消，新版公开时旧版同时关闭，谁也看不到。"
        ),
        required=False,
    )


class SureForm(forms.Form):
    """A box for what cannot be undone."""

    sure = forms.BooleanField(
        label=gettext_lazy("我已核对，确认这样做"),
        error_messages={"required": gettext_lazy("要勾选这一项")},
    )


# -- publication -----------------------------------------------------------------------------------


class ScheduleForm(forms.Form):
    """The stages still to be arranged, as they were sealed: each at once or at a time."""

    def __init__(
        self, *args: Any, stages: Sequence[Stage], zone: str, now: datetime, **more: Any
    ) -> None:
        """``stages``: in the sealed order, without those that stand already."""
        super().__init__(*args, **more)
        self.stages, self.zone = stages, zone
        for n, stage in enumerate(stages):
            self.fields[f"take_{stage.scope}"] = forms.BooleanField(
                label=stage.name, required=False, initial=True
            )
            later = stage.earliest and stage.earliest > now
            self.fields[f"opens_{stage.scope}"] = moment_field(
                _("%(scope)s：什么时候") % {"scope": stage.name},
                required=False,
                initial=civil(stage.earliest, zone) if later else "",
                help_text=self._hint(stage, n),
            )

    def _hint(self, stage: Stage, n: int) -> str:
        if stage.earliest:
            shown = clock.civil_day(stage.earliest, self.zone)
            said = {"month": shown.month, "day": shown.day}
            return _("审核时定的：最早%(month)s月%(day)s日。") % said
        return _("空着就是立即公开。") if n == 0 else _("空着就是跟上一步一起公开。")

    def rows(self) -> list[tuple[Stage, Any, Any]]:
        """Each stage with its two fields."""
        return [(s, self[f"take_{s.scope}"], self[f"opens_{s.scope}"]) for s in self.stages]

    def steps(self) -> list[Step]:
        """What is asked for. An empty time means the one before it, at first at once."""
        asked, last = [], None
        for stage in self.stages:
            if self.cleaned_data.get(f"take_{stage.scope}"):
                last = instant(self.cleaned_data.get(f"opens_{stage.scope}"), self.zone) or last
                asked.append(Step(stage.scope, opens_at=last))
        return asked


class MoveForm(forms.Form):
    """Another time for a planned stage."""

    opens = moment_field(
        gettext_lazy("改到什么时候"), required=False, help_text=gettext_lazy("空着就是立即公开。")
    )


# -- lists -----------------------------------------------------------------------------------------


class FilterForm(forms.Form):
    """Ways to narrow a list of a step."""

    state = forms.ChoiceField(label=gettext_lazy("情况"), required=False)
    entry = forms.ChoiceField(label=gettext_lazy("目录事项"), required=False)
    department = forms.ChoiceField(label=pgettext_lazy("heading", "责任部门"), required=False)

    def __init__(
        self, *args: Any, charter: Charter, states: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        """``states``: what the list can be narrowed to, the usual one first."""
        super().__init__(*args, **more)
        entries = grouped(charter.categories, charter.entries)
        departments = [(each.name, named(each)) for each in charter.departments]
        offer(self, "state", states)
        offer(self, "entry", [("", _("全部事项")), *entries])
        offer(self, "department", [("", _("全部部门")), *departments])
