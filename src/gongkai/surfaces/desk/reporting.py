"""The page of a report to the leading group 工作报告: figures with the rows behind each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from markupsafe import Markup

from gongkai.foundation.organisations.forms import day_field
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.ui import marks
from gongkai.oversight.supervision import counting, periods, rules, wording
from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.duties.keeping import Counts
from gongkai.procedure.feedback.states import CaseKind
from gongkai.surfaces.board import telling
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk.oversight import parts

Facts = Mapping[str, Any]
OTHER = "other"


@dataclass(frozen=True)
class Figure:
    """A number with the list behind it (数字): ``anchor`` is empty where there is nothing."""

    label: str
    value: str
    anchor: str = ""
    alarm: bool = False


@dataclass(frozen=True)
class Line:
    """A row behind a figure (明细): cells beside the first, which leads somewhere."""

    title: str
    href: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Block:
    """The rows behind a figure under their heading; ``folded`` where they are only looked up."""

    anchor: str
    name: str
    heads: Sequence[str]
    lines: Sequence[Line]
    folded: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the report (一节): figures, a picture of them, and what stands behind."""

    name: str
    figures: Sequence[Figure]
    blocks: Sequence[Block]
    counts: Counts | None = None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The picture."""
        return parts(self.counts) if self.counts else []


@dataclass(frozen=True)
class Row:
    """A department beside the others, or a kind of voice (一行)."""

    name: str
    cells: Sequence[int]
    counts: Counts | None = None

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The picture."""
        return parts(self.counts) if self.counts else []


def sections(facts: Facts) -> list[Section]:
    """The report's parts, in the order of the paper."""
    return [_duties(facts), _published(facts), _voices(facts), _coming(facts)]


def departments(facts: Facts, charter: Any) -> list[Row]:
    """What became of each department's duties."""
    called = {each.name: named(each) for each in charter.departments}
    return [
        Row(
            called.get(row["name"], row["name"]),
            [row[kind] for kind in KINDS],
            _counts(row),
        )
        for row in facts["departments"]
    ]


def kinds(facts: Facts) -> list[Row]:
    """How many voices of each kind there were, and what became of them."""
    found = []
    for kind in CaseKind:
        rows = [row for row in facts["voices"] if row["kind"] == kind]
        counts = counting.states(rows)
        if rows:
            cells = [len(rows), *(counts[state] for state in VOICES)]
            found.append(Row(str(kind.label), cells))
    return found


KINDS = (counting.ON_TIME, counting.LATE, counting.MISSING, counting.WAIVED)
VOICES = (counting.IN_TIME, counting.LATE, counting.WAITING, counting.OVERDUE)


def _counts(row: Mapping[str, int]) -> Counts:
    return Counts(*(row[kind] for kind in KINDS))


def _duties(facts: Facts) -> Section:
    rows = facts["duties"]
    of = {kind: [row for row in rows if row["state"] == kind] for kind in (*KINDS, counting.DUE)}
    counts = Counts(*(len(of[kind]) for kind in KINDS))
    blocks = [
        _owed("late", _("晚了才公开的"), of[counting.LATE]),
        _owed("missing", _("没有公开的"), of[counting.MISSING]),
        _owed("earlier", _("以前到期、到今天还没有公开的"), facts["earlier"]),
        _owed("waived", _("免于公开的"), of[counting.WAIVED]),
        _owed("due", _("还没有到期的"), of[counting.DUE]),
        _owed("on-time", _("按时公开的"), of[counting.ON_TIME], folded=True),
    ]
    figures = [
        Figure(_("应公开"), marks.thousands(counts.owed)),
        _figure(_("按时"), "on-time", of[counting.ON_TIME]),
        _figure(_("晚了"), "late", of[counting.LATE]),
        _figure(_("没有公开"), "missing", of[counting.MISSING], alarm=True),
        _figure(_("免于公开"), "waived", of[counting.WAIVED]),
        Figure(_("按时率"), telling.share(counts.on_time, counts.owed)),
        _figure(_("以前欠下的"), "earlier", facts["earlier"], alarm=True),
    ]
    return Section(_("目录任务完成情况"), figures, _full(blocks), counts)


