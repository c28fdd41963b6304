"""Files made for the tests: real containers with the parts that matter, nothing copied."""

import io
import struct
import zipfile

from PIL import Image

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


def pages(*texts, outline=(), size=(595, 842), more=""):
    """A real PDF: a page to each list of lines, and an outline of (title, page counted from 0)."""
    objects = {3: "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"}
    kids = []
    for number, lines in enumerate(texts):
        page, content = 10 + 2 * number, 11 + 2 * number
        shown = "".join(
            f"1 0 0 1 72 {size[1] - 80 - 20 * n} Tm ({line}) Tj " for n, line in enumerate(lines)
        )
        stream = f"BT /F1 12 Tf {shown}ET"
        objects[content] = f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream"
        objects[page] = (
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] "
            f"/Contents {content} 0 R /Resources <</Font <</F1 3 0 R>>>>>>"
        )
        kids.append(f"{page} 0 R")
    objects[2] = f"<</Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}]>>"
    objects[1] = "<</Type /Catalog /Pages 2 0 R /Outlines 4 0 R>>"
    first = 10 + 2 * len(texts)
    last = first + len(outline) - 1
    objects[4] = f"<</Type /Outlines /First {first} 0 R /Last {last} 0 R>>" if outline else "<<>>"
    for number, (title, page) in enumerate(outline, first):
        after = f"/Next {number + 1} 0 R" if number < last else ""
        objects[number] = (
            f"<</Title ({title}) /Parent 4 0 R /Dest [{10 + 2 * page} 0 R /Fit] {after}>>"
        )
    return _pdf(objects, more)


def endless(before=1, after=1):
    """A PDF with a page whose drawing calls ten drawings that each call ten, and so on."""
    levels, objects, kids = 9, {}, []
    for number in range(before + 1 + after):
        kids.append(f"{10 + number} 0 R")
        named = (
            "/Resources <</XObject <</X 100 0 R>>>> /Contents 50 0 R" if number == before else ""
        )
        objects[10 + number] = f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] {named}>>"
    calls = "q 1 0 0 1 1 1 cm /X Do Q 0 0 m 100 100 l S " * 10
    stream = f"<</Length {len(calls)}>>\nstream\n{calls}\nendstream"
    objects[50] = stream
    for level in range(levels):
        inner = f"/Resources <</XObject <</X {101 + level} 0 R>>>>" if level < levels - 1 else ""
        objects[100 + level] = stream.replace(
            "<<", f"<</Type /XObject /Subtype /Form /BBox [0 0 200 200] {inner} ", 1
        )
    objects[1] = "<</Type /Catalog /Pages 2 0 R>>"
    objects[2] = f"<</Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}]>>"
    return _pdf(objects, "")


def _pdf(objects, more):
    data, places = b"%PDF-1.7\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        data += f"{number} 1\n{place:010d} 00000 n \n".encode()
    size = max(places) + 1
    return (
        data + f"trailer <</Size {size} /Root 1 0 R{more}>>\nstartxref\n{table}\n%%EOF\n".encode()
    )


def scan(count, size=(600, 800)):
    """A PDF of pictures of pages without any text, as a scanner makes it."""
    first, *others = (Image.new("L", size, 255 - number % 200) for number in range(count))
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others, resolution=72)
    return target.getvalue()


def picture(size=(40, 30), kind="PNG", **options):
    """A picture file."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **options)
    return target.getvalue()
