"""The briefs on the board 简报: each issue with what stands in it, its files, and the list of all.

Nothing of an item is kept here: title and first words come from its own record each time. What was
taken back has gone from the page by itself, and with it every file that still holds it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.files import storage
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.foundation.ui.spoken import speaking
from gongkai.surfaces.board import addresses, briefs, excerpt, words
from gongkai.surfaces.board.briefs import File, Held, Issue
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.pages import feeds
from gongkai.surfaces.board.pages.feeds import Feed
from gongkai.surfaces.board.press import Press, Values
from gongkai.surfaces.board.shelves import Cut

LEAD = 200
"""Characters of an issue's lead in its feed."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """An item in an issue (一篇), ready to be shown."""

    title: Markup
    href: str
    number: str
    day: str
    words: str
    gone: bool
    corrected: bool


@dataclass(frozen=True)
class Row:
    """An issue in the list (一期), ready to be shown."""

    title: str
    href: str
    days: str
    count: int
    sealed: str
    emptied: bool


def page(press: Press, issue: Issue, known: Mapping[str, Item]) -> None:
    """The page of an issue, the bytes behind it, its files; ``known`` are the items it names."""
    house = press.town.house(issue.organisation)
    address = addresses.brief(house, issue.code)
    taken = briefs.gone(issue, known)
    made = briefs.files(issue, taken)
    sealed = None if issue.emptied_at else briefs.sealed(issue, known)

    def build(root: str) -> Values:
        shared = {"issue": issue, "title": title(issue), "crumbs": _crumbs(house, root)}
        if issue.emptied_at:
            return {**shared, "emptied": words.day(issue.emptied_at, house.zone)}
        return {
            **shared,
            "emptied": "",
            "sealed": words.day(issue.sealed_at, house.zone),
            "sealer": house.posts_named(issue.said["sealed_by"]),
            "days": days(issue),
            "taken": bool(taken),
            "parts": [_part(each, known.get(each.address), house, root) for each in issue.held],
            "told": [_told(each, known.get(each), root) for each in issue.said["told"]],
            "files": [
                Link(_FILES[each.name](), f"/{_path(issue, each)}")
                for each in made
                if each.name in _FILES
            ],
            "whole": f"{address}/sealed.json" if sealed else "",
            "log": f"{address}/log.json",
            "seq": marks.thousands(issue.seq),
            "qr": marks.qr(f"{settings.BOARD_URL}{address}"),
        }

    press.pages(address, "brief", house, build)
    _evidence(press, address, issue, sealed)
    kept = {_path(issue, each) for each in made}
    for each in made:
        _link(press, _path(issue, each), each.digest)
    for path in press.site.under(addresses.brief_folder(issue.organisation, issue.code)):
        if path not in kept:
            press.site.drop(path)


def remove(press: Press, organisation: str, code: str) -> None:
    """Take away the page of an issue that is not open any more, and all that belongs to it."""
    house = press.town.house(organisation)
    address = addresses.brief(house, code)
    for _language, root in addresses.LANGUAGES:
        press.site.delete(addresses.path(f"{root}{address}"))
    for folder in (address[1:], addresses.brief_folder(organisation, code)):
        for path in press.site.under(folder):
            press.site.drop(path)


def cut(press: Press, cut: Cut, size: int, found: Sequence[Issue]) -> None:
    """One page of the list of issues, the newest first."""
    house = addresses.house(press.town, cut.shelf)
    press.cut(
        cut,
        size,
        "briefs",
        house,
        lambda root: {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "rows": [_row(each, house, root) for each in found],
            "feed": f"{house.root}/briefs",
        },
        "briefs",
    )


def feed(press: Press, house: House, found: Sequence[Issue]) -> None:
    """The feed of an organisation's issues, the newest ``found``; none where there was no issue."""
    if not (found or house.issues_briefs):
        return
    with speaking("zh-hans"):
        named = _("%(name)s简报") % {"name": house.name}
        page = f"{house.root}/briefs"
        told = [_told_of(house, each) for each in found]
        feeds.write(press, Feed(page, page, named, house, False, feeds.since(house)), told)


