"""How to follow what an organisation publishes 跟进: feeds, calendar, alerts by mail."""

from dataclasses import dataclass

from django.conf import settings

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.surfaces.board import shelves, words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages import calendars
from gongkai.surfaces.board.press import Press, Values


@dataclass(frozen=True)
class Choice:
    """What can be followed: the name of its list, in words, and its feeds' folder."""

    what: str
    label: str
    folder: str


def page(press: Press, house: House) -> None:
    """The page that explains following, with a form that goes to the office."""

    def build(root: str) -> Values:
        return {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "house": house,
            "whole": whole(house),
            "everything": len(press.town.houses) > 1 and not house.root,
            "fed": [whole(house), _wall(house), *categories(house)],
            "categories": categories(house),
            "entries": entries(house),
            "departments": [
                (words.named(each), calendars.address(house, each))
                for each in calendars.departments(house)
            ],
            "action": f"{settings.OFFICE_URL}/follow/",
        }

    press.pages(f"{house.root}/following", "follow", house, build, "help")


def whole(house: House) -> Choice:
    """The organisation itself."""
    return Choice(house.shelf(shelves.OF), words.named(house), house.root)


def _wall(house: House) -> Choice:
    """Its wall; mail tells of items alone."""
    return Choice(house.shelf(shelves.WALL), _("互动反馈栏"), f"{house.root}/wall")


def categories(house: House) -> list[Choice]:
    """Its categories."""
    charter, at = house.charter, f"{house.root}/c/"
    return [
        Choice(house.shelf(shelves.CATEGORY, each.code), words.named(each), at + each.code)
        for each in (charter.categories if charter else ())
    ]


def entries(house: House) -> list[Choice]:
    """What of its catalogue may come before the public."""
    charter, at = house.charter, f"{house.root}/e/"
    return [
        Choice(house.shelf(shelves.ENTRY, each.code), _entry(each), at + each.code)
        for each in (charter.entries if charter else ())
        if charter and house.shows(each)
    ]


def _entry(rule: EntryRule) -> str:
    return f"{rule.code} {(rule.title_en if marks.english() else '') or rule.title}"
