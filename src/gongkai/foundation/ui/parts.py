"""The values that the frame and the components are drawn from.

Plain frozen data, the same for the board's Jinja2 and the office's Django templates. Links hold
finished addresses: nothing here knows a route.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Link:
    """An address with its words; ``lang`` when the words are in another language."""

    label: str
    href: str
    current: bool = False
    count: int | None = None
    lang: str = ""


@dataclass(frozen=True)
class Category:
    """A category 类别 of the masthead's grid with its boxes 盒; no boxes: a plain menu."""

    name: str
    href: str
    boxes: Sequence[Link] = ()
    current: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the footer: sentences, then links."""

    title: str
    lines: Sequence[str] = ()
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Frame:
    """All that stands around a reader's page: util bar, masthead, categories, footer."""

    organisation: str
    line: str = ""
    home: str = "/"
    nav: Sequence[Link] = ()
    languages: Sequence[Link] = ()
    tools: Sequence[Link] = ()
    who: str = ""
    search: str = ""
    categories: Sequence[Category] = ()
    columns: Sequence[Column] = ()
    notice: str = ""


@dataclass(frozen=True)
class Step:
    """One of the five steps 五步 and how far it is."""

    name: str
    state: Literal["done", "now", "todo"]
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Event:
    """A line of a history 经过: when, what happened as a sentence, words quoted, a link."""

    at: datetime
    text: str
    quote: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Act:
    """Something a person may want to do. Obstacles say why not, who or what would free it."""

    label: str
    href: str = ""
    obstacles: Sequence[str] = ()
    hint: str = ""
    quiet: bool = False
    post: bool = False
