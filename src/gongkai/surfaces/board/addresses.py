"""Where each page of the board stands: addresses for readers, paths for the folder."""

import re
from collections.abc import Iterable, Mapping

from gongkai.surfaces.board import items, shelves
from gongkai.surfaces.board.houses import House, Town
from gongkai.surfaces.board.shelves import Cut

LANGUAGES = (("zh-hans", ""), ("en", "/en"))
"""Each language of the board with the root of its pages."""
READER = 16
"""Digits of a digest in the address of pages and pictures, as in an attachment's own name."""


def path(address: str) -> str:
    """The file of a page: ``/c/JC`` stands in ``c/JC.html``, ``/`` in ``index.html``."""
    return address[1:] + ("index.html" if address.endswith("/") else ".html")


def item(address: str, version: int | None = None) -> str:
    """The page of an item, or of one of its earlier versions."""
    return f"/i/{address}" if version is None else f"/i/{address}/v{version}"


def sealed(address: str, version: int) -> str:
    """The sealed bytes of an opening, as a file."""
    return f"/i/{address}/v{version}.json"


def opened(address: str, version: int) -> str:
    """What the log's entry of an opening is made from, as a file."""
    return f"/i/{address}/v{version}.log.json"


def tombstone(address: str) -> str:
    """The record of a withdrawal or an erasure, as a file."""
    return f"/i/{address}/gone.json"


def taken_back(address: str) -> str:
    """What the log's entry of a withdrawal or an erasure is made from, as a file."""
    return f"/i/{address}/gone.log.json"


def stand(address: str) -> str:
    """How an item stands, as a file: open in which versions, withdrawn or erased."""
    return f"/i/{address}.json"


def finding(key: str) -> str:
    """Which items are found under a key, as a file."""
    return f"/verify/find/{key[:2]}/{key[2:]}.json"


def key_at(path: str) -> str:
    """The key whose file stands at ``path``, or nothing."""
    parts = path.removesuffix(".json").split("/")
    return "".join(parts[2:]) if parts[:2] == ["verify", "find"] else ""


def voice(address: str) -> str:
    """The page of a voice on the wall."""
    return f"/w/{address}"


def voice_at(path: str) -> str:
    """The voice whose page stands at ``path``, or nothing."""
    parts = path.removeprefix("en/").removesuffix(".html").split("/")
    return parts[1] if len(parts) == 2 and parts[0] == "w" else ""


def brief(house: House, code: str) -> str:
    """The page of an issue of the brief, by its year and number."""
    return f"{house.root}/briefs/{code}"


def brief_folder(organisation: str, code: str) -> str:
    """Where the files made of an issue stand."""
    return f"files/briefs/{organisation}-{code}"


def brief_file(organisation: str, code: str, name: str, digest: str) -> str:
    """A file made of an issue; another edition has another address, so that no cache keeps it."""
    stem, _dot, extension = name.rpartition(".")
    return f"{brief_folder(organisation, code)}/{stem}-{digest[:READER]}.{extension}"


def brief_at(town: Town, path: str) -> str:
    """The list of the one issue to which the file at ``path`` belongs, or nothing."""
    if found := re.fullmatch(r"files/briefs/([a-z0-9-]+)-(\d+-\d+)/[^/]+", path):
        return shelves.name(shelves.BRIEF_CALLED, found[1], found[2])
    plain = path.removeprefix("en/").removesuffix(".html")
    for house in town.houses.values():
        if found := re.fullmatch(rf"{house.root}/briefs/(\d+-\d+)(?:/[^/]+)?", f"/{plain}"):
            return house.shelf(shelves.BRIEF_CALLED, found[1])
    return ""


def shard(number: int) -> str:
    """One file of the map of all items."""
    return f"/sitemap-items-{number}.xml"


def house_map(slug: str) -> str:
    """The map of an organisation's standing pages."""
    return f"/sitemap-pages-{slug}.xml"


def shard_at(path: str) -> int | None:
    """The number of the shard that stands at ``path``, if one does."""
    found = re.fullmatch(r"sitemap-items-(\d{1,9})\.xml", path)
    return int(found[1]) if found else None


def attachment(address: str, file: items.Attachment) -> str:
    """A downloadable attachment."""
    return f"/files/{address}/{file.filename}"


def reader(address: str, digest: str, part: int = 1) -> str:
    """A part of an attachment's pages, to be read online; the first has no number."""
    first = f"/i/{address}/{digest[:READER]}"
    return first if part == 1 else f"{first}/{part}"


def reader_picture(address: str, digest: str, picture: str) -> str:
    """A picture of such a page."""
    return f"/i/{address}/{digest[:READER]}/{picture[:READER]}.webp"


def reader_text(address: str, digest: str) -> str:
    """The whole text of an attachment, pages parted by form feeds."""
    return f"/i/{address}/{digest[:READER]}/text.txt"


def shelf(town: Town, name: str) -> str:
    """The newest page of a list; nothing for a list that has no page of its own."""
    if shelves.is_held(name):
        return ""
    family, _, rest = name.partition(":")
    slug, _, code = rest.partition(":")
    root = town.house(slug).root
    match family:
        case shelves.ALL:
            return "/all"
        case shelves.OF:
            return f"{root}/all" if root else ""
        case shelves.WALL:
            return f"{root}/wall"
        case shelves.GONE:
            return f"{root}/withdrawals"
        case shelves.FIXED:
            return f"{root}/corrections"
        case shelves.COMMENT | shelves.KEPT | shelves.LOST | shelves.ENDED | shelves.UNSAID:
            return ""
        case shelves.ROTA | shelves.FIGURE | shelves.MODERATED:
            return ""
        case shelves.BRIEF_CALLED | shelves.BRIEFS_WITH:
            return ""
        case shelves.BRIEFS:
            return f"{root}/briefs"
        case shelves.VOICES_OF_KIND | shelves.VOICES_OF_UNIT | shelves.VOICES_OF_YEAR:
            return f"{root}/wall/{family[1]}/{code}"
        case _:
            return f"{root}/{family}/{code}"


def house(town: Town, name: str) -> House:
    """The organisation whose frame a list stands in."""
    slug = name.split(":")[1] if ":" in name else town.first
    return town.house(slug)


def cut(town: Town, cut: Cut, pages: int) -> str:
    """One page of a list: the newest has no number."""
    newest = shelf(town, cut.shelf)
    return newest if cut.page >= pages else f"{newest}/{cut.page}"


def item_of(path: str) -> str:
    """The item to which a file of the folder belongs, or nothing."""
    parts = path.removeprefix("en/").split("/")
    if len(parts) < 2 or parts[0] not in ("i", "files") or parts[1] == "briefs":
        return ""
    return parts[1].partition(".")[0]


def cuts_at(town: Town, sizes: Mapping[str, int], paths: Iterable[str]) -> list[Cut]:
    """The pages of lists, of these ``sizes``, that stand at these paths."""
    lists = {shelf(town, name): name for name in sizes}
    found = set()
    for each in paths:
        plain = each.removeprefix("en/").partition(".")[0].removesuffix("/feed")
        newest, _, number = f"/{plain}".rpartition("/")
        if (whole := f"/{plain}") in lists:
            found.add(Cut(lists[whole], shelves.pages(sizes[lists[whole]])))
        elif newest in lists and number.isdecimal():
            name = lists[newest]
            found.add(Cut(name, max(1, min(int(number), shelves.pages(sizes[name])))))
    return sorted(found, key=lambda cut: (cut.shelf, cut.page))