def _told_of(house: House, issue: Issue) -> feeds.Told:
    page, at = addresses.brief(house, issue.code), issue.emptied_at or issue.sealed_at
    year = datetime(int(issue.said["year"]), 1, 2, tzinfo=UTC)
    return feeds.Told(
        id=feeds.name_of(page, year, house),  # the same, whatever an erasure left of it
        href=feeds.href(page),
        title=feeds.fit(title(issue)) if not issue.emptied_at else _("内容已经清除"),
        summary="" if issue.emptied_at else feeds.fit(issue.said["lead"][:LEAD]),
        category="",
        author=house.name,
        published=at,
        updated=at,
    )


def title(issue: Issue) -> str:
    """How an issue is called."""
    told = {name: issue.said[name] for name in ("matter", "year", "number")}
    return _("%(matter)s简报%(year)s年第%(number)s期") % told


def days(issue: Issue) -> str:
    """The days of which an issue tells."""
    last = marks.day(issue.last, year=issue.last.year != issue.first.year or marks.english())
    told = {"first": marks.day(issue.first), "last": last}
    return _("%(first)s至%(last)s公开的内容") % told


def _row(issue: Issue, house: House, root: str) -> Row:
    emptied = issue.emptied_at is not None
    return Row(
        title=title(issue),
        href=f"{root}{addresses.brief(house, issue.code)}",
        days="" if emptied else days(issue),
        count=len(issue.held),
        sealed="" if emptied else words.day(issue.sealed_at, house.zone),
        emptied=emptied,
    )


def _part(held: Held, item: Item | None, house: House, root: str) -> Part:
    opening = briefs.standing(held, item)
    day = words.day(clock.unstamp(held.opened_at), house.zone)
    href = f"{root}{addresses.item(held.address)}"
    if opening is None:
        gone = item.gone if item else None
        name = words.title(gone.title) if gone and gone.title else Markup(_("（已经撤下）"))
        number = gone.number if gone else ""
        return Part(name, href, number or held.address, day, "", gone=True, corrected=False)
    return Part(
        title=words.title(opening.edition.title),
        href=href,
        number=opening.number or held.address,
        day=day,
        words=excerpt.lead(opening.edition.body),
        gone=False,
        corrected=bool(item and item.openings[-1].edition.digest != held.digest),
    )


def _told(address: str, item: Item | None, root: str) -> Link:
    name = item.gone.title if item and item.gone else ""
    return Link(name or address, f"{root}{addresses.item(address)}")


def _evidence(press: Press, address: str, issue: Issue, sealed: bytes | None) -> None:
    """The bytes behind the page: what was sealed, while all of it may be read, and what the log's
    entry is made from.
    """
    press.site.write(f"{address}/log.json"[1:], canonical.encode(briefs.log_facts(issue)))
    whole = f"{address}/sealed.json"[1:]
    if sealed is None:
        press.site.delete(whole)
    else:
        press.site.write(whole, sealed)


def _path(issue: Issue, file: File) -> str:
    return addresses.brief_file(issue.organisation, issue.code, file.name, file.digest)


def _link(press: Press, path: str, digest: str) -> None:
    """A file to be fetched; one that is lost is reported, and the page stands without it."""
    try:
        press.site.link(path, storage.path(digest))
    except FileNotFoundError:
        logger.error("the file %s of %s is missing from the store", digest, path)


def _crumbs(house: House, root: str) -> list[Link]:
    at = f"{root}{house.root}"
    return [Link(_("首页"), f"{at}/"), Link(_("简报"), f"{at}/briefs")]


_FILES = {
    "brief.pdf": lambda: _("下载PDF"),
    "brief.docx": lambda: _("下载Word版"),
}
"""What can be fetched, by name, with its words."""
