"""What an item's page shows: its look, which many items share, and what fills the gaps in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from markupsafe import Markup

from gongkai.foundation.core import clock
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link, Step
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.surfaces.board import (
    addresses,
    comparison,
    frame,
    items,
    paper,
    reading,
    shelves,
    telling,
    words,
)
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Attachment, Edition, Hastened, Item, Opening
from gongkai.surfaces.board.moulds import Gaps, gap
from gongkai.surfaces.board.pages import answers
from gongkai.surfaces.board.press import Values

TITLE, SUMMARY = 80, 90
"""Characters in the window's title, and of the text in the description for search engines."""


@dataclass(frozen=True)
class Version:
    """An edition that is still public, in the list of versions."""

    label: str
    note: str
    href: str


@dataclass(frozen=True)
class Look:
    """All that decides how an item's page is laid out (版式); the rest only fills gaps.

    ``before`` is the version that it corrects, ``editions`` that edition and the one shown.
    ``readings`` say of each attachment how it can be read: its trouble, and its number of pages.
    ``proof``: it is only looked at, before the review.
    ``openings`` are version, number and instant of all that are public when there are several, the
    present one first and without the instant. ``hanging`` are the channels on which it went out,
    each with its key and both names, and whether that is over.
    """

    category: str
    box: str
    current: bool
    kind: str
    form: str
    numbered: bool
    later: bool
    wide: bool
    proposer: str
    sealer: str
    stated: bool
    sealed: bool
    stages: tuple[tuple[str, str], ...]
    answered: bool
    filed: bool
    dated: bool
    note: str
    before: int | None
    editions: tuple[Edition, Edition] | None
    openings: tuple[tuple[int, int, datetime | None], ...]
    attachments: tuple[Attachment, ...]
    readings: tuple[tuple[str, int], ...]
    proof: bool = False
    hastened: Hastened | None = None
    hanging: tuple[tuple[str, str, str, bool], ...] = ()

    @property
    def common(self) -> bool:
        """Whether other items are likely to look the same."""
        rare = self.note or self.editions or self.openings or self.attachments or self.hastened
        return not rare


@dataclass(frozen=True)
class _Named:
    name: str
    name_en: str


def look(item: Item, opening: Opening, before: Opening | None) -> Look:
    """How the page of this opening looks; ``before`` is the one it corrects, while public."""
    edition, filing = opening.edition, item.filing
    category, box, _entry, number = items.filed_under(item)
    several = len(item.openings) > 1
    return Look(
        category=category,
        box=box,
        current=opening is item.current,
        kind=edition.kind,
        form=edition.form,
        numbered=bool(edition.document_number and number),
        later=edition.number > 1,
        wide="<table" in edition.body,
        proposer=edition.proposer_post,
        sealer=edition.seal_post,
        stated=edition.stated_at is not None,
        sealed=edition.sealed_at is not None,
        stages=tuple((stage.name, stage.name_en) for stage in opening.stages),
        answered=bool(item.answers),
        filed=filing is not None,
        dated=bool(filing and filing.filed_at),
        note=opening.note,
        before=before.version if before else None,
        editions=(before.edition, edition) if before else None,
        openings=tuple(_public(each, item) for each in reversed(item.openings)) if several else (),
        attachments=edition.attachments,
        readings=_readings(edition.attachments),
        hastened=opening.hastened,
        hanging=tuple(
            (each.channel, each.name, each.name_en, each.until is not None)
            for each in item.hanging(opening)
        ),
    )


def _readings(files: Sequence[Attachment]) -> tuple[tuple[str, int], ...]:
    heads = {digest: Rendition(digest).head() for digest in {file.digest for file in files}}
    found = (heads[file.digest] for file in files)
    return tuple((head.trouble, head.pages) if head else ("", 0) for head in found)


def _public(opening: Opening, item: Item) -> tuple[int, int, datetime | None]:
    at = None if opening is item.current else opening.at
    return opening.version, opening.edition.number, at


