"""The process that sets one sheet: it limits itself, works in its folder, and ends.

    python -I -m gongkai.foundation.paper.child '{"at": 1764000000, …}'

Its home is the folder with ``main.typ`` and all it may read. It leaves ``sheet.pdf`` there and
exits 0; or it says what Typst finds wrong and exits 1; any other end is a limit that it ran into.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.foundation.core.process import die_with

if TYPE_CHECKING:
    import typst

GIGABYTE = 1024 * 1024 * 1024
LIMITS = {
    resource.RLIMIT_AS: 3 * GIGABYTE,  # the fonts are mapped, and each thread keeps its stack
    resource.RLIMIT_FSIZE: GIGABYTE // 4,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 64,
}
FONTS = ("pylopdf_fonts_zh_cn", "manimgx_fonts_cjk")
"""Song first; the second has every weight of sans and the rare characters of every part of it."""


def main() -> None:
    """One sheet from the command line."""
    told = json.loads(sys.argv[1])
    die_with(told["parent"])
    for what, most in {**LIMITS, resource.RLIMIT_CPU: told["seconds"]}.items():
        resource.setrlimit(what, (most, most))
    os.umask(0o077)
    import typst

    folder = Path(os.environ["HOME"])
    try:
        made = typst.compile(
            folder / "main.typ",
            root=folder,
            font_paths=fonts(),
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
            format="pdf",
            # for the archive, and for readers who listen: text in order, words for pictures
            pdf_standards=["a-2a", "ua-1"],
            timestamp=told["at"],
        )
    except typst.TypstError as error:
        print(error.diagnostic)
        sys.exit(1)
    (folder / "sheet.pdf").write_bytes(made)


def fonts() -> "typst.Fonts":
    """The fonts that came with us, and no others, wherever the sheet is set."""
    import typst

    folders = [str(folder_of(name)) for name in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def folder_of(name: str) -> Path:
    """Where the fonts of one of ``FONTS`` lie."""
    from importlib.util import find_spec

    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is a dependency of gongkai")
    return Path(spec.origin).parent


if __name__ == "__main__":
    main()
