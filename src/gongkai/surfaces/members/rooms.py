"""What the pages of the members' room show, as values made from public records."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.foundation.organisations.audience import Reader, is_public
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.foundation.organisations.queries import today
from gongkai.foundation.organisations.seat import Seated
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.context import demonstration_notice, languages
from gongkai.foundation.ui.parts import Column, Frame, Link
from gongkai.procedure.acknowledgements import queries as acknowledgements
from gongkai.procedure.catalogue.periods import Period, comment_period
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.states import Outcome
from gongkai.procedure.proposals.sanitise import placed
from gongkai.surfaces.board import addresses, answered, houses, items, telling
from gongkai.surfaces.board import queries as board
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.telling import Line
from gongkai.surfaces.members import queries
from gongkai.surfaces.search.pages import Room

PAGE = 30
MOST_ASKED = 200
"""What was asked for longest ago is not listed beyond this; it stands on its own page."""
_DIGITS = 19
"""Fewer than a database could not take as a number."""


@dataclass(frozen=True)
class Row:
    """A line of the list (公开条目)."""

    title: str
    href: str
    day: date
    scope: str
    document_number: str
    inner: bool
    gone: bool
    corrected: bool
    public_on: date | None
    comments_until: date | None
    confirm_by: date | None = None


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
    shown = records[:PAGE]
    inner_ones = [record.subject for record in shown if not is_public(record.audience)]
    plans = queries.plans_of(reader, inner_ones) if inner_ones else {}
    town = houses.town() if inner_ones else None
    rows = [_row(record, zone, plans.get(record.subject, ()), town) for record in shown]
    return Page(rows, records[PAGE - 1].seq if len(records) > PAGE else None, not before)


def asked(member: Member, reader: Reader, zone: str) -> list[Row]:
    """What ``member`` is asked to confirm having read, newest first: 1 query, 2 when there is
    something. Not of an edition that was corrected or taken back, as the one policy has it.
    """
    rows = acknowledgements.asked_of(member)[:MOST_ASKED]
    wanted = {(row.circular.disclosure.address, row.circular.edition.digest): row for row in rows}
    if not wanted:
        return []
    newest = queries.listed(reader).filter(subject__in=[address for address, _digest in wanted])
    return [
        replace(_row(record, zone, (), None), confirm_by=row.due_on)
        for record in newest
        if (row := wanted.get((record.subject, record.digest)))
    ]


def _row(record: PublicRecord, zone: str, plans: Iterable[PublicRecord], town: Town | None) -> Row:
    inner = not is_public(record.audience)
    item = items.item(record.subject, record.at, [record])
    opening = items.replanned(item.openings[-1], plans) if item.openings else None
    period = invited(town, record.organisation, opening, zone) if opening and town else None
    title = opening.edition.title if opening else (item.gone.title if item.gone else "")
    return Row(
        title=title or _("内容已经清除"),
        href=reverse("members:item", args=[record.subject]),
        day=civil_day(record.at, zone),
        scope=_scope(opening) if opening else "",
        document_number=opening.edition.document_number if opening else "",
        inner=inner,
        gone=opening is None,
        corrected=bool(opening and opening.note),
        public_on=public_on(opening, zone) if opening else None,
        comments_until=period.last if period else None,
    )


def public_on(opening: items.Opening, zone: str) -> date | None:
    """The civil day on which the thing is planned to open to the public; None when it is public,
    or no such opening is planned.
    """
    coming = opening.coming
    if opening.public or coming is None or not coming.public:
        return None
    return civil_day(coming.opens_at, zone)


def invited(town: Town, slug: str, opening: items.Opening, zone: str) -> Period | None:
    """How long members' comments are invited on a thing that is open to members alone (预公开)."""
    charter, edition = town.house(slug).charter, opening.edition
    if opening.public or charter is None:
        return None
    if all(rule.code != edition.entry for rule in charter.entries):
        return None
    first = opening.stages[0].opened_at if opening.stages else opening.at
    return comment_period(charter, edition.entry, edition.kind, civil_day(first, zone), inner=True)


def _became(answers: Sequence[answered.Answer]) -> list[tuple[str, str]]:
    """What became of the opinions on a thing, by outcome: the summary of what was adopted."""
    counted = Counter(answer.outcome for answer in answers)
    return [
        (str(outcome.label), marks.thousands(counted[outcome.value]))
        for outcome in Outcome
        if counted[outcome.value]
    ]


def item(reader: Reader, address: str) -> items.Item:
    """The item as ``reader`` may see it; 404 when nothing of it is open to them."""
    records = queries.of_item(reader, address)
    if not any(record.kind in items.LISTED for record in records):
        raise Http404
    found = items.item(address, records[0].at, records)
    if not found.openings:
        return found
    last = items.replanned(found.openings[-1], queries.plans_of(reader, [address]).get(address, ()))
    return replace(found, openings=(*found.openings[:-1], last))


def context(item: items.Item, member: Member, zone: str) -> dict[str, Any]:
    """What the page of ``item`` shows ``member``."""
    opening = item.current
    shown: dict[str, Any] = {"item": item, "opening": opening, "zone": zone}
    if opening is None:
        return {**shown, "gone_facts": _gone_facts(item, zone)}
    stages = [(_named(stage), marks.moment(stage.opened_at, zone)) for stage in opening.stages]
    return {
        **shown,
        "edition": opening.edition,
        "hastened": telling.hastened(
            opening.hastened, zone, houses.town().house(item.organisation).posts_named
        )
        if opening.hastened
        else None,
        "asked": acknowledgements.asked(member, opening.edition.digest),
        "body": placed(
            opening.edition.body,
            lambda address, name: reverse("members:file", args=[address, name]),
        ),
        "earlier": item.openings[:-1],
        "stages": stages,
        "inner": not opening.public,
        "public_on": public_on(opening, zone),
        "coming": opening.coming,
        "coming_name": _named(opening.coming) if opening.coming else "",
        "period": invited(houses.town(), item.organisation, opening, zone),
        "became": _became(item.answers),
        "today": civil_day(clock.now(), zone),
        "scope": _scope(opening),
        "hung": _hung(item, opening, zone),
        "board_href": f"{settings.BOARD_URL}/i/{item.address}" if opening.public else "",
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
        voice=lambda address: f"{settings.BOARD_URL}{addresses.voice(address)}",
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
            Link(_("简报"), reverse("members:briefs"), current=here == "briefs"),
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


def _hung(item: items.Item, opening: items.Opening, zone: str) -> list[tuple[str, str]]:
    """Where this edition hangs, by all that the reader was told of it: what is for members alone
    goes out with a stage of theirs, which ends when the public one opens.
    """
    told = {
        each.audience: each.channels
        for each in item.posted
        if each.edition == opening.edition.number
    }
    rows = {each.channel: each for channels in told.values() for each in channels}
    return [
        (
            _named(each),
            telling.hung(
                each.channel,
                marks.day(civil_day(each.since, zone)),
                marks.day(civil_day(each.until, zone)) if each.until else "",
            ),
        )
        for each in rows.values()
    ]


def _named(stage: items.Stage | items.Coming | items.Hanging) -> str:
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
