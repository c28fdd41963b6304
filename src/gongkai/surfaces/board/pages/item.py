"""The page of an item, with its earlier versions and files; or its tombstone."""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.files import storage
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link, Step
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.surfaces.board import addresses, comparison, frame, items, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item, Opening
from gongkai.surfaces.board.pages import answers
from gongkai.surfaces.board.press import Press, Values

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """An edition that is still public, in the list of versions."""

    label: str
    note: str
    href: str


def page(press: Press, item: Item) -> None:
    """The page of an item with its earlier versions and files, or its tombstone.

    An item that has just been closed has no page until its tombstone lies in the log.
    """
    _stand(press, item)
    if item.current:
        _openings(press, item)
    elif item.gone:
        house = press.town.house(item.organisation)
        press.pages(
            addresses.item(item.address),
            "gone",
            house,
            lambda root: _item_words(item, house, root),
            _category_key(item),
        )
    _drop_closed(press, item)


def _stand(press: Press, item: Item) -> None:
    """How the item stands, for programs; nothing while its tombstone waits for the log."""
    current, gone = item.current, item.gone
    path = addresses.stand(item.address)[1:]
    if not (current or gone):
        press.site.delete(path)
        return
    facts: dict[str, Any] = {
        "address": item.address,
        "page": f"{settings.BOARD_URL}{addresses.item(item.address)}",
    }
    if current:
        facts |= {
            "current": current.version,
            "number": current.number,
            "state": "open",
            "versions": [each.version for each in item.openings],
        }
    elif gone:
        facts |= {"number": gone.number, "state": "erased" if gone.erased else "withdrawn"}
    press.site.write(path, canonical.encode(facts))


def _openings(press: Press, item: Item) -> None:
    for before, opening in zip((None, *item.openings), item.openings, strict=False):
        facts = log_facts(item, opening)
        _opening(press, item, opening, before, facts)
        _sealed_files(press, item, opening, facts)


def _opening(
    press: Press, item: Item, opening: Opening, before: Opening | None, facts: Values
) -> None:
    house = press.town.house(item.organisation)
    version = None if opening is item.current else opening.version
    press.pages(
        addresses.item(item.address, version),
        "item",
        house,
        lambda root: {**_opening_values(item, opening, before, house, root), "log": facts},
        _category_key(item),
    )


def _sealed_files(press: Press, item: Item, opening: Opening, facts: Values) -> None:
    """The bytes behind the page: the edition, what the log entry is made from, attachments."""
    sealed = addresses.sealed(item.address, opening.version)[1:]
    press.site.write(sealed, opening.edition.source)
    log = addresses.opened(item.address, opening.version)[1:]
    press.site.write(log, canonical.encode(facts))
    for file in opening.edition.attachments:
        _attachment(press, addresses.attachment(item.address, file)[1:], file.digest)


def _attachment(press: Press, path: str, digest: str) -> None:
    """A downloadable file; one that is lost is reported, and the page stands without it."""
    try:
        press.site.link(path, storage.path(digest))
    except FileNotFoundError:
        logger.error("the file %s of %s is missing from the store", digest, path)


def _drop_closed(press: Press, item: Item) -> None:
    """Take away what stood here for openings that are no longer open."""
    current = item.current
    versions = item.openings if current else ()
    kept = {f"i/{item.address}/v{each.version}.html" for each in versions if each is not current}
    for each in versions:
        kept.add(addresses.sealed(item.address, each.version)[1:])
        kept.add(addresses.opened(item.address, each.version)[1:])
        kept |= {addresses.attachment(item.address, file)[1:] for file in each.edition.attachments}
    kept |= {f"en/{path}" for path in kept if path.endswith(".html")}
    for folder in (f"i/{item.address}", f"en/i/{item.address}", f"files/{item.address}"):
        for path in press.site.under(folder):
            if path not in kept:
                press.site.delete(path)
    if not current and not item.gone:
        for _language, root in addresses.LANGUAGES:
            press.site.delete(f"{root}/i/{item.address}.html"[1:])


