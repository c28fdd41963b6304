"""The attachments of the demonstration, made when it is loaded: a paper, a sheet, a drawing.

One list of works, invented like everything here, and adding up to what the decision says; three
kinds of file show it. Bytes are the same at every load: they depend on the list alone.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.foundation.paper.composing import compose
from gongkai.foundation.paper.sheets import packed

if TYPE_CHECKING:
    pass

AT = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
"""When the committee decided; the files bear it."""
VILLAGES = (
    *("石桥村", "下坪村", "柳树湾村", "上河村", "下河村", "松林村"),
    *("白果村", "青龙村", "望江村", "双井村", "梨园村"),
)
KINDS = (
    ("渠道清淤和补漏", 31, 940, "2027年2月28日", ("支渠", "斗渠", "三号渠", "二号渠")),
    ("山塘坝体加固", 12, 615, "2027年3月10日", ("山塘", "大塘", "新塘")),
    ("泵站设备更换", 9, 305, "2027年3月10日", ("一级泵站", "二级泵站")),
)
"""Kind of work, how many, thousands of yuan in all, by when, what is mended."""
HEADS = ("序号", "村", "地点", "工程内容", "灌溉面积（亩）", "预算（万元）", "完工时间")
WIDTHS = (6, 12, 16, 20, 14, 14, 16)
SCALE = 2


@dataclass(frozen=True)
class Work:
    """One place that is mended (一处工程)."""

    village: str
    place: str
    kind: str
    area: int
    cost: int
    until: str


def works() -> Iterator[Work]:
    """The 52 works of the first batch; those of a kind cost together what the decision says."""
    number = 0
    for kind, many, total, until, places in KINDS:
        spent = 0
        for each in range(many):
            cost = total // many + (each % 5 - 2) * 3 if each < many - 1 else total - spent
            spent += cost
            village = VILLAGES[(number * 4) % len(VILLAGES)]
            place = places[(number // len(VILLAGES)) % len(places)]
            area = 60 + number * 37 % 210
            yield Work(village, place, kind, area, cost, until)
            number += 1


def paper() -> bytes:
    """The list with its notes, several pages of PDF/A."""
    rows = [
        [
            str(n),
            each.village,
            each.place,
            each.kind,
            str(each.area),
            f"{each.cost / 10:.1f}",
            each.until,
        ]
        for n, each in enumerate(works(), 1)
    ]
    return compose(_template("works"), {"heads": list(HEADS), "rows": rows}, at=AT)


def sheet() -> bytes:
    """The same list as a sheet, with a second sheet that adds up."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    listed, summed = book.worksheets[0], book.create_sheet("汇总")
    listed.title = "第一批明细"
    listed.append(HEADS)
    for n, each in enumerate(works(), 1):
        listed.append(
            (n, each.village, each.place, each.kind, each.area, each.cost / 10, each.until)
        )
    summed.append(("项目", "数量（处）", "预算（万元）", "完工时间"))
    for kind, many, total, until, _places in KINDS:
        summed.append((kind, many, total / 10, until))
    many, total = sum(each[1] for each in KINDS), sum(each[2] for each in KINDS)
    summed.append(("合计", many, total / 10, KINDS[-1][3]))
    for shown in (listed, summed):
        for n, width in enumerate(WIDTHS[: shown.max_column], 1):
            head = shown.cell(1, n)
            head.font, head.alignment = Font(bold=True), Alignment(horizontal="center")
            shown.column_dimensions[get_column_letter(n)].width = width
        shown.freeze_panes = "A2"
    return packed(book, AT)


def drawing() -> bytes:
    """Where the third canal leaks: a drawing as a picture."""
    import pypdfium2

    made = compose(_template("canal"), {}, at=AT)
    document = pypdfium2.PdfDocument(made)
    try:
        picture, kept = document[0].render(scale=SCALE).to_pil(), io.BytesIO()
    finally:
        document.close()
    picture.convert("RGB").quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


@dataclass(frozen=True)
class Paper:
    """An attachment to be (附件): its name, and who makes its bytes.

    ``cleared`` is the reason with which a reviewer lets stand what no program can read.
    """

    name: str
    make: Callable[[], bytes]
    cleared: str = ""


PAPERS = {
    "jc-05.docx": (
        Paper("附件1：第一批维修养护工程清单和施工要求.pdf", paper),
        Paper("附件2：第一批维修养护工程明细表.xlsx", sheet),
        Paper(
            "附件3：三号渠漏水位置示意图.png",
            drawing,
            "看过了：图上只有渠道、桩号和村名，没有个人信息。",
        ),
    ),
}
"""By the file of the item that carries them, in their order."""


def _template(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.typ")
