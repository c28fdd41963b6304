"""Which pages a built board has: one of every kind, found in its folder and not in a list.

Every page says of which kind it is (``<body data-page="item">``, the name of its template). The
checks and the gallery walk what is found here, so a new kind of page is checked and shown as soon
as one is built.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODES = {"text": "large", "contrast": "high", "simple": "on"}
"""Each mode a reader may choose, with what its attribute ``data-…`` holds; as in modes.js."""

_KIND = re.compile(r'<body data-page="([\w-]+)"')
_PART = re.compile(r'<(\w+)(?:[^>]*? class="([^"]*)")?')


@dataclass(frozen=True)
class Page:
    """A built page: its kind, its file and its address."""

    kind: str
    file: Path
    address: str

    @property
    def english(self) -> bool:
        """Whether it is the English page."""
        return self.address.startswith("/en/")


def every(board: Path) -> Iterator[Page]:
    """Every page in the folder ``board``, by address."""
    for file in sorted(board.rglob("*.html")):
        kind = _KIND.search(file.read_text("utf-8"))
        path = file.relative_to(board).as_posix().removesuffix(".html")
        address = "/" + re.sub(r"(^|/)index$", r"\1", path)
        if kind:
            yield Page(kind[1], file, address)


def one_of_each(board: Path) -> list[Page]:
    """Pages that together show every element of every kind, in each language; the richest first.

    One page for most kinds; more where no one page has it all, as an item that was corrected and
    one that was withdrawn.
    """
    families: dict[tuple[str, bool], list[tuple[Page, set[tuple[str, ...]]]]] = defaultdict(list)
    for page in every(board):
        families[page.kind, page.english].append((page, _parts(page.file)))
    chosen = []
    for _family, pages in sorted(families.items()):
        seen: set[tuple[str, ...]] = set()
        while new := max(pages, key=lambda each: len(each[1] - seen), default=None):
            if not new[1] - seen:
                break
            chosen.append(new[0])
            seen |= new[1]
    return chosen


def _parts(file: Path) -> set[tuple[str, ...]]:
    """What a page is made of: every element inside ``main`` with its classes."""
    html = file.read_text("utf-8").partition("<main")[2].partition("</main>")[0]
    return {(tag, *sorted((css or "").split())) for tag, css in _PART.findall(html)} or {("",)}
