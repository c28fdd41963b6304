"""The body of a text as HTML of one fixed, harmless shape.

The same input gives the same bytes on every machine, and cleaning twice changes nothing: sealed
text must not depend on when it was cleaned. Pictures stand among the attachments: a ``figure`` only
names one, with its alternative text, by the address under which the attachment will be public.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html.parser import HTMLParser

import nh3

from gongkai.foundation.files.decoding import without_marks

BLOCKS = frozenset({"p", "h2", "h3", "ul", "ol", "table", "blockquote", "figure"})
_PLAIN = {"p", "h2", "h3", "figure"}  # what these hold is words, never another block
_FIGURE = {"figure", "figcaption"}
_PARTS = {"li", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figcaption"}
_INLINE = {"strong", "em", "br", "a", "sup", "sub"}
_TAGS = BLOCKS | _PARTS | _INLINE | {"img"}
_RENAMED = {
    "b": "strong",
    "i": "em",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    **dict.fromkeys(
        ("div", "section", "article", "header", "footer", "main", "address", "pre"), "p"
    ),
}
_PASSES = 8
"""How often broken markup is cleaned again; hostile markup settles after two or three."""

PICTURE = re.compile(r"/files/([0-9A-HJKMNP-TV-Z]{10})/([0-9a-f]{16}\.(?:png|jpg))")
"""Where a picture of a text will be public: the item's address, the attachment's name there."""
NOWHERE = "0" * 10
"""The address of an item that is not there yet, in the places of its pictures."""
_PLACED = re.compile(rf'<img alt="([^"]*)" src="{PICTURE.pattern}">')
_ALT = re.compile(r'<img alt="([^"]*)"[^>]*>')
_SPAN = re.compile(r"[1-9][0-9]?")
_FILE = "data-file"  # what stands for a picture while relative addresses are taken out
_INDENT = re.compile(r"^(?:\s|\u3000|&nbsp;|<br>)+|(?:\s|\u3000|&nbsp;|<br>)+$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Block:
    """One block of a body: its tag and what stands inside, as HTML."""

    tag: str
    inner: str

    @property
    def html(self) -> str:
        """The block with its tag."""
        return f"<{self.tag}>{self.inner}</{self.tag}>"

    @property
    def text(self) -> str:
        """What a person reads: cells apart by tabs, rows, points and broken lines by line ends."""
        return text_of(self.inner)


def clean(body: str) -> str:
    """``body`` with nothing but what the board shows, one block to a line."""
    return joined(blocks(body))


def blocks(body: str) -> list[Block]:
    """The blocks of ``body``, cleaned; loose text becomes a paragraph, empty blocks go."""
    found = _cleaned(body)
    for _pass in range(_PASSES):
        # What a browser would move out of a broken table may itself need cleaning.
        again = _cleaned(joined(found))
        if again == found:
            break
        found = again
    return found


def _cleaned(body: str) -> list[Block]:
    mapper = _Mapper()
    mapper.feed(_CONTROL.sub("", without_marks(body)))
    mapper.close()
    safe = nh3.clean(
        "".join(mapper.out),
        tags=set(_TAGS),
        attributes={
            "*": set(),
            "a": {"href"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
            "img": {"alt", _FILE},
        },
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    splitter = _Splitter()
    splitter.feed(safe)
    splitter.close()
    splitter.flush()
    trimmed = (_trimmed(found) for found in splitter.found)
    return [block for block in trimmed if block.tag == "figure" or block.text.strip()]


def pictures(body: str) -> list[tuple[str, str, str]]:
    """The pictures of a cleaned ``body``: each item's address, name of the attachment, alt text."""
    return [(found[2], found[3], html.unescape(found[1])) for found in _PLACED.finditer(body)]


def housed(body: str, address: str) -> str:
    """A cleaned ``body`` with the pictures that had no item yet at ``address``."""
    return body.replace(f'src="/files/{NOWHERE}/', f'src="/files/{address}/')


def placed(body: str, place: Callable[[str, str], str]) -> str:
    """A cleaned ``body`` with its pictures where a surface shows them: ``place`` is given the
    item's address and the attachment's name.
    """
    return _PLACED.sub(
        lambda found: f'<img alt="{found[1]}" src="{html.escape(place(found[2], found[3]))}">', body
    )


def joined(found: Iterable[Block]) -> str:
    """The blocks as the body that is kept."""
    return "\n".join(block.html for block in found)


