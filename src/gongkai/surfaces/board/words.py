"""How names and document words stand on a page of either language."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from markupsafe import Markup, escape

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ui import marks, spoken

CHINESE = "zh-CN"


class Named(Protocol):
    """Whatever a charter gives a name in one language or two."""

    @property
    def name(self) -> str:
        """The name in Chinese."""

    @property
    def name_en(self) -> str:
        """The name in English, or nothing."""


def named(thing: Named) -> str:
    """The name as plain text, in the page's language where there is one."""
    return thing.name_en if marks.english() and thing.name_en else thing.name


def label(thing: Named) -> Markup:
    """The name with its language marked where it is not the page's."""
    if marks.english() and thing.name_en:
        return escape(thing.name_en)
    return chinese(thing.name)


def chinese(text: str) -> Markup:
    """Words that stay Chinese: marked so on an English page."""
    if not marks.english() or text.isascii():
        return escape(text)
    return Markup(f'<span lang="{CHINESE}">{escape(text)}</span>')


LONGEST_IN_LIST = 120
"""Characters of a title in a list; the whole of it stands on the item's page."""


def listed(text: str) -> Markup:
    """A document's title in a list."""
    whole = text.strip()
    short = whole if len(whole) <= LONGEST_IN_LIST else f"{whole[:LONGEST_IN_LIST]}…"
    return title(short)


def title(text: str) -> Markup:
    """A document's title: breaks between words only, never empty, marked as Chinese."""
    shown = marks.keep(text.strip() or "—")
    if not marks.english() or text.isascii():
        return shown
    return Markup(f'<span lang="{CHINESE}">{shown}</span>')


def day(at: datetime, zone: str, year: bool = True) -> str:
    """The civil day of an instant, in words."""
    return marks.day(civil_day(at, zone), year)


class Titled(Protocol):
    """A line of the catalogue."""

    @property
    def title(self) -> str:
        """What is to be published, in Chinese."""

    @property
    def title_en(self) -> str:
        """The same in English, or nothing."""


def entry(rule: Titled) -> Markup:
    """The title of a catalogue line in the page's language."""
    if marks.english() and rule.title_en:
        return escape(rule.title_en)
    return title(rule.title)


def either(chinese_text: str, english_text: str) -> Markup:
    """Words that a charter gives in both languages, or in Chinese alone."""
    if marks.english() and english_text:
        return escape(english_text)
    return chinese(chinese_text)


def choice(choices: Any, key: str) -> str:
    """The words of a choice; the key itself where a later version has dropped it."""
    return _choice(choices, key, spoken.language())


@lru_cache(maxsize=1024)
def _choice(choices: Any, key: str, _language: str) -> str:
    return str(choices(key).label) if key in choices.values else key
