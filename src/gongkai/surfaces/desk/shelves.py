"""The list of each step: what stands there, narrowed and in pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.organisations.queries import Officer
from gongkai.foundation.ui import marks
from gongkai.procedure.archive.models import Filing
from gongkai.procedure.archive.queries import to_file
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import due
from gongkai.procedure.feedback import queries as feedback_read
from gongkai.procedure.feedback import rules as feedback
from gongkai.procedure.feedback.masking import masked
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.feedback.states import UNANSWERED, CaseState
from gongkai.procedure.proposals import rules as proposals
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.proposals.states import EDITABLE, DraftState
from gongkai.procedure.publication.models import Release
from gongkai.procedure.publication.queries import to_arrange
from gongkai.procedure.publication.states import ReleaseState
from gongkai.procedure.review import turns
from gongkai.procedure.review.models import Edition, Review
from gongkai.procedure.review.queries import OPEN
from gongkai.procedure.review.states import ReviewState
from gongkai.surfaces.board.words import named
from gongkai.surfaces.desk import entries, limits, pointing, queries, steps
from gongkai.surfaces.desk.forms import FilterForm

PAGE = 30


@dataclass(frozen=True)
class Row:
    """A line of a step's list (一行)."""

    title: str
    href: str
    say: str
    code: str
    day: date | None = None
    due: date | None = None
    state: str = ""
    badge: str = ""
    dated: str = ""


