"""Which sheets are printed together: this week's, all that should hang, some, or a category's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongkai.procedure.catalogue.charter import Charter
from gongkai.surfaces.board import shelves
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.words import named
from gongkai.surfaces.channels.paper import wall
from gongkai.surfaces.channels.paper.hung import Hung
from gongkai.surfaces.channels.paper.wall import Plan
from gongkai.surfaces.printing import queries

UP, HANGING, CHOSEN, ALL = "up", "hanging", "chosen", "all"


@dataclass(frozen=True)
class Offer:
    """What may be printed now (可印的): the wall's plan of this week, and the house's lists."""

    house: House
    charter: Charter
    plan: Plan

    @property
    def hanging(self) -> list[Hung]:
        """All that should hang this week, in the order of the boxes."""
        return [each for slot in self.plan.slots for each in (*slot.up, *slot.stays)]

    def ways(self) -> list[tuple[str, str]]:
        """The choices of a run, in words."""
        up, hanging = len(self.plan.up), len(self.hanging)
        categories = [
            (each.code, _("%(name)s里向社会公开的全部") % {"name": named(each)})
            for each in self.charter.categories
        ]
        planned = [
            (UP, _("本周要贴上的（%(count)s件）") % {"count": up}),
            (HANGING, _("应当贴着的全部（%(count)s件）") % {"count": hanging}),
            (CHOSEN, _("下面勾选的")),
        ]
        return [
            *(planned if hanging else ()),
            (ALL, _("向社会公开的全部，最新的%(most)s件") % {"most": queries.MOST}),
            *categories,
        ]

    def wanted(self, way: str, chosen: Sequence[str]) -> list[str]:
        """The addresses that a choice means."""
        if way in (UP, HANGING):
            sheets = self.plan.up if way == UP else self.hanging
            return [each.address for each in sheets]
        if way == CHOSEN:
            return [each.address for each in self.hanging if each.address in chosen]
        shelf = self.house.shelf(*((shelves.OF,) if way == ALL else (shelves.CATEGORY, way)))
        found = queries.standing(queries.newest(shelf), self.house.slug)
        return [each.address for each in found]


def offer(house: House, today: date) -> Offer | None:
    """What may be printed of an organisation's; nothing before its first charter is public."""
    if house.charter is None:
        return None
    plan = wall.plan(house, house.charter, wall.monday_of(today), today)
    return Offer(house, house.charter, plan)
