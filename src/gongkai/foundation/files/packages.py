"""What stands inside a zip package (docx, xlsx, pptx, ofd), and what must not.

Refused: a broken zip, a zip bomb, names that lead elsewhere, macros, controls, embedded objects,
content fetched from elsewhere. Sizes are those of the directory: ``zipfile`` never gives more than
it declares. What a part is, its first bytes say: neither its name nor the package's own list.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files.harm import Harmful

UNPACKED_LIMIT = 300 * 1024 * 1024
RATIO_LIMIT = 150
RATIO_FROM = 4 * 1024 * 1024  # a small sheet of equal cells packs very well and harms nobody
MEMBERS_LIMIT = 10_000
PORTION = 64 * 1024
RELATIONS_LIMIT = 4 * 1024 * 1024

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MACRO = re.compile(r"vba(Project|Data)|(^|/)activeX/|macrosheets/", re.I)
_EMBEDDED = re.compile(r"(^|/)(embeddings|externalLinks)/|oleObject|afchunk", re.I)
_DDE = re.compile(rb"instrText[^>]*>\s*\"?DDE(AUTO)?\b|<ddeLink", re.I)
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)", re.S)
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii"}
_EBCDIC = b"\x4c\x6f\xa7\x94\x93"
"""``<?xml`` as no office writes it, and as a search for a document type would not see it."""
_ELSEWHERE = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f\x7f]")
_WITHIN = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"Rar!", b"7z\xbc\xaf")
_PROGRAMS = (b"MZ\x90\0", b"\x7fELF", b"#!/", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def opened(path: Path | BinaryIO) -> zipfile.ZipFile:
    """The package at ``path``, its sizes checked; ``Refused`` when broken, locked or a bomb."""
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Refused([_broken()]) from error
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise Refused([_("文件设了密码，没有收下。请去掉密码，再传一次。")])
    if len(members) > MEMBERS_LIMIT or _too_large(members):
        raise Harmful([_("文件展开后大得不正常，没有收下。请用办公软件打开，另存一份，再传一次。")])
    return package


def inspect(package: zipfile.ZipFile) -> None:
    """Read every part once; ``Harmful`` with everything that keeps the package out."""
    obstacles: set[str] = set()
    names = [member.filename for member in package.infolist()]
    if len({name.lower() for name in names}) < len(names):
        raise Harmful([_two_of_a_name()])
    try:
        for member in package.infolist():
            obstacles.update(_of_name(member.filename))
            obstacles.update(_of_content(package, member))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Refused([_broken()]) from error
    except Exception as error:
        # zlib, lzma and bz2 each raise their own class on damaged data.
        if type(error).__module__ not in {"zlib", "lzma", "_lzma", "bz2"}:
            raise
        raise Refused([_broken()]) from error
    if obstacles:
        raise Harmful(sorted(obstacles))


def _broken() -> str:
    return _("文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。")


def _two_of_a_name() -> str:
    return _("文件里有两个同名的部分，不合规范，没有收下。请用办公软件打开，另存一份，再传一次。")


def _too_large(members: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if unpacked > UNPACKED_LIMIT:
        return True
    return unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * packed


def _of_name(name: str) -> Iterator[str]:
    if _ELSEWHERE.search(name):
        yield _("文件里有通向别处的路径，没有收下。请用办公软件打开，另存一份，再传一次。")
    if _MACRO.search(name):
        yield _("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")
    if _EMBEDDED.search(name):
        yield _(
            "文件里嵌着别的文件（如图表背后的工作簿），没有收下。"
            "请把它改成图片，或单独作为附件，再传一次。"
        )


def _of_content(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[str]:
    """Read one part to its end, so that its checksum is compared too."""
    tail, first = b"", True
    with package.open(member) as part:
        while portion := part.read(PORTION):
            seen = (tail + portion).replace(b"\0", b"")
            if first:
                yield from _of_beginning(portion, seen)
            first = False
            if _DOCTYPE.search(seen):
                raise ValueError("a document type inside a package")
            if _DDE.search(seen):
                yield _("文件里有会取别处内容的域，没有收下。请把域转成文字，再传一次。")
            tail = portion[-256:]
    if member.filename.lower().endswith(".rels"):
        yield from _of_relations(package.read(member))


def _of_beginning(raw: bytes, seen: bytes) -> Iterator[str]:
    """What a part is by its first bytes; ``seen`` are those without the zeros of UTF-16."""
    if raw.startswith(_WITHIN):
        yield from _of_name("embeddings/")
    if raw.startswith(_PROGRAMS) or (raw.startswith(b"MZ") and b"PE\0\0" in raw):
        yield _("文件里藏着程序，没有收下。")
    declared = _ENCODING.match(seen.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")[:400])
    if raw.startswith(_EBCDIC) or (declared and declared[1].lower() not in _ENCODINGS):
        raise ValueError("an encoding that hides what it says")


def _of_relations(data: bytes) -> Iterator[str]:
    """Links a reader may click are fine; whatever a program would fetch by itself is not."""
    if len(data) > RELATIONS_LIMIT:
        raise ValueError("relations too large to be honest")
    try:
        relations = ElementTree.fromstring(data).iter(_RELATION)
    except ElementTree.ParseError as error:
        raise ValueError("relations that are not XML") from error
    for relation in relations:
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            yield _(
                "文件里有取自别处的内容（链接的图片、模板或工作簿），没有收下。"
                "请改为直接插入，再传一次。"
            )
        elif kind in {"vbaProject", "control", "wordVbaData"}:
            yield _("文件里有宏或控件，没有收下。请另存为不带宏的文件，再传一次。")
        elif kind in {"oleObject", "package", "aFChunk", "attachedToolbars"}:
            yield from _of_name("embeddings/")
