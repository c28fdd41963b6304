"""The translations: extract the messages, bring the English catalogue up to date, compile it.

    python tools/messages.py update     new messages into django.po, unused ones out
    python tools/messages.py missing    what has no English yet; exit 1 when anything
    python tools/messages.py compile    django.po into django.mo, which is committed beside it

Chinese is the source, English the one catalogue. It has no line numbers and no dates: its bytes
depend on its words alone, and two people who add messages change different lines.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "gongkai"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
JINJA = {"trimmed": "true"}
HEADER = """\
# English for Gongkai. Written by "make messages"; the Chinese stands in the source.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
DATELESS = datetime(2026, 1, 1, tzinfo=UTC)


def found() -> Catalog:
    """Every message of the source, in the order of files and lines."""
    catalog = Catalog(locale="en", domain="django")
    for file in sorted(_files()):
        where = file.relative_to(SOURCE).as_posix()
        for _line, function, message, _notes in _messages(file):
            _add(catalog, where, function, message)
    return catalog


def _files() -> Iterator[Path]:
    for file in SOURCE.rglob("*"):
        if "migrations" in file.parts or "static" in file.parts:
            continue
        if file.suffix in {".py", ".jinja"} or (
            file.suffix in {".html", ".txt", ".xml"} and "templates" in file.parts
        ):
            yield file


def _messages(file: Path) -> Iterator[tuple[int, str, Any, list[str]]]:
    if file.suffix == ".jinja":
        yield from babel_extract(io.BytesIO(file.read_bytes()), list(KEYWORDS), (), JINJA)
        return
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        # what is not a message becomes rows of X; their indentation would not be Python's
        text = "\n".join(line.strip() for line in templatize(text, origin=file).split("\n"))
    yield from extract_python(io.BytesIO(text.encode()), list(KEYWORDS), (), {"encoding": "utf-8"})


def _add(catalog: Catalog, where: str, function: str, message: Any) -> None:
    parts = message if isinstance(message, tuple) else (message,)
    context = parts[0] if function.startswith(("p", "np")) else None
    words = tuple(parts[1:] if context is not None else parts)[: 2 if "n" in function[:2] else 1]
    if not words or not all(isinstance(word, str) and word for word in words):
        return
    catalog.add(words if len(words) == 2 else words[0], locations=[(where, None)], context=context)


def read() -> Catalog:
    """The English catalogue as it stands."""
    with PO.open("rb") as file:
        catalog = read_po(file, locale="en", domain="django")
    catalog.creation_date = catalog.revision_date = DATELESS
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Messages of the source that ``catalog`` has no finished translation of."""
    lacking = []
    for message in found():
        have = catalog.get(message.id, message.context) if message.id else message
        if message.id and (have is None or have.fuzzy or not _whole(have.string)):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def _whole(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def update() -> None:
    """Bring ``django.po`` up to date with the source."""
    catalog = read() if PO.exists() else Catalog(locale="en", domain="django")
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(catalog)


def write(catalog: Catalog) -> None:
    """Put ``catalog`` into ``django.po``."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, omit_header=True, include_lineno=False, width=0)


def compiled(catalog: Catalog) -> bytes:
    """The bytes of ``django.mo``."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main(verb: str) -> int:
    """Do ``verb``; say what is missing."""
    if verb == "update":
        update()
    elif verb == "compile":
        MO.write_bytes(compiled(read()))
    elif verb != "missing":
        print(__doc__)
        return 2
    lacking = missing(read())
    print(*lacking, sep="\n", end="\n" if lacking else "")
    print(f"{len(lacking)} messages have no English.", file=sys.stderr)
    return 1 if lacking and verb == "missing" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
