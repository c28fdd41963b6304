"""What can be followed: the lists of the board that have a feed, by name and in words."""

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.surfaces.board import addresses, shelves, words
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.pages import follow
from gongkai.surfaces.channels.lists import queries as lists
from gongkai.surfaces.channels.lists.models import FAMILY


def house_of(town: Town, what: str) -> House:
    """The organisation that ``what`` belongs to; the first of all for everything."""
    return addresses.house(town, what)


def label(town: Town, what: str) -> str:
    """The target in words, in the active language; nothing when it cannot be followed."""
    if kept := lists.named(what):
        return kept.name
    return dict(flat(choices(town, house_of(town, what)))).get(what, "")


def choices(town: Town, house: House) -> list[tuple[str, object]]:
    """What the form of an organisation offers, in groups."""
    name = words.named(house)
    whole = [(house.shelf(shelves.OF), _("%(name)s，全部") % {"name": name})]
    if len(town.houses) > 1:
        whole.append((shelves.ALL, _("这里的所有单位")))
    if house.slug not in town.houses:
        return []
    return [
        *whole,
        (_("一类"), [(each.what, each.label) for each in follow.categories(house)]),
        (_("目录里的一项"), [(each.what, each.label) for each in follow.entries(house)]),
    ]


def flat(grouped: list[tuple[str, object]]) -> list[tuple[str, str]]:
    """The choices without their groups."""
    found: list[tuple[str, str]] = []
    for value, told in grouped:
        found += told if isinstance(told, list) else [(value, str(told))]
    return found


def page(town: Town, what: str, language: str) -> str:
    """The page of the board where the target stands; the first one for a list of the office."""
    root = dict(addresses.LANGUAGES).get(language, "")
    kept = what.startswith(f"{FAMILY}:")
    at = "" if kept else addresses.shelf(town, what)
    at = at or f"{house_of(town, what).root}/"
    return f"{settings.BOARD_URL}{root}{at}"
