"""The standing columns 固定栏目: what lies under their entries, newest first."""

from collections.abc import Mapping, Sequence

from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.procedure.catalogue.showing import Column
from gongkai.surfaces.board import words
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.board.models import Place
from gongkai.surfaces.board.pages import lists
from gongkai.surfaces.board.press import Press, Values


def page(
    press: Press,
    house: House,
    column: Column,
    places: Sequence[Place],
    found: Mapping[str, Item],
) -> None:
    """A column: the newest under its entries, and the way to the whole of each entry."""

    def build(root: str) -> Values:
        at = f"{root}{house.root}"
        return {
            "title": words.label(column),
            "intro": words.either(column.intro, column.intro_en),
            "crumbs": [Link(_("首页"), f"{at}/")],
            "rows": lists.rows(press, places, found, root, house),
            "entries": [
                Link(words.entry(house.entries[code]), f"{at}/e/{code}" if places else "")
                for code in column.entries
                if code in house.entries
            ],
            "columns": links(house, root, column.key),
        }

    press.pages(address(house, column), "column", house, build, "home")


def address(house: House, column: Column) -> str:
    """Where a column stands."""
    return f"{house.root}/columns/{column.key}"


def links(house: House, root: str, here: str = "") -> list[Link]:
    """The columns of the charter in force, as links."""
    return [
        Link(words.named(each), f"{root}{address(house, each)}", current=each.key == here)
        for each in (house.charter.columns if house.charter else ())
    ]
