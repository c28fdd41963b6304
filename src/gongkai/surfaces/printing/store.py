"""Where the bytes of a run stand: ``prints/<folder>`` under the home folder.

    000-00.pdf, 020-00.pdf …   portions, each named by how many sheets come before it
    sheets.pdf                 all of them, once the last portion is set

Files appear whole, so a worker that goes on for one that died finds a portion or none.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from gongkai.foundation.core import durable

WHOLE = "sheets.pdf"
_ORPHANED = timedelta(days=1)


def folder(name: str) -> Path:
    """The folder of a run."""
    return Path(settings.HOME.prints) / name


def whole(name: str) -> Path:
    """All sheets of a run in one file, once they are joined."""
    return folder(name) / WHOLE


def keep(name: str, portion: str, made: bytes) -> None:
    """Keep a portion of a run."""
    durable.replace(folder(name) / f"{portion}.pdf", made)


def join(name: str) -> tuple[int, int]:
    """Join the portions of a run, and remove them; returns pages and bytes. May be repeated.

    Paper needs no PDF/A: the tags that readers of a screen need are not joined.
    """
    import pypdfium2

    target = whole(name)
    portions = sorted(folder(name).glob("[0-9]*.pdf"))
    if portions:
        with ExitStack() as open_:
            made = open_.enter_context(closing(pypdfium2.PdfDocument.new()))
            for each in portions:
                with closing(pypdfium2.PdfDocument(each)) as portion:
                    made.import_pages(portion)
            partial = target.with_suffix(".part")
            made.save(partial)
        durable.sync([partial])
        partial.rename(target)
        for each in portions:
            each.unlink(missing_ok=True)
    with closing(pypdfium2.PdfDocument(target)) as found:
        return len(found), target.stat().st_size


def destroy(name: str) -> None:
    """Remove all bytes of a run."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder(name))


def orphans(known: set[str], now: datetime) -> Iterator[str]:
    """Folders of no known run, older than a day: a restore or a crash left them."""
    root = Path(settings.HOME.prints)
    for each in root.iterdir() if root.exists() else ():
        with suppress(FileNotFoundError):
            old = each.stat().st_mtime < (now - _ORPHANED).timestamp()
            if old and each.name not in known:
                yield each.name
