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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import puremagic
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import compound, decoding, packages


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
_ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.S)
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
        raise Refused([_("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")])
    for kind, found in _MAIN_PARTS.items():
        if kind in types:
            return found
    raise UnknownKind([_unknown("zip")])


def _compound(path: Path) -> FileKind:
    names = compound.names(path)
    if "EncryptedPackage" in names:
        raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
    if names & _MACRO_STREAMS:
        raise Refused([_("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")])
    if "\x01Ole10Native" in names:
        raise Refused([_("文件里嵌着别的文件，没有收下。请把它单独作为附件，再传一次。")])
    for name, kind in _STREAMS.items():
        if name in names:
            return kind
    raise UnknownKind([_unknown("msi")])


def _pdf(path: Path, tail: bytes) -> FileKind:
    """A whole PDF without scripts, launches, attachments or a lock."""
    _whole(PDF, b"%%EOF" in tail)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if b"/Encrypt" in tail or any(b"/Encrypt" in part for part in _object_streams(data)):
            raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
        if _active(data) or any(_active(part) for part in _object_streams(data)):
            raise Refused(
                [
                    _(
                        "PDF里有脚本、内嵌文件或可填的表单，没有收下。"
                        "请用“打印成PDF”另存一份，再传一次。"
                    )
                ]
            )
    return PDF


def _active(data: bytes | mmap.mmap) -> bool:
    """Whether a name of active content occurs; names may be spelled with ``#`` and hex digits."""
    if _ACTIVE_PDF.search(data):
        return True
    escaped = {match.group() for match in re.finditer(rb"/[\w]*(?:#[0-9a-fA-F]{2}[\w]*)+", data)}
    return any(
        _ACTIVE_PDF.search(_NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name))
        for name in escaped
    )


def _object_streams(data: mmap.mmap) -> Iterator[bytes]:
    """The unpacked object streams, where names hide from a plain search."""
    left = _INFLATED_LIMIT
    for match in _OBJECT_STREAM.finditer(data):
        try:
            part = zlib.decompressobj().decompress(data[match.end() :][: _HEAD * 256], left)
        except zlib.error:
            continue
        left -= len(part)
        if left <= 0:
            raise Refused([_damaged()])
        yield part


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
