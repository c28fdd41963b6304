"""One line of the catalogue as a form, in the words of whoever keeps it."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.core.deadlines import deadline
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.fields import offer, uploaded
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.editing import judged
from gongkai.procedure.catalogue.sheet_reading import LARGEST_FILE
from gongkai.procedure.catalogue.vetting import TEMPLATES
from gongkai.procedure.duties import due
from gongkai.procedure.duties.recurrence import Due
from gongkai.surfaces.board.words import named

SHOWN = 3
"""How many of the next last days the form shows."""
FAR = timedelta(days=5 * 366)
"""Within this, whatever recurs falls due three times."""
NUMBERS = ("due_month", "due_day", "workdays", "notice_workdays")
PERIODS = (
    ("", gettext_lazy("不定期")),
    ("month", gettext_lazy("每月")),
    ("quarter", gettext_lazy("每季度")),
    ("half", gettext_lazy("每半年")),
    ("year", gettext_lazy("每年")),
)
PRIVACY = (
    ("no", gettext_lazy("不用")),
    ("depends", gettext_lazy("视内容")),
    ("yes", gettext_lazy("每一件都要")),
)


def _line(label: Any, hint: Any = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, help_text=hint, required=False, widget=widget)


def _number(label: Any, hint: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=False,
        error_messages={"invalid": gettext_lazy("请填整数，没有就空着")},
    )


class EntryForm(forms.Form):
    """A line of the catalogue. The charter's own checks judge it, all fields at once."""

    use_required_attribute = False

    code = _line(gettext_lazy("编号"), gettext_lazy("例如 JC-10。定了就不能再改。"))
    title = _line(gettext_lazy("公开事项"))
    title_en = _line(gettext_lazy("英文公开事项"))
    box = forms.ChoiceField(label=gettext_lazy("类别和文件盒"), required=False)
    content = _line(gettext_lazy("内容要素"), gettext_lazy("要写到哪几样，用顿号隔开。"), 2)
    content_en = _line(gettext_lazy("英文内容要素"), "", 2)
    basis = _line(gettext_lazy("依据"))
    choice = forms.BooleanField(label=gettext_lazy("提出人可以从上面选一部分范围"), required=False)
    channels = forms.MultipleChoiceField(
        label=pgettext_lazy("heading", "公开渠道"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    timing = forms.ChoiceField(label=gettext_lazy("时限类"), required=False)
    cycle = _line(gettext_lazy("周期或者截止"), gettext_lazy("读者看到的说法，例如 每季度。"))
    cycle_en = _line(gettext_lazy("英文周期或者截止"))
    period = forms.ChoiceField(label=gettext_lazy("多久一次"), choices=PERIODS, required=False)
    due_month = _number(
        gettext_lazy("截止在周期的第几个月"),
        gettext_lazy("从周期的第一个月数起：一个季度的下一个月是4。空着就是最后一个月。"),
    )
    due_day = _number(
        gettext_lazy("截止在当月几日"), gettext_lazy("空着就是当月最后一天；休息日顺延。")
    )
    workdays = _number(
        gettext_lazy("工作日数"),
        gettext_lazy("事情发生（或者周期结束）以后多少个工作日内公开。写了哪一天就不用写。"),
    )
    notice_workdays = _number(
        gettext_lazy("公示工作日数"), gettext_lazy("公示最少多少个工作日。空着就照实施办法。")
    )
    consult = forms.BooleanField(label=gettext_lazy("决定以前先征求意见"), required=False)
    confirm = forms.BooleanField(
        label=gettext_lazy("成员要确认读过"),
        help_text=gettext_lazy("向成员公开以后，当天能看的成员要在阅览室里按一次“我读过了”。"),
        required=False,
    )
    outside = forms.BooleanField(
        label=gettext_lazy("目录外，要先报上级批准"),
        help_text=gettext_lazy("这一项里的每一件，上级批准送审稿以后才能盖章。"),
        required=False,
    )
    department = forms.ChoiceField(label=pgettext_lazy("heading", "责任部门"), required=False)
    retention = forms.ChoiceField(label=gettext_lazy("保管期限"), required=False)
    privacy = forms.ChoiceField(
        label=gettext_lazy("要不要隐私检查"), choices=PRIVACY, required=False
    )
    template = forms.ChoiceField(
        label=gettext_lazy("文稿模板"),
        required=False,
        help_text=gettext_lazy("起草时先给出这一种，也可以换别的。"),
    )

    def __init__(self, *args: Any, charter: Charter, rule: EntryRule | None, **more: Any) -> None:
        """``rule``: the line as it is; none for a new one."""
        more["initial"] = _initial(rule) if rule else None
        super().__init__(*args, **more)
        self.charter, self.old = charter, rule
        self.scope_names = [f"scope_{n}" for n in range(1, len(charter.scopes) + 1)]
        pick = ("", _("请选一项"))
        scopes = [("", _("没有了")), *((each.code, named(each)) for each in charter.scopes)]
        for n, name in enumerate(self.scope_names):
            label = _("先向谁公开") if n == 0 else _("第%(n)s步向谁公开") % {"n": n + 1}
            first = rule.scopes[n] if rule and n < len(rule.scopes) else ""
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=scopes if n else [pick, *scopes[1:]],
                required=False,
                initial=first,
            )
        offer(self, "box", [pick, *_boxes(charter)])
        offer(self, "timing", [pick, *((e.code, named(e)) for e in charter.timings)])
        offer(self, "department", [pick, *((e.name, named(e)) for e in charter.departments)])
        offer(self, "retention", [pick, *((e.code, named(e)) for e in charter.retentions)])
        offer(self, "channels", [(e.key, named(e)) for e in charter.channels])
        offer(self, "template", [("", _("按内容推荐")), *((k, _(n)) for k, n in TEMPLATES.items())])
        if rule:
            del self.fields["code"]

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings, in the order of the page."""
        return [
            (
                _("公开什么"),
                self._some("code", "title", "title_en", "box", "content", "content_en", "basis")
                + self._some("template", "outside"),
            ),
            (_("向谁公开"), self._some(*self.scope_names, "choice", "confirm", "channels")),
            (
                _("什么时候公开"),
                self._some(
                    "timing", "cycle", "cycle_en", "period", "due_month", "due_day", "workdays"
                ),
            ),
            (_("公示和征求意见"), self._some("notice_workdays", "consult")),
            (_("谁负责，怎么保管"), self._some("department", "retention", "privacy")),
        ]

    def _some(self, *names: str) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Every mistake of the line at its field, as the charter's checks have it."""
        data = super().clean() or self.cleaned_data
        rule = self.rule()
        wanted = self.wanted(self.charter)
        place = list(wanted).index(rule)
        for path, sentence in judged(replace(self.charter, entries=wanted)):
            about = path[0] == "entries" and path[1] == place and len(path) > 2
            field = self._field(path) if about else None
            if field is None or not self.errors.get(field):
                self.add_error(field, sentence)
        return data

    def _field(self, path: tuple[str | int, ...]) -> str | None:
        name = "box" if path[2] == "category" else str(path[2])
        if name == "scopes":
            step = int(path[3]) + 1 if len(path) > 3 else 1
            name = f"scope_{step}"
        return name if name in self.fields else None

    def rule(self) -> EntryRule:
        """The line as it was filled in; empty where that was wrong."""
        data = self.cleaned_data
        values: dict[str, Any] = {each.name: data.get(each.name) for each in fields(EntryRule)}
        values |= {name: max(data.get(name) or 0, 0) for name in NUMBERS}
        values["code"] = self.old.code if self.old else data.get("code", "")
        values["box"] = data.get("box", "")
        values["category"] = next(
            (c.code for c in self.charter.categories if values["box"] in [b.key for b in c.boxes]),
            "",
        )
        chosen = [data.get(name, "") for name in self.scope_names]
        values["scopes"] = tuple(code for code in chosen if code)
        values["channels"] = tuple(data.get("channels") or ())
        for name, value in values.items():
            if value is None:
                values[name] = ""
        return EntryRule(**values)

    def wanted(self, charter: Charter) -> tuple[EntryRule, ...]:
        """The entries of ``charter`` with this line; a new one after the last of its category."""
        rule = self.rule()
        if self.old:
            return tuple(rule if each.code == rule.code else each for each in charter.entries)
        places = [n for n, e in enumerate(charter.entries) if e.category == rule.category]
        at = places[-1] + 1 if places else len(charter.entries)
        return (*charter.entries[:at], rule, *charter.entries[at:])

    def days(self, today: date) -> str:
        """What the timing comes to, in a sentence; nothing while it is not clear."""
        if self.is_bound:
            self.is_valid()  # the fields that are right are enough
        rule = self.rule() if self.is_bound else self.old
        return days(self.charter, rule, today) if rule else ""


def days(charter: Charter, rule: EntryRule, today: date) -> str:
    """The next three last days of ``rule``, or how its days are counted."""
    kind = next((each.kind for each in charter.timings if each.code == rule.timing), "")
    if kind == "application":
        return _("依申请公开的，没有定期的任务。")
    if rule.period:
        found = list(islice(_coming(rule, today), SHOWN))
        told = [marks.day(each.on) + (_("（暂定）") if each.provisional else "") for each in found]
        return _("接下来的三个截止日：%(days)s。") % {"days": _("、").join(told)}
    if kind in ("prompt", "staged") and (n := rule.workdays or charter.deadlines.disclose_workdays):
        said = {"n": n, "day": marks.day(deadline(today, n).due)}
        return _("报了事情以后%(n)s个工作日内公开。今天发生的，截止到%(day)s。") % said
    if kind == "standing":
        return _("长期公开：每年复核一次，有变更就更新。")
    return ""


def _coming(rule: EntryRule, today: date) -> Iterator[Due]:
    # A last day may lie two years after its period: that of the longest due_month.
    for planned in due.periodic(rule, today - timedelta(days=800), today + FAR):
        if planned.due.on >= today:
            yield planned.due


def _initial(rule: EntryRule) -> dict[str, Any]:
    shown = {each.name: getattr(rule, each.name) for each in fields(EntryRule)}
    return shown | {name: shown[name] or None for name in NUMBERS}


def _boxes(charter: Charter) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (named(category), [(box.key, f"{box.key} {named(box)}") for box in category.boxes])
        for category in charter.categories
    ]


class SheetForm(forms.Form):
    """A sheet to bring in."""

    file = forms.FileField(
        label=gettext_lazy("改好的目录表（.xlsx）"),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={
            "required": gettext_lazy("请选改好的目录表"),
            "empty": gettext_lazy("这个文件是空的。请选改好的目录表。"),
        },
    )

    def clean_file(self) -> bytes:
        """The bytes of the file, no more than a sheet may have."""
        return uploaded(self, "file", LARGEST_FILE)
