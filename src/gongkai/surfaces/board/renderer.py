"""Which renderer this is: everything besides the records that a page is made from.

Pages rendered by another one (before an upgrade, or under another address) are not wrong, but are
made again in the background.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

import gongkai

SOURCES = (
    "surfaces/board/**/*.py",
    "surfaces/board/**/*.jinja",
    "foundation/core/*.py",
    "foundation/ui/*.py",
    "foundation/ui/templates/ui/board/*.jinja",
    "foundation/files/states.py",
    "foundation/files/pages/sheets.py",
    "foundation/files/pages/store.py",
    "procedure/catalogue/charter.py",
    "procedure/*/states.py",
    "foundation/organisations/states.py",
    "locale/**/*.mo",
)
DISTRIBUTIONS = ("icalendar", "jinja2", "markupsafe", "rjieba", "segno")
SETTINGS = ("BOARD_URL", "OFFICE_URL", "LOG_ORIGIN", "DEMONSTRATION", "TIME_ZONE")
SHORT = 16


def version() -> str:
    """A digest over code, templates, translations, assets and the addresses in every page."""
    addresses = tuple(str(getattr(settings, name)) for name in SETTINGS)
    return _version((*addresses, *_assets()))


def _assets() -> Iterator[str]:
    """The names under which the pages know style sheets and scripts."""
    hashed = getattr(staticfiles_storage, "hashed_files", {})
    yield from sorted(map(str, hashed.values()))


@lru_cache(maxsize=4)
def _version(given: tuple[str, ...]) -> str:
    whole = sha256("\n".join(given).encode())
    root = Path(gongkai.__file__).parent
    for pattern in SOURCES:
        for file in sorted(root.glob(pattern)):
            whole.update(f"\n{file.relative_to(root)}\n".encode() + file.read_bytes())
    for name in DISTRIBUTIONS:
        whole.update(f"\n{name} {version_of(name)}".encode())
    return whole.hexdigest()[:SHORT]
