"""A home that the keeper's own steps made once; later tests begin with the very same files.

Rendering a township's board makes some hundred pages in two languages, each with its compressed
twins, and most tests of the board begin with one. So the first test of a process makes the home,
and the others put back its files, its rows, and what the keeper remembers of them.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import time_machine
from tests.remembered import Rows, everything, new_since, put_back

from gongkai.config.env import Home
from gongkai.surfaces.board import build, jobs, renderer, rendering

MANIFEST, LOCK = "board.sqlite3", "keeper.lock"


@dataclass
class RememberedHome:
    """What ``make(home, …)`` leaves in a home and a database, and what it returns.

    Made anew where anything is different from the first time: the rows before, the moment when the
    clock stands still, the addresses in every page.
    """

    make: Callable[..., Any]
    known: list[tuple[object, Rows, "Left"]] = field(default_factory=list)

    def __call__(self, home: Home, *given: object) -> Any:
        moment = datetime.now(UTC) if time_machine.escape_hatch.is_travelling() else None
        key, before = (moment, renderer.version()), everything()
        for known, rows, left in self.known:
            if (known, rows) == (key, before):
                left.put_back(home)
                return left.result
        result = self.make(home, *given)
        self.known.append((key, before, Left(home, new_since(before), result)))
        return result


class Left:
    """Rows, files, and what the keeper remembers of the files."""

    def __init__(self, home: Home, rows: Rows, result: object) -> None:
        self.rows, self.result = rows, result
        self.folder = tempfile.TemporaryDirectory(prefix="gongkai-home-")
        _copy(home.path, Path(self.folder.name), ignore=_opened)
        copy = Path(self.folder.name, home.run.relative_to(home.path), MANIFEST)
        manifest = home.run / MANIFEST
        with closing(sqlite3.connect(manifest)) as now, closing(sqlite3.connect(copy)) as then:
            now.backup(then)
        self.days = _of(rendering.days_shown, home.board)
        self.looks = _of(rendering.looks_shown, home.board)
        self.witnesses = rendering.witnesses_shown.get(home.board)

    def put_back(self, home: Home) -> None:
        """Into a home of another path, in which nothing has happened yet."""
        _copy(Path(self.folder.name), home.path)
        put_back(self.rows)
        rendering.days_shown.update({(home.board, *rest): day for rest, day in self.days.items()})
        rendering.looks_shown.update(
            {(home.board, *rest): look for rest, look in self.looks.items()}
        )
        rendering.witnesses_shown[home.board] = self.witnesses
        jobs._followed.add(home.board)
        build._walks.clear()


_copy = partial(shutil.copytree, dirs_exist_ok=True, symlinks=True)


def _opened(_folder: str, names: list[str]) -> set[str]:
    """The manifest, which is copied whole, and the lock of whoever is keeper."""
    return {name for name in names if name.startswith(MANIFEST) or name == LOCK}


def _of(shown: dict[tuple[Any, ...], Any], root: Path) -> dict[tuple[Any, ...], Any]:
    return {key[1:]: value for key, value in shown.items() if key[0] == root}
