"""What a reader of an attachment sees: some of its pages, and how to go on from there.

The same for the board, the members' room and the desk: who may see a file is decided before, and
each surface says under which addresses it shows the parts, the pictures and the files.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from gongkai.foundation.files.pages import sheets
from gongkai.foundation.files.pages.sheets import Picture, Sheet
from gongkai.foundation.files.pages.store import PAGES, PICTURE, Head, Rendition
from gongkai.foundation.files.states import Trouble
from gongkai.foundation.ui.jinja import environment
from gongkai.foundation.ui.spoken import gettext as _

logger = logging.getLogger(__name__)

TOGETHER = 10
"""Pages of a part. It stands in the addresses of pages, so it stays."""


@dataclass(frozen=True)
class Places:
    """Where a surface shows an attachment: each a function of a part or of a picture's digest."""

    part: Callable[[int], str]
    picture: Callable[[str], str]
    text: str
    original: str


@dataclass(frozen=True)
class Shown:
    """A page as it is drawn: its number and name, where its pictures are, its text."""

    number: int
    name: str
    sheet: Sheet
    pictures: Sequence[tuple[Picture, str]]
    html: Markup


@dataclass(frozen=True)
class Way:
    """A link to a part of the pages."""

    label: str
    href: str


@dataclass(frozen=True)
class View:
    """A part of an attachment's pages (阅读页), or why there is none.

    ``trouble`` is a sentence; it is empty, and there are no pages, while they are being made.
    ``on_paper``: the pages are such, not parts of a text; ``worded``: there is some text in them.
    """

    ready: bool
    trouble: str
    pages: int
    first: int
    shown: Sequence[Shown]
    contents: Sequence[tuple[int, Way]]
    parts: Sequence[Way]
    before: Way | None
    after: Way | None
    places: Places
    start: str
    on_paper: bool
    worded: bool

    @property
    def said(self) -> str:
        """How many pages there are."""
        return _("共%(n)s页") % {"n": self.pages} if self.on_paper else ""


def told(state: str, pages: int) -> tuple[bool, str]:
    """Whether a file can be opened for reading, and what is said of that beside its name.

    ``state`` is a trouble, or empty; a file without pages and trouble is still being made ready.
    """
    if state:
        return False, str(Trouble(state).label)
    return True, _("共%(n)s页") % {"n": pages} if pages > 1 else ""


def parts(head: Head | None) -> int:
    """Into how many parts the pages of a file go; one where they cannot be read."""
    return max(1, -(-head.pages // TOGETHER)) if head and not head.trouble else 1


def view(made: Rendition, head: Head | None, part: int, places: Places) -> View:
    """The pages of one part, counted from 1, in the active language."""
    if head is None or head.trouble:
        trouble = Trouble(head.trouble).label if head else ""
        start = places.part(1)
        return View(False, str(trouble), 0, 1, (), (), (), None, None, places, start, False, False)
    first = (part - 1) * TOGETHER + 1
    last = min(first + TOGETHER - 1, head.pages)
    whole = parts(head)

    def way(number: int) -> Way:
        begin = (number - 1) * TOGETHER + 1
        return Way(_span(head, begin, min(begin + TOGETHER - 1, head.pages)), places.part(number))

    return View(
        ready=True,
        trouble="",
        pages=head.pages,
        first=first,
        shown=[_shown(made, head, number, places) for number in range(first, last + 1)],
        contents=_contents(head, places) if part == 1 else (),
        parts=[way(number) for number in range(1, whole + 1)] if part == 1 and whole > 1 else (),
        before=way(part - 1) if part > 1 else None,
        after=way(part + 1) if part < whole else None,
        places=places,
        start=places.part(1),
        on_paper=head.kind == PAGES,
        worded=head.wordless < head.pages,
    )


def drawn(shown: View) -> Markup:
    """The pages with everything that leads through them, as HTML."""
    return Markup(
        environment().get_template("board/sheets.jinja").render(view=shown, together=TOGETHER)
    )


def pictures(shown: View) -> list[str]:
    """The digests of all pictures on these pages."""
    found = [each.digest for page in shown.shown for each in page.sheet.pictures]
    return [*found, *(digest for page in shown.shown for digest in sheets.named(page.sheet.html))]


def _shown(made: Rendition, head: Head, number: int, places: Places) -> Shown:
    sheet = _sheet(made, number)
    html = sheets.placed(sheet.html, places.picture)
    return Shown(
        number=number,
        name=_name(head, number, sheet),
        sheet=sheet,
        pictures=[(each, places.picture(each.digest)) for each in sheet.pictures],
        html=Markup(html),
    )


def _sheet(made: Rendition, number: int) -> Sheet:
    """The page; one that is lost is reported and counts as one that could not be drawn."""
    try:
        return made.sheet(number)
    except (FileNotFoundError, ValueError):
        logger.error("page %s of the file %s is missing from the store", number, made.digest)
        return Sheet(failed=True)


def _name(head: Head, number: int, sheet: Sheet) -> str:
    if head.kind == PICTURE:
        return _("图片")
    if sheet.title:
        return _("%(sheet)s，第%(n)s部分") % {"sheet": sheet.title, "n": number}
    return _span(head, number, number)


def _span(head: Head, first: int, last: int) -> str:
    """A page, or several, in words."""
    if head.kind == PAGES:
        one, several = _("第%(n)s页"), _("第%(first)s至%(last)s页")
    else:
        one, several = _("第%(n)s部分"), _("第%(first)s至%(last)s部分")
    return one % {"n": first} if first == last else several % {"first": first, "last": last}


def _contents(head: Head, places: Places) -> list[tuple[int, Way]]:
    return [
        (each.depth, Way(each.title, f"{places.part(_part(each.page))}#p{each.page}"))
        for each in head.contents
    ]


def _part(page: int) -> int:
    return (page - 1) // TOGETHER + 1