def _owed(anchor: str, name: str, rows: Sequence[Facts], *, folded: bool = False) -> Block:
    waived = anchor == "waived"
    heads = [
        pgettext("heading", "责任部门"),
        _("最后一天"),
        _("情况"),
        _("理由") if waived else _("原因"),
    ]
    return Block(anchor, name, heads, [_duty(row, heads) for row in rows], folded)


def _duty(row: Facts, heads: Sequence[str]) -> Line:
    reason = f"{row['reason']}（{row['post']}）" if row["post"] else row["reason"]
    cells = (row["department"], _date(row["due"]), _state(row), reason)
    return _line(_what(row), reverse("desk:duty", args=[row["key"]]), heads, cells)


def _what(row: Facts) -> str:
    about = wording.about(row)
    return f"{wording.named(row)}（{about}）" if about else wording.named(row)


def _line(title: str, href: str, heads: Sequence[str], cells: Sequence[str]) -> Line:
    return Line(title, href, list(zip(heads, cells, strict=True)))


def _state(row: Facts) -> str:
    match row["state"]:
        case counting.LATE:
            return _("%(day)s公开，晚了%(n)s日") % {"day": _day(row["on"]), "n": row["days"]}
        case counting.MISSING:
            return _("逾期%(n)s日，没有公开") % {"n": row["days"]}
        case counting.WAIVED:
            return _("%(day)s定为免于公开") % {"day": _day(row["on"])}
        case counting.ON_TIME:
            return _("%(day)s公开") % {"day": _day(row["on"])}
    return _("还没有到期")


def _published(facts: Facts) -> Section:
    blocks = [
        _items("corrections", _("更正的"), facts["corrections"]),
        _items("withdrawals", _("撤回的"), facts["withdrawals"]),
        _items("erasures", _("清除的"), facts["erasures"]),
        _items("opened", _("第一次公开的"), facts["opened"], folded=True),
    ]
    figures = [
        _figure(_("第一次公开"), "opened", facts["opened"]),
        _figure(_("更正"), "corrections", facts["corrections"]),
        _figure(_("撤回"), "withdrawals", facts["withdrawals"]),
        _figure(_("清除"), "erasures", facts["erasures"]),
    ]
    return Section(_("公开、更正和撤回"), figures, _full(blocks))


def _items(anchor: str, name: str, rows: Sequence[Facts], *, folded: bool = False) -> Block:
    heads = [_("日期"), _("编号")]
    lines = [
        _line(
            wording.named(row),
            reverse("desk:item", args=[row["address"]]),
            heads,
            (_date(row["on"]), row["address"]),
        )
        for row in rows
    ]
    return Block(anchor, name, heads, lines, folded)


def _voices(facts: Facts) -> Section:
    rows = facts["voices"]
    of = {state: [row for row in rows if row["state"] == state] for state in VOICES}
    answered = len(of[counting.IN_TIME]) + len(of[counting.LATE])
    due = answered + len(of[counting.OVERDUE])
    blocks = [
        _cases("voices-overdue", _("逾期没有答复的"), of[counting.OVERDUE]),
        _cases("voices-late", _("逾期才答复的"), of[counting.LATE]),
        _cases("voices-waiting", _("还在办的"), of[counting.WAITING]),
        _cases("voices-in-time", _("按期答复的"), of[counting.IN_TIME], folded=True),
    ]
    figures = [
        Figure(_("收到"), marks.thousands(len(rows))),
        _figure(_("按期答复"), "voices-in-time", of[counting.IN_TIME]),
        _figure(_("逾期答复"), "voices-late", of[counting.LATE]),
        _figure(_("还在办"), "voices-waiting", of[counting.WAITING]),
        _figure(_("逾期没有答复"), "voices-overdue", of[counting.OVERDUE], alarm=True),
        Figure(_("按期答复率"), telling.share(len(of[counting.IN_TIME]), due)),
    ]
    return Section(_("意见办理情况"), figures, _full(blocks))


