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
from gongkai.surfaces.board import addresses, items
from gongkai.surfaces.board.houses import Town
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels import mailbox, targets, tokens
from gongkai.surfaces.channels.models import Alert, Subscription
from gongkai.surfaces.channels.rules import UNCONFIRMED

MOST = 50
"""Lines of one letter; the list on the board has the rest."""


@dataclass(frozen=True)
class Line:
    """One thing in a letter."""

    title: str
    href: str
    category: str
    on: date
    corrected: bool


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
    """What is new for one subscriber; None when nothing of it stands on the board any more."""
    subjects = dict.fromkeys(each.subject for each in alerts)
    standing = [found[each] for each in subjects if each in found and found[each].current]
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
            "List-Id": f"<{row.what.replace(':', '.').lower()}.{_host()}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        }
        return _letter(row, _subject(lines, len(standing)), "alert", context, headers)


def _subject(lines: Sequence[Line], count: int) -> str:
    if count == 1:
        said = _("更正：%(title)s") if lines[0].corrected else _("新公开：%(title)s")
        return said % {"title": lines[0].title}
    words = {"title": lines[0].title, "num": count}
    return ngettext("新公开%(num)s件：%(title)s", "新公开%(num)s件：%(title)s", count) % words


def _line(town: Town, item: Item, language: str) -> Line:
    current, house = item.current, town.house(item.organisation)
    assert current is not None, "only what stands is told"
    category = house.categories.get(current.edition.category)
    english = language == "en" and category and category.name_en
    root = dict(addresses.LANGUAGES).get(language, "")
    number = items.filed_under(item)[3]
    return Line(
        title=" ".join(current.edition.title.split()) or number or item.address,
        href=f"{settings.BOARD_URL}{root}{addresses.item(item.address)}",
        category=(category.name_en if english else category.name) if category else "",
        on=clock.civil_day(current.at, house.zone),
        corrected=item.corrected,
    )


def _around(town: Town, row: Subscription) -> dict[str, Any]:
    house = targets.house_of(town, row.what)
    return {
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
    return f"<{name}@{_host()}>"


def _host() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower() or "localhost"
