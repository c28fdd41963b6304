"""The pictures of a person's file on their way into a text 文稿里的图片.

A .docx gives them as bytes, each at a place in the text. They become attachments, drawn anew by the
store, and the text names each by the address under which it will be public. Until there is an item
with an address, it is :data:`NOWHERE`'s; ``begin`` and ``edit`` write the item's own in its stead.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from django.utils.translation import gettext as _

from gongkai.foundation.files import intake
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.proposals.sanitise import NOWHERE, text_of

_TOKENS = re.compile(r"<(/?)([a-z0-9]{1,12})\b[^>]*>")
_FOUND = re.compile(r'<img\b[^>]*\bsrc="picture:([0-9]+)"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_CAPTION = re.compile(r'<p class="caption">(.*)</p>', re.DOTALL)
_WORDS = re.compile(r"<(?:p|h[1-6])\b")
_PROVISIONAL = re.compile(rf"/files/{NOWHERE}/([0-9a-f]{{16}})\.png")
ALT_LIMIT = 100


@dataclass(frozen=True)
class Picture:
    """A picture of a file (图片): its bytes, and what the file says that it shows."""

    data: bytes
    alt: str = ""


def lifted(html: str) -> tuple[str, list[str]]:
    """``html`` with each ``<img src="picture:n">`` as a figure of its own, and what each is said to
    show, in the order of n.

    A figure stands behind the paragraph or table that held it; there, a table or a list keeps words
    that name it. A paragraph that the file calls a caption goes into the figure before it.
    """
    said: dict[int, str] = {}
    out: list[str] = []
    for outer in _outermost(html):
        if (caption := _CAPTION.fullmatch(outer)) and out and out[-1].endswith("></figure>"):
            told = f"<figcaption>{caption[1]}</figcaption></figure>"
            out[-1] = out[-1].removesuffix("</figure>") + told
            continue
        found = list(_FOUND.finditer(outer))
        if not found:
            out.append(outer)
            continue
        plain = bool(_WORDS.match(outer))
        words = _FOUND.sub("" if plain else lambda each: _named(each[1]), outer)
        first = plain and not text_of(outer[: found[0].start()]).strip()
        figures = [_figure(each, said) for each in found]
        kept = [words] if text_of(words).strip() else []
        out += [*figures, *kept] if first else [*kept, *figures]
    return "".join(out), [said[number] for number in sorted(said)]


@dataclass(frozen=True)
class Taken:
    """A text whose pictures are in the store (收好图片的文稿): each once, with its title."""

    html: str
    files: list[tuple[StoredFile, str]]


def take(html: str, found: Sequence[Picture], officer: Officer | None = None) -> Taken:
    """Take the pictures ``found`` into the store, and give ``html`` the names they have there.

    Raises ``Refused`` for what is no sound picture.
    """
    stored = [
        intake.keep(io.BytesIO(each.data), _("图%s") % n, officer)
        for n, each in enumerate(found, 1)
    ]
    named = _PROVISIONAL.sub(
        lambda each: f"/files/{NOWHERE}/{picture_name(stored[int(each[1], 16) - 1])}", html
    )
    titled: dict[int, tuple[StoredFile, str]] = {}
    for n, (file, each) in enumerate(zip(stored, found, strict=True), 1):
        titled.setdefault(file.pk, (file, title_of(each.alt, n)))
    return Taken(named, list(titled.values()))


def title_of(alt: str, number: int) -> str:
    """What a picture is called among the attachments: what it shows, or its number."""
    return alt[:ALT_LIMIT] or _("图%s") % number


def picture_name(file: StoredFile) -> str:
    """The name of an attachment in its public address, as pictures in a text give it."""
    return f"{file.digest[:16]}.{file.extension}"


def _outermost(html: str) -> Iterator[str]:
    """The outermost elements of well-formed ``html``, and what stands between them."""
    depth = start = 0
    for token in _TOKENS.finditer(html):
        if token[2] in ("br", "img") or token[0].endswith("/>"):
            continue
        if not token[1]:
            if depth == 0 and html[start : token.start()].strip():
                yield html[start : token.start()]
                start = token.start()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield html[start : token.end()]
                start = token.end()
    if html[start:].strip():
        yield html[start:]


def _figure(found: re.Match[str], said: dict[int, str]) -> str:
    number = int(found[1])
    alt = _ALT.search(found[0])
    said[number] = " ".join(unescape(alt[1]).split()) if alt else ""
    place = f"/files/{NOWHERE}/{number:016x}.png"
    return f'<figure><img src="{place}" alt="{escape(said[number])}"></figure>'


def _named(number: str) -> str:
    return _("（见图%s）") % number
