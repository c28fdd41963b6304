"""What a page of a file is, and how it is written down.

The maker is a process that has read a stranger's file, so a page is taken over only in this shape:
numbers in their range, text without control characters, HTML through an allow-list.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import nh3

WHOLE = 10_000
"""Places on a page are in ten-thousandths of its width and height."""
ENORMOUS = 2_000
"""Millimetres from which a page is no paper any more, but a plan or a banner."""
LINES_LIMIT = 5_000
TEXT_LIMIT = 200_000
CONTENTS_LIMIT = 2_000
DEPTH = 4

_DIGEST = re.compile("[0-9a-f]{64}")
_PICTURE = re.compile("picture:([0-9a-f]{64})")
_LOST = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BLOCKS = ("p", "h2", "h3", "h4", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr")
_INLINE = ("th", "td", "strong", "em", "br", "sup", "sub", "a", "img")


@dataclass(frozen=True)
class Picture:
    """A picture of a page (页面图像), named by the digest of its bytes; always WebP."""

    width: int
    height: int
    digest: str


@dataclass(frozen=True)
class Line:
    """A piece of text in its place (文字行); ``begins``: a paragraph begins with it."""

    left: int
    top: int
    width: int
    height: int
    text: str
    begins: bool

    def joint(self, after: "Line") -> str:
        """What stands between this piece and the next: Chinese lines run on without a blank."""
        beside = abs(after.top - self.top) * 2 < self.height
        return " " if beside or (self.text[-1].isascii() and after.text[0].isascii()) else ""


@dataclass(frozen=True)
class Sheet:
    """One page (页): pictures, the smallest first, and its text, placed or as HTML.

    ``paper`` is its size in millimetres, (0, 0) where it has none. ``failed`` when it could not be
    drawn within the limits.
    """

    pictures: tuple[Picture, ...] = ()
    lines: tuple[Line, ...] = ()
    html: str = ""
    title: str = ""
    paper: tuple[int, int] = (0, 0)
    failed: bool = False

    @property
    def enormous(self) -> bool:
        """Whether the page is shown much smaller than it is."""
        return max(self.paper) > ENORMOUS

    @property
    def paragraphs(self) -> list[list[tuple[Line, str]]]:
        """The lines by paragraph, each with what joins it to the next: a blank, or nothing."""
        found: list[list[tuple[Line, str]]] = []
        for line, after in zip(self.lines, (*self.lines[1:], None), strict=True):
            if line.begins or not found:
                found.append([])
            found[-1].append((line, line.joint(after) if after else ""))
        return found

    @property
    def text(self) -> str:
        """The plain text, a line to each line, row or paragraph."""
        if self.lines:
            return "\n".join(line.text for line in self.lines)
        spaced = re.sub(r"</t[dh]>\s*(?=<t[dh])", "\t", self.html)
        spaced = re.sub(r"<br>|</(?:p|li|tr|caption|h[2-4])>\n*", "\n", spaced)
        named = f"{self.title}\n" if self.title else ""
        return named + _plain(spaced).strip("\n")

    @property
    def wordless(self) -> bool:
        """Whether the page is a picture without any text: nobody but a person can check it."""
        return bool(self.pictures) and not self.text.strip()


@dataclass(frozen=True)
class Recognised:
    """What a machine read in the picture of a page (识别文字): lines, and how sure it was of each.

    ``failed`` when it did not come to an end within its limits. A sureness is between 0 and 1.
    """

    lines: tuple[Line, ...] = ()
    sure: tuple[float, ...] = ()
    failed: bool = False

    @property
    def paragraphs(self) -> list[list[tuple[Line, float]]]:
        """The lines by paragraph, each with how sure the machine was of it."""
        found: list[list[tuple[Line, float]]] = []
        for line, sure in zip(self.lines, self.sure, strict=True):
            if line.begins or not found:
                found.append([])
            found[-1].append((line, sure))
        return found


@dataclass(frozen=True)
class Heading:
    """A line of the contents (目录): how deep, the words, the page counted from 1."""

    depth: int
    title: str
    page: int


def sheet(data: Mapping[str, Any]) -> Sheet:
    """The page that the maker described. ``ValueError`` when it is none."""
    try:
        return Sheet(
            pictures=tuple(_picture(each) for each in data.get("pictures", ()))[:2],
            lines=tuple(_lines(data.get("lines", ()))),
            html=cleaned(str(data.get("html", ""))),
            title=_words(data.get("title", ""))[:100],
            paper=(_size(data.get("paper", (0, 0))[0]), _size(data.get("paper", (0, 0))[1])),
            failed=bool(data.get("failed")),
        )
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"no page: {error}") from error


def recognised(data: Mapping[str, Any]) -> Recognised:
    """What the reader of a picture described. ``ValueError`` when it is nothing of that kind."""
    try:
        lines = tuple(_lines(data.get("lines", ())))
        sure = tuple(max(0.0, min(1.0, float(each))) for each in data.get("sure", ()))
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"no lines: {error}") from error
    if len(lines) != len(sure):
        raise ValueError("a line without its sureness")
    return Recognised(lines, sure, bool(data.get("failed")))


def contents(data: Sequence[Any], pages: int) -> tuple[Heading, ...]:
    """The contents that the maker described, those lines that lead to a page."""
    found = []
    for each in data[:CONTENTS_LIMIT]:
        depth, title, page = int(each[0]), _words(each[1])[:200].strip(), int(each[2])
        if title and 1 <= page <= pages:
            found.append(Heading(max(0, min(depth, DEPTH)), title, page))
    return tuple(found)


def cleaned(html: str) -> str:
    """``html`` with what a text may hold; a picture is named as ``picture:<digest>``."""
    if not html:
        return ""
    return nh3.clean(
        _LOST.sub("", html),
        tags={*_BLOCKS, *_INLINE},
        attributes={
            "*": set(),
            "a": {"href"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan", "scope"},
            "img": {"src", "alt", "width", "height"},
        },
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "picture"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )


def named(html: str) -> list[str]:
    """The digests of the pictures that a cleaned text shows."""
    return _PICTURE.findall(html)


def placed(html: str, at: Callable[[str], str]) -> str:
    """A cleaned text with the addresses of its pictures, which ``at`` gives by digest."""
    return _PICTURE.sub(lambda found: escape(at(found[1])), html)


def as_text(value: Sheet) -> str:
    """A page as JSON, as :func:`sheet` reads it."""
    data: dict[str, Any] = {
        "pictures": [[each.width, each.height, each.digest] for each in value.pictures],
        "lines": [
            [each.left, each.top, each.width, each.height, each.text, each.begins]
            for each in value.lines
        ],
        "html": value.html,
        "title": value.title,
        "paper": value.paper,
        "failed": value.failed,
    }
    kept = {name: each for name, each in data.items() if each}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def words_as_text(value: Recognised) -> str:
    """Recognised lines as JSON, as :func:`recognised` reads them."""
    data = {
        "lines": [
            [each.left, each.top, each.width, each.height, each.text, each.begins]
            for each in value.lines
        ],
        "sure": value.sure,
        "failed": value.failed,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _picture(data: Any) -> Picture:
    width, height, digest = data
    if not _DIGEST.fullmatch(str(digest)) or min(int(width), int(height)) < 1:
        raise ValueError("no picture")
    return Picture(int(width), int(height), str(digest))


def _lines(data: Any) -> Iterator[Line]:
    length = 0
    for left, top, width, height, text, begins in data[:LINES_LIMIT]:
        words = _words(text)
        length += len(words)
        if length > TEXT_LIMIT:
            raise ValueError("more text than a page holds")
        if words.strip():
            box = (_within(left), _within(top), _within(width), _within(height))
            yield Line(*box, words, bool(begins))


def _within(value: Any) -> int:
    return max(0, min(WHOLE, int(value)))


def _size(value: Any) -> int:
    return max(0, min(1_000_000, int(value)))


def _words(value: Any) -> str:
    return _LOST.sub("", str(value)).replace("\n", " ")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if tag == "a":
        return None if value.startswith("picture:") else value
    if name in ("colspan", "rowspan", "width", "height"):
        return value if value.isascii() and value.isdecimal() and len(value) < 5 else None
    return value


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))
