"""Files made for the tests: real containers with the parts that matter, nothing copied."""

import io
import struct
import zipfile

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = f"{OFFICE}wordprocessingml.document.main+xml"
SHEET = f"{OFFICE}spreadsheetml.sheet.main+xml"
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OUTSIDE = ' TargetMode="External"'
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82"
)


def package(parts, main=WORD, part="word/document.xml"):
    """An office package with ``parts`` (name → bytes or text)."""
    types = (
        '<?xml version="1.0"?><Types '
        'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/{part}" ContentType="{main}"/></Types>'
    )
    rels = relations(("rId1", "officeDocument", part, False))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {"[Content_Types].xml": types, "_rels/.rels": rels, **parts}.items():
            file.writestr(name, data)
    return target.getvalue()


def relations(*rows):
    """A relations part; rows of (id, kind, target, external)."""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{_KINDS}/{kind}" Target="{target}"'
        f"{OUTSIDE if external else ''}/>"
        for key, kind, target, external in rows
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def paragraph(text, style=""):
    """A Word paragraph, its text split over two runs as editors do."""
    half = len(text) // 2
    runs = "".join(
        f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>'
        for piece in (text[:half], text[half:])
        if piece
    )
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{runs}</w:p>"


def document(inner):
    """The main part of a Word file around ``inner``."""
    body = f"<w:document {_NS}><w:body>{inner}</w:body></w:document>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'


def docx(*paragraphs, main=WORD, **parts):
    """A .docx with these paragraphs (texts, or ready XML), and further ``parts``."""
    inner = "".join(p if p.startswith("<") else paragraph(p) for p in paragraphs)
    return package({"word/document.xml": document(inner), **parts.get("parts", {})}, main)


def xlsx(*rows):
    """An .xlsx of one sheet with shared strings."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    words = [cell for row in rows for cell in row]
    strings = "".join(f"<si><t>{word}</t></si>" for word in words)
    number = iter(range(len(words)))
    lines = "".join(
        "<row>" + "".join(f'<c t="s"><v>{next(number)}</v></c>' for _ in row) + "</row>"
        for row in rows
    )
    sheet = f"<worksheet {space}><sheetData>{lines}</sheetData></worksheet>"
    parts = {
        "xl/workbook.xml": f"<workbook {space}/>",
        "xl/sharedStrings.xml": f"<sst {space}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": sheet,
    }
    return package(parts, SHEET, "xl/workbook.xml")


def compound(*names):
    """An old office container whose directory holds these streams."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 68, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    sectors = -(-len(names) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    entries = b"".join(_entry(name) for name in names).ljust(sectors * 512, b"\0")
    return bytes(header) + table + entries


def pdf(inner=b"", end=b"%%EOF\n"):
    """The least that counts as a PDF, with ``inner`` among its objects."""
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n" + inner + b"\n" + end


def _entry(name):
    entry = bytearray(128)
    spelled = name.encode("utf-16-le")
    entry[: len(spelled)] = spelled
    struct.pack_into("<HB", entry, 64, len(spelled) + 2, 2)
    return bytes(entry)