def text_of(inner: str) -> str:
    """The text of a piece of cleaned HTML."""
    spaced = re.sub(r"</(td|th)>(?=<t[dh])", "\t", _ALT.sub(r"\1\n", inner))
    spaced = re.sub(r"<br>|</(?:p|li|tr|caption|h2|h3)>", "\n", spaced)
    return html.unescape(re.sub(r"<[^>]*>", "", spaced)).strip("\n")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in {"colspan", "rowspan"}:
        return value if _SPAN.fullmatch(value) and value != "1" else None
    if name == _FILE:
        return value if PICTURE.fullmatch(value) else None
    return value


def _trimmed(block: Block) -> Block:
    """Without the blanks people indent with: the style sheet indents."""
    return replace(block, inner=_INDENT.sub("", block.inner)) if block.tag != "table" else block


class _Mapper(HTMLParser):
    """Gives the tags of editors the names we keep, before anything is taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._picture(dict(attrs))
            return
        text = self.get_starttag_text() or ""
        new = _RENAMED.get(tag)
        self.out.append(f"<{new}>" if new else text)

    def _picture(self, given: dict[str, str | None]) -> None:
        """A picture of ours by another name; every other one goes, wherever its bytes are."""
        if place := PICTURE.fullmatch(given.get("src") or ""):
            alt = html.escape(" ".join((given.get("alt") or "").split()))
            self.out.append(f'<img {_FILE}="{place[0]}" alt="{alt}">')

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{_RENAMED.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")


class _Splitter(HTMLParser):
    """Cuts cleaned, well-formed HTML at its outermost blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Block] = []
        self._tag = ""  # of the block at hand; "" between blocks
        self._loose = False  # whether it is text that stood in no block
        self._depth = 0
        self._links: list[bool] = []
        self._inner: list[str] = []
        self._picture = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._take_picture(dict(attrs))
            return
        if tag in BLOCKS and (not self._tag or (self._loose and self._depth == 0)):
            self.flush()
            self._tag = tag
            return
        if tag in _FIGURE and self._tag and self._tag not in _PLAIN:
            return  # a picture inside a table or a list: its caption stays as words
        if tag == "li" and self._tag in _PLAIN | {""}:
            tag = "p"  # a point without its list
            if not self._tag or (self._loose and self._depth == 0):
                self.flush()
                return
        if not self._tag:
            self._tag, self._loose = "p", True
        if tag in BLOCKS and self._tag in _PLAIN:
            self._inner.append("<br>")
            return
        if tag in _PARTS and self._tag in _PLAIN:
            return  # a part of a table that was not allowed to begin here
        if tag == "a":
            self._links.append(bool(dict(attrs).get("href")))
            if not self._links[-1]:
                return
        self._depth += tag != "br"
        self._inner.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and tag == self._tag and self._depth == 0 and not self._loose:
            self.flush()
            return
        if tag in BLOCKS | _PARTS and self._tag in _PLAIN | {""}:
            if self._loose and self._depth == 0:
                self.flush()
            return
        if tag in _FIGURE or (tag == "a" and not self._links.pop()):
            return
        self._depth -= 1
        self._inner.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._tag:
            if not data.strip():
                return
            self._tag, self._loose = "p", True
        self._inner.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def _take_picture(self, attrs: dict[str, str | None]) -> None:
        """A picture makes the block at hand a figure, or is one between two blocks."""
        if not (place := attrs.get(_FILE)):
            return
        picture = f'<img alt="{html.escape(attrs.get("alt") or "")}" src="{place}">'
        if self._tag == "figure" and not self._picture:
            self._picture = picture
        elif not self._tag or (self._loose and self._depth == 0):
            self.flush()
            self.found.append(Block("figure", picture))

    def flush(self) -> None:
        """End the block at hand."""
        inner = "".join(self._inner)
        if self._tag == "figure":
            self.found.append(_figure(self._picture, _INDENT.sub("", inner)))
        elif self._tag:
            self.found.append(Block(self._tag, inner))
        self._tag, self._loose, self._depth, self._inner = "", False, 0, []
        self._picture = ""


def _figure(picture: str, caption: str) -> Block:
    """A picture with its caption; the caption alone is a paragraph."""
    if not picture:
        return Block("p", caption)
    told = f"<figcaption>{caption}</figcaption>" if text_of(caption).strip() else ""
    return Block("figure", picture + told)
