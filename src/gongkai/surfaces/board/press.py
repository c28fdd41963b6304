"""The press: from items and lists to the two pages, Chinese and English, of each.

A page is a function of the open public records alone; only the home page knows the day.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.files import storage
from gongkai.foundation.ui import marks
from gongkai.foundation.ui.jinja import environment
from gongkai.foundation.ui.parts import Frame, Link, Step
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.feedback.states import CaseKind, Outcome
from gongkai.procedure.proposals.states import DocumentKind
from gongkai.surfaces.board import addresses, bylaws, comparison, frame, items, shelves, words
from gongkai.surfaces.board.houses import House, Issue, Town
from gongkai.surfaces.board.items import Answer, Item, Opening
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.shelves import Cut
from gongkai.surfaces.board.site import Site

logger = logging.getLogger(__name__)

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of a list (公开条目), ready to be shown."""

    title: Markup
    href: str
    date: date
    category: Markup
    meta: Sequence[Markup]
    gone: bool
    corrected: str = ""


@dataclass(frozen=True)
class Case:
    """A voice and its answer, ready to be shown."""

    kind: str
    number: str
    received: str
    outcome: str
    voice: str
    answer: str
    by: Markup
    title: Markup
    href: str


@dataclass(frozen=True)
class Line:
    """A line of the catalogue (目录事项) with what was last published under it."""

    code: str
    title: Markup
    content: Markup
    department: Markup
    timing: Markup
    cycle: Markup
    last: date | None
    href: str
    inner: bool


@dataclass(frozen=True)
class Group:
    """A category's lines of the catalogue."""

    code: str
    name: Markup
    lines: Sequence[Line]


@dataclass(frozen=True)
class Version:
    """An edition that is still public, in the list of versions."""

    label: str
    note: str
    href: str


@dataclass(frozen=True)
class Entered:
    """A line of the register of withdrawals (撤回登记)."""

    title: Markup
    href: str
    date: date
    category: Markup
    meta: Sequence[Markup]
    reason: Markup
    by: Markup


