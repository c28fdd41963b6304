"""Folders of the archive: they appear whole, or not at all.

A folder is written beside its place, every file and name synced, then renamed. Whatever stands
under the final name is therefore complete, and a pass cut off by ``kill -9`` begins again.
"""

import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from gongkai.foundation.core import canonical
from gongkai.foundation.files import storage
from gongkai.procedure.archive.models import Deposit, Filing, Supplement

MANIFEST = "manifest.json"
LONGEST_NAME = 150
"""Bytes of a file's name, short enough for every file system and its archives."""


@dataclass(frozen=True)
class Content:
    """What a folder shall hold: ``texts`` by path, ``copies`` of stored files by digest."""

    texts: Mapping[str, bytes]
    copies: Mapping[str, str] = field(default_factory=dict)


def folder_of(filing: Filing | Deposit) -> Path:
    """Where the 件 stands: ``archive/<year>/<档号>``."""
    return Path(settings.HOME.archive) / str(filing.year) / safe(filing.file_number)


def supplement_folder(supplement: Supplement, day: str) -> Path:
    """Where a supplement stands, inside its 件: ``supplement-<number>-<day>``."""
    return folder_of(supplement.filing) / f"supplement-{supplement.number}-{day}"


def safe(name: str) -> str:
    """``name`` as a name that every file system takes, and people still recognise."""
    kept = "".join(c if c not in '/\\:*?"<>|' and c.isprintable() else "_" for c in name)
    kept = unicodedata.normalize("NFC", kept).strip(". ").replace("·", ".") or "_"
    while len(kept.encode("utf-8")) > LONGEST_NAME:
        kept = kept[:-1]
    return kept


def write(folder: Path, content: Content) -> str:
    """Write ``folder`` with its list of files, and return that list's digest.

    A folder that stands already is complete and is kept as it is; ``FileExistsError`` when its
    files are not those of its own list, for then somebody else has been at it.
    """
    if folder.exists():
        return _confirmed(folder)
    temporary = _beside(folder, "part")
    _remove(temporary)
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary.mkdir()
    for path, data in content.texts.items():
        _put(temporary / path, data)
    for path, digest in content.copies.items():
        _copy(temporary / path, digest)
    manifest = _manifest(temporary)
    _put(temporary / MANIFEST, manifest)
    for inner in _folders(temporary):
        _sync(inner)
    temporary.rename(folder)
    _sync(folder.parent)
    return canonical.digest(manifest)


def replace(folder: Path, content: Content) -> None:
    """Destroy ``folder`` with all it holds, supplements too, and leave ``content`` in its place."""
    gone = _beside(folder, "gone")
    _remove(gone)
    _remove(_beside(folder, "part"))
    if folder.exists():
        folder.rename(gone)
        _remove(gone)
        _sync(folder.parent)
    write(folder, content)


def holds(folder: Path, content: Content) -> bool:
    """Whether ``folder`` stands and has the files of ``content``, and no others."""
    standing = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return standing == {MANIFEST, *content.texts, *content.copies}


def _manifest(folder: Path) -> bytes:
    """The list of files with digest and size, readable by people and by programs."""
    files = [
        {
            "path": path.relative_to(folder).as_posix(),
            "sha256": canonical.digest(path.read_bytes()),
            "size": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    listed = {"format": "gongkai-manifest/1", "files": files}
    return json.dumps(listed, ensure_ascii=False, indent=1).encode("utf-8")


def _confirmed(folder: Path) -> str:
    """The digest of a standing folder's list, once every file on it has been read again."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
        for listed in json.loads(manifest)["files"]:
            data = (folder / listed["path"]).read_bytes()
            if canonical.digest(data) != listed["sha256"]:
                raise FileExistsError(f"{folder / listed['path']} is not the file that was written")
    except (FileNotFoundError, ValueError, KeyError) as error:
        raise FileExistsError(f"{folder} is in the way and is not complete") from error
    return canonical.digest(manifest)


def faults(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a folder, and of the supplements in it, that are missing or not those listed."""
    for listing in [folder, *sorted(folder.glob("supplement-*"))]:
        try:
            listed = json.loads((listing / MANIFEST).read_bytes())["files"]
        except FileNotFoundError:
            yield listing / MANIFEST, "missing"
            continue
        except (ValueError, KeyError, TypeError):
            yield listing / MANIFEST, "changed"
            continue
        for each in listed:
            try:
                with (listing / each["path"]).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != each["sha256"]:
                        yield listing / each["path"], "changed"
            except FileNotFoundError:
                yield listing / each["path"], "missing"


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _copy(path: Path, digest: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with storage.open(digest) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())


def _folders(root: Path) -> Iterator[Path]:
    """Every folder below ``root``, the innermost first, ``root`` last."""
    return (Path(path) for path, _names, _files in os.walk(root, topdown=False))


def _beside(folder: Path, ending: str) -> Path:
    return folder.with_name(f".{folder.name}.{ending}")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
