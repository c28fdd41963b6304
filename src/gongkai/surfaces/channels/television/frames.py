"""The pages of a loop as pictures 画面: set by Typst, with every word inside the title safe area.

Typst divides a text into pages by itself, so nothing is ever cut off; what each page says is read
back from it, and gives its time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from gongkai.foundation.core import clock
from gongkai.foundation.paper import glyphs
from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.surfaces.board import addresses, gathering
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.items import Item
from gongkai.surfaces.channels.paper import body, setting
from gongkai.surfaces.channels.paper.setting import Handed
from gongkai.surfaces.channels.television import timing, words
from gongkai.surfaces.channels.television.timing import Shown
from gongkai.surfaces.reach.marks import TELEVISION, marked

TEMPLATE = Path(__file__).with_name("tape.typ")
WIDE, HIGH = 1920, 1080
SAFE = 0.1
"""Of each side, what an old set may hide: no word stands there."""
HEAD, FOOT = 88 + 20, 64
"""Points of the band above and below, within the safe area."""
SECONDS = 120


@dataclass(frozen=True)
class Pages:
    """The pages of a loop (画面): what they say, and the PDF they are drawn from."""

    pdf: bytes
    shown: Sequence[Shown]

    def pictures(self, width: int = WIDE) -> Iterator[bytes]:
        """Each page as a PNG of this width, one after the other."""
        import pypdfium2

        with pypdfium2.PdfDocument(self.pdf) as document:
            for page in document:
                drawn = BytesIO()
                picture = page.render(scale=width / WIDE).to_pil().convert("RGB")
                picture.save(drawn, "PNG", compress_level=1)
                yield drawn.getvalue()


def pages(house: House, shown: Sequence[Item], today: date, at: datetime) -> Pages:
    """The pages of these items as they stand. What no font has is a box: it is public already, and
    one sign must not keep all else off the air. ``Refused`` when they cannot be set in time.
    """
    handed = Handed()
    with translation.override("zh-hans"):
        said = boxed(setting.clean(data(house, shown, today, handed)))
    pdf = compose(TEMPLATE, said, at=at, pictures=handed.files, seconds=SECONDS)
    return Pages(pdf, list(_read(pdf, said["items"])))


def boxed(value: Any) -> Any:
    """The value with a box in its texts for each sign that no font has."""
    match value:
        case str():
            return glyphs.replaced(value)
        case dict():
            return {key: boxed(each) for key, each in value.items()}
        case list() | tuple():
            return [boxed(each) for each in value]
    return value


def data(house: House, shown: Sequence[Item], today: date, handed: Handed) -> dict[str, Any]:
    """What the pages say."""
    charter = house.charter
    return {
        "name": house.name,
        "matter": house.matter,
        "on": marks.day(today),
        "items": [_item(n, item, house, handed) for n, item in enumerate(shown, 1)],
        "telephones": [
            [each.name, each.number]
            for each in (charter.organisation.telephones if charter else ())
        ][:4],
        "site": handed.code("site", f"{settings.BOARD_URL}{house.root}/"),
    }


def _item(number: int, item: Item, house: House, handed: Handed) -> dict[str, Any]:
    opening = item.current
    assert opening is not None, "only what is open is shown"
    edition = opening.edition
    category, period = house.categories.get(edition.category), gathering.period_of(house, item)
    nodes = body.nodes(edition.body)
    paragraphs, cut = words.told(nodes)
    left = [
        named
        for named, there in (
            ("全文", cut),
            ("表格", any(node["t"] == "table" for node in nodes)),
            ("图片", any(node["t"] == "figure" for node in nodes)),
            ("附件", bool(edition.attachments)),
        )
        if there
    ]
    page = f"{settings.BOARD_URL}{addresses.item(item.address)}"
    return {
        "n": number,
        "title": edition.title.strip() or "—",
        "number": opening.number,
        "category": category.name if category else "",
        "day": f"{marks.day(clock.civil_day(opening.at, house.zone))}公开",
        "period": f"{marks.day(period.first)}至{marks.day(period.last)}" if period else "",
        "paragraphs": paragraphs,
        "left": "、".join(left),
        "code": handed.code(f"item{number}", marked(page, TELEVISION)),
    }


def _read(pdf: bytes, listed: Sequence[dict[str, Any]]) -> Iterator[Shown]:
    """What each page says between its bands, and for how long it stands."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        begins = {each.get_dest().get_index(): each.get_title() for each in document.get_toc()}
        item = 0
        for number, page in enumerate(document):
            if number in begins:
                item = min(item + 1, len(listed)) if number else 0
            text = page.get_textpage().get_text_bounded(
                left=0, right=WIDE, bottom=HIGH * SAFE + FOOT, top=HIGH * (1 - SAFE) - HEAD
            )
            last = number + 1 == len(document) or number + 1 in begins
            yield Shown(text, timing.seconds(text, code=last), item)
