"""The pages of a file, drawn once by the child; later tests begin with the very same pages.

Drawing takes a second, and whoever tests what is shown of a file begins with its pages. All of them
follow from the file's bytes.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from gongkai.foundation.files.pages.store import Rendition

_folder = tempfile.TemporaryDirectory(prefix="gongkai-pages-")


def remembered(digest: str, draw: Callable[[], object]) -> None:
    """``draw`` the file ``digest``; from the second time on it finds that its pages are there."""
    kept, pages = Path(_folder.name, digest), Rendition(digest).folder
    if kept.exists():
        shutil.copytree(kept, pages, dirs_exist_ok=True)
    draw()
    if not kept.exists():
        shutil.copytree(pages, kept)
