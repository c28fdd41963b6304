"""How a table fits on paper: across the page, on a page turned round, or in groups of columns.

Nothing is printed smaller than can be read, and no column is left out: what is too wide even for a
page turned round, or for a sheet on the wall, is cut into groups of columns, each with the first
column again.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.surfaces.channels.paper.body import Node, plain

UPRIGHT, TURNED = 156.0, 234.0
"""Millimetres of a line on an A4 page, upright and turned round, in the margins of GB/T 9704."""
HANGING = 134.0
"""Of a line of a sheet for the wall: 182 on A4 and 257 on A3, in letters so much larger."""
LARGE, SMALL = 12.0, 9.0
"""Points of a table's letters: as large as fits; smaller is not read by older eyes."""
POINT = 25.4 / 72
INSET = 2.9
"""Millimetres that a cell needs beside its words."""
GAP = 0.25
"""Of a character, between Chinese and other letters."""
LONGEST, LEAST = 12.0, 2.1
"""Characters of a line within a cell before it is broken, and the narrowest column."""


@dataclass(frozen=True)
class Room:
    """How long a line may be (版心宽度), upright and on a page turned round; 0 where none is."""

    upright: float
    turned: float = 0.0

    @property
    def most(self) -> float:
        """The longest line there is."""
        return max(self.upright, self.turned)


PAGE, SHEET = Room(UPRIGHT, TURNED), Room(HANGING)
"""A document's page, and a sheet for the wall, which is never turned."""


@dataclass(frozen=True)
class Fit:
    """How a table is set (表格版面): the letters' size, the page, and columns by group."""

    size: float
    turned: bool
    groups: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]

    def shares(self, columns: Sequence[int]) -> list[float]:
        """How wide each of these columns is, in millimetres to be stretched to the line."""
        return [_width(self.weights, (column,), self.size) for column in columns]


def fit(table: Node, room: Room = PAGE) -> Fit:
    """The best fit of ``table``: upright in large letters before anything else."""
    weights = _weights(table)
    everything = tuple(range(table["columns"]))
    for turned, size in (
        (False, LARGE),
        (False, 10.5),
        (False, SMALL),
        (True, LARGE),
        (True, SMALL),
    ):
        if _width(weights, everything, size) <= (room.turned if turned else room.upright):
            return Fit(size, turned, (everything,), weights)
    return Fit(SMALL, bool(room.turned), tuple(_groups(weights, room.most)), weights)


def cut(table: Node, columns: Sequence[int]) -> list[Node]:
    """The cells of ``table`` that lie in these ``columns``, in places of their own."""
    found = []
    for cell in table["cells"]:
        inside = [n for n, x in enumerate(columns) if cell["x"] <= x < cell["x"] + cell["w"]]
        if inside:
            found.append(cell | {"x": inside[0], "w": len(inside)})
    return found


def _groups(weights: Sequence[float], most: float) -> list[tuple[int, ...]]:
    groups: list[tuple[int, ...]] = []
    held = [0]
    for column in range(1, len(weights)):
        if len(held) > 1 and _width(weights, [*held, column], SMALL) > most:
            groups.append(tuple(held))
            held = [0]
        held.append(column)
    return [*groups, tuple(held)]


def _width(weights: Sequence[float], columns: Sequence[int], size: float) -> float:
    return sum(weights[column] * size * POINT + INSET for column in columns)


def _weights(table: Node) -> tuple[float, ...]:
    """How many characters wide each column wants to be, by its longest cells."""
    found = [LEAST] * table["columns"]
    for cell in table["cells"]:
        if cell["w"] == 1:
            lines = plain(cell["in"]).split("\n")
            found[cell["x"]] = max(found[cell["x"]], min(LONGEST, max(map(_ems, lines))))
            solid = max((_ems(part) for line in lines for part in _solid(line)), default=0.0)
            found[cell["x"]] = max(found[cell["x"]], solid)
    return tuple(found)


def _ems(text: str) -> float:
    """How wide ``text`` is, in Chinese characters."""
    wide = [unicodedata.east_asian_width(sign) in "WFA" for sign in text]
    changes = sum(before != after for before, after in pairwise(wide))
    return sum(1.0 if each else 0.58 for each in wide) + GAP * changes


def _solid(line: str) -> list[str]:
    """Runs of ASCII that stay whole: numbers, addresses; of a long one, what ``body`` leaves."""
    runs = "".join(sign if "!" <= sign <= "~" else " " for sign in line).split()
    return [run[:24] for run in runs]
