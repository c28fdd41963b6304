"""From a person's file to a draft's text: plain text and .docx.

The words are taken as they are, and pictures stay at their places. What the file has and a body
cannot carry (automatic numbers, formulas, tracked changes) is named in ``notes``, for the proposer
to look at.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import kinds, scanner, storage
from gongkai.foundation.files.decoding import cleaned, decode
from gongkai.procedure.proposals.pictures import Picture, lifted
from gongkai.procedure.proposals.sanitise import Block, blocks, joined

TITLE_LIMIT = 120
BODY_LIMIT = 500_000
_HEADING_LIMIT = 60
_NUMBER = re.compile(r"\S{1,20}〔[12][0-9]{3}〕[0-9]{1,5}号")
_FIRST = re.compile(r"[一二三四五六七八九十百]{1,4}、")
_SECOND = re.compile(r"[（(][一二三四五六七八九十百]{1,4}[)）]")
_THIRD = re.compile(r"[0-9]{1,2}[.．、](?![0-9])")
_SENTENCE = re.compile(r"[。；;！？!?：:，]")
_BACK = re.compile(r'\s*<a href="#(?:foot|end)note-ref-[^>]*>[^<]*</a>')
_FOOTNOTES = re.compile(r'<ol><li id="(?:foot|end)note-')
_STYLES = """p[style-name='Title'] => h1:fresh
p[style-name='caption'] => p.caption:fresh"""
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff")
_PART_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True)
class Text:
    """What a file gave (文稿): title, body and document number, ready to become a draft.

    ``title`` is empty when the first line cannot be one. ``pictures`` are to become attachments
    (``pictures.take``); ``html`` names their places. ``notes`` are sentences about what the
    proposer should look at.
    """

    title: str
    html: str
    document_number: str = ""
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


def from_bytes(data: bytes, filename: str) -> Text:
    """The text in ``data``; see :func:`from_upload`."""
    return from_upload(io.BytesIO(data), filename)


def from_upload(upload: IO[bytes], filename: str) -> Text:
    """The text of an uploaded .txt or .docx, recognised by its content and never by its name.

    Streamed to disk under ``UPLOAD_LIMIT`` before anything is read. Raises ``Refused`` with what
    to do; ``filename`` is only used to say which file is meant.
    """

    def read() -> Text:
        with storage.arriving(upload, settings.UPLOAD_LIMIT) as incoming:
            scanner.check(incoming.path)
            return _within_limit(_read(incoming.path, _recognised(incoming.path)))

    return _named(filename, read)


def _named(filename: str, read: Callable[[], Text]) -> Text:
    """What ``read`` gives; its refusal says which file is meant."""
    try:
        return read()
    except Refused as refusal:
        wording = _("“%(file)s”：%(words)s")
        shown = filename[-60:]
        said = [wording % {"file": shown, "words": words} for words in refusal.obstacles]
        raise Refused(said) from refusal


def from_stored(path: Path, extension: str, filename: str) -> Text:
    """The text of a file that the store has taken in before; see :func:`from_upload`."""
    kind = next(kind for kind in kinds.ALL if kind.extension == extension)
    return _named(filename, lambda: _within_limit(_read(path, kind)))


def file_title(name: str) -> str:
    """A title from what somebody called a file: no folders, no extension; perhaps nothing."""
    base = re.split(r"[\\/]", name)[-1]
    return re.sub(r"(?<=.)\.[A-Za-z0-9]{1,5}$", "", base).strip()[:TITLE_LIMIT]


def from_plain(text: str) -> Text:
    """Plain text: each line is a paragraph, the first one the title, 一、（一）1. are headings."""
    lines = (line.strip(" \t\u3000") for line in cleaned(text).split("\n"))
    return _titled([Block("p", escape(line, quote=False)) for line in lines if line])


def _recognised(path: Path) -> kinds.FileKind:
    try:
        return kinds.recognise(path)
    except kinds.UnknownKind as refusal:
        raise Refused([*refusal.obstacles, _("正文请用.docx或文本文件。")]) from refusal


def _read(path: Path, kind: kinds.FileKind) -> Text:
    if kind in (kinds.TXT, kinds.CSV):
        return from_plain(decode(path.read_bytes()))
    if kind == kinds.DOCX:
        return _from_word(path)
    if kind == kinds.DOC:
        raise Refused([_("旧的.doc文件不能作正文。请用Word或WPS另存为.docx，再传一次。")])
    message = _(".%(extension)s不能作正文。正文请用.docx或文本文件；这个文件可以作为附件上传。")
    raise Refused([message % {"extension": kind.extension}])


def _from_word(path: Path) -> Text:
    """A .docx through mammoth; a picture becomes a figure at its place."""
    import mammoth

    found: list[bytes] = []

    def take(image: Any) -> dict[str, str]:
        with image.open() as opened:
            found.append(opened.read())
        return {"src": f"picture:{len(found)}"}

    _check_size(path)
    try:
        with path.open("rb") as file:
            converted = mammoth.convert_to_html(
                file,
                style_map=_STYLES,
                convert_image=mammoth.images.img_element(take),
            )
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        message = _("文件打不开，可能没有传完整。请在自己的电脑上打开看看，另存一份，再传一次。")
        raise Refused([message]) from error
    _check_pictures(found)
    html, alts = lifted(_with_footnotes(converted.value))
    if not (parts := blocks(html)):
        raise Refused([_("文件里没有文字。请打开看看内容是否保存了，再传一次。")])
    pictures = tuple(Picture(data, alt) for data, alt in zip(found, alts, strict=True))
    return replace(_titled(parts), pictures=pictures, notes=_notes(path, alts))


def _with_footnotes(html: str) -> str:
    """Footnotes as a list under its own heading, each with the number that the text gives it."""
    html = _BACK.sub("", html)
    first = _FOOTNOTES.search(html)
    if not first:
        return html
    notes = re.findall(r"<li id=\"(?:foot|end)note-[^>]*>(.*?)</li>", html[first.start() :], re.S)
    inner = [re.sub(r"</?p[^>]*>", "", note).strip() for note in notes]
    listed = "".join(f"<p>[{n}] {note}</p>" for n, note in enumerate(inner, 1))
    return f"{html[: first.start()]}<h3>{_('注释')}</h3>{listed}"


def _check_size(path: Path) -> None:
    """The reader builds the whole tree in memory, at ten times the size of the part."""
    with zipfile.ZipFile(path) as package:
        largest = max(
            (part.file_size for part in package.infolist() if part.filename.endswith(".xml")),
            default=0,
        )
    if largest > _PART_LIMIT:
        raise Refused([_("文稿太长，没有收下。请分成几件，或把其中一部分作为附件。")])


def _check_pictures(pictures: Iterable[bytes]) -> None:
    odd = [
        _("图%d") % number
        for number, data in enumerate(pictures, 1)
        if not data.startswith(_PICTURES)
    ]
    if odd:
        message = _("%(pictures)s不是PNG或JPG，没有收下。请把它另存为PNG重新插入，再传一次。")
        raise Refused([message % {"pictures": _("、").join(odd)}])


def _notes(path: Path, alts: Sequence[str]) -> tuple[str, ...]:
    """What the file has and the body does not carry as it was."""
    with zipfile.ZipFile(path) as package:
        main = next((name for name in package.namelist() if name.endswith("document.xml")), "")
        xml = package.read(main) if main else b""
        commented = any("comments" in name for name in package.namelist())
    told = {
        _("文稿里的%d张图片在正文里，也是附件。请看位置对不对。") % len(alts): bool(alts),
        _("有%d张图片没有文字说明。请各写一句，看不见图的人才知道图上有什么。")
        % len([alt for alt in alts if not alt]): not all(alts),
        _("文稿里有自动编号，正文里改成了1. 2. 3.的顺序。请核对编号。"): b"<w:numPr>" in xml,
        _("文稿里有修订痕迹：已按接受全部修订处理。请核对。"): b"<w:del " in xml
        or b"<w:ins " in xml,
        _("文稿里有批注，没有带进正文。"): commented,
        _("文稿里有公式，没有带进正文。请改成文字或图片。"): b"<m:oMath" in xml,
    }
    return tuple(sentence for sentence, true in told.items() if true)


def _titled(found: list[Block]) -> Text:
    """Title and document number taken off the top, headings recognised below."""
    number, rest = _document_number(found)
    title, rest = _title(rest)
    if not number:
        number, rest = _document_number(rest)
    return Text(title, joined(_with_headings(rest)), number)


def _document_number(found: list[Block]) -> tuple[str, list[Block]]:
    if found and _NUMBER.fullmatch(text := found[0].text.strip()):
        return text, found[1:]
    return "", found


def _title(found: list[Block]) -> tuple[str, list[Block]]:
    """The first line, if it can be a title: short, and no sentence that ends with a full stop.

    A picture above it, such as an emblem, stays where it is.
    """
    if found and found[0].tag == "figure":
        title, rest = _title(found[1:])
        return title, [found[0], *rest]
    if not found or found[0].tag not in {"p", "h2", "h3"}:
        return "", found
    text = " ".join(found[0].text.split())
    if len(text) > TITLE_LIMIT or text.endswith(("。", "；")):
        return "", found
    second = found[1].text.strip() if len(found) > 1 else ""
    if second.startswith("——") and len(text + second) <= TITLE_LIMIT:
        return text + second, found[2:]  # a subtitle on a line of its own
    return text, found[1:]


def _with_headings(found: list[Block]) -> list[Block]:
    """Paragraphs that are headings by the numbering of official documents (GB/T 9704-2012)."""
    return [
        Block(tag, escape(block.text, quote=False)) if (tag := _heading(block)) else block
        for block in found
    ]


def _heading(block: Block) -> str:
    """``h2`` for 一、, ``h3`` for （一） and 1., empty for what is a sentence or no paragraph."""
    text = block.text
    if block.tag != "p" or len(text) > _HEADING_LIMIT or "\n" in text:
        return ""
    for pattern, tag in ((_FIRST, "h2"), (_SECOND, "h3"), (_THIRD, "h3")):
        if pattern.match(text):
            return "" if _SENTENCE.search(text.rstrip("。")) or text.endswith("。") else tag
    return ""


def _within_limit(text: Text) -> Text:
    if len(text.html) > BODY_LIMIT:
        message = _("正文超过%d个字，没有收下。请分成几件，或把其中一部分作为附件。")
        raise Refused([message % BODY_LIMIT])
    return text