def values(look: Look, house: House, root: str) -> Values:
    """What the template asks about, with gaps for what differs from item to item."""
    form = house.forms.get(look.form)
    return {
        "look": look,
        "house": house,
        "gap": gap,
        "address": gap("address"),
        "crumbs": crumbs(look.category, look.box, house, root),
        "kind": words.choice(DocumentKind, look.kind),
        "seal_name": words.label(house.charter.seal) if house.charter else _("审核标记"),
        "form": words.label(form) if form else Markup(""),
        "steps": _steps(look, house),
        "stages": [
            (words.label(_Named(*stage)), gap(f"stage{number}"))
            for number, stage in enumerate(look.stages)
        ],
        "hanging": _hanging(look),
        "hastened": telling.hastened(look.hastened, house.zone, house.posts_named)
        if look.hastened
        else None,
        "changes": comparison.changes(*look.editions) if look.editions else (),
        "versions": _versions(look, house, root),
        "files": _files(look, root),
        "say": f"{settings.OFFICE_URL}/say/{gap('address')}/",
        "follow": f"{settings.OFFICE_URL}/follow/?what={house.shelf(shelves.ENTRY)}:{gap('entry')}",
        "days": house.charter.deadlines.answer_workdays if house.charter else 0,
        "telephones": frame.telephones(house),
        "place": frame.place(house),
    }


def gaps(item: Item, opening: Opening, house: House, head: str | None = None) -> Gaps:
    """What fills the gaps, in the active language. ``head`` stands for that of the log where the
    opening is not in it yet.
    """
    edition, zone, filing = opening.edition, house.zone, item.filing
    _category, _box, _entry, number = items.filed_under(item)
    title = edition.title.strip()
    summary = Markup(edition.body.partition("</p>")[0]).striptags()
    organisation, version = item.organisation, opening.version
    head = paper.head(opening.seq) if head is None else head
    link = f"{addresses.item(item.address)}#{head}"
    return {
        "address": item.address,
        "title": _short(title, TITLE) or number or item.address,
        "summary": _short(summary, SUMMARY),
        "by": edition.organisation_name,
        "headed": edition.document_number or number or item.address,
        "heading": words.title(edition.title),
        "opened": words.day(opening.at, zone),
        "entry": edition.entry,
        "number": number,
        "edition": str(edition.number),
        "opening": str(version),
        "body": Markup(edition.body),
        "seal": edition.seal_number,
        "sealed": words.day(edition.sealed_at, zone) if edition.sealed_at else "",
        "stated": words.day(edition.stated_at, zone) if edition.stated_at else "",
        "code": edition.code,
        "answers": str(len(item.answers)),
        "cases": answers.drawn(item.answers, house),
        "file_number": filing.file_number if filing else "",
        "filed": words.day(filing.filed_at, zone) if filing and filing.filed_at else "",
        "version": _sealed_words(opening, zone),
        "seq": marks.thousands(opening.seq),
        "digest": f"{edition.digest[:32]} {edition.digest[32:]}",
        "salt": f"{opening.salt[:32]} {opening.salt[32:]}",
        "qr": marks.qr(f"{settings.BOARD_URL}{link}", len(link) - len("/i/")),
        "head": head,
        "recorded": clock.stamp(opening.recorded_at),
        "audience": " ".join(opening.audience),
        "subject": f"{organisation} {item.address} {version}",
        "sealed_file": addresses.sealed(item.address, version),
        "log_file": addresses.opened(item.address, version),
        **{
            f"stage{number}": words.day(stage.opened_at, zone)
            for number, stage in enumerate(opening.stages)
        },
        **_hung(item, opening, zone),
    }


def _hung(item: Item, opening: Opening, zone: str) -> dict[str, str]:
    """Since and until when the opening hangs on each channel."""
    found = {}
    for number, each in enumerate(item.hanging(opening)):
        found[f"since{number}"] = words.day(each.since, zone)
        found[f"until{number}"] = words.day(each.until, zone) if each.until else ""
    return found


