"""Where the pages of files stand: ``renditions/ab/<digest>`` under the home folder.

    head.json        what became of it; written last, so it says that all the rest is there
    plan.json        how many pages and what contents, while the pages are being made
    sheets/7.json    page 7; it stands when its pictures do
    images/<digest>  the pictures, each named by its own bytes
    text             the plain text, pages parted by form feeds
    words/7.json     what was read in the picture of page 7, where somebody asked for that
    work/            what the child writes, before it has been looked at

All of it follows from the file's bytes, so no backup holds it: what is missing is made again.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.foundation.core import durable
from gongkai.foundation.files.pages import sheets
from gongkai.foundation.files.pages.sheets import Heading, Picture, Recognised, Sheet

FORMAT = 1
"""Of what stands here; another one is made anew."""
BREAK = "\f"
PAGE_LIMIT = 8 * 1024 * 1024
"""Bytes of a page without its pictures: 400,000 cells fit, and to read it costs little memory."""
PAGES, PICTURE, TABLE, TEXT = "pages", "picture", "table", "text"
"""What the pages of a file are: paper, one picture, parts of tables, parts of a text."""


@dataclass(frozen=True)
class Head:
    """What became of a file (读本): the number of its pages and contents, or why there are none.

    ``trouble`` is a value of ``states.Trouble``; empty when the pages can be read.
    """

    kind: str = ""
    pages: int = 0
    contents: tuple[Heading, ...] = ()
    wordless: int = 0
    trouble: str = ""


class Rendition:
    """The pages of the file named ``digest``, as far as they are made."""

    def __init__(self, digest: str) -> None:
        self.folder = folder(digest)
        self.digest = digest

    # -- reading -----------------------------------------------------------------------------------

    def head(self) -> Head | None:
        """What became of it; None while it is being made, or was never asked for."""
        data = _read(self.folder / "head.json")
        if data is None or data.get("format") != FORMAT:
            return None
        contents = sheets.contents(data["contents"], data["pages"])
        return Head(data["kind"], data["pages"], contents, data["wordless"], data["trouble"])

    def sheet(self, number: int) -> Sheet:
        """A page, counted from 1. ``FileNotFoundError`` when it is not made."""
        return sheets.sheet(json.loads(self._sheet(number).read_text("utf-8")))

    def words(self, number: int) -> Recognised | None:
        """What was read in the picture of a page; None when nobody has tried."""
        data = _read(self.folder / "words" / f"{number}.json")
        return None if data is None else sheets.recognised(data)

    def made(self) -> int:
        """How many pages stand."""
        return sum(1 for _each in (self.folder / "sheets").glob("*.json"))

    def picture(self, digest: str) -> Path:
        """Where a picture of some page stands."""
        return self.folder / "images" / digest

    @property
    def text(self) -> Path:
        """The plain text."""
        return self.folder / "text"

    # -- making ------------------------------------------------------------------------------------

    @property
    def work(self) -> Path:
        """Where a child may write; made where missing."""
        found = self.folder / "work"
        for each in (found, self.folder / "sheets", self.folder / "images"):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        return found

    def plan(self) -> dict[str, Any] | None:
        """What was noted of pages to be made; None before the first."""
        data = _read(self.folder / "plan.json")
        return data if data and data.get("format") == FORMAT else None

    def note(self, **facts: Any) -> dict[str, Any]:
        """Note the plan."""
        data = {"format": FORMAT, **facts}
        _put(self.folder / "plan.json", json.dumps(data, ensure_ascii=False))
        return data

    def missing(self, pages: int, start: int = 1) -> Iterator[int]:
        """The pages that are not made yet, in order."""
        return (number for number in range(start, pages + 1) if not self._sheet(number).exists())

    def take_over(self, number: int) -> bool:
        """Look at the page that a child left in ``work`` and keep it; says whether it was one."""
        left = self.work / f"{number}.json"
        try:
            if left.stat().st_size > PAGE_LIMIT:
                return False
            found = sheets.sheet(json.loads(left.read_text("utf-8")))
            for digest in _pictures(found):
                self._take_picture(digest)
        except (OSError, ValueError, RecursionError):
            return False
        self.keep(number, found)
        left.unlink(missing_ok=True)
        return True

    def take_words(self, number: int) -> bool:
        """Look at the lines that a child left in ``work`` and keep them; says whether they were."""
        left = self.work / f"{number}.words.json"
        try:
            if left.stat().st_size > PAGE_LIMIT:
                return False
            found = sheets.recognised(json.loads(left.read_text("utf-8")))
        except (OSError, ValueError, RecursionError):
            return False
        self.keep_words(number, found)
        left.unlink(missing_ok=True)
        return True

    def keep_words(self, number: int, found: Recognised) -> None:
        """Keep what was read in the picture of a page."""
        (self.folder / "words").mkdir(mode=0o700, exist_ok=True)
        _put(self.folder / "words" / f"{number}.json", sheets.words_as_text(found))

    def keep(self, number: int, found: Sheet) -> None:
        """Keep a page."""
        _put(self._sheet(number), sheets.as_text(found))

    def finish(self, head: Head) -> None:
        """All is made: write the text, make everything durable, and only then say so."""
        shutil.rmtree(self.work)  # there may have been no folder yet
        if not head.trouble:
            with open(self.folder / ".text", "w", encoding="utf-8") as target:
                for number in range(1, head.pages + 1):
                    target.write((BREAK if number > 1 else "") + self.sheet(number).text + "\n")
            os.replace(self.folder / ".text", self.text)
        durable.sync({self.folder, *self.folder.rglob("*")})
        data = {
            "format": FORMAT,
            "kind": head.kind,
            "pages": head.pages,
            "contents": [[each.depth, each.title, each.page] for each in head.contents],
            "wordless": head.wordless,
            "trouble": head.trouble,
        }
        _put(self.folder / "head.json", json.dumps(data, ensure_ascii=False))
        durable.sync({self.folder / "head.json", self.folder, self.folder.parent})

    def destroy(self) -> bool:
        """Destroy the pages; says whether there were any. What readers hold open ends by itself."""
        if not self.folder.exists():
            return False
        (self.folder / "head.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        durable.sync({self.folder.parent})
        return True

    def _take_picture(self, digest: str) -> None:
        target = self.picture(digest)
        if target.exists():
            return
        left = self.work / digest
        data = left.read_bytes()
        webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
        if not webp or sha256(data).hexdigest() != digest:
            raise ValueError("not the picture that was named")
        os.replace(left, target)

    def _sheet(self, number: int) -> Path:
        return self.folder / "sheets" / f"{number}.json"


def folder(digest: str) -> Path:
    """Where the pages of the file named ``digest`` stand, or would stand."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"not a digest: {digest[:80]!r}")
    return Path(settings.HOME.renditions) / digest[:2] / digest


def _pictures(found: Sheet) -> list[str]:
    shown: list[Picture] = list(found.pictures)
    return [*(each.digest for each in shown), *sheets.named(found.html)]


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(FileNotFoundError, ValueError):
        data = json.loads(path.read_text("utf-8"))
        return data if isinstance(data, dict) else None
    return None


def _put(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, "utf-8")
    os.replace(partial, path)
