"""Composing a sheet 排版: text in, the bytes of a PDF/A out, the same bytes for the same text.

Typst sets the sheet in a process of its own (``child``) that has a clock, a limit of memory, an
empty folder with what was handed in, and no way to a network. What strangers wrote travels as
JSON and reaches the template as values, so that no sign in it is ever markup.
"""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Broken, Refused
from gongkai.foundation.core.process import ended
from gongkai.foundation.paper.glyphs import numbered, shown

SECONDS = 30
"""Processor time of one sheet; by the clock it may take twice that."""
OFFICIAL = "official.typ"
DATA = "data.json"
AROUND = 6
"""Signs quoted on both sides of one that cannot be printed."""
_CHILD = [sys.executable, "-I", "-m", "gongkai.foundation.paper.child"]
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody answers at: Typst would fetch packages, we never let it."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.(png|jpg|webp|svg|typ)")
_PACKAGE = re.compile(r'["(]@')
_UNPRINTABLE = re.compile(
    r'the text `"(.+?)"` could not be displayed|the disallowed codepoint `"(.+?)"`'
)
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def compose(
    template: Path,
    data: Mapping[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes] | None = None,
    seconds: int = SECONDS,
) -> bytes:
    """The sheet that ``template`` makes of ``data``, as PDF/A-2a that is PDF/UA-1 too.

    The template reads ``json("/data.json")``, may ``#import "/official.typ"`` and show each of
    ``pictures`` by its name. ``at`` stands in the PDF as its date, so that the same call returns
    the same bytes for ever. ``Refused`` names every sign that no font has, and says when a sheet
    is too long to be set in its time. ``Broken`` when the template itself is at fault.
    """
    source = template.read_text("utf-8")
    if _PACKAGE.search(source):
        raise Broken(f"{template.name} asks for a package")
    handed = {"main.typ": source.encode(), DATA: _encoded(data), OFFICIAL: _official()}
    for name, content in (pictures or {}).items():
        if not _NAME.fullmatch(name) or name in handed:
            raise Broken(f"a picture may not be called {name}")
        handed[name] = content
    with TemporaryDirectory(prefix="gongkai-paper-") as place:
        folder = Path(place)
        for name, content in handed.items():
            (folder / name).write_bytes(content)
        told = {"at": int(at.timestamp()), "parent": os.getpid(), "seconds": seconds}
        command = [*_CHILD, json.dumps(told)]
        status, answer = ended(command, 2 * seconds, folder, HTTPS_PROXY=_NOWHERE)
        if status == 0:
            return (folder / "sheet.pdf").read_bytes()
    if status != 1:
        raise Refused([_("这份材料太长，没有排完。请分成几份，或者缩小范围。")])
    raise _fault(template, answer.decode("utf-8", "replace"), data)


def _official() -> bytes:
    return Path(__file__).with_name(OFFICIAL).read_bytes()


def _encoded(data: Mapping[str, Any]) -> bytes:
    """``data`` as JSON; ``Refused`` where a text holds half a sign, as broken files do."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused([_sentence(text[error.start], data)]) from error


def _fault(template: Path, diagnosis: str, data: Mapping[str, Any]) -> Refused | Broken:
    found = _UNPRINTABLE.findall(diagnosis)
    signs = dict.fromkeys(_plain(missing or forbidden) for missing, forbidden in found)
    if not signs:
        return Broken(f"{template.name}: {diagnosis}")
    return Refused(_sentence(sign, data) for sign in signs)


def _sentence(sign: str, data: Mapping[str, Any]) -> str:
    """What cannot be printed, by its name and numbers, and where it stands."""
    told = {"sign": shown(sign), "points": numbered(sign), "place": _place(sign, data)}
    return _("“%(sign)s”（%(points)s）印不出来，字体里没有这个字%(place)s。请改成文字。") % told


def _place(sign: str, data: Mapping[str, Any]) -> str:
    for text in _texts(data):
        at = text.find(sign)
        if at >= 0:
            near = text[max(0, at - AROUND) : at + len(sign) + AROUND]
            return _("，在“%(near)s”里") % {"near": shown(near)}
    return ""


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


def _plain(quoted: str) -> str:
    """A text as it was before Typst quoted it the way Rust does."""

    def sign(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else _SHORT.get(found[2], found[2])

    return _ESCAPED.sub(sign, quoted)