def _cases(anchor: str, name: str, rows: Sequence[Facts], *, folded: bool = False) -> Block:
    heads = [_("收到"), _("答应的日期"), _("答复")]
    lines = [
        _line(
            row["number"],
            reverse("desk:case", args=[row["number"]]),
            heads,
            (_date(row["received"]), _date(row["promised"]), _date(row["on"])),
        )
        for row in rows
    ]
    return Block(anchor, name, heads, lines, folded)


def _coming(facts: Facts) -> Section:
    following = periods.name(wording.period_of(facts).following)
    heads = [_("最后一天"), pgettext("heading", "责任部门")]
    lines = [
        _line(
            wording.named(row),
            f"{reverse('desk:months')}?month={row['due'][:7]}",
            heads,
            (_date(row["due"], _("（暂定）") if row["provisional"] else ""), row["department"]),
        )
        for row in facts["coming"]
    ]
    name = _("%(period)s到期的事项") % {"period": following}
    return Section(name, [], _full([Block("coming", "", heads, lines)]))


def _figure(label: str, anchor: str, rows: Sequence[Facts], *, alarm: bool = False) -> Figure:
    some = bool(rows)
    return Figure(label, marks.thousands(len(rows)), anchor if some else "", alarm and some)


def _full(blocks: Iterable[Block]) -> list[Block]:
    return [block for block in blocks if block.lines]


def _day(iso: str) -> str:
    return marks.day(date.fromisoformat(iso)) if iso else ""


def _date(iso: str, after: str = "") -> Markup:
    """A day in a cell of its own: it does not break."""
    return Markup('<span class="nb">{}{}</span>').format(_day(iso), after) if iso else Markup("")


def owed(facts: Facts) -> list[Facts]:
    """The duties that were late or are missing; none in a report on answers."""
    asked = (counting.LATE, counting.MISSING)
    rows = [*facts.get("duties", ()), *facts.get("earlier", ())]
    return [row for row in rows if row["state"] in asked]


# -- forms -----------------------------------------------------------------------------------------


class PeriodForm(forms.Form):
    """Over which period a report is written: one that is over, or two days."""

    period = forms.ChoiceField(label=gettext_lazy("报告期"), widget=forms.RadioSelect)
    first = day_field(gettext_lazy("第一天"), required=False)
    last = day_field(gettext_lazy("最后一天"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, today: date, **more: Any) -> None:
        """The newest periods that are over on that day."""
        super().__init__(*args, **more)
        self._periods = {each.key: each for each in periods.offered(today)}
        choices = [(key, periods.name(each)) for key, each in self._periods.items()]
        field: Any = self.fields["period"]
        field.choices = [*choices, (OTHER, _("另外两个日期"))]
        field.initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """Two days are asked for where no period was chosen."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("period") == OTHER:
            for name in ("first", "last"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("请写上这个日期"))
        return cleaned

    @property
    def chosen(self) -> Period:
        """The period of a valid form."""
        given = self.cleaned_data
        known = self._periods.get(given["period"])
        return known or Period(given["first"], given["last"])


class WritingForm(forms.Form):
    """The introduction, and a reason for each thing that was late or is missing."""

    introduction = forms.CharField(
        label=gettext_lazy("前言"),
        help_text=gettext_lazy("每一行是一段。数字由系统统计，不用写在这里。"),
        max_length=rules.MOST_WORDS,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("请写前言")},
    )

    def __init__(
        self, *args: Any, owed: Iterable[Facts] = (), needed: bool = True, **more: Any
    ) -> None:
        """A field for every duty that was late or is missing; ``needed``: the introduction."""
        super().__init__(*args, **more)
        self.fields["introduction"].required = needed
        self._subjects = {}
        for row in owed:
            name = f"why-{row['key']}"
            self._subjects[name] = row["subject"]
            self.fields[name] = forms.CharField(
                label=_("为什么晚了：%(what)s") % {"what": _what(row)},
                help_text=_state(row),
                max_length=rules.MOST_REASON,
                required=False,
                initial=row["reason"],
            )

    @property
    def reasons(self) -> dict[str, str]:
        """What was written, by the ledger's name of each duty."""
        return {subject: self.cleaned_data[name] for name, subject in self._subjects.items()}
