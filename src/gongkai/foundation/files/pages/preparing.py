"""Making the pages of a file, in portions that may be cut off anywhere.

What is made stands on the disk, so going on means to look which page is missing. A page that the
child cannot draw within its limits is tried once more alone; then it counts as failed and the next
one has its turn. A file with many such pages, or that takes too long as a whole, is given up.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from gongkai.foundation.files import storage
from gongkai.foundation.files.pages import limited, sheets
from gongkai.foundation.files.pages.limited import Failed, Unshowable
from gongkai.foundation.files.pages.sheets import Sheet
from gongkai.foundation.files.pages.store import (
    PAGES,
    PICTURE,
    TABLE,
    TEXT,
    Head,
    Rendition,
)
from gongkai.foundation.files.pages.verdicts import BROKEN, LARGE, LOCKED
from gongkai.foundation.files.states import Trouble

PORTION = 10
"""Pages of one child: its memory is given back, and little is lost when it is killed."""
PAGES_LIMIT = 3_000
"""More are not drawn: 10,000 pages are 20,000 pictures on the board of a township."""
FAILED_LIMIT = 20
SECONDS_LIMIT = 3_600
"""For one file, all portions together."""

ITSELF = {"pdf": PAGES, "png": PICTURE, "jpg": PICTURE, "xlsx": TABLE, "csv": TABLE, "txt": TEXT}
"""What is shown by our own means, whatever else is installed."""
BY_OFFICE = frozenset(("doc", "docx", "xls", "ppt", "pptx"))
"""What LibreOffice turns into pages; of these only .docx can be read without it."""

_TROUBLE = {LOCKED: Trouble.LOCKED, BROKEN: Trouble.BROKEN, LARGE: Trouble.LARGE}


def advance(digest: str, extension: str, seconds: float) -> Head | None:
    """Go on with the pages of a file for about ``seconds``; what became of it, or None: not yet.

    Done again, it goes on where it was. Raises ``Broken`` when the file is not in the store.
    """
    made = Rendition(digest)
    if found := made.head():
        return found
    with storage.open(digest):
        pass  # a file that is lost is a matter for people, not a broken one
    try:
        return _advanced(made, storage.path(digest), extension, time.monotonic() + seconds)
    except Unshowable as unshowable:
        return _given_up(made, _TROUBLE[unshowable.status])
    except Failed:
        return _given_up(made, Trouble.BROKEN)


def paged(extension: str) -> bool:
    """Whether files of this kind are drawn on pages here, by ourselves or by LibreOffice."""
    return extension == "pdf" or (extension in BY_OFFICE and bool(limited.office()))


def _advanced(made: Rendition, source: Path, extension: str, until: float) -> Head | None:
    if extension in BY_OFFICE and limited.office():
        source = _by_office(made, source, extension)
    elif extension in BY_OFFICE and extension != "docx":
        return _given_up(made, Trouble.NO_OFFICE)
    elif extension != "pdf":
        return _at_once(made, source, extension)
    plan = made.plan() or _counted(made, source)
    if plan["pages"] > PAGES_LIMIT:
        return _given_up(made, Trouble.LONG, plan["pages"])
    return _drawn(made, source, plan, until)


def _by_office(made: Rendition, source: Path, extension: str) -> Path:
    """The file as a PDF, made once."""
    target = made.folder / "converted.pdf"
    if not target.exists():
        limited.converted(source, extension, made.work).rename(target)
    return target


def _counted(made: Rendition, source: Path) -> dict[str, Any]:
    told = limited.run("count", source, made.work)
    pages = int(told["pages"])
    found = sheets.contents(told["contents"], pages)
    contents = [[each.depth, each.title, each.page] for each in found]
    return made.note(pages=pages, contents=contents, spent=0.0)


def _at_once(made: Rendition, source: Path, extension: str) -> Head:
    """What is made whole by one child: a picture, a text, tables."""
    kind = ITSELF.get(extension) or (TEXT if extension == "docx" else "")
    if not kind:
        return _given_up(made, Trouble.UNKNOWN)
    told = limited.run("picture" if kind == PICTURE else extension, source, made.work)
    pages = int(told["pages"])
    if not 1 <= pages <= PAGES_LIMIT or not all(map(made.take_over, range(1, pages + 1))):
        raise Failed("pages that are none")
    return _whole(made, Head(kind, pages, sheets.contents(told["contents"], pages)))


def _drawn(made: Rendition, source: Path, plan: dict[str, Any], until: float) -> Head | None:
    """Portions of pages until the time is over."""
    size, pages, failed = PORTION, plan["pages"], plan.get("failed", 0)
    spent, begun = float(plan["spent"]), time.monotonic()
    number, late = 1, False
    while (number := next(made.missing(pages, number), 0)) > 0:
        if late:
            spent += time.monotonic() - begun
            made.note(**{**_facts(plan), "failed": failed, "spent": spent})
            return None
        if failed > FAILED_LIMIT:
            return _given_up(made, Trouble.BROKEN)
        if spent + time.monotonic() - begun > SECONDS_LIMIT:
            return _given_up(made, Trouble.HEAVY)
        wanted = _together(made, number, min(number + size - 1, pages))
        with suppress(Failed):  # what it has made until then counts
            limited.run("pdf", source, made.work, start=number - 1, stop=wanted[-1])
        taken, alone = sum(map(made.take_over, wanted)), size == 1
        if taken == 0 and alone:
            made.keep(number, Sheet(failed=True))
            failed += 1
        size = PORTION if taken == len(wanted) else 1
        # Never without a page more: the next task would begin with the same portion.
        late = time.monotonic() > until and (taken > 0 or alone)
    contents = sheets.contents(plan["contents"], pages)
    return _whole(made, Head(PAGES, pages, contents))


def _together(made: Rendition, first: int, last: int) -> range:
    """The pages from ``first`` that are missing side by side."""
    missing = set(made.missing(last, first))
    return range(first, next(n for n in range(first, last + 2) if n not in missing))


def _facts(plan: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plan.items() if name != "format"}


def _whole(made: Rendition, head: Head) -> Head:
    wordless = sum(_wordless(made.sheet(number)) for number in range(1, head.pages + 1))
    whole = Head(head.kind, head.pages, head.contents, wordless)
    made.finish(whole)
    return whole


def _wordless(sheet: Sheet) -> bool:
    return sheet.failed or sheet.wordless


def _given_up(made: Rendition, trouble: Trouble, pages: int = 0) -> Head:
    head = Head(pages=pages, trouble=trouble.value)
    made.finish(head)
    return head
