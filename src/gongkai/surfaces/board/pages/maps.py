"""Maps for search engines: every item in shards, the standing pages of each organisation, robots.

A shard holds the items of some ordinals of the list of everything, so a publication changes the
newest shard alone; the index changes when a shard or an organisation is added.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings

from gongkai.foundation.core import clock
from gongkai.surfaces.board import addresses
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.press import Press

SHARD = 300
"""Items in one file: the newest is written anew by each publication. The index may name 50,000."""
OFFICE = ("/accounts/", "/desk/", "/follow/", "/members/", "/say/", "/search/")
"""Where a robot finds forms and doors, and nothing to read."""

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'


def shards(size: int) -> int:
    """How many shards a board of ``size`` items has."""
    return -(-size // SHARD)


def shard(
    press: Press, number: int, subjects: Iterable[str], changed: Mapping[str, datetime]
) -> None:
    """The items of one shard, each with the time of its newest record; tombstones among them, so
    that whoever holds an old copy comes to fetch them.
    """
    lines = [
        _line(addresses.item(subject), changed[subject])
        for subject in subjects
        if subject in changed
    ]
    _write(press, addresses.shard(number), "urlset", lines)


WALL = ("/wall/open", "/wall/departments", "/wall/register")
"""The pages of the wall that always stand."""


def house(press: Press, house: House, briefs: Collection[str]) -> None:
    """The pages of an organisation that always stand, and the newest of its ``briefs``."""
    at = house.root
    lists = [f"{at}/c/{code}" for code in house.categories]
    lists += [f"{at}/b/{key}" for key in house.boxes]
    columns = [f"{at}/columns/{key}" for key in house.columns]
    own = ("/", "/open", "/m", "/wall", *WALL, "/statistics", "/outcomes", "/about")
    registers = ("/corrections", "/withdrawals")
    rules = ("/catalogue", "/charter", "/systems", "/following") if house.charter else ()
    everything = (
        [f"{at}/all"] if at else ["/all", "/help", "/help/verify", "/help/seal", "/organisations"]
    )
    rota = ("/receptions",) if house.receives else ()
    pages = [
        *(f"{at}{page}" for page in (*own, *rota, *registers, *rules)),
        *lists,
        *columns,
        *([f"{at}/briefs"] if briefs or house.issues_briefs else []),
        *(f"{at}/briefs/{code}" for code in sorted(briefs)),
        *everything,
    ]
    _write(press, addresses.house_map(house.slug), "urlset", map(_line, pages))


def index(press: Press, size: int) -> None:
    """All maps of a board of ``size`` items."""
    houses = [addresses.house_map(slug) for slug in press.town.houses]
    files = [*houses, *(addresses.shard(number) for number in range(shards(size)))]
    lines = [f"<sitemap><loc>{_url(each)}</loc></sitemap>" for each in files]
    _write(press, "/sitemap.xml", "sitemapindex", lines)


def robots(press: Press) -> None:
    """What robots are asked to leave alone, and where the maps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in OFFICE)]
    lines += ["", f"Sitemap: {settings.BOARD_URL}/sitemap.xml", ""]
    press.site.write("robots.txt", "\n".join(lines))


def first_of(ordinals: Iterable[int]) -> bool:
    """Whether any of these items opens a shard."""
    return any(ordinal % SHARD == 0 for ordinal in ordinals)


def shards_of(ordinals: Iterable[int]) -> list[int]:
    """The shards in which these items stand."""
    return sorted({ordinal // SHARD for ordinal in ordinals})


def _write(press: Press, address: str, element: str, lines: Iterable[str]) -> None:
    parts = [_HEAD, f'<{element} xmlns="{_XMLNS}">', *lines, f"</{element}>", ""]
    press.site.write(address[1:], "\n".join(parts))


def _line(page: str, changed: datetime | None = None) -> str:
    when = f"<lastmod>{clock.stamp(changed)}</lastmod>" if changed else ""
    return f"<url><loc>{_url(page)}</loc>{when}</url>"


def _url(address: str) -> str:
    return escape(f"{settings.BOARD_URL}{address}")
