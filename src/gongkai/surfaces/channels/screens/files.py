"""The files that displays ask for: laid down by the keeper, sent without Django or a database.

    screens/screen/CODE.json         which programme a display shows, and what interrupts it
    screens/screen/c/<digest>.json   a programme, or the content of an item; never changes
    screens/screen/c/<digest>.webp   a picture in it

A display asks for the first every five seconds and is mostly told that nothing changed. Whatever no
display needs any more is removed in the same pass, so what is withdrawn is gone here before the
displays hear of it.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.foundation.core import canonical
from gongkai.surfaces.channels.screens.content import Content

FORMAT = "gongkai-screen/1"
AREA = "screen"
"""The first part of every address that belongs to displays."""


def root() -> Path:
    """The folder that stands for ``/``."""
    return Path(settings.HOME.screens)


def told(code: str) -> Path:
    """The file that a display asks for."""
    return root() / AREA / f"{code}.json"


def lay_down(
    screens: Mapping[str, Mapping[str, Any]],
    named: Iterable[tuple[str, bytes]],
    contents: Iterable[Content],
) -> int:
    """Have exactly these files there: what is new first, then what names it, then the removals.

    Returns how many files were written. *A crash leaves files that nobody names, or an old word
    about one display: the next pass repeats.*
    """
    kept = root() / AREA / "c"
    prepare()
    wanted: set[str] = set()
    written = 0
    for each in contents:
        for name, path in each.pictures.items():
            wanted.add(name)
            written += _link(path, kept / name)
        wanted.add(each.name)
        written += _put(kept / each.name, each.data)
    for name, data in named:
        wanted.add(name)
        written += _put(kept / name, data)
    for code, word in screens.items():
        written += _put(told(code), canonical.encode({"format": FORMAT, **word}))
    _remove(root() / AREA, {f"{code}.json" for code in screens})
    _remove(kept, wanted)
    return written


def _put(path: Path, data: bytes) -> int:
    """Replace the file where it says something else; the change time is its ETag."""
    with suppress(OSError):
        if path.read_bytes() == data:
            return 0
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return 1


def _link(picture: Path, path: Path) -> int:
    """The picture under its own name; an erasure may take it away at this moment."""
    if path.exists():
        return 0
    with suppress(FileNotFoundError, FileExistsError):
        try:
            os.link(picture, path)
        except OSError:
            path.write_bytes(picture.read_bytes())  # another file system
        return 1
    return 0


def _remove(folder: Path, wanted: set[str]) -> None:
    for each in folder.iterdir():
        if each.is_file() and each.name not in wanted:
            each.unlink(missing_ok=True)


def prepare() -> None:
    """Make the folder: by it the keeper sees that there are displays at all."""
    (root() / AREA / "c").mkdir(mode=0o700, parents=True, exist_ok=True)
