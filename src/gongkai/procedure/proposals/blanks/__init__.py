"""Document templates 文稿模板: what a draft may begin with, and what its kind asks to be said.

One TOML file each, beside this one; the names are those of the charter's ``template``. What the
charter knows is filled in; what only the writer knows stands as 【填：…】, and nothing is submitted
with such a mark in it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from gongkai.foundation.core.deadlines import deadline, notice_period
from gongkai.procedure.catalogue.charter import Charter, EntryRule
from gongkai.procedure.catalogue.vetting import TEMPLATES

_HERE = Path(__file__).parent
_HOLE = re.compile(r"\{(\w{1,20})\|([^{}|]{1,20})\}")


@dataclass(frozen=True)
class Blank:
    """A template (文稿模板).

    ``kind`` is the document kind it makes, of which a ``general`` one stands for all. ``elements``
    are what it has to say, each with the words of which one will do; ``suits`` are words in an
    entry's title for which it is suggested.
    """

    key: str
    kind: str
    title: str
    body: str
    elements: tuple[tuple[str, ...], ...]
    suits: tuple[str, ...]
    general: bool = False

    @property
    def name(self) -> str:
        """What it is called, in Chinese."""
        return TEMPLATES[self.key]


@dataclass(frozen=True)
class Filled:
    """A template filled in for an entry (填好的文稿): ready to begin a draft with."""

    title: str
    body: str
    kind: str


@cache
def all_of_them() -> dict[str, Blank]:
    """Every template by its name, in the charter's order."""
    return {key: _read(key) for key in TEMPLATES}


def of_kind(kind: str, template: str = "") -> Blank | None:
    """The template by which a document of ``kind`` is looked at: the entry's own where it makes
    that kind, else the general one; none for kinds that have none.
    """
    known = all_of_them()
    if template in known and known[template].kind == kind:
        return known[template]
    return next((each for each in known.values() if each.general and each.kind == kind), None)


def suggested(rule: EntryRule) -> str:
    """The name of the template for ``rule``: the charter's, else by its title; possibly none."""
    if rule.template:
        return rule.template
    suits = [each for each in all_of_them().values() if any(w in rule.title for w in each.suits)]
    suits.sort(key=lambda each: each.general)  # what fits closer comes first
    if rule.notice_workdays:
        suits = [each for each in suits if each.kind == "notice"] or [all_of_them()["notice"]]
    return suits[0].key if suits else ""


def filled(blank: Blank, charter: Charter, rule: EntryRule, today: date) -> Filled:
    """``blank`` for a draft under ``rule`` begun ``today``, with all that the charter knows."""
    known = _known(charter, rule, today)
    return Filled(_filled(blank.title, known), _filled(blank.body, known), blank.kind)


def notice_span(charter: Charter, rule: EntryRule, today: date) -> tuple[date, date, int]:
    """First and last day of a notice begun ``today``, and its working days.

    It opens on the working day after the review may take as long as the charter lets it; its first
    day counts.
    """
    days = rule.notice_workdays or charter.deadlines.notice_workdays
    review = sum(stage.workdays for stage in charter.stages) + 1
    opens = deadline(today, review + 1).due
    return opens, notice_period(opens, days).due, days


def _known(charter: Charter, rule: EntryRule, today: date) -> Mapping[str, str]:
    house = charter.organisation
    start, end, days = notice_span(charter, rule, today)
    return {
        "house": house.name,
        "address": house.address,
        "postcode": house.postcode,
        "telephone": house.telephones[0].number if house.telephones else "",
        "department": rule.department,
        "entry": rule.title,
        "year": str(today.year),
        "start": _said(start),
        "end": _said(end),
        "days": str(days),
    }


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: known[hole[1]] or f"【填：{hole[2]}】", text)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _read(key: str) -> Blank:
    data = tomllib.loads((_HERE / f"{key}.toml").read_text("utf-8"))
    elements = tuple(tuple(each) for each in data.pop("elements"))
    return Blank(key=key, elements=elements, suits=tuple(data.pop("suits")), **data)