@dataclass(frozen=True)
class Shelf:
    """A page of a step's list (清单)."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    pager: str
    form: FilterForm
    narrowed: bool


@dataclass(frozen=True)
class Source:
    """Where the list of a step comes from: rows by state, and how one is said."""

    states: Callable[[], Sequence[tuple[str, str]]]
    rows: Callable[[Officer, str], QuerySet[Any]]
    path: str
    say: Callable[[Sequence[Any], Officer, Charter], list[Row]]
    count: Callable[[QuerySet[Any]], int] = QuerySet.count


def shelf(step: str, officer: Officer, asked: QueryDict) -> Shelf:
    """The page of the list of ``step`` that was asked for. 404 for a step there is not."""
    if step not in SOURCES:
        raise Http404
    source = SOURCES[step]
    _version, charter = charter_of(officer.organisation)
    states = source.states()
    form = FilterForm(asked, charter=charter, states=states)
    form.is_valid()
    state = form.cleaned_data.get("state") or states[0][0]
    found = source.rows(officer, state)
    chosen = {name: form.cleaned_data.get(name, "") for name in ("entry", "department")}
    if chosen["entry"]:
        found = found.filter(**{f"{source.path}entry__code": chosen["entry"]})
    if chosen["department"]:
        found = found.filter(**{f"{source.path}entry__department": chosen["department"]})
    in_hand = state == states[0][0]
    total = source.count(found)
    number, pages = _page(asked.get("page", ""), total, first=in_hand)
    rows = list(found[(number - 1) * PAGE : number * PAGE])
    shown = source.say(rows, officer, charter)
    keep = QueryDict(mutable=True)
    keep.update({name: value for name, value in {"state": state, **chosen}.items() if value})
    return Shelf(
        rows=shown if in_hand else shown[::-1],
        number=number,
        pages=pages,
        total=total,
        pager=f"?{keep.urlencode()}&page={{n}}",
        form=form,
        narrowed=bool(chosen["entry"] or chosen["department"] or not in_hand),
    )


def _page(asked: str, total: int, *, first: bool) -> tuple[int, int]:
    """Which page of how many; the first of what is in hand (due first), else the newest."""
    pages = max(1, ceil(total / PAGE))
    number = int(asked) if asked.isascii() and asked.isdecimal() else 1 if first else pages
    if not 1 <= number <= pages:
        raise Http404
    return number, pages


# -- 提出内容 --------------------------------------------------------------------------------------


def _draft_states() -> Sequence[tuple[str, str]]:
    return [
        ("", _("正在写的")),
        (DraftState.RETURNED, str(DraftState.RETURNED.label)),
        (DraftState.DROPPED, str(DraftState.DROPPED.label)),
    ]


def _draft_rows(officer: Officer, state: str) -> QuerySet[Draft]:
    found = queries.drafts(officer)
    return found.filter(pk__in=queries.in_state(Draft, [state] if state else EDITABLE))


def _drafts(rows: Sequence[Draft], officer: Officer, charter: Charter) -> list[Row]:
    zone = officer.organisation.zone
    return [
        Row(
            title=masked(draft.title),
            href=_item(draft.disclosure),
            say=_("%(post)s，%(day)s改过")
            % {
                "post": draft.proposer_post,
                "day": marks.day(civil_day(draft.changed_at, zone), year=False),
            },
            code=draft.disclosure.entry.code,
            due=limits.to_publish(draft.disclosure, charter).due
            if draft.state in EDITABLE and not draft.corrects
            else None,
            day=civil_day(draft.changed_at, zone),
            state=str(DraftState(draft.state).label),
            badge=pointing.inner_first(draft.plan, charter),
        )
        for draft in rows
    ]


# -- 审核确定 --------------------------------------------------------------------------------------


def _review_states() -> Sequence[tuple[str, str]]:
    past = (ReviewState.RETURNED, ReviewState.RECALLED, ReviewState.SEALED)
    return [("", _("正在审核的")), *((state.value, str(state.label)) for state in past)]


def _review_rows(officer: Officer, state: str) -> QuerySet[Review]:
    if state:
        return queries.reviews(officer).filter(state=state).order_by("pk")
    return queries.open_reviews(officer)


def _reviews(rows: Sequence[Review], officer: Officer, charter: Charter) -> list[Row]:
    return [
        Row(
            title=masked(each.draft.title),
            href=_item(each.draft.disclosure),
            say=_("现在轮到%(turn)s") % {"turn": turns.turn(each)}
            if each.state in OPEN
            else str(ReviewState(each.state).label),
            code=each.draft.disclosure.entry.code,
            due=each.due_on if each.state in OPEN else None,
            day=civil_day(each.began_at, officer.organisation.zone),
            state=str(ReviewState(each.state).label),
            badge=pointing.inner_first(each.draft.plan, charter),
        )
        for each in rows
    ]


# -- 实施公开 --------------------------------------------------------------------------------------


def _edition_states() -> Sequence[tuple[str, str]]:
    return [
        ("", _("要办的")),
        ("unplanned", _("等安排公开")),
        ("planned", _("已安排，到时公开")),
        ("open", _("已公开")),
        ("gone", _("已撤回或者清除")),
    ]


def _edition_rows(officer: Officer, state: str) -> QuerySet[Edition]:
    found = queries.editions(officer)
    match state:
        case "unplanned":
            return found & to_arrange(officer.organisation)
        case "planned":
            return found.filter(pk__in=queries.planned(officer.organisation).values("edition"))
        case "open":
            return queries.with_release(found, ReleaseState.OPEN)
        case "gone":
            return queries.with_release(found, ReleaseState.WITHDRAWN, ReleaseState.ERASED)
        case _:
            return queries.to_publish(officer)


def _editions(rows: Sequence[Edition], officer: Officer, charter: Charter) -> list[Row]:
    releases = queries.releases_of(rows)
    return [_edition(each, releases.get(each.pk, []), officer, charter) for each in rows]


def _edition(
    edition: Edition, releases: Sequence[Release], officer: Officer, charter: Charter
) -> Row:
    zone = officer.organisation.zone
    waiting = [each for each in releases if each.state == ReleaseState.PLANNED]
    names = {scope.code: named(scope) for scope in charter.scopes}
    told = [
        _said(names.get(each.scope, each.scope), each.opened_at or each.opens_at, zone, each.state)
        for each in releases
        if each.state != ReleaseState.CANCELLED
    ]
    return Row(
        title=masked(edition.disclosure.title),
        href=_item(edition.disclosure),
        say=_("，").join(told) or _("已盖章封存，还没有安排公开"),
        code=edition.disclosure.entry.code,
        due=civil_day(waiting[0].opens_at, zone) if waiting else None,
        dated=_("今天公开"),
        day=civil_day(edition.sealed_at, zone),
        state=edition.seal_number,
    )


def _said(scope: str, at: datetime, zone: str, state: str) -> str:
    label = ReleaseState(state).label
    said = {"scope": scope, "at": marks.moment(at, zone, year=False), "state": label}
    return _("%(scope)s：%(at)s %(state)s") % said


# -- 处理反馈 --------------------------------------------------------------------------------------


def _case_states() -> Sequence[tuple[str, str]]:
    """What is in hand; what is closed stands in the list of every voice, which counts nothing."""
    return [("", _("没有答复的")), *((state.value, str(state.label)) for state in UNANSWERED)]


def _case_rows(officer: Officer, state: str) -> QuerySet[Case]:
    found = feedback.in_hand(officer)
    return found.filter(state=state) if state else found


def _cases(rows: Sequence[Case], officer: Officer, charter: Charter) -> list[Row]:
    return [
        Row(
            title=pointing.voice(case),
            href=reverse("desk:case", args=[case.number]),
            say=(_("%(post)s在办") % {"post": case.post.name} if case.post else _("还没有分办"))
            + (
                _("，说的是《%(title)s》") % {"title": case.disclosure.title}
                if case.disclosure
                else ""
            ),
            code=case.number,
            due=case.promised if case.state in UNANSWERED else None,
            day=civil_day(case.received_at, officer.organisation.zone),
            state=str(CaseState(case.state).label),
        )
        for case in rows
    ]


# -- 归档管理 --------------------------------------------------------------------------------------


def _filing_states() -> Sequence[tuple[str, str]]:
    return [("", _("可以归档的")), ("filed", _("已归档"))]


def _filing_rows(officer: Officer, state: str) -> QuerySet[Any]:
    if state == "filed":
        return queries.filings(officer)
    found = to_file(officer.organisation) & proposals.visible(officer)
    return found.select_related("entry").order_by("pk")


def _filings(rows: Sequence[Any], officer: Officer, charter: Charter) -> list[Row]:
    return [_filing(each, officer.organisation.zone) for each in rows]


def _filing(each: Filing | Disclosure, zone: str) -> Row:
    if isinstance(each, Disclosure):
        day = civil_day(each.made_at, zone)
        say = _("都已公开，意见都已答复")
        return Row(masked(each.title), _item(each), say, each.entry.code, day=day)
    said = {"number": each.file_number, "post": each.post}
    return Row(
        title=masked(each.title) or _("已清除"),
        href=_item(each.disclosure),
        say=_("档号%(number)s，%(post)s归档") % said,
        code=each.disclosure.entry.code,
        day=civil_day(each.filed_at, zone),
    )


def _item(disclosure: Disclosure) -> str:
    return pointing.item_href(disclosure.address)


SOURCES: Mapping[str, Source] = {
    steps.PROPOSE: Source(_draft_states, _draft_rows, "disclosure__", _drafts),
    steps.REVIEW: Source(_review_states, _review_rows, "draft__disclosure__", _reviews),
    steps.PUBLISH: Source(_edition_states, _edition_rows, "disclosure__", _editions),
    steps.FEEDBACK: Source(
        _case_states, _case_rows, "disclosure__", _cases, feedback_read.how_many
    ),
    steps.ARCHIVE: Source(_filing_states, _filing_rows, "", _filings),
}


# -- the catalogue ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the catalogue (目录事项) with what was last published under it; ``report`` is where
    something that came about under it is reported, empty where nothing is.
    """

    code: str
    title: str
    department: str
    timing: str
    cycle: str
    last: date | None
    last_title: str
    last_href: str
    write: str
    report: str