def _opening_values(
    item: Item, opening: Opening, before: Opening | None, house: House, root: str
) -> Values:
    edition, zone = opening.edition, house.zone
    form = house.forms.get(edition.form)
    return {
        **_item_words(item, house, root),
        "opening": opening,
        "edition": edition,
        "current": opening is item.current,
        "before": before,
        "changes": comparison.changes(before.edition, edition) if before else (),
        "kind": words.choice(DocumentKind, edition.kind),
        "seal_name": words.label(house.charter.seal) if house.charter else _("审核标记"),
        "form": words.label(form) if form else Markup(""),
        "steps": _steps(item, opening, house),
        "stages": [
            (words.label(stage), words.day(stage.opened_at, zone)) for stage in opening.stages
        ],
        "versions": _versions(item, house, root) if len(item.openings) > 1 else (),
        "sealed": _sealed_words(opening, zone),
        "sealed_file": addresses.sealed(item.address, opening.version),
        "log_file": addresses.opened(item.address, opening.version),
        "qr": marks.qr(f"{settings.BOARD_URL}{addresses.item(item.address)}"),
        "say": f"{settings.OFFICE_URL}/say/{item.address}/",
        "days": house.charter.deadlines.answer_workdays if house.charter else 0,
        "telephones": frame.telephones(house),
        "place": frame.place(house),
        "board": settings.BOARD_URL,
    }


def _item_words(item: Item, house: House, root: str) -> dict[str, Any]:
    category, box, entry, number = items.filed_under(item)
    known = house.boxes.get(box)
    crumbs = [Link(_("首页"), f"{root}{house.root}/")]
    if category in house.categories:
        name = words.named(house.categories[category])
        crumbs.append(Link(name, f"{root}{house.root}/c/{category}"))
    if known:
        crumbs.append(Link(words.named(known[0]), f"{root}{house.root}/b/{box}"))
    return {
        "item": item,
        "house": house,
        "crumbs": crumbs,
        "entry": entry,
        "number": number,
        "cases": [answers.case(each, house) for each in item.answers],
    }


def _category_key(item: Item) -> str:
    return f"c:{items.filed_under(item)[0]}"


def log_facts(item: Item, opening: Opening) -> dict[str, Any]:
    """All that the log entry of an opening is made from, so that anyone can make it again."""
    return {
        "audience": list(opening.audience),
        "digest": opening.edition.digest,
        "index": opening.seq,
        "kind": items.RELEASE,
        "organisation": item.organisation,
        "salt": opening.salt,
        "subject": item.address,
        "time": clock.stamp(opening.recorded_at),
        "version": opening.version,
    }


def _steps(item: Item, opening: Opening, house: House) -> list[Step]:
    """The five steps 五步 of an item, with the days it took them."""
    edition, zone = opening.edition, house.zone
    proposer = house.posts_named(edition.proposer_post)
    sealer = house.posts_named(edition.seal_post)

    def on(at: Any) -> str:
        return words.day(at, zone) if at else ""

    stages = [
        _("%(scope)s，%(day)s")
        % {"scope": words.named(stage), "day": words.day(stage.opened_at, zone)}
        for stage in opening.stages
    ]
    filing = item.filing
    answered = _("已答复%(n)s件") % {"n": len(item.answers)} if item.answers else ""
    number = _("档号%(number)s") % {"number": filing.file_number} if filing else ""
    filed = _lines(number, on(filing.filed_at)) if filing else (_("反馈办完后归档"),)
    return [
        Step(_("提出内容"), "done", _lines(proposer, on(edition.stated_at))),
        Step(_("审核确定"), "done", _lines(sealer, on(edition.sealed_at))),
        Step(_("实施公开"), "done", _lines(*stages)),
        Step(_("处理反馈"), "done" if filing else "now", _lines(answered or _("可以提意见"))),
        Step(_("归档管理"), "done" if filing else "todo", filed),
    ]


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _versions(item: Item, house: House, root: str) -> list[Version]:
    """The editions that are still public, newest first."""
    return [
        Version(
            label=_("第%(n)s版") % {"n": each.edition.number},
            note=_("现在的版本") if each is item.current else words.day(each.at, house.zone),
            href=""
            if each is item.current
            else f"{root}{addresses.item(item.address, each.version)}",
        )
        for each in reversed(item.openings)
    ]


def _sealed_words(opening: Opening, zone: str) -> str:
    edition = opening.edition
    if edition.sealed_at is None:
        return _("第%(n)s版") % {"n": edition.number}
    at = marks.moment(edition.sealed_at, zone)
    return _("第%(n)s版，%(time)s封存") % {"n": edition.number, "time": at}
