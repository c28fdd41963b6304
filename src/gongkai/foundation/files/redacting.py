"""Covering parts of a file for good 遮盖: a copy is made in which they are not there any more.

A stranger's file is opened by a child only, as for reading; from what the child draws a new file
is made here. Of the old one nothing is taken over but pictures of its pages and, beneath them, the
text that nothing covers, so that it can still be searched and read aloud.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.pages import limited, sheets
from gongkai.foundation.files.pages.limited import Failed, Unshowable
from gongkai.foundation.files.pages.redacted import BOXES, WORDS
from gongkai.foundation.files.pages.sheets import WHOLE
from gongkai.foundation.paper.composing import compose

KINDS = frozenset(("pdf", "png", "jpg"))
"""What parts can be covered of; anything else is brought as a PDF."""
PAGES_LIMIT = 300
PORTION = 10
SECONDS = 240
"""For setting 300 pages of pictures."""
TEMPLATE = Path(__file__).with_name("redacted.typ")
TITLE = "已遮盖的附件"
"""What the new file is called inside; the old one's title may be what had to go."""

Boxes = Mapping[int, Sequence[Sequence[int]]]


@dataclass(frozen=True)
class Place:
    """A part of a page (遮盖处): the page from 1, edges in ten-thousandths of its size."""

    page: int
    left: int
    top: int
    right: int
    bottom: int


class Redacting:
    """The making of one copy, in portions that may be cut off anywhere (遮盖中).

    ``folder`` holds what is made; done again with the same ``boxes``, it goes on where it was.
    """

    def __init__(self, source: Path, extension: str, folder: Path) -> None:
        self.source, self.extension, self.folder = source, extension, folder

    def begin(self, boxes: Boxes) -> int:
        """Write down what is to be covered; returns how many pages there are.

        ``Refused`` where the file cannot be covered: of another kind, locked, broken, too long.
        """
        if self.extension not in KINDS:
            raise Refused([_("这种文件不能直接遮盖。请另存为PDF，再上传遮盖。")])
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = {str(page): [list(box) for box in each] for page, each in boxes.items()}
        (self.folder / BOXES).write_text(json.dumps(told))
        pages = 1 if self.extension != "pdf" else int(self._asked("count")["pages"])
        if pages > PAGES_LIMIT:
            wording = _("这个文件有%(pages)d页，一次最多遮盖%(most)d页。请分成几个文件。")
            raise Refused([wording % {"pages": pages, "most": PAGES_LIMIT}])
        if (last := max(boxes, default=1)) > pages:
            wording = _("有框画在第%(page)d页，这个文件只有%(pages)d页。请去掉那些框。")
            raise Refused([wording % {"page": last, "pages": pages}])
        return pages

    def advance(self, pages: int) -> int:
        """Draw the next portion; returns how many pages are drawn now."""
        done = self.done(pages)
        if done < pages and self.extension == "pdf":
            self._asked("redact", start=done, stop=min(done + PORTION, pages))
        elif done < pages:
            self._asked("redact-picture")
        return self.done(pages)

    def done(self, pages: int) -> int:
        """How many pages stand, from the first without a gap."""
        suffix = "json" if self.extension == "pdf" else "png"
        made = (self.folder / f"{number}.{suffix}" for number in range(1, pages + 1))
        return next((number for number, each in enumerate(made) if not each.exists()), pages)

    def finished(self, pages: int, at: datetime) -> tuple[bytes, str]:
        """The new file and its extension, once all pages are drawn."""
        if self.extension != "pdf":
            return (self.folder / "1.png").read_bytes(), "png"
        told = [self._page(number) for number in range(1, pages + 1)]
        drawn = {f"p{n}.jpg": (self.folder / f"{n}.jpg").read_bytes() for n in range(1, pages + 1)}
        try:
            return _composed(told, drawn, at), "pdf"
        except Refused:  # it holds a sign that no font of ours has
            return _composed([{**each, "lines": []} for each in told], drawn, at), "pdf"

    def find(self, words: str) -> list[Place]:
        """Where ``words`` stand in a PDF that has text; blanks and ends of lines do not matter."""
        if self.extension != "pdf" or not words.strip():
            return []
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / WORDS).write_text(words)
        return [Place(*map(int, each)) for each in self._asked("find")["found"]]

    def _asked(self, job: str, **more: int) -> dict[str, Any]:
        try:
            return limited.run(job, self.source, self.folder, **more)
        except Unshowable as error:
            raise Refused(
                [_("这个文件打不开：加了密、坏了，或者太大。请换一份再上传。")]
            ) from error
        except Failed as error:
            raise Refused([_("这个文件没有画完，多半是坏了。请另存一份再上传。")]) from error

    def _page(self, number: int) -> dict[str, Any]:
        """A page as the child told it: its size in millimetres, its lines cleaned."""
        told = json.loads((self.folder / f"{number}.json").read_text("utf-8"))
        width, height = (min(max(float(edge), 1.0), 5_000.0) for edge in told["paper"])
        lines = sheets.sheet({"lines": [[*line, False] for line in told["lines"]]}).lines
        return {
            "width": width,
            "height": height,
            "lines": [
                {
                    "left": each.left * width / WHOLE,
                    "top": each.top * height / WHOLE,
                    "width": each.width * width / WHOLE,
                    "height": each.height * height / WHOLE,
                    "text": each.text,
                }
                for each in lines
            ],
        }


def _composed(pages: list[dict[str, Any]], drawn: Mapping[str, bytes], at: datetime) -> bytes:
    data = {"title": TITLE, "pages": pages}
    return compose(TEMPLATE, data, at=at, pictures=drawn, seconds=SECONDS)
