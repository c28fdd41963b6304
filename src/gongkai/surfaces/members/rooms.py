"""What the pages of the members' room show, as values made from public records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import PUBLIC, Reader
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.context import demonstration_notice, languages
from gongkai.foundation.ui.parts import Column, Frame, Link
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.surfaces.board import houses, items, telling
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.telling import Line
from gongkai.surfaces.members import queries
from gongkai.surfaces.search.pages import Room

PAGE = 30
_DIGITS = 19
"""Fewer than a database could not take as a number."""


@dataclass(frozen=True)
class Row:
    """A line of the list (公开条目)."""

    title: str
    href: str
    date: date
    scope: str
    document_number: str
    inner: bool
    gone: bool
    corrected: bool


@dataclass(frozen=True)
class Page:
    """A page of the list (栏页); ``older`` is where the next one begins, None at the end.

    It has no number and no total: to count what a reader may see means to ask every record.
    """

    rows: Sequence[Row]
    older: int | None
    newest: bool


def page(reader: Reader, zone: str, inner: bool, before: str) -> Page:
    """The page of what lies before the log index ``before``, the newest when there is none.

    404 when ``before`` is no number.
    """
    if before and not (before.isascii() and before.isdecimal() and len(before) < _DIGITS):
        raise Http404
    found = queries.listed(reader, inner=inner, before=int(before) if before else None)
    records = list(found[: PAGE + 1])
    rows = [_row(record, zone) for record in records[:PAGE]]
    return Page(rows, records[PAGE - 1].seq if len(records) > PAGE else None, not before)


def _row(record: PublicRecord, zone: str) -> Row:
    inner = PUBLIC not in record.audience
    item = items.item(record.subject, record.at, [record])
    opening = item.openings[-1] if item.openings else None
    title = opening.edition.title if opening else (item.gone.title if item.gone else "")
    return Row(
        title=title or _("内容已经清除"),
        href=reverse("members:item", args=[record.subject]),
        date=civil_day(record.at, zone),
        scope=_scope(opening) if opening else "",
        document_number=opening.edition.document_number if opening else "",
        inner=inner,
        gone=opening is None,
        corrected=bool(opening and opening.note),
    )


def item(reader: Reader, address: str) -> items.Item:
    """The item as ``reader`` may see it; 404 when nothing of it is open to them."""
    records = queries.of_item(reader, address)
    if not any(record.kind in items.LISTED for record in records):
        raise Http404
    return items.item(address, records[0].at, records)


def context(item: items.Item, zone: str) -> dict[str, Any]:
    """What the page of ``item`` shows."""
    opening = item.current
    shown: dict[str, Any] = {"item": item, "opening": opening, "zone": zone}
    if opening is None:
        return {**shown, "gone_facts": _gone_facts(item, zone)}
    stages = [(_named(stage), marks.moment(stage.opened_at, zone)) for stage in opening.stages]
    return {
        **shown,
        "edition": opening.edition,
        "earlier": item.openings[:-1],
        "stages": stages,
        "inner": PUBLIC not in opening.audience,
        "scope": _scope(opening),
        "board_href": f"{settings.BOARD_URL}/i/{item.address}"
        if PUBLIC in opening.audience
        else "",
    }


def kept(reader: Reader, organisation: Organisation) -> list[Line]:
    """How ``organisation`` keeps the entries that are not for the public and of which ``reader``
    may know, the worst first: 2 queries.
    """
    rows = board.kept(reader, [organisation.slug]).get(organisation.slug, {})
    try:
        charter = charter_of(organisation)[1]
    except Refused:
        return []
    inner = {
        rule.code
        for rule in charter.entries
        if all(charter.scope(scope).inner for scope in rule.scopes)
    }
    return telling.lines(charter, inner & set(rows), rows, today(organisation), _href)


def _href(address: str) -> str:
    return reverse("members:item", args=[address])


def attachment(item: items.Item, filename: str) -> items.Attachment:
    """The attachment of an open edition called ``filename``; 404 when none has it."""
    for opening in item.openings if not item.gone else ():
        for file in opening.edition.attachments:
            if file.filename == filename:
                return file
    raise Http404


def searched(request: Seated) -> Room:
    """The search page with the reader's keys, in this room."""
    return Room(
        address=reverse("members:search"),
        reader=request.reader,
        town=houses.town(),
        item=lambda address: reverse("members:item", args=[address]),
        frame=lambda _slug, _asked: replace(frame(request, "search"), search=""),
    )


def frame(request: Seated, here: str) -> Frame:
    """What stands around every page of the room."""
    home = reverse("members:list")
    tools = [
        Link(_("账号"), reverse("account_change_password")),
        Link(_("退出"), reverse("account_logout")),
    ]
    if request.officer and request.officer.posts:
        tools.insert(0, Link(_("办公台"), reverse("desk:inbox")))
    return Frame(
        organisation=request.organisation_name,
        line=_("成员阅览室：登录后能看的公开内容"),
        home=home,
        nav=[
            Link(_("向您公开的"), home, current=here == "all"),
            Link(_("不向社会公开的"), f"{home}?only=inner", current=here == "inner"),
            Link(_("搜索"), reverse("members:search"), current=here == "search"),
            Link(_("对内的落实情况"), reverse("members:coverage"), current=here == "coverage"),
            Link(_("看公开栏"), f"{settings.BOARD_URL}/"),
        ],
        languages=languages(request),
        search=reverse("members:search"),
        tools=tools,
        who=request.who,
        notice=demonstration_notice(),
        columns=[
            Column(
                _("请留意"),
                [_("标着锁的内容只向成员公开，请不要转发到外面。")],
                [Link(_("说一件事"), reverse("say:thing"))],
            )
        ],
    )


def _scope(opening: items.Opening) -> str:
    return _named(opening.stages[-1]) if opening.stages else ""


def _named(stage: items.Stage) -> str:
    return (stage.name_en if marks.english() else "") or stage.name


def _gone_facts(item: items.Item, zone: str) -> list[tuple[str, str]]:
    gone = item.gone
    if gone is None:
        return []
    day = _("清除日期") if gone.erased else _("撤回日期")
    return [
        (day, marks.moment(gone.at, zone)),
        (_("谁决定的"), _("、").join(gone.posts)),
        (_("目录"), gone.entry),
        (_("日志序号"), marks.thousands(gone.seq)),
    ]
