"""Style sheets and scripts by digest: old ones stay until no page names them any more."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

SUFFIXES = (".br", ".gz")


def sweep() -> list[str]:
    """Take away what is left of earlier versions; called when every page has been made again."""
    return [path for path in _outdated() if _dropped(Path(settings.STATIC_ROOT) / path)]


def _outdated() -> Iterator[str]:
    """The files that the present version neither names by digest nor carries itself."""
    named: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    if not named:
        return  # without digests nothing is ever outdated: the present bytes replace the old ones
    present = {*named, *map(str, named.values()), getattr(staticfiles_storage, "manifest_name", "")}
    root = Path(settings.STATIC_ROOT)
    for folder, _folders, names in os.walk(root):
        for name in sorted(names):
            path = (Path(folder) / name).relative_to(root).as_posix()
            plain = path[:-3] if path.endswith(SUFFIXES) else path
            if plain not in present:
                yield path


def _dropped(file: Path) -> bool:
    file.unlink(missing_ok=True)
    return True
