"""The plan of the physical board as a checklist to take along, with labels for the boxes 张贴单."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.foundation.paper.composing import compose
from gongkai.foundation.ui import marks
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.channels.paper.hung import Hung
from gongkai.surfaces.channels.paper.setting import Handed, clean
from gongkai.surfaces.channels.paper.wall import DAY, WEEK, Plan

TEMPLATE = Path(__file__).with_name("checklist.typ")
WHY: dict[str, Any] = {
    "over": _("期满"),
    "replaced": _("已更正，换新的一版"),
    "decided": _("补审有了结果，换新的一张"),
    "newer": _("给新的让位"),
    "withdrawn": pgettext_lazy("state", "已撤回"),
    "erased": pgettext_lazy("state", "已清除"),
}


def checklist(plan: Plan, house: House, at: datetime) -> bytes:
    """The checklist as PDF/A, dated ``at``. ``Refused`` where a sign cannot be printed."""
    handed = Handed()
    with translation.override("zh-hans"):
        told = clean(_facts(plan, house, handed))
    return compose(TEMPLATE, told, at=at, pictures=handed.files)


def _facts(plan: Plan, house: House, handed: Handed) -> dict[str, Any]:
    return {
        "organisation": house.name,
        "week": f"{marks.day(plan.monday)}至{marks.day(plan.monday + WEEK - DAY, year=False)}",
        "day": marks.day(plan.day),
        "up": len(plan.up),
        "down": len(plan.down),
        "slots": [
            {
                "category": slot.category.name,
                "key": slot.box.key,
                "box": slot.box.name,
                "down": [_line(each, plan.day.year) for each in slot.down],
                "up": [_line(each, plan.day.year) | _photo(each, handed) for each in slot.up],
                "stays": [_line(each, plan.day.year) for each in slot.stays],
                "code": handed.code(
                    f"box{number}", f"{settings.BOARD_URL}{house.root}/b/{slot.box.key}"
                ),
            }
            for number, slot in enumerate(plan.slots)
        ],
    }


def _photo(each: Hung, handed: Handed) -> dict[str, Any]:
    """Where a telephone takes the photograph of a sheet that was just put up, as a code."""
    if not each.posting:
        return {}
    page = reverse("desk:posting-photo", args=[each.posting])
    return {"code": handed.code(f"photo{each.posting}", f"{settings.OFFICE_URL}{page}")}


def _line(each: Hung, year: int) -> dict[str, str]:
    until = marks.day(each.until, year=each.until.year != year) if each.until else ""
    return {
        "number": each.number or each.address,
        "title": each.title or "（内容已经不在）",
        "until": f"贴到{until}" if until else "",
        "why": str(WHY[each.why]) if each.why else "",
    }