class Press:
    """Renders pages of one town into one folder."""

    def __init__(self, site: Site, town: Town) -> None:
        self.site = site
        self.town = town
        self._frames: dict[tuple[str, str, str], Frame] = {}

    # -- items -------------------------------------------------------------------------------------

    def item(self, item: Item) -> None:
        """The page of an item with its earlier versions and files, or its tombstone.

        An item that has just been closed has no page until its tombstone lies in the log.
        """
        if item.current:
            self._openings(item)
        elif item.gone:
            house = self.town.house(item.organisation)
            self._pages(
                addresses.item(item.address),
                "gone",
                house,
                lambda root: self._item_words(item, house, root),
                self._category_key(item),
            )
        self._drop_closed(item)

    def _openings(self, item: Item) -> None:
        for before, opening in zip((None, *item.openings), item.openings, strict=False):
            self._opening(item, opening, before)
            self._sealed_files(item, opening)

    def _opening(self, item: Item, opening: Opening, before: Opening | None) -> None:
        house = self.town.house(item.organisation)
        version = None if opening is item.current else opening.version
        self._pages(
            addresses.item(item.address, version),
            "item",
            house,
            lambda root: self._opening_values(item, opening, before, house, root),
            self._category_key(item),
        )

    def _sealed_files(self, item: Item, opening: Opening) -> None:
        """The bytes behind the page: the edition, what the log entry is made from, attachments."""
        sealed = addresses.sealed(item.address, opening.version)[1:]
        self.site.write(sealed, opening.edition.source)
        log = addresses.opened(item.address, opening.version)[1:]
        self.site.write(log, canonical.encode(log_facts(item, opening)))
        for file in opening.edition.attachments:
            self._attachment(addresses.attachment(item.address, file)[1:], file.digest)

    def _attachment(self, path: str, digest: str) -> None:
        """A downloadable file; one that is lost is reported, and the page stands without it."""
        try:
            self.site.link(path, storage.path(digest))
        except FileNotFoundError:
            logger.error("the file %s of %s is missing from the store", digest, path)

    def _drop_closed(self, item: Item) -> None:
        """Take away what stood here for openings that are no longer open."""
        current = item.current
        versions = item.openings if current else ()
        kept = {
            f"i/{item.address}/v{each.version}.html" for each in versions if each is not current
        }
        for each in versions:
            kept.add(addresses.sealed(item.address, each.version)[1:])
            kept.add(addresses.opened(item.address, each.version)[1:])
            kept |= {
                addresses.attachment(item.address, file)[1:] for file in each.edition.attachments
            }
        kept |= {f"en/{path}" for path in kept if path.endswith(".html")}
        for folder in (f"i/{item.address}", f"en/i/{item.address}", f"files/{item.address}"):
            for path in self.site.under(folder):
                if path not in kept:
                    self.site.delete(path)
        if not current and not item.gone:
            for _language, root in addresses.LANGUAGES:
                self.site.delete(f"{root}/i/{item.address}.html"[1:])

    def _opening_values(
        self, item: Item, opening: Opening, before: Opening | None, house: House, root: str
    ) -> Values:
        edition, zone = opening.edition, house.zone
        form = house.forms.get(edition.form)
        return {
            **self._item_words(item, house, root),
            "opening": opening,
            "edition": edition,
            "current": opening is item.current,
            "before": before,
            "changes": comparison.changes(before.edition, edition) if before else (),
            "kind": _label(DocumentKind, edition.kind),
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
            "log": log_facts(item, opening),
            "say": f"{settings.OFFICE_URL}/say/{item.address}/",
            "days": house.charter.deadlines.answer_workdays if house.charter else 0,
            "hours": frame.contact_lines(house),
        }

    def _item_words(self, item: Item, house: House, root: str) -> dict[str, Any]:
        category, box, entry, number = _place_of(item)
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
            "cases": [_case(each, house) for each in item.answers],
        }

    def _category_key(self, item: Item) -> str:
        return f"c:{_place_of(item)[0]}"

    # -- lists -------------------------------------------------------------------------------------

    def list(self, cut: Cut, size: int, places: Sequence[Place], found: Mapping[str, Item]) -> None:
        """One page of a list of items; ``places`` newest first."""
        family, _sep, rest = cut.shelf.partition(":")
        code = rest.partition(":")[2]
        house = addresses.house(self.town, cut.shelf)
        here = {shelves.CATEGORY: f"c:{code}", shelves.ALL: "all", shelves.OF: "all"}.get(
            family, ""
        )
        alone = None if family == shelves.ALL and len(self.town.houses) > 1 else house
        self._cut(
            cut,
            size,
            "list",
            house,
            lambda root: {
                **_list_words(family, code, house, root),
                "rows": self.rows(places, found, root, alone),
            },
            here,
        )

    def rows(
        self, places: Sequence[Place], found: Mapping[str, Item], root: str, house: House | None
    ) -> Sequence[Row]:
        """The lines of a list in the active language.

        With ``house`` None each line names its organisation.
        """
        known = (found[place.subject] for place in places if place.subject in found)
        return [self._row(item, root, house) for item in known]

    def _row(self, item: Item, root: str, given: House | None) -> Row:
        house = given or self.town.house(item.organisation)
        category, _box, entry, number = _place_of(item)
        known, current = house.categories.get(category), item.current
        line = _("目录%(code)s") % {"code": entry} if entry else ""
        said = [escape(text) for text in (number, line) if text]
        return Row(
            title=_row_title(item),
            href=f"{root}{addresses.item(item.address)}",
            date=clock.civil_day(item.opened_at, house.zone),
            category=words.label(known) if known else Markup(""),
            meta=said if given else [words.chinese(house.name), *said],
            gone=current is None,
            corrected=words.day(current.at, house.zone) if current and item.corrected else "",
        )

    def register(
        self, cut: Cut, size: int, places: Sequence[Place], found: Mapping[str, Item]
    ) -> None:
        """One page of the register of withdrawals."""
        house = addresses.house(self.town, cut.shelf)
        known = [found[place.subject] for place in places if place.subject in found]
        self._cut(
            cut,
            size,
            "withdrawals",
            house,
            lambda root: {
                "title": _("撤回登记"),
                "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
                "register": [self._entered(each, house, root) for each in known if each.gone],
            },
            "",
        )

    def _entered(self, item: Item, house: House, root: str) -> Entered:
        gone = item.gone
        assert gone is not None, "only what is gone stands in the register"
        row = self._row(item, root, house)
        done = _("%(posts)s决定清除") if gone.erased else _("%(posts)s决定撤回")
        return Entered(
            title=row.title,
            href=row.href,
            date=clock.civil_day(gone.at, house.zone),
            category=row.category,
            meta=row.meta,
            reason=words.chinese(gone.reason),
            by=Markup(escape(done)) % {"posts": house.posts_named("、".join(gone.posts))},
        )

    def wall(self, cut: Cut, size: int, answers: Sequence[Answer], told: set[str]) -> None:
        """One page of the wall; ``told`` are the items whose title may still be told."""
        house = addresses.house(self.town, cut.shelf)
        self._cut(
            cut,
            size,
            "wall",
            house,
            lambda root: {
                "cases": [_case(each, house, root, each.item in told) for each in answers],
                "say": f"{settings.OFFICE_URL}/say/",
                "telephones": _telephones(house),
            },
            "wall",
        )

    def _cut(
        self,
        cut: Cut,
        size: int,
        template: str,
        house: House,
        values: Callable[[str], Values],
        here: str,
    ) -> None:
        pages = shelves.pages(size)
        newest = addresses.shelf(self.town, cut.shelf)

        def build(root: str) -> Values:
            # An old page must not know how many there are: then it would never be finished.
            last = min(pages, cut.page + 1)
            return {
                **values(root),
                "page": cut.page,
                "pages": last,
                "pager_href": f"{root}{newest}/{{n}}",
                "pager_newest": f"{root}{newest}" if last == pages else "",
            }

        self._pages(addresses.cut(self.town, cut, pages), template, house, build, here)

    # -- an organisation's own pages ---------------------------------------------------------------

    def home(
        self,
        house: House,
        today: date,
        counts: Mapping[str, int],
        newest: tuple[Sequence[Place], Mapping[str, Item]],
        answers: Sequence[Answer],
    ) -> None:
        """The home page of an organisation on its civil day ``today``.

        ``counts`` are the sizes of its lists; ``newest`` and ``answers`` what comes first.
        """

        def build(root: str) -> Values:
            return {
                "frame": frame.frame(self.town, house, root, "home", counts),
                "today": today,
                "rows": self.rows(*newest, root, house),
                "total": counts[house.shelf(shelves.OF)],
                "telephones": _telephones(house),
                "cases": [_case(each, house) for each in answers],
                "say": f"{settings.OFFICE_URL}/say/",
                "entries": len(house.charter.entries) if house.charter else 0,
            }

        self._pages(f"{house.root}/", "home", house, build, "home")

    def catalogue(self, house: House, last: Mapping[str, Place]) -> None:
        """The catalogue with the day each line was last published under, or never."""
        charter = house.charter
        if charter is None:
            return

        def build(root: str) -> Values:
            lines = [(rule.category, _line(rule, house, last, root)) for rule in charter.entries]
            return {
                "count": len(lines),
                "groups": [
                    Group(
                        category.code,
                        words.label(category),
                        [line for code, line in lines if code == category.code],
                    )
                    for category in charter.categories
                ],
            }

        self._pages(f"{house.root}/catalogue", "catalogue", house, build, "catalogue")

    def charter(self, house: House) -> None:
        """The charter in words, and its text as a file for each time it was published."""
        charter = house.charter
        if charter is None:
            return
        for issue in house.issues:
            self.site.write(_charter_file(house, issue), issue.source)
        self._pages(
            f"{house.root}/charter",
            "charter",
            house,
            lambda root: {
                **bylaws.told(charter),
                "matter": house.matter,
                "issues": [
                    (issue, f"/{_charter_file(house, issue)}", words.day(issue.at, house.zone))
                    for issue in reversed(house.issues)
                ],
            },
            "charter",
        )

    # -- pages of the whole installation -----------------------------------------------------------

    def plain(self, address: str, template: str, here: str = "", **values: Any) -> None:
        """A page that says the same whatever is published."""
        house = self.town.top
        self._pages(
            address, template, house, lambda root: {"house": house, "root": root, **values}, here
        )

    def log(self, size: int, vkey: str) -> None:
        """The page about the log, with its present length; rendered at every pass."""
        self.plain("/log-about", "log", size=size, vkey=vkey, origin=settings.LOG_ORIGIN)

    def standing(self) -> None:
        """The pages of words and the files for machines."""
        house = self.town.top
        self.plain("/help", "help", "help")
        self.plain("/help/verify", "verify", "help", board=settings.BOARD_URL)
        self._pages(
            "/accessibility",
            "accessibility",
            house,
            lambda root: {"hours": frame.contact_lines(house)},
        )
        self.plain("/404", "missing")
        self.site.write("contact.json", json.dumps(_contact(house), ensure_ascii=False))
        self.site.write("robots.txt", "User-agent: *\nAllow: /\nDisallow: /say/\n")

    # -- the machine -------------------------------------------------------------------------------

    def _pages(
        self,
        address: str,
        template: str,
        house: House,
        values: Callable[[str], Values],
        here: str = "",
    ) -> None:
        """Render a page in both languages and write it."""
        for language, root in addresses.LANGUAGES:
            with translation.override(language):
                around = self._frame(house, language, root, here)
                given = values(root)
                own: Frame = given.get("frame", around)
                html = _template(template).render(
                    **{
                        "zone": house.zone,
                        "root": root,
                        "at": f"{root}{house.root}",
                        "words": words,
                        **given,
                        "frame": frame.in_languages(own, address),
                    }
                )
            self.site.write(addresses.path(f"{root}{address}"), html)

    def _frame(self, house: House, language: str, root: str, here: str) -> Frame:
        key = (house.slug, language, here)
        if key not in self._frames:
            self._frames[key] = frame.frame(self.town, house, root, here)
        return self._frames[key]


