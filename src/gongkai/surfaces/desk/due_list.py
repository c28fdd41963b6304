"""What is due and what became of it, as a list that is narrowed and goes on, and by month."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.charter import Charter
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.duties.states import DutyState
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import owed

PAGE = 30
OVERDUE = "overdue"
YEARS = range(1949, 2200)
"""Which years a month may be asked for: outside them it is a slip of the keyboard."""


class MonthField(forms.CharField):
    """A month, picked or typed as 2026-11; cleaned to its first day, or None."""

    widget = forms.TextInput({"type": "month"})

    def clean(self, value: Any) -> Any:
        """The first day of the month that was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
        if not found or int(found[1]) not in YEARS:
            raise forms.ValidationError(_("请写成2026-11这样的月份"))
        return date(int(found[1]), int(found[2]), 1)


class DutyFilterForm(forms.Form):
    """Ways to narrow what is due."""

    state = forms.ChoiceField(label=gettext_lazy("情况"), required=False)
    department = forms.ChoiceField(label=pgettext_lazy("heading", "责任部门"), required=False)
    month = MonthField(label=gettext_lazy("哪个月到期"), required=False)

    def __init__(self, *args: Any, charter: Charter, **more: Any) -> None:
        """The departments are the charter's."""
        super().__init__(*args, **more)
        states = [
            ("", DutyState.OPEN.label),
            (OVERDUE, _("已经逾期")),
            (DutyState.MET, DutyState.MET.label),
            (DutyState.WAIVED, DutyState.WAIVED.label),
            (DutyState.VOID, DutyState.VOID.label),
        ]
        departments = [(each.name, named(each)) for each in charter.departments]
        fields: Any = self.fields
        fields["state"].choices = states
        fields["department"].choices = [("", _("全部部门")), *departments]


@dataclass(frozen=True)
class Row:
    """A duty in a list (一行)."""

    duty: Duty
    title: str
    department: str
    late: int


@dataclass(frozen=True)
class Page:
    """A page of the list; ``older`` is the place after which the next one begins."""

    rows: Sequence[Row]
    older: str
    narrowed: bool


def page(
    organisation: Organisation, charter: Charter, form: DutyFilterForm, after: str, today: date
) -> Page:
    """The duties that are asked for: what is open by last day, what is settled newest first.

    One query, a range of one index, however far down.
    """
    asked = form.cleaned_data if form.is_valid() else {}
    state = asked.get("state") or ""
    found = _of(organisation, asked)
    if state in ("", OVERDUE):
        found = found.filter(state=DutyState.OPEN).order_by("due_on", "pk")
        found = found.filter(due_on__lt=today) if state else found
        found = found.filter(_beyond(after, "gt")) if after else found
    else:
        found = found.filter(state=state).order_by("-due_on", "-pk")
        found = found.filter(_beyond(after, "lt")) if after else found
    if form.errors:
        found = found.none()
    got = list(found.select_related("entry")[: PAGE + 1])
    shown = got[:PAGE]
    last = shown[-1] if len(got) > PAGE else None
    return Page(
        rows=rows(shown, charter, today),
        older=f"{last.due_on.isoformat()}.{last.pk}" if last else "",
        narrowed=any(asked.values()) or bool(form.errors),
    )


def of_month(
    organisation: Organisation, charter: Charter, first: date, department: str, today: date
) -> Mapping[date, Sequence[Row]]:
    """What falls due in the month that begins on ``first``, by day; one query."""
    found = _of(organisation, {"month": first, "department": department})
    kept = found.exclude(state=DutyState.VOID).select_related("entry").order_by("due_on", "pk")
    days: dict[date, list[Row]] = {}
    for row in rows(kept, charter, today):
        days.setdefault(row.duty.due_on, []).append(row)
    return days


def counts(days: Mapping[date, Sequence[Row]]) -> Mapping[date, int]:
    """How many things are due on each day."""
    return Counter({day: len(found) for day, found in days.items()})


def rows(duties: Iterable[Duty], charter: Charter, today: date) -> list[Row]:
    """Duties as a list shows them."""
    known = {rule.code: rule for rule in charter.entries}
    departments = {each.name: named(each) for each in charter.departments}
    return [
        Row(
            duty=duty,
            title=owed.titled(known.get(duty.entry.code), duty),
            department=departments.get(duty.entry.department, duty.entry.department),
            late=duty.late(today),
        )
        for duty in duties
    ]


def _of(organisation: Organisation, asked: Mapping[str, Any]) -> QuerySet[Duty]:
    found = Duty.objects.filter(organisation=organisation)
    if department := asked.get("department"):
        # The organisation once more: PostgreSQL would read everybody's entries for a department.
        found = found.filter(entry__organisation=organisation, entry__department=department)
    if first := asked.get("month"):
        found = found.filter(due_on__gte=first, due_on__lt=first + relativedelta(months=1))
    return found


def _beyond(after: str, way: str) -> Q:
    """What follows the place ``after``, 2026-11-30.123; 404 for what is no place."""
    place = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})", after)
    if place is None:
        raise Http404
    try:
        day, key = date.fromisoformat(place[1]), int(place[2])
    except ValueError:
        raise Http404 from None
    return Q(**{f"due_on__{way}": day}) | Q(due_on=day, **{f"pk__{way}": key})
