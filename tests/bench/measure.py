"""Taking times in turn, and printing them as a table."""

import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median, quantiles

ENOUGH_FOR_P99 = 100


@dataclass(frozen=True)
class Series:
    """What was measured again and again; ``against`` is what it is divided by."""

    what: str
    unit: str
    values: tuple[float, ...]
    against: "Series | None" = None

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def p99(self) -> float | None:
        """What one in a hundred exceeds; None from fewer than a hundred."""
        if len(self.values) < ENOUGH_FOR_P99:
            return None
        return quantiles(self.values, n=100)[98]

    @property
    def ratio(self) -> float | None:
        """The median over that of ``against``."""
        return self.median / self.against.median if self.against else None


def series(what: str, unit: str, seconds: Iterable[float], against: Series | None = None) -> Series:
    """Times as a series in ``unit``: s, ms or µs."""
    scale = {"s": 1, "ms": 1e3, "µs": 1e6}[unit]
    return Series(what, unit, tuple(value * scale for value in seconds), against)


def in_turn(repeats: int, *jobs: Callable[[], float]) -> list[list[float]]:
    """What each job returns, all of them once per round."""
    rounds = [[job() for job in jobs] for _ in range(repeats)]
    return [list(column) for column in zip(*rounds, strict=True)]


def passed(work: Callable[[], object]) -> float:
    """The seconds that ``work`` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def used(work: Callable[[], object]) -> float:
    """The processor seconds that ``work`` takes in this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def machine() -> str:
    """What the figures were measured on, in one line."""
    parts = (
        f"{os.cpu_count()} cores",
        f"{platform.python_implementation()} {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL)",
        f"{platform.system()} {platform.machine()}",
        f"load {os.getloadavg()[0]:.1f}",
    )
    return ", ".join(parts)


def table(found: Iterable[Series]) -> str:
    """One line for each series."""
    lines = [("", "median", "p99", "times", "ratio", "")]
    lines += [
        (
            each.what,
            f"{_short(each.median)} {each.unit}",
            _short(each.p99) if each.p99 is not None else "",
            str(len(each.values)),
            f"{each.ratio:.2f}" if each.ratio is not None else "",
            f"of {each.against.what}" if each.against else "",
        )
        for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths).rstrip() for line in lines)


def _line(line: tuple[str, ...], widths: list[int]) -> str:
    first, *numbers, last = line
    aligned = [word.rjust(width) for word, width in zip(numbers, widths[1:], strict=False)]
    return "  ".join((first.ljust(widths[0]), *aligned, last))


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