@lru_cache
def _template(name: str) -> Any:
    return environment().get_template(f"board/{name}.jinja")


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


def _place_of(item: Item) -> tuple[str, str, str, str]:
    """Category, box, entry and number of an item, from what is still open of it."""
    if item.gone:
        return item.gone.category, item.gone.box, item.gone.entry, item.gone.number
    if current := item.current:
        edition = current.edition
        return edition.category, edition.box, edition.entry, current.number
    return "", "", "", ""


def _row_title(item: Item) -> Markup:
    if item.current:
        return words.listed(item.current.edition.title)
    if item.gone and item.gone.title:
        return words.listed(item.gone.title)
    return Markup(_("内容已经清除") if item.gone else _("已经撤下，说明随后公布"))


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


def _case(answer: Answer, house: House, root: str = "", told: bool | None = None) -> Case:
    """An answer ready to be shown.

    ``told`` says whether its item's title may be told; None leaves the item out, for its own page.
    """
    by, zone = house.posts_named(answer.post), house.zone
    if answer.answered_at:
        by += _("，") + words.day(answer.answered_at, zone)
    return Case(
        kind=_label(CaseKind, answer.kind),
        number=answer.number,
        received=words.day(answer.received_at, zone) if answer.received_at else "",
        outcome=_label(Outcome, answer.outcome),
        voice=answer.voice,
        answer=answer.answer,
        by=by,
        title=words.listed(answer.title) if told and answer.title else Markup(""),
        href=f"{root}{addresses.item(answer.item)}" if answer.item and told is not None else "",
    )


