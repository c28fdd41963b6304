"""What an uploaded file is, by its content alone; its name is never asked.

Allowed: pdf, docx, xlsx, pptx, ofd, doc, xls, ppt (and WPS files, which have the same container),
txt, csv, png, jpg. Archives are not: nobody can check what a zip holds, nor open it on a phone.
"""

import csv
import io
import mmap
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import puremagic
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import compound, decoding, packages
from gongkai.foundation.files.harm import Harmful


class UnknownKind(Refused):
    """The content is of no kind we take; the caller adds which ones it takes."""


_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileKind:
    """A sort of file we take (文件类型): media type, and the extension it is given."""

    extension: str
    media_type: str


PDF = FileKind("pdf", "application/pdf")
DOCX = FileKind("docx", _OFFICE + "wordprocessingml.document")
XLSX = FileKind("xlsx", _OFFICE + "spreadsheetml.sheet")
PPTX = FileKind("pptx", _OFFICE + "presentationml.presentation")
OFD = FileKind("ofd", "application/ofd")
DOC = FileKind("doc", "application/msword")
XLS = FileKind("xls", "application/vnd.ms-excel")
PPT = FileKind("ppt", "application/vnd.ms-powerpoint")
TXT = FileKind("txt", "text/plain")
CSV = FileKind("csv", "text/csv")
PNG = FileKind("png", "image/png")
JPG = FileKind("jpg", "image/jpeg")
ALL = (PDF, DOCX, XLSX, PPTX, OFD, DOC, XLS, PPT, TXT, CSV, PNG, JPG)

