"""The letters a subscriber gets: one to confirm, then the alerts. Words and links, no pictures.

A letter cannot be taken back. So it holds titles and links and nothing of the texts, and only of
what stands on the board at the moment when it is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from gongkai.foundation.core import clock
from gongkai.foundation.notices import addresses as mail_addresses
from gongkai.surfaces.board import addresses, items
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels import mailbox, targets, tokens
from gongkai.surfaces.channels.lists import queries as lists
from gongkai.surfaces.channels.models import Alert, Subscription
from gongkai.surfaces.channels.rules import UNCONFIRMED
from gongkai.surfaces.channels.titles import plain

MOST = 50
"""Lines of one letter; the list on the board has the rest."""


@dataclass(frozen=True)
class Line:
    """One thing in a letter."""

    title: str
    href: str
    category: str
    on: date
    corrected: bool = False
    gone: bool = False


def link(purpose: str, handle: str) -> str:
    """The address in a letter that confirms or leaves."""
    return f"{settings.OFFICE_URL}/follow/{purpose}/{tokens.token(purpose, handle)}/"


def confirmation(town: Town, row: Subscription) -> EmailMultiAlternatives:
    """The letter that asks whether it was the holder of the address who asked."""
    with override(row.language):
        context = {
            **_around(town, row),
            "link": link(tokens.CONFIRM, row.handle),
            "days": UNCONFIRMED.days,
        }
        subject = _("请确认：跟进%(what)s") % {"what": context["what"]}
        return _letter(row, subject, "confirm", context, {"Message-ID": _id(f"c.{row.handle}")})


def alert(
    town: Town, row: Subscription, alerts: Sequence[Alert], found: Mapping[str, Item]
) -> EmailMultiAlternatives | None:
    """What is new for one subscriber; None when there is nothing to tell any more.

    What was taken back is told to whom it had been told; else it is left out. What came and went
    between two digests came to nobody.
    """
    subjects = dict.fromkeys(each.subject for each in alerts)
    items_told = [found[each] for each in subjects if each in found]
    known = {each.subject for each in alerts} - _unheard(alerts, found)
    standing = [item for item in items_told if item.current]
    standing += [item for item in items_told if _taken_back(item) and item.address in known]
    if not standing:
        return None
    with override(row.language):
        lines = [_line(town, item, row.language) for item in standing[:MOST]]
        leave = link(tokens.LEAVE, row.handle)
        context = {
            **_around(town, row),
            "lines": lines,
            "more": len(standing) - len(lines),
            "page": targets.page(town, row.what, row.language),
            "leave": leave,
        }
        headers = {
            "Message-ID": _id(f"a.{row.handle}.{alerts[0].seq}-{alerts[-1].seq}"),
            "List-Id": f"<{row.what.replace(':', '.').lower()}.{mail_addresses.sender_host()}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        }
        fresh = sum(item.current is not None for item in standing)
        return _letter(row, _subject(lines, fresh or len(standing)), "alert", context, headers)


def _taken_back(item: Item) -> bool:
    return item.gone is not None and not item.gone.erased


def _unheard(alerts: Sequence[Alert], found: Mapping[str, Item]) -> set[str]:
    """The items of which an opening still waits to be told, and which are gone."""
    gone = {each: item.gone.seq for each, item in found.items() if item.gone}
    return {each.subject for each in alerts if each.seq != gone.get(each.subject, each.seq)}


def _subject(lines: Sequence[Line], count: int) -> str:
    if count == 1:
        said = _("更正：%(title)s") if lines[0].corrected else _("新公开：%(title)s")
        said = _("撤回：%(title)s") if lines[0].gone else said
        return said % {"title": lines[0].title}
    words = {"title": lines[0].title, "num": count}
    if lines[0].gone:
        return ngettext("撤回%(num)s件：%(title)s", "撤回%(num)s件：%(title)s", count) % words
    return ngettext("新公开%(num)s件：%(title)s", "新公开%(num)s件：%(title)s", count) % words


def _line(town: Town, item: Item, language: str) -> Line:
    current, gone, house = item.current, item.gone, town.house(item.organisation)
    code, _box, _entry, number = items.filed_under(item)
    category = house.categories.get(code)
    title = current.edition.title if current else gone.title if gone else ""
    at = current.at if current else gone.at if gone else item.opened_at
    english = language == "en" and category and category.name_en
    root = dict(addresses.LANGUAGES).get(language, "")
    return Line(
        title=plain(title) or number or item.address,
        href=f"{settings.BOARD_URL}{root}{addresses.item(item.address)}",
        category=(category.name_en if english else category.name) if category else "",
        on=clock.civil_day(at, house.zone),
        corrected=item.corrected,
        gone=gone is not None,
    )


def _around(town: Town, row: Subscription) -> dict[str, Any]:
    house, kept = targets.house_of(town, row.what), lists.named(row.what)
    return {
        "purpose": kept.purpose if kept else "",
        "what": targets.label(town, row.what) or house.name,
        "words": row.words,
        "house": (house.name_en if row.language == "en" else "") or house.name,
        "pace": row.get_pace_display(),
    }


def _letter(
    row: Subscription,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str],
) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        " ".join(subject.split())[:200],
        render_to_string(f"channels/{template}.txt", dict(context)),
        settings.DEFAULT_FROM_EMAIL,
        [mailbox.unseal(row.sealed)],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", **headers},
    )
    html = render_to_string(f"channels/{template}_mail.html", {**context, "subject": subject})
    message.attach_alternative(html, "text/html")
    return message


def _id(name: str) -> str:
    """The same letter has the same name, however often it is sent: mail programs show it once."""
    return f"<{name}@{mail_addresses.sender_host()}>"