def _line(rule: EntryRule, house: House, last: Mapping[str, Place], root: str) -> Line:
    charter = house.charter
    assert charter is not None, "a line of the catalogue comes from a charter"
    place = last.get(house.shelf(shelves.ENTRY, rule.code))
    scopes = [charter.scope(code) for code in rule.scopes]
    department = charter.department(rule.department)
    return Line(
        code=rule.code,
        title=words.entry(rule),
        content=words.either(rule.content, rule.content_en),
        department=words.label(department),
        timing=words.label(charter.timing(rule.timing)),
        cycle=words.either(rule.cycle, rule.cycle_en),
        last=clock.civil_day(place.at, house.zone) if place else None,
        href=f"{root}{house.root}/e/{rule.code}" if place else "",
        inner=all(scope.inner for scope in scopes),
    )


def _telephones(house: House) -> list[tuple[str, str, str, str]]:
    """Name, number, number to dial, and hours of each telephone."""
    lines = house.charter.organisation.telephones if house.charter else ()
    return [
        (words.named(line), line.number, re.sub(r"[^+0-9]", "", line.number), frame.hours_of(line))
        for line in lines
    ]


def _label(choices: Any, key: str) -> str:
    """The words of a choice; the key itself where a later version has dropped it."""
    return str(choices(key).label) if key in choices.values else key