_MAIN_PARTS = {
    f"{_OFFICE}wordprocessingml.document.main+xml": DOCX,
    f"{_OFFICE}spreadsheetml.sheet.main+xml": XLSX,
    f"{_OFFICE}presentationml.presentation.main+xml": PPTX,
}
_STREAMS = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS, "PowerPoint Document": PPT}
_MACRO_STREAMS = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"}
_HEAD = 4096
_TEXT_LIMIT = 20 * 1024 * 1024
_MARKUP = re.compile(rb"<(!doctype|html|svg|script|\?xml|iframe|body)|\{\\rtf", re.I)
_ACTIVE = (
    rb"/(JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|XFA|"
    rb"SubmitForm|ImportData|GoToE|Rendition|Movie)\b"
)
_ACTIVE_PDF = re.compile(_ACTIVE)
_HIDDEN_NAME = re.compile(_ACTIVE + rb"|/(JS|OpenAction|AA|ObjStm|Filter|FlateDecode|Encrypt)\b")
"""What nobody spells with escapes but to hide it."""
_ESCAPED_NAME = re.compile(rb"/\w*(?:#[0-9a-fA-F]{2}\w*)+")
_PACKED_STREAM = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?\s*(?=/|>>)")
_ODD_STREAM = re.compile(rb"/(F|Predictor|Crypt)\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_DICTIONARY = 4096
_STREAMS_LIMIT = 20_000
_OBJECT_STREAM = b"/ObjStm"
_BEFORE = 16
_BLANKS = b"\xef\xbb\xbf \t\r\n\0"
_ZIP_END = b"PK\x05\x06"
_ZIP_COMMENT = 66_000
_PACKED = 64 * 1024
_NAME_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_INFLATED_LIMIT = 64 * 1024 * 1024


def recognise(path: Path) -> FileKind:
    """The kind of the file at ``path``, once it has been found harmless.

    Raises ``Refused``: not an allowed kind, damaged, locked by a password, with active content.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(-min(_HEAD, path.stat().st_size), io.SEEK_END)
        tail = file.read()
    if head.startswith(b"PK"):
        return _package(path)
    if head.startswith(compound.MAGIC):
        return _compound(path)
    if b"%PDF-" in head[:1024]:
        return _pdf(path, tail)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _whole(PNG, b"IEND" in tail)
    if head.startswith(b"\xff\xd8\xff"):
        return _whole(JPG, b"\xff\xd9" in tail)
    return _text(path, head)


def _package(path: Path) -> FileKind:
    with packages.opened(path) as package:
        packages.inspect(package)
        return _office_kind(package)


def _office_kind(package: zipfile.ZipFile) -> FileKind:
    """By the package's own table of contents; a macro type there is refused as such."""
    parts = set(package.namelist())
    if "OFD.xml" in parts:
        return OFD
    if "[Content_Types].xml" not in parts:
        raise Refused([_("压缩包没有收下。请把里面的文件逐个上传。")])
    try:
        root = ElementTree.fromstring(package.read("[Content_Types].xml"))
    except ElementTree.ParseError as error:
        raise Refused([_damaged()]) from error
    types = {element.get("ContentType", "") for element in root}
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
        raise Harmful([_("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")])
    for kind, found in _MAIN_PARTS.items():
        if kind in types:
            return found
    raise UnknownKind([_unknown("zip")])


def _compound(path: Path) -> FileKind:
    names = compound.names(path)
    if "EncryptedPackage" in names:
        raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
    if names & _MACRO_STREAMS:
        raise Harmful([_("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")])
    if "\x01Ole10Native" in names:
        raise Harmful([_("文件里嵌着别的文件，没有收下。请把它单独作为附件，再传一次。")])
    for name, kind in _STREAMS.items():
        if name in names:
            return kind
    raise UnknownKind([_unknown("msi")])


def _pdf(path: Path, tail: bytes) -> FileKind:
    """A whole PDF without scripts, launches, attachments or a lock, and nothing but a PDF."""
    _whole(PDF, b"%%EOF" in tail)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if not data[:_BEFORE].lstrip(_BLANKS).startswith(b"%PDF-") or _zip_behind(data):
            raise Harmful(
                [_("PDF的前面或者后面还接着别的内容，没有收下。请用“打印成PDF”另存一份。")]
            )
        if b"/Encrypt" in tail:
            raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
        parts: Iterable[bytes | mmap.mmap] = chain((data,), _object_streams(data))
        for part in parts:
            if part is not data and b"/Encrypt" in part:
                raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
            if _active(part):
                raise Harmful([_active_pdf()])
    return PDF


def _zip_behind(data: mmap.mmap) -> bool:
    """Whether the end of a zip stands where programs look for it: at most so far from the end."""
    return data.rfind(_ZIP_END, max(0, len(data) - _ZIP_COMMENT)) >= 0


def _active_pdf() -> str:
    return _("PDF里有脚本、内嵌文件或可填的表单，没有收下。请用“打印成PDF”另存一份，再传一次。")


def _active(data: bytes | mmap.mmap) -> bool:
    """Whether a name of active content occurs; names may be spelled with ``#`` and hex digits."""
    if _ACTIVE_PDF.search(data):
        return True
    escaped = {match.group() for match in _ESCAPED_NAME.finditer(data)}
    return any(_HIDDEN_NAME.search(_NAME_ESCAPE.sub(_unescaped, name)) for name in escaped)


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    """The unpacked object streams, where names hide from a plain search.

    One that is packed in another way than everybody packs them hides what it says: ``Harmful``.
    """
    left, at, count = _INFLATED_LIMIT, data.find(_OBJECT_STREAM), 0
    while at >= 0:
        before = data[max(0, at - _DICTIONARY) : at]
        after = data[at : at + _DICTIONARY]
        begins = _STREAM.search(after)
        count += 1
        if begins is None or count > _STREAMS_LIMIT:
            raise Harmful([_active_pdf()])
        head = before[before.rfind(b" obj") + 1 :] + after[: begins.start()]
        packed = head.count(b"/Filter")
        if _ODD_STREAM.search(head) or packed != len(_PACKED_STREAM.findall(head)) or packed > 1:
            raise Harmful([_active_pdf()])
        if packed:  # else the search of the whole sees it
            part = _inflated(data, at + begins.end(), left)
            left -= len(part)
            if left <= 0:
                raise Refused([_damaged()])
            yield part
        at = data.find(_OBJECT_STREAM, at + begins.end())


def _inflated(data: mmap.mmap, at: int, most: int) -> bytes:
    """What is packed from ``at`` on, at most so many bytes of it."""
    found, unpacking = bytearray(), zlib.decompressobj()
    try:
        while not unpacking.eof and len(found) < most and at < len(data):
            found += unpacking.decompress(data[at : at + _PACKED], most - len(found))
            at += _PACKED - len(unpacking.unconsumed_tail)
    except zlib.error as error:
        raise Refused([_damaged()]) from error
    return bytes(found)


def _text(path: Path, head: bytes) -> FileKind:
    """Text in an encoding we know; anything else is refused with what it seems to be."""
    if _MARKUP.search(head.lstrip()[:512]):
        raise Refused([_("网页和RTF文件没有收下。请另存为PDF或.docx，再传一次。")])
    if (seen := _seems(head)) or path.stat().st_size > _TEXT_LIMIT:
        raise UnknownKind([_unknown(seen or "bin")])
    text = decoding.decode(path.read_bytes())
    return CSV if _tabular(text) else TXT


def _seems(head: bytes) -> str:
    """The extension that the content suggests, when it is surely no text; else empty."""
    if b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    try:
        return str(puremagic.from_string(head)).lstrip(".") or "bin"
    except puremagic.PureError:
        return "bin"


def _tabular(text: str) -> bool:
    """Whether every line has the same number of cells, and more than one."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error:
        return False
    return len(rows) > 1 and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1


def _whole(kind: FileKind, ends: bool) -> FileKind:
    if not ends:
        raise Refused([_damaged()])
    return kind


def _damaged() -> str:
    return _("文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。")


def _unknown(seems: str) -> str:
    return _("这种文件（看内容像.%s）没有收下。") % seems