@dataclass(frozen=True)
class Category:
    """A category's lines (类别), and how many of them were never published."""

    name: str
    lines: Sequence[Line]
    never: int


def catalogue(officer: Officer) -> list[Category]:
    """Every line of the catalogue by category, with what was last published: 2 queries."""
    _version, charter = charter_of(officer.organisation)
    rows = {entry.code: entry for entry in queries.catalogue(officer.organisation)}
    found = []
    for category in charter.categories:
        rules = [rule for rule in charter.entries if rule.category == category.code]
        lines = [_line(rule, charter, rows[rule.code]) for rule in rules if rule.code in rows]
        if lines:
            never = sum(line.last is None for line in lines)
            found.append(Category(named(category), lines, never))
    return found


def _line(rule: EntryRule, charter: Charter, entry: Entry) -> Line:
    opened: datetime | None = getattr(entry, "last_at", None)
    address: str | None = getattr(entry, "last_address", None)
    reported = charter.timing(rule.timing).kind in due.REPORTED
    return Line(
        code=rule.code,
        title=entries.titled(rule),
        department=entries.department(charter, rule),
        timing=named(charter.timing(rule.timing)),
        cycle=entries.cycle(rule),
        last=civil_day(opened, charter.organisation.zone) if opened else None,
        last_title=getattr(entry, "last_title", None) or "",
        last_href=pointing.item_href(address) if address else "",
        write=reverse("desk:write", args=[rule.code]),
        report=reverse("desk:report", args=[rule.code]) if reported else "",
    )