def _list_words(family: str, code: str, house: House, root: str) -> Values:
    """Title, introduction, way and tabs of a list of items."""
    at = f"{root}{house.root}"
    crumbs = [Link(_("首页"), f"{at}/")]
    values: dict[str, Any] = {"tabs": [], "intro": "", "crumbs": crumbs}
    charter = Link(_("看公开目录"), f"{at}/catalogue") if house.charter else None
    values["links"] = [charter] if charter else []
    match family:
        case shelves.CATEGORY if code in house.categories:
            category = house.categories[code]
            tabs = [Link(words.named(box), f"{at}/b/{box.key}") for box in category.boxes]
            whole = Link(_("全部"), f"{at}/c/{code}", current=True)
            return {**values, "title": words.label(category), "tabs": [whole, *tabs]}
        case shelves.BOX if code in house.boxes:
            box, category = house.boxes[code]
            tabs = [
                Link(words.named(each), f"{at}/b/{each.key}", current=each.key == code)
                for each in category.boxes
            ]
            whole = Link(_("全部"), f"{at}/c/{category.code}")
            crumbs.append(Link(words.named(category), f"{at}/c/{category.code}"))
            return {**values, "title": words.label(box), "tabs": [whole, *tabs]}
        case shelves.ENTRY if code in house.entries:
            rule = house.entries[code]
            crumbs.append(Link(_("公开目录"), f"{at}/catalogue"))
            return {
                **values,
                "title": words.entry(rule),
                "intro": _("目录%(code)s") % {"code": code},
            }
        case shelves.ALL | shelves.OF:
            return {**values, "title": Markup(_("全部公开"))}
        case _:
            return {**values, "title": words.chinese(code)}


def _charter_file(house: House, issue: Issue) -> str:
    return f"{house.root}/charter/{issue.number}.txt"[1:]


def _contact(house: House) -> Values:
    """What hangs at the office's door while nobody can open it."""
    if house.charter is None:
        return {"name": house.name}
    own = house.charter.organisation
    lines = own.telephones
    return {
        "name": own.name,
        "telephone": "；".join(f"{line.name} {line.number}" for line in lines),
        "address": own.address,
        "hours": lines[0].hours if lines else "",
    }