def _hanging(look: Look) -> list[tuple[Markup, str]]:
    """Each channel on which it went out, and since when; its own page first."""
    if not look.hanging:
        return []
    page = (Markup(_("网站")), _("%(day)s起") % {"day": gap("opened")})
    return [page, *_carriers(look)]


def _carriers(look: Look) -> Iterator[tuple[Markup, str]]:
    for number, (channel, name, name_en, over) in enumerate(look.hanging):
        last = gap(f"until{number}") if over else ""
        said = telling.hung(channel, gap(f"since{number}"), last)
        yield words.label(_Named(name, name_en)), said


def crumbs(category: str, box: str, house: House, root: str) -> list[Link]:
    """The way from the home page to an item."""
    way = [Link(_("首页"), f"{root}{house.root}/")]
    if category in house.categories:
        name = words.named(house.categories[category])
        way.append(Link(name, f"{root}{house.root}/c/{category}"))
    if known := house.boxes.get(box):
        way.append(Link(words.named(known[0]), f"{root}{house.root}/b/{box}"))
    return way


def _files(look: Look, root: str) -> list[tuple[Attachment, str, str]]:
    """Each attachment with where it can be read, if it can, and what is said of that."""
    found = []
    for file, (trouble, pages) in zip(look.attachments, look.readings, strict=True):
        readable, said = reading.told(trouble, pages)
        href = f"{root}{addresses.reader(gap('address'), file.digest)}" if readable else ""
        found.append((file, href, said))
    return found


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _steps(look: Look, house: House) -> list[Step]:
    """The five steps 五步 of an item, with the days it took them."""
    stages = [
        _("%(scope)s，%(day)s")
        % {"scope": words.named(_Named(*stage)), "day": gap(f"stage{number}")}
        for number, stage in enumerate(look.stages)
    ]
    answered = _("已答复%(n)s件") % {"n": gap("answers")} if look.answered else _("可以提意见")
    number = _("档号%(number)s") % {"number": gap("file_number")}
    filed = _lines(number, gap("filed") if look.dated else "")
    proposer, sealer = house.posts_named(look.proposer), house.posts_named(look.sealer)
    return [
        Step(_("提出内容"), "done", _lines(proposer, gap("stated") if look.stated else "")),
        Step(_("审核确定"), "done", _lines(sealer, gap("sealed") if look.sealed else "")),
        Step(_("实施公开"), "done", _lines(*stages)),
        Step(_("处理反馈"), "done" if look.filed else "now", _lines(answered)),
        Step(
            _("归档管理"),
            "done" if look.filed else "todo",
            filed if look.filed else (_("反馈办完后归档"),),
        ),
    ]


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _versions(look: Look, house: House, root: str) -> Sequence[Version]:
    """The editions that are still public, newest first."""
    return [
        Version(
            label=_("第%(n)s版") % {"n": number},
            note=words.day(at, house.zone) if at else _("现在的版本"),
            href=f"{root}{addresses.item(gap('address'), version)}" if at else "",
        )
        for version, number, at in look.openings
    ]


def _sealed_words(opening: Opening, zone: str) -> str:
    edition = opening.edition
    if edition.sealed_at is None:
        return _("第%(n)s版") % {"n": edition.number}
    at = marks.moment(edition.sealed_at, zone)
    return _("第%(n)s版，%(time)s封存") % {"n": edition.number, "time": at}


def common_values(item: Item, house: House, root: str) -> dict[str, Any]:
    """What a tombstone shows beside its reason."""
    category, box, entry, number = items.filed_under(item)
    return {
        "item": item,
        "house": house,
        "crumbs": crumbs(category, box, house, root),
        "entry": entry,
        "number": number,
        "cases": [answers.case(each, house) for each in item.answers],
    }
